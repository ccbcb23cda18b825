// Random shapes, layouts and index arithmetic for the property tests; and naive reading by index, which they are held against.

import fc from 'fast-check';
import { fromData, RandomGenerator, type Shape, type Tensor, tensor } from '../../src/index.ts';

/** A length of an axis: 1 and 0 often, since they are what goes wrong. */
const length: fc.Arbitrary<number> = fc.oneof(fc.constantFrom(1, 1, 0), fc.integer({ min: 1, max: 4 }));

/** Rank 0 to 4, lengths 0 to 4. */
export const shapes: fc.Arbitrary<number[]> = fc.array(length, { maxLength: 4 });

/** At least one axis. */
export const ranked: fc.Arbitrary<number[]> = fc.array(length, { minLength: 1, maxLength: 4 });

/** How the elements of an operand lie in memory. */
export type Layout = 'rows' | 'columns' | 'backwards' | 'spread' | 'offset';

export const layouts: fc.Arbitrary<Layout> = fc.constantFrom('rows', 'columns', 'backwards', 'spread', 'offset');

/** What values are drawn from: not from shrinking numbers, which would all end on the kinks at 0. */
export const seeds: fc.Arbitrary<number> = fc.nat({ max: 2 ** 20 });

/** An axis of a tensor of this rank, counted from either end. */
export function axisOf(rank: number): fc.Arbitrary<number> {
  return fc.integer({ min: -rank, max: rank - 1 });
}

/** Every index of a shape, in row-major order. */
export function* indicesOf(shape: Shape): Generator<number[]> {
  if (shape.includes(0)) return;
  const index = shape.map(() => 0);
  for (;;) {
    yield [...index];
    let axis = shape.length - 1;
    while (axis >= 0 && ++index[axis]! === shape[axis]) index[axis--] = 0;
    if (axis < 0) return;
  }
}

/** Where the element at an index stands in row-major order. */
export function positionOf(shape: Shape, index: readonly number[]): number {
  return index.reduce((position, i, axis) => position * shape[axis]! + i, 0);
}

/** The index of the element that stands at a position in row-major order. */
export function indexAt(shape: Shape, position: number): number[] {
  const index = shape.map(() => 0);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}

/** The elements of `x` by index. */
export function reading(x: Tensor): (index: readonly number[]) => number {
  const data = x.toData();
  return (index) => data[positionOf(x.shape, index)]!;
}

/** float64 values from a seed, laid out as is asked. */
export function drawn(shape: Shape, seed: number, layout: Layout = 'rows', low = -2, high = 2): Tensor {
  return laidOut(new RandomGenerator(seed).uniform(shape, low, high, 'float64'), layout);
}

/** The same elements, lying otherwise in memory. */
export function laidOut(x: Tensor, layout: Layout): Tensor {
  const copy = (y: Tensor): Tensor => tensor(y.toData(), { shape: y.shape, dtype: y.dtype });
  switch (layout) {
    case 'rows':
      return x;
    case 'columns':
      return copy(x.transpose()).transpose();
    case 'backwards':
      return copy(x.flip()).flip();
    case 'spread':
      return fromData(
        Float64Array.from([...x.toData()].flatMap((value) => [value, 99])),
        [...x.shape, 2],
        'float64',
      ).at('...', 0);
    case 'offset':
      return fromData(Float64Array.of(...new Array(x.size).fill(99), ...x.toData()), [2, ...x.shape], 'float64').at(1);
    default:
      return layout satisfies never;
  }
}

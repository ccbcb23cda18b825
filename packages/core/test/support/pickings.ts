// Random calls of the ops that move, pick, join and repeat elements, each with the rule it must follow, written naively: which
// element of which operand stands at an index of the result.

import fc from 'fast-check';
import { concat, fromData, type Shape, stack, type Tensor, type TensorLike, takeAlongAxis } from '../../src/index.ts';
import { axisOf, indexAt, positionOf, ranked, shapes } from './arbitraries.ts';

/** The element of an operand, or a number that is in none. */
export type Source = { readonly operand: number; readonly index: readonly number[] } | number;

export interface Picking {
  /** The shapes of the operands. */
  readonly inputs: readonly Shape[];
  readonly run: (xs: readonly Tensor[]) => Tensor;
  readonly shape: Shape;
  readonly source: (index: readonly number[]) => Source;
  /** The arguments, for messages. */
  readonly args: readonly unknown[];
}

const first = (index: readonly number[]): Source => ({ operand: 0, index });
const mod = (i: number, n: number): number => ((i % n) + n) % n;
const at = (shape: Shape, axis: number): number => mod(axis, shape.length);
const replaced = (list: readonly number[], k: number, value: number): number[] =>
  list.map((old, i) => (i === k ? value : old));

/** A shape with an axis of it, as it is counted from either end. */
const withAxis = ranked.chain((shape) => fc.tuple(fc.constant(shape), axisOf(shape.length)));

/** One operand, picked along one axis: at position i of the result stands what was at `from(i)`, or a number. */
function along(
  [shape, axis]: readonly [Shape, number],
  args: readonly unknown[],
  length: number,
  run: (x: Tensor) => Tensor,
  from: (i: number) => number | { readonly value: number },
): Picking {
  const k = at(shape, axis);
  return {
    inputs: [shape],
    args,
    run: ([x]) => run(x!),
    shape: replaced(shape, k, length),
    source: (index) => {
      const i = from(index[k]!);
      return typeof i === 'number' ? first(replaced(index, k, i)) : i.value;
    },
  };
}

const transposed = shapes
  .chain((shape) => {
    const axes = [...shape.keys()];
    return fc.tuple(fc.constant(shape), fc.shuffledSubarray(axes, { minLength: shape.length }));
  })
  .map(
    ([shape, axes]): Picking => ({
      inputs: [shape],
      args: [axes],
      run: ([x]) => x!.transpose(axes),
      shape: axes.map((axis) => shape[axis]!),
      source: (index) => first(shape.map((_, axis) => index[axes.indexOf(axis)]!)),
    }),
  );

const reshaped = fc.tuple(shapes, shapes, fc.boolean()).map(([shape, other, open]): Picking => {
  const size = shape.reduce((a, b) => a * b, 1);
  // lengths of the other shape as long as they divide what is left; the rest in one
  let rest = size;
  const to: number[] = [];
  for (const length of other) {
    if (length === 0 || rest % length !== 0) continue;
    to.push(length);
    rest /= length;
  }
  to.push(rest);
  return {
    inputs: [shape],
    args: [to, open],
    run: ([x]) => x!.reshape(open ? replaced(to, to.length - 1, -1) : to),
    shape: to,
    source: (index) => first(indexAt(shape, positionOf(to, index))),
  };
});

const bound = fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined });
const sliced = fc
  .tuple(withAxis, bound, bound, fc.constantFrom(1, 2, 3, -1, -2, -3))
  .map(([place, start, stop, step]) => {
    const [shape, axis] = place;
    const n = shape[at(shape, axis)]!;
    const clamp = (p: number, low: number, high: number): number => Math.min(Math.max(p < 0 ? p + n : p, low), high);
    const positions: number[] = [];
    if (step > 0) {
      const end = stop === undefined ? n : clamp(stop, 0, n);
      for (let i = start === undefined ? 0 : clamp(start, 0, n); i < end; i += step) positions.push(i);
    } else {
      const end = stop === undefined ? -1 : clamp(stop, -1, n - 1);
      for (let i = start === undefined ? n - 1 : clamp(start, -1, n - 1); i > end; i += step) positions.push(i);
    }
    const run = (x: Tensor): Tensor => x.slice(start, stop, { axis, step });
    return along(place, [axis, start, stop, step], positions.length, run, (i) => positions[i]!);
  });

const flipped = withAxis.map(([shape, axis]) => {
  const n = shape[at(shape, axis)]!;
  return along(
    [shape, axis],
    [axis],
    n,
    (x) => x.flip(axis),
    (i) => n - 1 - i,
  );
});

const rolled = fc.tuple(withAxis, fc.integer({ min: -9, max: 9 })).map(([[shape, axis], shift]) => {
  const n = shape[at(shape, axis)]!;
  return along(
    [shape, axis],
    [shift, axis],
    n,
    (x) => x.roll(shift, axis),
    (i) => mod(i - shift, n),
  );
});

/** Positions on an axis, some of them from its end; none where it has no elements. */
function positionsOn(
  length: number,
  count: { readonly minLength?: number; readonly maxLength: number },
): fc.Arbitrary<number[]> {
  return length === 0 ? fc.constant([]) : fc.array(fc.integer({ min: -length, max: length - 1 }), count);
}

const taken = withAxis
  .chain(([shape, axis]) =>
    fc.tuple(fc.constant([shape, axis] as const), positionsOn(shape[at(shape, axis)]!, { maxLength: 5 })),
  )
  .map(([[shape, axis], positions]) => {
    const n = shape[at(shape, axis)]!;
    const run = (x: Tensor): Tensor => x.take(positions, axis);
    return along([shape, axis], [positions, axis], positions.length, run, (i) => mod(positions[i]!, n));
  });

const takenAlong = withAxis
  .chain(([shape, axis]) => {
    const k = at(shape, axis);
    const length = fc.nat({ max: shape[k] === 0 ? 0 : 4 }).map((count) => replaced(shape, k, count));
    return length.chain((out) => {
      const size = out.reduce((a, b) => a * b, 1);
      return fc.tuple(
        fc.constant({ shape, axis, k, out }),
        positionsOn(shape[k]!, { minLength: size, maxLength: size }),
      );
    });
  })
  .map(
    ([{ shape, axis, k, out }, positions]): Picking => ({
      inputs: [shape],
      args: [positions, axis],
      run: ([x]) => takeAlongAxis(x!, fromData(Int32Array.from(positions), out, 'int32'), axis),
      shape: out,
      source: (index) => first(replaced(index, k, mod(positions[positionOf(out, index)]!, shape[k]!))),
    }),
  );

const repeated = fc.tuple(withAxis, fc.nat({ max: 3 })).map(([[shape, axis], count]) => {
  const n = shape[at(shape, axis)]!;
  return along(
    [shape, axis],
    [count, axis],
    n * count,
    (x) => x.repeat(count, axis),
    (i) => Math.floor(i / count),
  );
});

const tiled = fc.tuple(shapes, fc.array(fc.nat({ max: 2 }), { maxLength: 3 })).map(([shape, counts]): Picking => {
  const rank = Math.max(shape.length, counts.length);
  const lead = rank - shape.length;
  const count = (axis: number): number => counts[axis - (rank - counts.length)] ?? 1;
  return {
    inputs: [shape],
    args: [counts],
    run: ([x]) => x!.tile(counts),
    shape: Array.from({ length: rank }, (_, axis) => (shape[axis - lead] ?? 1) * count(axis)),
    source: (index) => first(shape.map((length, axis) => index[lead + axis]! % length)),
  };
});

const widths = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }));
const padded = fc
  .tuple(withAxis, widths, fc.constantFrom('constant', 'edge', 'reflect'))
  .map(([[shape, axis], [before, after], wanted]) => {
    const k = at(shape, axis);
    const n = shape[k]!;
    const mode = n === 0 ? 'constant' : wanted;
    const pairs = shape.map((_, i) => (i === k ? ([before, after] as const) : ([0, 0] as const)));
    const from = (i: number): number | { value: number } => {
      let p = i - before;
      if (mode === 'constant') return p < 0 || p >= n ? { value: 7 } : p;
      if (mode === 'edge' || n === 1) return Math.min(Math.max(p, 0), n - 1);
      // walk into the axis, turning at its ends
      while (p < 0 || p >= n) p = p < 0 ? -p : 2 * (n - 1) - p;
      return p;
    };
    const run = (x: Tensor): Tensor => x.pad(pairs, { mode, value: 7 });
    return along([shape, axis], [mode, pairs], before + n + after, run, from);
  });

const joined = fc
  .tuple(withAxis, fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }))
  .map(([[shape, axis], lengths]): Picking => {
    const k = at(shape, axis);
    return {
      inputs: lengths.map((length) => replaced(shape, k, length)),
      args: [axis],
      run: (xs) => concat(xs as readonly TensorLike[], axis),
      shape: replaced(
        shape,
        k,
        lengths.reduce((a, b) => a + b),
      ),
      source: (index) => {
        let i = index[k]!;
        let operand = 0;
        while (i >= lengths[operand]!) i -= lengths[operand++]!;
        return { operand, index: replaced(index, k, i) };
      },
    };
  });

const stacked = fc
  .tuple(ranked, fc.integer({ min: 1, max: 3 }), fc.nat({ max: 4 }))
  .map(([shape, count, place]): Picking => {
    const axis = Math.min(place, shape.length);
    return {
      inputs: new Array<Shape>(count).fill(shape),
      args: [axis],
      run: (xs) => stack(xs, axis),
      shape: [...shape.slice(0, axis), count, ...shape.slice(axis)],
      source: (index) => ({ operand: index[axis]!, index: [...index.slice(0, axis), ...index.slice(axis + 1)] }),
    };
  });

/** The ops, by name. */
export const pickings: Readonly<Record<string, fc.Arbitrary<Picking>>> = {
  transpose: transposed,
  reshape: reshaped,
  slice: sliced,
  flip: flipped,
  roll: rolled,
  take: taken,
  takeAlongAxis: takenAlong,
  repeat: repeated,
  tile: tiled,
  pad: padded,
  concat: joined,
  stack: stacked,
};

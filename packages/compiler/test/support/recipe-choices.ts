// What the ops of a random program choose: operands that fit, axes, indices. By natural numbers, so that any numbers mean something.

import { type FloatDType, type RandomGenerator, type Shape, type Tensor, tensor } from '@tapegrad/core';

/** The numbers that an op chooses by, one after another. */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** One of 0 … n − 1. */
  below(n: number): number {
    return (this.#numbers[this.#at++] ?? 0) % n;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** What an op of a random program sees. */
export interface Surroundings {
  readonly values: readonly Tensor[];
  readonly dtype: FloatDType;
  readonly random: RandomGenerator;
  readonly choices: Choices;
  /**
   * Whether an op may be done that jumps or has a kink where `distances` are 0: only if rounding cannot carry the operand to the
   * other side. Decided once, when the program is drawn.
   */
  readonly steady: (distances: () => Tensor) => boolean;
}

/** An op: its value, or undefined where none of the values fits. */
export type Act = (around: Surroundings) => Tensor | undefined;

export const mostElements = 3000;

export function floatFrom(
  { values, choices }: Surroundings,
  fits: (x: Tensor) => boolean = () => true,
): Tensor | undefined {
  const all = values.filter((x) => (x.dtype === 'float32' || x.dtype === 'float64') && fits(x));
  return all.length === 0 ? undefined : choices.of(all);
}

/** Any value as a float. */
export function anyFrom({ values, choices, dtype }: Surroundings): Tensor {
  const x = choices.of(values);
  return x.dtype === dtype ? x : x.asType(dtype);
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The shape that two broadcast to; undefined where there is none that is small. */
export function broadcastShape(x: Shape, y: Shape): Shape | undefined {
  const rank = Math.max(x.length, y.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [a, b] = [x[axis - rank + x.length] ?? 1, y[axis - rank + y.length] ?? 1];
    if (a !== b && a !== 1 && b !== 1) return undefined;
    shape.push(a === 1 ? b : a);
  }
  return sizeOf(shape) <= mostElements ? shape : undefined;
}

export function pairFrom(around: Surroundings): [Tensor, Tensor] | undefined {
  const x = floatFrom(around);
  const y = x && floatFrom(around, (other) => broadcastShape(x.shape, other.shape) !== undefined);
  return y === undefined ? undefined : [x!, y];
}

/** An axis list for a reduction: of x that has elements where it must. */
export function axesOf({ choices }: Surroundings, { rank }: Tensor): number[] | undefined {
  const bits = choices.below(2 ** rank + 1);
  return bits === 2 ** rank ? undefined : [...Array(rank).keys()].filter((axis) => (bits >> axis) & 1);
}

export const ranked = (around: Surroundings): [Tensor, number] | undefined => {
  const x = floatFrom(around, ({ rank, shape }) => rank > 0 && !shape.includes(0));
  return x && [x, around.choices.below(x.rank)];
};

/** Whole numbers in [−n, n), known or computed. */
export function indicesFor({ values, choices }: Surroundings, n: number, shape: Shape): Tensor {
  const known = tensor(
    Array.from({ length: sizeOf(shape) }, () => choices.below(2 * n) - n),
    { shape, dtype: 'int32' },
  );
  const whole = values.filter((x) => x.dtype === 'int32' && x.size > 0);
  if (whole.length === 0 || choices.below(2) === 0) return known;
  return known
    .add(choices.of(whole).reshape([-1]).slice(0, 1))
    .mod(n)
    .asType('int32');
}

/** A value brought to a shape: summed over axes that are longer, repeated along others. */
export function conformed(x: Tensor, shape: Shape): Tensor {
  let y = x;
  while (y.rank > shape.length) y = y.sum(0);
  while (y.rank < shape.length) y = y.expandDims(0);
  const longer = [...shape.keys()].filter((axis) => y.shape[axis] !== 1 && y.shape[axis] !== shape[axis]);
  return (longer.length === 0 ? y : y.sum(longer, { keepDims: true })).broadcastTo(shape);
}

/** Whether a result may be kept: it is small. */
export function isSmall(x: Tensor): boolean {
  return x.size <= mostElements && x.rank <= 5;
}

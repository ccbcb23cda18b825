// Operands for people to read: round numbers of the shapes and ranges that an op's samples ask for, never random.

import { type Entry, type Sample, type SampleInput, type Tensor, tensor } from '@tapegrad/core';

/** A tensor, and the code that makes it. */
export interface Operand {
  readonly name: string;
  readonly value: Tensor;
  readonly code: string;
}

/** How operands are numbered that may be anything: 1, 2, 3; or these in another order; or of both signs. */
export type Manner = 'counting' | 'shuffled' | 'signed';

/** The order in which round numbers are taken. */
const round = [0.5, -1, 2, -0.5, 1.5, -2, 1, -1.5, 0.25, 3, -0.25, 0.75, -3, -0.75, 2.5, -2.5, 4, -4, 5, -5];
/** The same where nothing is differentiable: 0 and halves are then what matters. */
const roundOfJumps = [-1.5, 0, 0.5, 1, -0.5, 2, ...round];
const maxListed = 9;

/** The operands of a sample. */
export function readableOperands(entry: Entry, sample: Sample, manner: Manner): Operand[] {
  let taken = 0;
  return sample.inputs.map((input, i) => {
    const name = operandName(entry, i);
    const size = sizeOf(input);
    const { dtype } = input;
    const from = taken;
    if (dtype === undefined) taken += size;
    const numbers = numbersOf(entry, sample, i, manner, from);
    const nested = nest(dtype === 'bool' ? numbers.map((x) => x !== 0) : numbers, input.shape);
    const value = tensor(
      nested.value as number[],
      dtype === 'int32' ? { dtype, shape: input.shape } : { shape: input.shape },
    );
    const counts = size > maxListed && numbers.every((x, k) => x === numbers[0]! + k);
    const reshaped = input.shape.length === 1 ? '' : `.reshape([${input.shape.join(', ')}])`;
    const listed = `tensor(${nested.text}${dtype === 'int32' ? `, { dtype: 'int32' }` : ''})`;
    return { name, value, code: counts ? `arange(${numbers[0]}, ${numbers[0]! + size})${reshaped}` : listed };
  });
}

/** The name of an operand in the examples; of a list x, y, z. */
export function operandName(entry: Entry, position: number): string {
  return entry.variadic ? ('xyzuvw'[position] ?? `x${position}`) : entry.inputs[position]!;
}

function sizeOf({ shape }: SampleInput): number {
  return shape.reduce((size, length) => size * length, 1);
}

function numbersOf(entry: Entry, sample: Sample, position: number, manner: Manner, taken: number): number[] {
  const input = sample.inputs[position]!;
  const n = sizeOf(input);
  const { low, high, diagonal } = input;
  if (input.dtype === 'bool') return Array.from({ length: n }, (_, k) => (k + 1) % 2);
  if (input.dtype === 'int32') return positions(n, low ?? -2, high ?? 2);
  if (diagonal !== undefined) return dominated(input.shape, diagonal, high ?? 2);
  if (low !== undefined || high !== undefined || manner === 'signed') {
    return inRange(entry, sample, position, n, low ?? -2, high ?? 2, taken);
  }
  const order = Array.from({ length: n }, (_, k) => k);
  return (manner === 'shuffled' ? spread(order) : order).map((k) => taken + k + 1);
}

/** Whole numbers from low to below high, out of order, all of them before one comes again. */
function positions(n: number, low: number, high: number): number[] {
  const span = Math.max(1, high - low);
  return Array.from({ length: n }, (_, k) => low + ((k * (span - 1)) % span));
}

/** Matrices with a large diagonal: they have an inverse, and the symmetric ones are positive definite. */
function dominated(shape: readonly number[], diagonal: number, high: number): number[] {
  const [m, n] = shape.slice(-2) as [number, number];
  return Array.from({ length: sizeOf({ shape }) }, (_, k) => {
    const [row, column] = [Math.floor(k / n) % m, k % n];
    if (row === column) return diagonal + Math.sign(diagonal) * row;
    return column > row ? 1 : Math.min(2, high);
  });
}

/** Round numbers of a range: for the first operand in order, unless jumps matter; for the others as they come. */
function inRange(
  entry: Entry,
  sample: Sample,
  position: number,
  n: number,
  low: number,
  high: number,
  taken: number,
): number[] {
  const jumps = entry.differentiable.length === 0;
  const within = [...new Set(jumps ? roundOfJumps : round)].filter((x) => x >= low && x <= high);
  if (within.length < n) return Array.from({ length: n }, (_, k) => toDigits(low + ((k + 1) * (high - low)) / (n + 1)));
  const chosen = Array.from({ length: n }, (_, k) => within[(taken + k) % within.length]!);
  if (position === 0) return jumps ? chosen : chosen.sort((a, b) => a - b);
  // a comparison that nothing is equal in would say little
  const first = sample.inputs[0]!;
  if (jumps && n > 0 && String(first.shape) === String(sample.inputs[position]!.shape)) {
    chosen[n - 1] = numbersOf(entry, sample, 0, 'signed', 0)[n - 1]!;
  }
  return chosen;
}

function toDigits(x: number): number {
  return Number(x.toFixed(2));
}

/** A list in an order without a pattern: by the fractional parts of multiples of the golden ratio. */
function spread(order: readonly number[]): number[] {
  const key = (k: number): number => ((k + 1) * 0.618034) % 1;
  const ranked = [...order].sort((a, b) => key(a) - key(b));
  return order.map((k) => ranked.indexOf(k));
}

interface NestedValue {
  readonly value: unknown;
  readonly text: string;
}

function nest(flat: readonly (number | boolean)[], shape: readonly number[]): NestedValue {
  if (shape.length === 0) return { value: flat[0], text: String(flat[0]) };
  const [length, ...rest] = shape as [number, ...number[]];
  const size = length === 0 ? 0 : flat.length / length;
  const parts = Array.from({ length }, (_, i) => nest(flat.slice(i * size, (i + 1) * size), rest));
  return { value: parts.map((part) => part.value), text: `[${parts.map((part) => part.text).join(', ')}]` };
}

// NaN, infinities, zeros of either sign, numbers too small or too large for ordinary arithmetic: compiled gives what eager gives.

import { entries, grad, type OpEntry, RandomGenerator, type Sample, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.ts';
import { call, differentiable, drawInputs, samplesOfAll } from './support/samples.ts';

type Float = 'float32' | 'float64';

const { NaN: missing, POSITIVE_INFINITY: infinity } = Number;

/** Numbers at which functions do something else than beside them. */
const specials: { readonly [D in Float]: readonly number[] } = {
  float32: [
    ...[missing, infinity, -infinity, 0, -0, 1e-45, 1e-40, -1e-40, 1.2e-38, -1e-20, 1e-5, 0.5, 1, -1, 2.5, -3, 20],
    ...[-20, 89, -89, 104, -104, 1000, -1000, 1e10, 1e20, -1e20, 3e38, -3e38],
  ],
  float64: [
    ...[missing, infinity, -infinity, 0, -0, 5e-324, -5e-324, 1e-310, -1e-200, 1e-5, 0.5, 1, -1, 2.5, -3, 20, -20],
    ...[710, -710, 750, -750, 1e10, 1e200, -1e200, 1.7e308, -1.7e308],
  ],
};

/**
 * Where float32 arithmetic gives something else than float64 arithmetic that is rounded at the end, by the numbers that go in: where what
 * lies between overflows or underflows, and the result does not.
 */
const exceptions: { readonly [op: string]: (x: number, y?: number, z?: number) => boolean } = {
  // y − x is above the largest number, and so is value·y before z divides it again; or they are below the smallest
  lerp: (x, y) => Math.abs(y! - x) > 3.4e38 || Math.abs(y!) < 1e-38,
  addcmul: (_x, y, z) => [y!, z!].some((factor) => Math.abs(factor) < 1e-38) || Math.abs(y! * z!) > 3.4e38,
  huber: (x, y) => Math.abs(x - y!) > 3.4e38,
  // e^(−|x|) is below the smallest number
  logSigmoid: (x) => Math.abs(x) > 103,
  silu: (x) => Math.abs(x) > 103,
  mish: (x) => Math.abs(x) > 103,
};

/** How far results may be apart, relative to their size; and the smallest number there is. */
const close = {
  float32: { relative: 1e-5, least: 1.5e-45 },
  float64: { relative: 1e-12, least: 5e-324 },
} as const;

const shown = (x: number | undefined): string => (Object.is(x, -0) ? '-0' : String(x));

/** Whether two results are the same but for rounding: NaN and NaN, infinities and zeros of one sign. */
function agree(found: number, expected: number, dtype: Float, scale = 0): boolean {
  if (Object.is(found, expected)) return true;
  if (!Number.isFinite(found) || !Number.isFinite(expected)) return false;
  if (found === 0 && expected === 0) return false;
  const { relative, least } = close[dtype];
  return Math.abs(found - expected) <= relative * Math.max(Math.abs(found), Math.abs(expected), scale) + least;
}

/** The calls of an op that differ in their arguments. */
function callsOf({ samples }: OpEntry): readonly Sample[] {
  return samples.filter(
    ({ args }, i) => samples.findIndex((other) => JSON.stringify(other.args) === JSON.stringify(args)) === i,
  );
}

/** Each special number with each other one, as columns of operands. */
function columnsOf(count: number, list: readonly number[]): readonly (readonly number[])[] {
  if (count === 1) return [list];
  const pairs = list.flatMap((x) => list.map((y) => [x, y] as const));
  return Array.from({ length: count }, (_, operand) =>
    // a third operand goes through the list at another pace
    pairs.map((pair, i) => pair[operand] ?? list[(Math.floor(i / list.length) * 7 + i + 1) % list.length]!),
  );
}

function typed(values: readonly number[], dtype: Float | 'bool' | 'int32'): Tensor {
  if (dtype === 'bool')
    return tensor(
      values.map(Number).map((x) => Number(x > 0)),
      { dtype },
    );
  return tensor(dtype === 'int32' ? values.map((x) => Math.max(-5, Math.min(5, Math.trunc(x))) || 0) : [...values], {
    dtype,
  });
}

const elementwise = entries
  .map((entry) => entry as OpEntry)
  .filter((entry) => entry.elementwise)
  .flatMap((entry) => callsOf(entry).map((sample) => ({ entry, sample, args: JSON.stringify(sample.args ?? []) })));

describe.each(['float32', 'float64'] as const)('special values of %s', (dtype) => {
  it.each(elementwise)('$entry.name with $args gives what it gives eagerly', ({ entry, sample }) => {
    const columns = columnsOf(entry.inputs.length, specials[dtype]);
    const types = sample.inputs.map((input) => input.dtype ?? dtype);
    const f = (xs: Tensor[]): Tensor => call(entry, xs, sample);
    const compiled = compile(f);
    const excepted = dtype === 'float32' ? exceptions[entry.name] : undefined;
    const total = columns[0]!.length;
    // whole, and as what is left over of fours
    const lengths = [total, 1, 3, 4, 5, 9];
    for (const length of lengths) {
      for (let start = 0; start < Math.min(total, 27); start += length) {
        const parts = columns.map((column) => Array.from({ length }, (_, i) => column[(start + i) % total]!));
        const xs = parts.map((part, operand) => typed(part, types[operand]!));
        const [found, expected] = [compiled(xs).toData(), f(xs).toData()];
        for (let i = 0; i < length; i++) {
          const operands = parts.map((part) => part[i]!) as [number, number?, number?];
          if (excepted?.(...operands) === true) continue;
          const message = `at ${operands.map(shown)} in ${length}: ${shown(found[i])}, expected ${shown(expected[i])}`;
          expect(agree(found[i]!, expected[i]!, dtype), message).toBe(true);
        }
      }
    }
  });
});

/** What a function gives, or what it throws. */
function outcome(f: () => Tensor): Tensor | string {
  try {
    return f();
  } catch (error) {
    return (error as Error).message;
  }
}

const wholes = [0, 1, -1, 2, 7, -3, 100, 65536, -65537, 2 ** 31 - 1, -(2 ** 31)];

describe.each(['int32', 'bool'] as const)('special values of %s', (dtype) => {
  it.each(elementwise)('$entry.name with $args gives what it gives eagerly, or refuses', ({ entry, sample }) => {
    const columns = columnsOf(entry.inputs.length, dtype === 'bool' ? [0, 1] : wholes);
    const xs = columns.map((column) => tensor([...column], { dtype }));
    const f = (ys: Tensor[]): Tensor => call(entry, ys, sample);
    const [found, expected] = [outcome(() => compile(f)(xs)), outcome(() => f(xs))];
    if (typeof found === 'string' || typeof expected === 'string') return expect(found).toBe(expected);
    expect(found.dtype).toBe(expected.dtype);
    const [a, b] = [found.toData(), expected.toData()];
    for (let i = 0; i < b.length; i++) {
      const operands = columns.map((column) => shown(column[i]));
      expect(agree(a[i]!, b[i]!, 'float32'), `at ${operands}: ${shown(a[i])}, expected ${shown(b[i])}`).toBe(true);
    }
  });
});

/**
 * Numbers that are put among ordinary ones. None are so large that sums of them overflow: whether they do hangs on the order, which is
 * not the same compiled.
 */
const intruders: readonly (readonly number[])[] = [
  [missing],
  [infinity],
  [-infinity],
  [infinity, -infinity],
  [-infinity, -infinity, -infinity, 1],
  [0],
  [100, -100],
  [1e-40],
];

/** The operands of a sample with other numbers at each of so many places. */
function intruded(inputs: readonly Tensor[], values: readonly number[], every: number): Tensor[] {
  return inputs.map((x) => {
    if (x.dtype !== 'float32' && x.dtype !== 'float64') return x;
    const data = x.toData();
    for (let i = 0, next = 0; i < data.length; i += every) data[i] = values[next++ % values.length]!;
    return tensor(data, { shape: x.shape, dtype: x.dtype });
  });
}

/** Zeros may differ in sign here, as eager sums begin with +0, and of two equal zeros an eager extreme keeps the first. */
function expectAgreement(found: Tensor, expected: Tensor, dtype: Float, what: string): void {
  const [a, b] = [found.toData(), expected.toData()];
  for (let i = 0; i < b.length; i++) {
    const message = `${what}: element ${i} is ${shown(a[i])}, expected ${shown(b[i])}`;
    expect(agree(a[i]! + 0, b[i]! + 0, dtype, 100), message).toBe(true);
  }
}

/** Differences of products of large numbers: rounding is all that is left of them. */
const isDifference = ({ name }: { readonly name: string }): boolean => name.startsWith('cofactor');

const others = samplesOfAll.filter(({ entry }) => !(entry as OpEntry).elementwise && !isDifference(entry));

describe.each(['float32', 'float64'] as const)('special values among others of %s', (dtype) => {
  it.each(others)('$title', ({ entry, sample }) => {
    const f = (xs: Tensor[]): Tensor => call(entry, xs, sample);
    const compiled = compile(f);
    const inputs = drawInputs(sample, new RandomGenerator(5), dtype);
    for (const values of intruders) {
      for (const every of [1, 3]) {
        const xs = intruded(inputs, values, every);
        const [found, expected] = [outcome(() => compiled(xs)), outcome(() => f(xs))];
        const what = `${values} at each ${every}`;
        if (typeof found === 'string' || typeof expected === 'string') expect(found, what).toEqual(expected);
        else expectAgreement(found, expected, dtype, what);
      }
    }
  });
});

/**
 * Of calls that differ in shapes alone the one with most elements. None of inverses and the like, whose derivatives at such matrices are
 * differences too.
 */
const differentiated = [...new Set(samplesOfAll.map(argumentsOf))].flatMap((key) => {
  const calls = samplesOfAll.filter(
    (call) =>
      argumentsOf(call) === key &&
      differentiable(call.entry, call.sample).length > 0 &&
      call.sample.inputs.every(({ diagonal }) => diagonal === undefined) &&
      !isDifference(call.entry),
  );
  return calls.sort((a, b) => elementsOf(b.sample) - elementsOf(a.sample)).slice(0, 1);
});

function argumentsOf({ entry, sample }: (typeof samplesOfAll)[number]): string {
  return `${entry.name} ${JSON.stringify(sample.args)}`;
}

function elementsOf({ inputs }: Sample): number {
  return inputs.reduce((total, { shape }) => total + shape.reduce((product, length) => product * length, 1), 0);
}

describe('gradients at special values', () => {
  it.each(differentiated)('$title', ({ entry, sample }) => {
    const inputs = drawInputs(sample, new RandomGenerator(5), 'float64');
    for (const position of differentiable(entry, sample)) {
      const gradient = grad((x: Tensor, others: Tensor[]) =>
        call(
          entry,
          others.map((other, i) => (i === position ? x : other)),
          sample,
        ).sum(),
      );
      const compiled = compile(gradient);
      for (const values of intruders) {
        const xs = intruded(inputs, values, 3);
        const [found, expected] = [
          outcome(() => compiled(xs[position]!, xs)),
          outcome(() => gradient(xs[position]!, xs)),
        ];
        if (typeof found === 'string' || typeof expected === 'string') expect(found, `${values}`).toEqual(expected);
        else expectAgreement(found, expected, 'float64', `${values}, by operand ${position}`);
      }
    }
  });
});

describe('numbers near the largest and the smallest', () => {
  const large = { float32: [3e38, -3e38, 2e38, 1], float64: [1.7e308, -1.7e308, 1e308, 1] } as const;
  const small = { float32: [1e-40, 3e-40, -2e-40], float64: [1e-310, 3e-310, -2e-310] } as const;
  const kept: readonly (readonly [string, (x: Tensor) => Tensor])[] = [
    ['max', (x) => x.max()],
    ['min', (x) => x.min()],
    ['argmax', (x) => x.argmax(0)],
    ['softmax', (x) => x.softmax()],
    ['logSoftmax', (x) => x.logSoftmax()],
    ['logSumExp', (x) => x.logSumExp()],
    ['norm', (x) => x.norm()],
    ['norm of order 3', (x) => x.norm({ order: 3 })],
    ['product', (x) => x.prod()],
  ];
  it.each(kept)('%s overflows and underflows only where it does eagerly', (_name, f) => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const values of [large[dtype], small[dtype]]) {
        const x = tensor([...values], { dtype });
        const [found, expected] = [compile(f)(x).toData(), f(x).toData()];
        for (let i = 0; i < expected.length; i++) {
          expect(agree(found[i]!, expected[i]!, dtype), `${values}: ${found[i]}, expected ${expected[i]}`).toBe(true);
        }
      }
    }
  });

  it('float32 sums are taken in float64, so that only their result overflows', () => {
    const f = (x: Tensor): Tensor[] => [x.sum(), x.mean(), x.variance()];
    const x = tensor([3e38, 3e38, -3e38, 3e38, 3e38, -3e38]);
    expect(compile(f)(x).map((y) => y.item())).toEqual(f(x).map((y) => y.item()));
  });
});

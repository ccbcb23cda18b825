// Every op that says how it is compiled, computed that way by the reference loops, against its forward.

import { describe, expect, it } from 'vitest';
import { copyOf, type NdArray, toData, toNested } from '../src/arrays.ts';
import {
  type DType,
  entries,
  fromData,
  type NestedArray,
  type OpEntry,
  RandomGenerator,
  type Sample,
  type Shape,
  TapegradError,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.ts';
import { elementwise } from '../src/kernels/elementwise.ts';
import { erf, erfc, expressions, gelu } from '../src/kernels/erf.ts';
import { type Known, ReferenceLowering, scattered } from './reference-lowering.ts';
import { drawInputs } from './support/finite-differences.ts';
import { samplesOfAll } from './support/samples.ts';

const seed = 20261124;
const loops = new ReferenceLowering();

/** Ops that compiled programs compute by their forward. */
const byForward = [
  'argsort',
  ...['solve', 'solveTriangular', 'inv', 'cholesky'],
  ...['det', 'cofactor', 'cofactorDerivative', 'detSign', 'logAbsDet'],
];

/** Ops whose arguments are not for whole numbers. */
const needsFloats = new Set(['padConstant']);

const primitives = entries.filter((entry): entry is OpEntry => 'forward' in entry);
const isPrimitive = (entry: unknown): entry is OpEntry => primitives.includes(entry as OpEntry);
const primitiveSamples = samplesOfAll.flatMap(({ title, entry, sample }) =>
  isPrimitive(entry) ? [{ title, entry, sample }] : [],
);
const lowered = primitiveSamples.filter(({ entry }) => entry.lower !== undefined);
const views = primitiveSamples.filter(({ entry }) => entry.isView);

type Result = Parameters<OpEntry['forward']>[1];

/** What an op is asked for, by its own rules. */
function resultOf(entry: OpEntry, inputs: readonly Known[], { args = [] }: Sample): Result {
  const shapes = inputs.map(({ array }) => array.shape);
  const attrs = entry.attributes(shapes, ...args);
  const deciding = inputs.filter((_, i) => entry.variadic || entry.typedBy.includes(entry.inputs[i]!));
  const dtype = entry.dtype(
    deciding.map((input) => input.dtype),
    attrs,
  );
  return { shape: entry.shape(shapes, attrs), dtype, attrs };
}

/** The operands, floats in this dtype, each laid out by `lay`. */
function operands(
  tensors: readonly Tensor[],
  float: DType,
  lay: (x: NdArray, dtype: DType) => NdArray = copyOf,
): Known[] {
  return tensors.map((x) => {
    const dtype = x.dtype === 'float64' ? float : x.dtype;
    return { array: lay(x.asType(dtype).array, dtype), dtype };
  });
}

const tolerances: { readonly [D in DType]: number } = { float64: 1e-12, float32: 1e-6, int32: 0, bool: 0 };

/** Holds what an op's loops give against its forward: shape, dtype, and values up to a few roundings. */
function compare(entry: OpEntry, inputs: readonly Known[], sample: Sample): void {
  const result = resultOf(entry, inputs, sample);
  const { dtype, shape } = result;
  const expected = toData(
    entry.forward(
      inputs.map(({ array }) => array),
      result,
    ),
    dtype,
  );
  const found = entry.lower!<Known>(loops, inputs, result);
  expect({ dtype: found.dtype, shape: [...found.array.shape] }).toEqual({ dtype, shape: [...shape] });
  const values = toData(found.array, dtype);
  const near = [...values].map((value, i) => {
    const other = expected[i]!;
    const close = Math.abs(value - other) <= tolerances[dtype] * Math.max(1, Math.abs(other));
    return close || value === other ? other : value;
  });
  expect(near).toEqual([...expected]);
}

/** Numbers of which every third is 0, infinite, or NaN. */
function withSpecials(shape: Shape, random: RandomGenerator): Tensor {
  const specials = [0, -0, Infinity, -Infinity, Number.NaN];
  const size = shape.reduce((product, length) => product * length, 1);
  const numbers = Float64Array.from({ length: size }, () => {
    const special = random.next() < 1 / 3;
    return special ? specials[Math.floor(random.next() * specials.length)]! : Math.round(random.next() * 16 - 8) / 4;
  });
  return fromData(numbers, shape, 'float64');
}

describe(`compiled ops (seed ${seed})`, () => {
  it('are all but these', () => {
    const neither = primitives.filter((entry) => entry.lower === undefined && !entry.isView);
    expect(neither.map(({ name }) => name)).toEqual(byForward);
  });

  it('are views or are made of loops, not both', () => {
    expect(primitives.filter((entry) => entry.isView && entry.lower !== undefined)).toEqual([]);
  });

  it.each(views)('copy nothing where they are views: $title', ({ entry, sample }) => {
    const inputs = operands(drawInputs(sample.inputs, new RandomGenerator(seed)), 'float64', scattered);
    const result = resultOf(entry, inputs, sample);
    const [x] = inputs as [Known];
    const found = entry.forward([x.array], result);
    expect(found.data).toBe(x.array.data);
    expect(loops.view(x, (array) => entry.forward([array], result)).array.shape).toEqual(result.shape);
  });

  it.each(lowered)('agree with forward: $title', ({ entry, sample }) => {
    const drawn = drawInputs(sample.inputs, new RandomGenerator(seed));
    compare(entry, operands(drawn, 'float64'), sample);
    compare(entry, operands(drawn, 'float32'), sample);
    compare(entry, operands(drawn, 'float64', scattered), sample);
  });

  it.each(lowered.filter(({ entry }) => !needsFloats.has(entry.name)))(
    'agree on whole numbers: $title',
    ({ entry, sample }) => {
      const drawn = drawInputs(sample.inputs, new RandomGenerator(seed));
      for (const dtype of ['int32', 'bool'] as const) {
        const whole = drawn.map((x) => (x.dtype === 'float64' ? x.mul(1.5).abs().asType(dtype) : x));
        compare(entry, operands(whole, 'float64'), sample);
      }
    },
  );

  it.each(lowered)('agree on 0, infinities and NaN: $title', ({ entry, sample }) => {
    const random = new RandomGenerator(seed);
    for (let round = 0; round < 20; round++) {
      const drawn = sample.inputs.map((input) =>
        input.dtype === undefined ? withSpecials(input.shape, random) : drawInputs([input], random)[0]!,
      );
      compare(entry, operands(drawn, round % 2 === 0 ? 'float64' : 'float32'), sample);
    }
  });

  it.each<[string, readonly Tensor[], readonly unknown[], string]>([
    [
      'sparseSoftmaxCrossEntropy',
      [tensor([[1, 2], [3, 4]]), tensor([1, 2], { dtype: 'int32' })], // biome-ignore format: one line
      [],
      'sparseSoftmaxCrossEntropy: label 1 is 2. Expected a whole number from 0 to 1.',
    ],
    [
      'sparseSoftmaxCrossEntropy',
      [tensor([[1, 2]]), tensor([0.5])],
      [],
      'sparseSoftmaxCrossEntropy: label 0 is 0.5. Expected a whole number from 0 to 1.',
    ],
    [
      'oneHot',
      [tensor([0, -1], { dtype: 'int32' })],
      [3],
      'oneHot: label 1 is -1. Expected a whole number from 0 to 2.',
    ],
    [
      'pow',
      [tensor([2, 3], { dtype: 'int32' }), tensor([1, -2], { dtype: 'int32' })],
      [],
      "pow: an exponent is -2, and x is of whole numbers. Expected exponents >= 0; for fractions use x.asType('float32').",
    ],
    [
      'take',
      [tensor([1, 2, 3]), tensor([[0, 1], [-3, 3]], { dtype: 'int32' })], // biome-ignore format: one line
      [0],
      'take: the index 3 at [1, 1] is out of range for axis 0 of length 3. Expected a whole number from -3 to 2.',
    ],
    [
      'indexAdd',
      [tensor([[1, 2, 3]]), tensor(-4, { dtype: 'int32' }), tensor(1)],
      [1],
      'indexAdd: the index -4 is out of range for axis 1 of length 3. Expected a whole number from -3 to 2.',
    ],
    [
      'takeAlongAxis',
      [tensor([[1, 2], [3, 4]]), tensor([[2]], { dtype: 'int32' })], // biome-ignore format: one line
      [1],
      'takeAlongAxis: the index 2 at [0, 0] is out of range for axis 1 of length 2. Expected a whole number from -2 to 1.',
    ],
    [
      'scatterAdd',
      [zeros([2, 0]), tensor([[0]], { dtype: 'int32' }), tensor(1)],
      [1],
      'scatterAdd: the index 0 at [0, 0] is out of range for axis 1 of length 0. There is nothing to index.',
    ],
    [
      'ravelMultiIndex',
      [tensor([1, 0], { dtype: 'int32' }), tensor(3, { dtype: 'int32' })],
      [[2, 3]],
      'ravelMultiIndex: the index 3 at [0] is out of range for axis 1 of length 3. Expected a whole number from -3 to 2.',
    ],
  ])('refuse what forward refuses, in the same words: %s', (name, tensors, args, message) => {
    const entry = primitives.find((other) => other.name === name)!;
    const inputs = tensors.map(({ array, dtype }): Known => ({ array, dtype }));
    const sample: Sample = { inputs: [], args };
    const result = resultOf(entry, inputs, sample);
    const arrays = inputs.map(({ array }) => array);
    const words = (run: () => unknown): string => {
      try {
        run();
        return 'nothing thrown';
      } catch (error) {
        expect(error).toBeInstanceOf(TapegradError);
        return (error as TapegradError).message;
      }
    };
    expect(words(() => entry.forward(arrays, result))).toBe(message);
    expect(words(() => entry.lower!<Known>(loops, inputs, result))).toBe(message);
  });

  const float64 = (values: NestedArray): Tensor => tensor(values, { dtype: 'float64' });

  it.each<[string, string, readonly Tensor[], readonly unknown[], NestedArray]>([
    ['equal elements have no variance', 'variance', [float64([0.1, 0.1, 0.1])], [], 0],
    ['nor has a large float32', 'variance', [tensor([16777217, 16777216, 16777216])], [], 0],
    ['equal elements differ by 0 from their mean', 'center', [float64([0.1, 0.1, 0.1])], [], [0, 0, 0]],
    ['no square overflows', 'norm', [float64([3 * 2 ** 700, 4 * 2 ** 700])], [], 5 * 2 ** 700],
    ['nor a float32', 'norm', [tensor([3e30, 4e30])], [], Math.fround(5e30)],
    ['nor a sum', 'mean', [tensor([3e38, 3e38])], [], Math.fround(3e38)],
    ['dtypes are mixed', 'concat', [tensor([1], { dtype: 'int32' }), tensor([0.5])], [], [1, 0.5]],
    ['256 count as something', 'any', [tensor(1).broadcastTo([256])], [], true],
    ['256 zeros count as zeros', 'all', [tensor(0).broadcastTo([256])], [], false],
    ['any number is true', 'padConstant', [tensor([true])], [[[0, 1]], 256], [true, true]],
  ])('keep their promises where %s', (_, name, tensors, args, expected) => {
    const entry = primitives.find((other) => other.name === name)!;
    const inputs = tensors.map(({ array, dtype }): Known => ({ array, dtype }));
    const sample: Sample = { inputs: [], args };
    compare(entry, inputs, sample);
    const { array, dtype } = entry.lower!<Known>(loops, inputs, resultOf(entry, inputs, sample));
    expect(toNested(array, dtype)).toEqual(expected);
  });

  it('do not count the padding among the largest elements, where these are -Infinity', () => {
    const entry = primitives.find(({ name }) => name === 'maxPool2dAdjoint')!;
    const x = { array: float64([[[[-Infinity]]]]).array, dtype: 'float64' } as const;
    const g = { array: float64([[[[6]]]]).array, dtype: 'float64' } as const;
    const sample: Sample = { inputs: [], args: [2, { padding: [[0, 1], [1, 0]] }] }; // biome-ignore format: one line
    const found = entry.lower!<Known>(loops, [g, x], resultOf(entry, [g, x], sample));
    expect(toNested(found.array, 'float64')).toEqual([[[[6]]]]);
  });

  it.each<[string, DType]>([
    ['float32 to int32, cut and wrapped around', 'int32'],
    ['float32 to bool', 'bool'],
    ['float32 to float64', 'float64'],
    ['float32 to itself', 'float32'],
  ])('convert %s', (_, dtype) => {
    const entry = primitives.find(({ name }) => name === 'asType')!;
    const x = tensor([1.9, -1.9, 2 ** 31, 0, Number.NaN, 0.1]);
    compare(entry, operands([x.asType('float64')], 'float32'), { inputs: [], args: [dtype] });
  });

  it.each([
    ['erf', erf],
    ['erfc', erfc],
    ['gelu', gelu],
  ] as const)('compute %s by an expression as the function does', (name, f) => {
    const points = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 50 + (i % 7) / 1000);
    const { expression, parts } = expressions[name];
    const x = fromData(Float64Array.from(points), [points.length], 'float64').array;
    const found = loops.map(elementwise(name, ['x'], expression, { parts }), [{ array: x, dtype: 'float64' }], {
      shape: [points.length],
      dtype: 'float64',
    });
    const off = points.filter((point, i) => {
      const expected = f(point);
      return Math.abs(found.array.data[i]! - expected) > 1e-14 * Math.abs(expected) + 1e-300;
    });
    expect(off).toEqual([]);
  });
});

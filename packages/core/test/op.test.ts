import { describe, expect, it } from 'vitest';
import {
  add,
  type Binary,
  concat,
  type DType,
  defineOp,
  elementwise,
  entries,
  grad,
  matmul,
  ops,
  type Shape,
  scalar,
  sub,
  Tape,
  type Tensor,
  tensor,
  unary,
  where,
  zeros,
} from '../src/index.ts';
import { arithmeticResult, boolResult, floatResult, sameResult } from '../src/op.ts';
import { refusal } from './refusal.ts';

const all: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];
const one = (dtype: DType): Tensor => tensor([1, 0], { dtype });

describe('the dtype of a result', () => {
  it.each<[DType[], DType, DType]>([
    [['float32'], 'float32', 'float32'],
    [['float64'], 'float64', 'float64'],
    [['int32'], 'float32', 'int32'],
    [['bool'], 'float32', 'int32'],
    [['int32', 'float64'], 'float64', 'float64'],
    [['bool', 'float32'], 'float32', 'float32'],
  ])('of %j is %s for functions on the reals, %s for arithmetic', (operands, real, arithmetic) => {
    expect(floatResult('exp')(operands)).toBe(real);
    expect(arithmeticResult('add')(operands)).toBe(arithmetic);
    expect(boolResult('less')(operands)).toBe('bool');
    expect(sameResult(operands)).toBe(operands[0]);
  });
});

describe('a number beside a tensor', () => {
  it.each<[DType, number, DType]>([
    ['float32', 2, 'float32'],
    ['float64', 0.1, 'float64'],
    ['int32', 2, 'int32'],
    ['int32', 0.5, 'float32'],
    ['int32', Number.NaN, 'float32'],
    ['bool', 0.5, 'float32'],
  ])('%s and %d make %s, on either side', (dtype, value, expected) => {
    expect(add(one(dtype), value).dtype).toBe(expected);
    expect(add(value, one(dtype)).dtype).toBe(expected);
  });

  it('has the full precision of float64', () => {
    expect(sub(0.1, scalar(0, 'float64')).item()).toBe(0.1);
  });

  it('compares with what it would be in float32', () => {
    expect(tensor([0.1]).equal(0.1).toArray()).toEqual([true]);
  });

  it('that int32 cannot hold is not wrapped around', () => {
    expect(one('int32').add(3e9).toArray()).toEqual([Math.fround(3_000_000_001), 3e9]);
  });

  it('and another number make float32', () => {
    expect(String(add(1, 2))).toBe('float32[] 3');
  });

  it('takes the dtype of the tensors that it is chosen among, whatever the condition has', () => {
    const x = tensor([1, 2], { dtype: 'float64' });
    expect(where(tensor([1, 0]), x, 0).dtype).toBe('float64');
    expect(where(one('int32'), 0.1, scalar(0.2, 'float64')).dtype).toBe('float64');
    expect(where(one('float64'), 1, tensor([2])).dtype).toBe('float32');
  });
});

describe('float32 beside float64', () => {
  const [single, double] = [tensor([[1]]), tensor([[1]], { dtype: 'float64' })];
  const binaries = entries.filter((entry) => entry.inputs.join() === 'x,y');

  it('is met by the ops of two operands', () => {
    const some = ['add', 'div', 'equal', 'less', 'matmul', 'maximum', 'mul', 'pow', 'solve', 'tensordot'];
    expect(binaries.map((entry) => entry.name)).toEqual(expect.arrayContaining(some));
  });

  it.each(binaries.map((entry) => entry.name))('%s refuses both orders', (name) => {
    const op = ops[name as keyof typeof ops] as Binary;
    const message = `${name}: dtypes differ: float32 and float64. Convert one first, e.g. x.asType('float64').`;
    expect(() => op(single, double)).toThrow(refusal(message));
    expect(() => op(double, single)).toThrow(refusal(message));
  });

  it('where and concat refuse it too', () => {
    const message = "dtypes differ: float32 and float64. Convert one first, e.g. x.asType('float64').";
    expect(() => where(tensor([true]), single, double)).toThrow(refusal(`where: ${message}`));
    expect(() => concat([single, double])).toThrow(refusal(`concat: ${message}`));
  });
});

describe('an operand that is none', () => {
  const x = tensor([1, 2]);
  const call = (f: unknown, ...args: unknown[]) => (f as (...all: unknown[]) => Tensor)(...args);

  it.each<[string, () => unknown, string]>([
    ['a string', () => call(add, x, '2'), 'add: y is a string. Expected a tensor or a number.'],
    ['null', () => call(add, null, x), 'add: x is null. Expected a tensor or a number.'],
    ['undefined', () => call(add, x, undefined), 'add: y is undefined. Expected a tensor or a number.'],
    ['a list', () => call(add, x, [1, 2]), 'add: y is an array. Expected a tensor or a number.'],
    ['a boolean', () => call(add, x, true), 'add: y is a boolean. Expected a tensor or a number.'],
    ['an object', () => call(where, x, {}, x), 'where: x is an object. Expected a tensor or a number.'],
    ['null in a list', () => concat([x, null as never]), 'concat: xs[1] is null. Expected a tensor or a number.'],
    ['no list', () => call(concat, 3), 'concat: got number. Expected a list of tensors.'],
    ['an empty list', () => concat([]), 'concat: got an empty list. Expected a list of tensors.'],
  ])('%s is refused', (_, attempt, message) => {
    expect(attempt).toThrow(refusal(message));
  });

  it('is refused also where it was left out', () => {
    expect(() => call(add, x)).toThrow(refusal('add: y is undefined. Expected a tensor or a number.'));
    expect(() => call(x.mul.bind(x))).toThrow(refusal('mul: y is undefined. Expected a tensor or a number.'));
  });
});

describe('the table', () => {
  const callable = entries.filter((entry) => entry.samples.length > 0);
  const example = (dtype: DType, shape: Shape): Tensor =>
    tensor(Array(shape.reduce((a, b) => a * b, 1)).fill(1), { shape, dtype });

  it.each(callable.flatMap((entry) => all.map((dtype) => [entry.name, dtype] as const)))(
    '%s takes %s, and its result is stored as its dtype says',
    (name, dtype) => {
      const entry = entries.find((candidate) => candidate.name === name)!;
      const { inputs, args = [] } = entry.samples[0]!;
      // positions are int32, whatever stands beside them
      const operands = inputs.map(({ shape, dtype: own }) => example(own === 'int32' ? own : dtype, shape));
      const op = ops[name as keyof typeof ops] as unknown as (...all: unknown[]) => Tensor | readonly Tensor[];
      const listed = entry.variadic ? [operands] : operands;
      const result = entry.argumentsFirst ? op(...args, ...operands) : op(...listed, ...args);
      const stores = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array };
      for (const out of [result].flat()) {
        expect(out.array.data).toBeInstanceOf(stores[out.dtype]);
        expect(out.array.data.length).toBeGreaterThanOrEqual(Math.min(1, out.size));
        if (out.dtype === 'bool') expect([...out.toData()].every((value) => value === 0 || value === 1)).toBe(true);
      }
    },
  );

  it('carries each entry on its function, which has its name', () => {
    for (const entry of entries) {
      const op = ops[entry.name as keyof typeof ops];
      expect(op.entry).toBe(entry);
      expect(op.name).toBe(entry.name);
    }
  });

  it('says of each op in a sentence what it computes, and in a formula', () => {
    expect(entries.filter(({ doc, tex }) => !/^[A-Zex].*\.$/s.test(doc) || tex === '').map(({ name }) => name)).toEqual(
      [],
    );
  });
});

describe("a user's own op", () => {
  const twice = unary({
    name: 'twice',
    doc: 'Two times x.',
    tex: '2x',
    kernel: elementwise('twice', ['x'], '2*x'),
    saves: [],
    vjp: (g) => g.mul(2),
  });

  it('is differentiated like ours', () => {
    expect(grad((x: Tensor) => twice(x).square().sum())(tensor([1, 2])).toArray()).toEqual([8, 16]);
    expect(twice(3).item()).toBe(6);
  });

  const wrong = (vjp: (g: Tensor) => Tensor) =>
    defineOp({
      name: 'wrong',
      doc: 'x.',
      tex: 'x',
      inputs: ['x'],
      shape: ([x]) => x!,
      dtype: ([x]) => x!,
      forward: ([x]) => x!,
      saves: [],
      vjp: { x: vjp },
      samples: [],
    });

  it.each<[string, (g: Tensor) => Tensor, string]>([
    ['shape', (g) => g.sum(), "wrong: its vjp rule for x gave float32[]. Expected the operand's float32[2]."],
    [
      'dtype',
      (g) => g.asType('float64'),
      "wrong: its vjp rule for x gave float64[2]. Expected the operand's float32[2].",
    ],
    [
      'kind',
      () => undefined as unknown as Tensor,
      "wrong: its vjp rule for x gave undefined. Expected the operand's float32[2].",
    ],
  ])('is named when its rule gives the wrong %s', (_, vjp, message) => {
    const op = wrong(vjp) as (x: Tensor) => Tensor;
    expect(() => grad((x: Tensor) => op(x).sum())(tensor([1, 2]))).toThrow(refusal(message));
  });

  it('is named when its value has another shape or dtype than it says', () => {
    const op = defineOp({
      name: 'wrong',
      doc: 'x.',
      tex: 'x',
      inputs: ['x'],
      shape: () => [3],
      dtype: () => 'float64',
      forward: ([x]) => x!,
      saves: [],
      vjp: { x: (g) => g },
      samples: [],
    });
    expect(() => op(tensor([1, 2]))).toThrow(
      refusal(
        'wrong: its forward gave a Float32Array of shape [2]. Expected float64[3], as its dtype and shape rules say.',
      ),
    );
  });

  it('takes arguments after its operands, and gives them to its rule', () => {
    const power = defineOp({
      name: 'power',
      doc: 'x to the n.',
      tex: 'x^n',
      inputs: ['x'],
      attributes: (_shapes: readonly Shape[], n: number) => ({ n }),
      shape: ([x]) => x!,
      dtype: ([x]) => x!,
      forward: ([x], { attrs: { n } }) => tensor(x!).pow(n).array,
      saves: ['x'],
      vjp: { x: (g, { x }, { attrs: { n } }) => g.mul(x.pow(n - 1).mul(n)) },
      samples: [{ inputs: [{ shape: [2] }], args: [3] }],
    });
    const x = tensor([1, 2]);
    const tape = new Tape();
    tape.watch(x);
    const loss = tape.record(() => power(x, 3).sum());
    expect(tape.gradient(loss, x).toArray()).toEqual([3, 12]);
    expect(String(tape)).toContain('power(%0, n=3)');
  });

  it('does not compile without a rule for each operand, nor with a rule that reads what was not saved', () => {
    const base = {
      name: 'unfinished',
      doc: 'x.',
      tex: 'x',
      shape: ([x]: readonly Shape[]) => x!,
      dtype: () => 'float32',
      forward: () => zeros([]).array,
      samples: [],
    } as const;
    // @ts-expect-error: no rule for y
    defineOp({ ...base, inputs: ['x', 'y'], saves: [], vjp: { x: (g) => g } });
    // @ts-expect-error: no operand z to save
    defineOp({ ...base, inputs: ['x'], saves: ['z'], vjp: { x: (g) => g } });
    // @ts-expect-error: x was not saved
    defineOp({ ...base, inputs: ['x'], saves: [], vjp: { x: (g, { x }) => g.mul(x) } });
    // @ts-expect-error: two operands
    expect(() => matmul(zeros([2, 2]))).toThrow();
  });
});

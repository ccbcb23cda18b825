import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  type DType,
  fromData,
  full,
  ones,
  onesLike,
  scalar,
  TapegradError,
  type TensorData,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('tensor', () => {
  it.each<[string, TensorData, TensorOptions, string]>([
    ['a number', 3, {}, 'float32[] 3'],
    ['a boolean', true, {}, 'bool[] true'],
    ['a list', [1, 2], {}, 'float32[2] [1, 2]'],
    ['lists of lists', [[1], [2]], {}, 'float32[2, 1] [[1], [2]]'],
    ['no elements', [], {}, 'float32[0] []'],
    ['lists of no elements', [[], []], {}, 'float32[2, 0] [[], []]'],
    ['booleans', [true, false], {}, 'bool[2] [true, false]'],
    ['booleans among numbers', [true, 2], {}, 'float32[2] [1, 2]'],
    ['float32', Float32Array.of(1, 2), {}, 'float32[2] [1, 2]'],
    ['float64', Float64Array.of(1, 2), {}, 'float64[2] [1, 2]'],
    ['int32', Int32Array.of(1, -2), {}, 'int32[2] [1, -2]'],
    ['bytes', Uint8Array.of(1, 255), {}, 'int32[2] [1, 255]'],
    ['int16', Int16Array.of(-1), {}, 'int32[1] [-1]'],
    ['flat data with a shape', [1, 2, 3, 4], { shape: [2, 2] }, 'float32[2, 2] [[1, 2], [3, 4]]'],
    ['one number with a shape of its size', 7, { shape: [1, 1] }, 'float32[1, 1] [[7]]'],
    ['a name', [1], { name: 'w' }, 'float32[1] w [1]'],
    ['numbers as int32', [1, -0], { dtype: 'int32' }, 'int32[2] [1, 0]'],
    ['numbers as float64', [0.1], { dtype: 'float64' }, 'float64[1] [0.1]'],
    ['numbers as bool', [0, 0.5, -1, Number.NaN], { dtype: 'bool' }, 'bool[4] [false, true, true, true]'],
    ['NaN and infinity', [Number.NaN, -Infinity], {}, 'float32[2] [NaN, -Infinity]'],
    ['the ends of int32', [2 ** 31 - 1, -(2 ** 31)], { dtype: 'int32' }, 'int32[2] [2147483647, -2147483648]'],
  ])('of %s', (_, data, options, expected) => {
    const x = tensor(data, options);
    // toString rounds to six digits: whole numbers are compared in full
    const text = x.dtype === 'int32' ? `int32[${x.shape}] [${x.toArray()}]`.replaceAll(',', ', ') : String(x);
    expect(text).toBe(expected);
  });

  it('of a strided ndarray takes its elements in its order', () => {
    const view = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 2], [-1, 2], 1);
    expect(String(tensor(view))).toBe('float64[2, 2] [[2, 4], [1, 3]]');
    expect(String(tensor(ndarray([1, 2], [2])))).toBe('float32[2] [1, 2]');
    expect(String(tensor(ndarray(new Uint8Array([1, 2]), [2, 1])))).toBe('int32[2, 1] [[1], [2]]');
    expect(String(tensor(ndarray(Float32Array.of(7), [])))).toBe('float32[] 7');
  });

  it('copies what it is made of', () => {
    const typed = Float32Array.of(1, 2);
    const list = [[1, 2]];
    const view = ndarray(Float64Array.of(1, 2), [2]);
    const shape = [2, 1];
    const made = [tensor(typed), tensor(list), tensor(view), tensor([1, 2], { shape })];
    typed[0] = 9;
    list[0]![0] = 9;
    view.set(0, 9);
    shape[0] = 9;
    expect(made.map((x) => x.toArray())).toEqual([[1, 2], [[1, 2]], [1, 2], [[1], [2]]]);
  });

  it.each<[string, unknown, TensorOptions, string]>([
    ['a string', '3', {}, 'tensor: data is "3". Expected a number.'],
    ['null', null, {}, 'tensor: data is null. Expected a number.'],
    ['nothing', undefined, {}, 'tensor: data is undefined. Expected a number.'],
    ['a string in a list', [[1], ['2']], {}, 'tensor: data[1][0] is "2". Expected a number.'],
    ['a list among numbers', [1, [2]], {}, 'tensor: data[1] is a list. Expected a number.'],
    ['a number among lists', [[1], 2], {}, 'tensor: data[1] is 2. Expected a list of 1.'],
    [
      'lists of different lengths',
      [[1], [2, 3]],
      {},
      'tensor: data[1] has 2 elements, the first list at its level 1. Expected equal lengths.',
    ],
    ['too few for the shape', [1, 2], { shape: [3] }, 'tensor: 2 elements do not fill the shape [3]. Expected 3.'],
    [
      'a negative length',
      [1, 2],
      { shape: [-1, 2] },
      'tensor: the shape [-1, 2] has the length -1. Expected whole numbers >= 0.',
    ],
    [
      'a fraction in int32',
      [1, 0.5],
      { dtype: 'int32' },
      'tensor: element 1 is 0.5. Expected whole numbers for int32.',
    ],
    ['NaN in int32', Number.NaN, { dtype: 'int32' }, 'tensor: element 0 is NaN. Expected whole numbers for int32.'],
    [
      'an unknown dtype',
      [1],
      { dtype: 'float16' as DType },
      'tensor: no dtype float16. Expected float32, float64, int32, bool.',
    ],
  ])('refuses %s', (_, data, options, message) => {
    expect(() => tensor(data as TensorData, options)).toThrow(refusal(message));
  });

  it.each<[string, TensorData, number]>([
    ['just above int32', [2 ** 31], 2 ** 31],
    ['just below int32', [-(2 ** 31) - 1], -(2 ** 31) - 1],
    ['from uint32', Uint32Array.of(2 ** 31), 2 ** 31],
  ])('refuses a whole number %s', (_, data, value) => {
    expect(() => tensor(data, { dtype: 'int32' })).toThrow(
      refusal(`tensor: element 0 is ${value}. Expected -2147483648 to 2147483647 for int32.`),
    );
  });

  it('refuses a list with holes', () => {
    const holes = [1, 2, 3];
    delete holes[1];
    expect(() => tensor(holes)).toThrow(refusal('tensor: data[1] is undefined. Expected a number.'));
  });

  it.each<[string, unknown]>([
    ['BigInts', [1n]],
    ['a BigInt64Array', BigInt64Array.of(1n)],
    ['an object', {}],
    ['what only looks like an ndarray', { data: [1], shape: [1], stride: [1], offset: 0 }],
    ['a list of tensors', [scalar(1)]],
  ])('refuses %s', (_, data) => {
    expect(() => tensor(data as TensorData)).toThrow(TapegradError);
  });
});

describe('constant tensors', () => {
  it.each([
    ['scalar', scalar(2.5), 'float32[] 2.5'],
    ['scalar of a dtype', scalar(2, 'int32'), 'int32[] 2'],
    ['zeros', zeros([2]), 'float32[2] [0, 0]'],
    ['zeros of nothing', zeros([0, 2]), 'float32[0, 2] []'],
    ['ones', ones([1, 2], 'float64'), 'float64[1, 2] [[1, 1]]'],
    ['ones in bool', ones([1], 'bool'), 'bool[1] [true]'],
    ['full', full([2], -1.5), 'float32[2] [-1.5, -1.5]'],
    ['zerosLike', zerosLike(tensor([1, 2], { dtype: 'int32' })), 'int32[2] [0, 0]'],
    ['onesLike', onesLike(tensor([[true]])), 'bool[1, 1] [[true]]'],
  ])('%s', (_, x, expected) => {
    expect(String(x)).toBe(expected);
  });

  it('keep the sign of zero', () => {
    expect(full([], -0).item()).toBe(-0);
  });

  it('of bool are true wherever the value is not 0, so that a sum counts them', () => {
    expect(full([2], 2, 'bool').sum().item()).toBe(2);
    expect(scalar(0.5, 'bool').toArray()).toBe(true);
  });

  it('of int32 refuse a fraction, as tensor does', () => {
    expect(() => full([2], 0.5, 'int32')).toThrow(refusal('full: element 0 is 0.5. Expected whole numbers for int32.'));
  });

  it('are refused under the name of the function that was called', () => {
    expect(() => full([-1], 0)).toThrow(
      refusal('full: the shape [-1] has the length -1. Expected whole numbers >= 0.'),
    );
    expect(() => zeros([-1])).toThrow(refusal('zeros: the shape [-1] has the length -1. Expected whole numbers >= 0.'));
    expect(() => ones([1.5])).toThrow(
      refusal('ones: the shape [1.5] has the length 1.5. Expected whole numbers >= 0.'),
    );
  });

  it('refuse a number for a shape', () => {
    expect(() => zeros(3 as unknown as number[])).toThrow(
      refusal('zeros: the shape is 3. Expected a list, e.g. [2, 3].'),
    );
  });

  it('refuse an unknown dtype', () => {
    expect(() => zeros([1], 'float16' as DType)).toThrow(
      refusal('zeros: no dtype float16. Expected float32, float64, int32, bool.'),
    );
  });
});

describe('fromData', () => {
  it('takes the store itself, and copies the shape', () => {
    const data = Float32Array.of(1, 2);
    const shape = [2, 1];
    const x = fromData(data, shape, 'float32');
    shape[0] = 9;
    expect(x.array.data).toBe(data);
    expect(x.shape).toEqual([2, 1]);
  });
});

import { describe, expect, it } from 'vitest';
import { type DType, dtypes, isFloat, newData, promote } from '../src/dtype.ts';
import { refusal } from './refusal.ts';

describe('dtypes', () => {
  it.each<[DType, unknown]>([
    ['float32', Float32Array],
    ['float64', Float64Array],
    ['int32', Int32Array],
    ['bool', Uint8Array],
  ])('%s is stored as zeros in its own kind of array', (dtype, type) => {
    const data = newData(dtype, 3);
    expect(data).toBeInstanceOf(type);
    expect([...data]).toEqual([0, 0, 0]);
  });

  it('are four, two of them with gradients', () => {
    expect(dtypes).toEqual(['float32', 'float64', 'int32', 'bool']);
    expect(dtypes.filter(isFloat)).toEqual(['float32', 'float64']);
  });
});

describe('promote', () => {
  it.each<[DType[], DType]>([
    [['float32', 'float32'], 'float32'],
    [['float32', 'int32'], 'float32'],
    [['float32', 'bool'], 'float32'],
    [['float64', 'float64'], 'float64'],
    [['float64', 'int32'], 'float64'],
    [['float64', 'bool'], 'float64'],
    [['int32', 'int32'], 'int32'],
    [['int32', 'bool'], 'int32'],
    [['bool', 'bool'], 'bool'],
    [['bool', 'int32', 'float64'], 'float64'],
  ])('%j gives %s, in either order', (operands, expected) => {
    expect(promote('add', operands)).toBe(expected);
    expect(promote('add', [...operands].reverse())).toBe(expected);
  });

  it.each([[['float32', 'float64'] as DType[]], [['float64', 'int32', 'float32'] as DType[]]])(
    'refuses %j rather than lose precision',
    (operands) => {
      expect(() => promote('add', operands)).toThrow(
        refusal("add: dtypes differ: float32 and float64. Convert one first, e.g. x.asType('float64')."),
      );
    },
  );
});

import { describe, expect, it } from 'vitest';
import { invariant, nearestName, TapegradError } from '../src/errors.ts';

describe('TapegradError', () => {
  it('names the operation that refused, and keeps the cause', () => {
    const cause = new RangeError('too long');
    const error = new TapegradError('matmul', 'inner sizes differ.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('TapegradError');
    expect(error.op).toBe('matmul');
    expect(error.message).toBe('matmul: inner sizes differ.');
    expect(error.cause).toBe(cause);
  });
});

describe('invariant', () => {
  it('throws what no caller can have caused as an error of another kind', () => {
    expect(() => invariant(true, 'never seen')).not.toThrow();
    expect(() => invariant(false, 'the list is empty')).toThrow(new Error('internal: the list is empty'));
    expect(() => invariant(false, 'the list is empty')).not.toThrow(TapegradError);
  });
});

describe('nearestName', () => {
  const activations = ['relu', 'sigmoid', 'softmax', 'tanh'];

  it.each([
    ['rleu', 'relu'],
    ['Sigmoid', 'sigmoid'],
    ['soft_max', 'softmax'],
    ['tan', 'tanh'],
    ['binaryCrossEntropyLoss', undefined],
    ['elu', 'relu'],
    ['gelu', 'relu'],
    ['sin', undefined],
    ['', undefined],
  ])('of %j is %j', (name, expected) => {
    expect(nearestName(name, activations)).toBe(expected);
  });

  it('is none of none', () => {
    expect(nearestName('relu', [])).toBeUndefined();
  });
});

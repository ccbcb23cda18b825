// Ops at special points: rows of value, gradient and second derivative, each with its reason, and what checks them.

import { describe, expect, it } from 'vitest';
import { grad, type NestedArray, type Tensor, tensor } from '../../src/index.ts';

/** A call at a point, in float64. */
export interface SpecialRow {
  readonly call: string;
  readonly op: (x: Tensor) => Tensor;
  readonly at: NestedArray;
  readonly value: NestedArray;
  /** Of the sum of the value. */
  readonly gradient: NestedArray;
  /** The gradient of the gradient's sum, weighted by 1, 2, 3, …; where it is left out, none is claimed. */
  readonly second?: NestedArray;
  readonly because: string;
}

/** A test for each row. */
export function describeSpecialValues(rows: readonly SpecialRow[]): void {
  describe('special values', () => {
    it.each(rows)('$call at $at: $because', ({ op, at, value, gradient, second }) => {
      const x = tensor(at, { dtype: 'float64' });
      expectClose(op(x), value);
      const first = grad((y: Tensor) => op(y).sum());
      expectClose(first(x), gradient);
      if (second === undefined) return;
      const weights = tensor(
        Array.from({ length: x.size }, (_, i) => i + 1),
        { shape: x.shape, dtype: 'float64' },
      );
      expectClose(grad((y: Tensor) => first(y).mul(weights).sum(), { unconnected: 'zero' })(x), second);
    });
  });
}

/** Equal up to a few units in the last place; 0 and -0 are the same. */
function expectClose(actual: Tensor, expected: NestedArray): void {
  const wanted = tensor(expected, { dtype: 'float64' });
  expect(actual.shape).toEqual(wanted.shape);
  const values = [...wanted.toData()].map((value) => value + 0);
  const near = [...actual.toData()].map((value, i) =>
    Math.abs(value - values[i]!) <= 1e-14 * Math.abs(values[i]!) ? values[i] : value + 0,
  );
  expect(near).toEqual(values);
}

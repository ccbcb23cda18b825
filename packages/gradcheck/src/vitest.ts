// Matchers for vitest. To import this file, in a test or once under `setupFiles`, is to have them:
//
//   export default defineConfig({ test: { setupFiles: ['@tapegrad/gradcheck/vitest'] } });
//
// TypeScript finds them by an import in any file of the project, or by "types": ["@tapegrad/gradcheck/vitest"] in tsconfig.json.

import { showShape, TapegradError, type Tensor, type Tree } from '@tapegrad/core';
import { expect } from 'vitest';
import { type CheckOptions, checkGradients } from './check-gradients.ts';
import { type CompareOptions, compareGradients } from './compare-gradients.ts';
import { compare, doublePrecision, largest, singlePrecision, type Tolerance } from './comparison.ts';
import { showCheck } from './report/check-text.ts';
import { showComparison } from './report/compare-text.ts';
import { showIndex, showNumber } from './report/numbers.ts';
import { fromPlain, type Plain } from './values.ts';

/** How `toMatchAutograd` compares. */
export type MatchAutogradOptions<As extends Plain = Plain> = Pick<
  CompareOptions<Tree, As>,
  'as' | 'seed' | 'tolerance'
>;

/** What vitest asks a matcher for. */
interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What the matchers are. */
export interface TapegradMatchers {
  /**
   * That a hand-written backward pass, `(inputs, g) => gradients`, gives what autograd gives for `forward`, by {@link compareGradients}.
   *
   * `expect(backward).toMatchAutograd(forward, { W, b })`
   */
  toMatchAutograd<T extends Tree>(forward: (inputs: T) => Tensor, inputs: T, options?: MatchAutogradOptions): void;
  /**
   * That autograd's derivatives of a function are those of central differences, by {@link checkGradients}.
   *
   * `expect(f).toPassGradientCheck(inputs, { order: 2 })`
   */
  toPassGradientCheck(inputs: Tree, options?: CheckOptions): void;
  /**
   * That two tensors (or `ndarray`s, nested lists, typed arrays) have the same shape and elements up to rounding: that of float32 where
   * one of them is float32, of float64 otherwise.
   *
   * `expect(x.softmax()).toBeCloseToTensor([0.25, 0.75])`
   */
  toBeCloseToTensor(expected: unknown, tolerance?: Partial<Tolerance>): void;
}

declare module 'vitest' {
  // The name and its parameter are vitest's: a declaration merges only with the same.
  interface Matchers<T> extends TapegradMatchers {}
}

expect.extend({
  toMatchAutograd<T extends Tree>(
    backward: unknown,
    forward: (inputs: T) => Tensor,
    inputs: T,
    options: MatchAutogradOptions = {},
  ): MatcherResult {
    const report = compareGradients({ ...options, forward, backward: backward as () => unknown, inputs });
    // A pass that threw or gave nothing was not compared: it fails under .not too, which would hide that.
    const pass = report.ok || (this.isNot && report.problems.length > 0);
    return result(this.isNot, pass, 'the backward pass to match autograd', showComparison(report));
  },

  toPassGradientCheck(f: unknown, inputs: Tree, options: CheckOptions = {}): MatcherResult {
    if (typeof f !== 'function') {
      throw new TapegradError(
        'toPassGradientCheck',
        `expect() was given ${typeof f}. Expected a function of the inputs.`,
      );
    }
    const report = checkGradients(f as (inputs: Tree) => Tree, inputs, options);
    return result(this.isNot, report.ok, 'the function to pass the gradient check', showCheck(report));
  },

  toBeCloseToTensor(actual: unknown, expected: unknown, tolerance: Partial<Tolerance> = {}): MatcherResult {
    const [a, b] = [tensorOf(actual, 'expect() was given'), tensorOf(expected, 'toBeCloseToTensor was given')];
    if (showShape(a.shape) !== showShape(b.shape)) {
      const shapes = `shapes differ: ${showShape(a.shape)}, expected ${showShape(b.shape)}`;
      return result(this.isNot, false, 'the tensors to be close', shapes);
    }
    const limits = { ...(isSingle(a, b) ? singlePrecision : doublePrecision), ...tolerance };
    const [x, y] = [a.toData(), b.toData()];
    const scale = largest(y);
    const isClose = (p: number, q: number): boolean =>
      Object.is(p, q) || p === q || Math.abs(p - q) <= limits.relative * Math.abs(q) + limits.absolute * scale;
    const off = Array.from(x).filter((value, i) => !isClose(value, y[i]!)).length;
    const { maxAbs, where, actual: left, expected: right } = compare(a, b);
    const place = where === null ? '' : ` at ${showIndex(where)}: ${showNumber(left)}, expected ${showNumber(right)}`;
    const difference = maxAbs === null ? 'not finite' : showNumber(maxAbs);
    const allowed = `${showNumber(limits.relative)} relative, ${showNumber(limits.absolute)} of the largest element`;
    const message =
      off === 0
        ? `tensors are close: largest difference ${difference}${place} (tolerance ${allowed})`
        : `tensors differ in ${off} of ${x.length} elements: largest difference ${difference}${place} (tolerance ${allowed})`;
    return result(this.isNot, off === 0, 'the tensors to be close', message);
  },
});

function result(isNot: boolean, pass: boolean, what: string, details: string): MatcherResult {
  return { pass, message: () => `expected ${what.replace(' to ', isNot ? ' not to ' : ' to ')}\n\n${details}` };
}

function tensorOf(value: unknown, what: string): Tensor {
  try {
    return fromPlain(value);
  } catch (error) {
    throw new TapegradError('toBeCloseToTensor', `${what} what is no tensor: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isSingle(a: Tensor, b: Tensor): boolean {
  return a.dtype === 'float32' || b.dtype === 'float32';
}

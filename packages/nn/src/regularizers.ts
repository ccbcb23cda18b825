// What large weights cost: penalties that training and evaluation add to the loss. They are computed in the step itself, so that their
// gradients come from the tape as those of the loss do. Weight decay, which is no part of the loss, is in optimizers/optimizer.ts.

import { type Parameter, showShape, TapegradError, Tensor } from '@tapegrad/core';
import { requireKnownOptions, requireNumber } from './checks.ts';
import { byName, show } from './registry.ts';

/** What a weight costs: a scalar, added to the loss. */
export type Regularizer = (weight: Tensor) => Tensor;

/** The regularizers that have a name, which stands for their default strength. */
export type RegularizerName = 'l1' | 'l2';

/**
 * strength · Σ |w|, whose gradient is strength · sign(w): small weights become zero.
 *
 * ```ts
 * l1(0.5)(tensor([1, -2])).item(); // → 1.5
 * ```
 *
 * @param strength - a number >= 0. Default: 0.01.
 * @throws TapegradError for a strength out of range.
 */
export function l1(strength: number = 0.01): Regularizer {
  requireStrength('l1', 'strength', strength);
  return (weight) => weight.abs().sum().mul(strength);
}

/**
 * strength · Σ w², as Keras has it: its gradient is 2 · strength · w. So the rule W ← W − η dW − η (λ/n) W of gradient descent,
 * whose penalty is usually written λ/(2n) · Σ w², is `l2(λ / (2 * n))`; the loss that is reported then has that penalty in it. The
 * same rule with the loss as it is: `weightDecay: λ / n` of {@link SGD}.
 *
 * ```ts
 * l2(0.5)(tensor([1, -2])).item(); // → 2.5
 * ```
 *
 * @param strength - a number >= 0. Default: 0.01.
 * @throws TapegradError for a strength out of range.
 */
export function l2(strength: number = 0.01): Regularizer {
  requireStrength('l2', 'strength', strength);
  return (weight) => weight.square().sum().mul(strength);
}

/**
 * Both: l1 · Σ |w| + l2 · Σ w². H. Zou and T. Hastie, Regularization and variable selection via the elastic net, J. R. Stat. Soc. B 67
 * (2005), p. 301.
 *
 * ```ts
 * l1l2({ l1: 1, l2: 0.5 })(tensor([1, -2])).item(); // → 5.5
 * ```
 *
 * @param options - the strengths, numbers >= 0. Default: 0.
 * @throws TapegradError for a strength out of range.
 */
export function l1l2(options: { readonly l1?: number; readonly l2?: number }): Regularizer {
  requireKnownOptions('l1l2', options, ['l1', 'l2']);
  const { l1: first = 0, l2: second = 0 } = options;
  requireStrength('l1l2', 'l1', first);
  requireStrength('l1l2', 'l2', second);
  const [absolute, squared] = [l1(first), l2(second)];
  return (weight) => absolute(weight).add(squared(weight));
}

function requireStrength(op: string, name: string, strength: number): void {
  requireNumber(op, name, strength, '>= 0', (value) => value >= 0);
}

const regularizers: { readonly [N in RegularizerName]: () => Regularizer } = { l1, l2 };

/**
 * The regularizer of this name, or the function itself; undefined where there is none.
 *
 * @throws TapegradError for an unknown name.
 */
export function toRegularizer(
  op: string,
  option: string,
  identifier: RegularizerName | Regularizer | undefined,
): Regularizer | undefined {
  if (identifier === undefined) return undefined;
  if (typeof identifier === 'string') return byName(op, 'regularizer', identifier, regularizers)();
  // `l2` in place of `l2(0.01)` would be called with the weight for a strength.
  const makers: readonly unknown[] = [l1, l2, l1l2];
  if (typeof identifier === 'function' && !makers.includes(identifier)) return identifier;
  throw new TapegradError(
    op,
    `${option} is ${show(identifier)}. Expected a name or a function of weights, e.g. l2(0.01).`,
  );
}

const penaltyOf = new WeakMap<Parameter, Regularizer>();

/** Says what a weight costs. */
export function regularize(parameter: Parameter, regularizer: Regularizer): void {
  penaltyOf.set(parameter, regularizer);
}

/**
 * What these parameters cost: a scalar for each that has a regularizer.
 *
 * @throws TapegradError where a regularizer gives no scalar.
 */
export function penaltiesOf(parameters: readonly Parameter[]): Tensor[] {
  return parameters.flatMap((parameter) => {
    const regularizer = penaltyOf.get(parameter);
    if (regularizer === undefined) return [];
    const value = regularizer(parameter);
    if (value instanceof Tensor && value.rank === 0 && value.dtype === parameter.dtype) return [value];
    throw new TapegradError(
      'regularizer',
      `that of ${parameter.name} gave ${value instanceof Tensor ? `${value.dtype}${showShape(value.shape)}` : show(value)}. ` +
        `Expected a scalar of ${parameter.dtype}: end it with .sum().`,
    );
  });
}

/** The loss with what the parameters cost. */
export function penalized(loss: Tensor, parameters: readonly Parameter[]): Tensor {
  return penaltiesOf(parameters).reduce((sum, penalty) => sum.add(penalty.asType(sum.dtype)), loss);
}

// The base of all optimizers: state for each parameter, one step over all of them. The rules are in the files beside this one.

import { noGrad, type Parameter, showShape, TapegradError, Tensor, zerosLike } from '@tapegrad/core';
import { requireNumber } from '../checks.ts';
import { show } from '../registry.ts';

/** A parameter's new value and state. */
export interface Update<Slot extends string> {
  readonly value: Tensor;
  readonly slots: { readonly [S in Slot]: Tensor };
}

/** What is kept of a parameter: how many steps it took (one that joins later starts at its own first), and its slots. */
interface State<Slot extends string> {
  readonly steps: number;
  readonly slots: Update<Slot>['slots'];
}

/**
 * Changes parameters by their gradients. An optimizer of your own says which tensors it keeps for each parameter (`slotNames`,
 * zeros at first), which numbers may change from step to step (`scalars`; by default the learning rate), and what a step does
 * (`update`).
 *
 * ```ts
 * class SignDescent extends Optimizer {
 *   override update(value: Tensor, gradient: Tensor, slots: object, { learningRate }: { learningRate: number }) {
 *     return { value: value.sub(gradient.sign().mul(learningRate)), slots };
 *   }
 * }
 * const w = new Parameter(tensor([1, 2]), 'w');
 * new SignDescent({ learningRate: 0.5 }).step([tensor([3, -3])], [w]);
 * w.toArray(); // → 0.5,2.5
 * ```
 */
export abstract class Optimizer<Slot extends string = never, Scalar extends string = 'learningRate'> {
  /** The step size. May be changed between steps. */
  learningRate: number;
  /** How many steps were taken. */
  iterations = 0;
  /** The tensors that are kept for each parameter. */
  protected readonly slotNames: readonly Slot[] = [];
  private readonly states: WeakMap<Parameter, State<Slot>> = new WeakMap();

  /** @throws TapegradError unless the learning rate is a finite number >= 0. */
  constructor({ learningRate }: { readonly learningRate: number }) {
    requireNumber(new.target.name, 'learningRate', learningRate, '>= 0', (rate) => rate >= 0);
    this.learningRate = learningRate;
  }

  /** The numbers of a parameter's step `t`, counted from 1. */
  protected scalars(_t: number): { readonly [S in Scalar]: number } {
    return { learningRate: this.learningRate } as { readonly [S in Scalar]: number };
  }

  /**
   * One parameter's step, in tensor operations: from value, gradient and slots the new value and slots. Changes nothing itself, and
   * takes what may change between steps from `scalars` alone.
   */
  protected abstract update(
    value: Tensor,
    gradient: Tensor,
    slots: Update<Slot>['slots'],
    scalars: { readonly [S in Scalar]: number },
  ): Update<Slot>;

  /**
   * Takes one step: `gradients[i]` belongs to `parameters[i]`.
   *
   * @throws TapegradError where they do not fit in number, shape or dtype; nothing is changed then.
   */
  step(gradients: readonly Tensor[], parameters: readonly Parameter[]): void {
    requireMatching(gradients, parameters);
    noGrad(() => {
      // All updates before the first assignment: a rule that fails leaves everything as it was.
      const updates = parameters.map((parameter, i) => {
        const { steps, slots } = this.stateOf(parameter);
        const update = this.update(parameter, gradients[i]!, slots, this.scalars(steps + 1));
        requireLike(parameter, `the update of ${parameter.name}`, update.value);
        return { value: update.value, state: { steps: steps + 1, slots: update.slots } };
      });
      updates.forEach(({ value, state }, i) => {
        parameters[i]!.assign(value);
        this.states.set(parameters[i]!, state);
      });
    });
    this.iterations++;
  }

  private stateOf(parameter: Parameter): State<Slot> {
    const known = this.states.get(parameter);
    if (known !== undefined) return known;
    const slots = Object.fromEntries(this.slotNames.map((name) => [name, zerosLike(parameter)]));
    return { steps: 0, slots: slots as Update<Slot>['slots'] };
  }
}

function requireMatching(gradients: readonly Tensor[], parameters: readonly Parameter[]): void {
  if (gradients.length !== parameters.length) {
    throw new TapegradError(
      'step',
      `got ${gradients.length} gradients for ${parameters.length} parameters. Expected one for each.`,
    );
  }
  parameters.forEach((parameter, i) => {
    requireLike(parameter, `the gradient of ${parameter.name}`, gradients[i]!);
  });
}

function requireLike(parameter: Parameter, what: string, value: Tensor): void {
  const expected = `${parameter.dtype}${showShape(parameter.shape)}`;
  const got = value instanceof Tensor ? `${value.dtype}${showShape(value.shape)}` : show(value);
  if (got !== expected) throw new TapegradError('step', `${what} is ${got}. Expected ${expected}.`);
}

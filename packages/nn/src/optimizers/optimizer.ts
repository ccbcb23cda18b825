// The base of all optimizers: state for each parameter, one step over all of them. The rules are in the files beside this one.

import { noGrad, Parameter, showShape, TapegradError, Tensor, type TensorLike, zerosLike } from '@tapegrad/core';
import { activeTracer, newData, type Tracer } from '@tapegrad/core/compiling';
import { requireNumber } from '../checks.ts';
import { show } from '../registry.ts';

/** A parameter's new value and state. */
export interface Update<Slot extends string> {
  readonly value: Tensor;
  readonly slots: { readonly [S in Slot]: Tensor };
}

/** What is kept of a parameter: how many steps it took (one that joins later starts at its own first), and its slots. */
interface State<Slot extends string> {
  steps: number;
  readonly slots: { readonly [S in Slot]: Parameter };
}

/** The numbers of a step: as they are, or where the step is compiled as tensors that get their values before each run. */
export type Scalars<Scalar extends string> = { readonly [S in Scalar]: TensorLike };

/**
 * Changes parameters by their gradients. An optimizer of your own says which tensors it keeps for each parameter (`slotNames`,
 * zeros at first), which numbers may change from step to step (`scalars`; by default the learning rate), and what a step does
 * (`update`).
 *
 * ```ts
 * class SignDescent extends Optimizer {
 *   override update(value: Tensor, gradient: Tensor, slots: object, { learningRate }: { learningRate: TensorLike }) {
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
   * takes what may change between steps from `scalars` alone: in a compiled step they are tensors, so JavaScript's own operators
   * will not do.
   */
  protected abstract update(
    value: Tensor,
    gradient: Tensor,
    slots: Update<Slot>['slots'],
    scalars: Scalars<Scalar>,
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
      const states = parameters.map((parameter) => this.stateOf(parameter));
      const tracer = activeTracer();
      const scalars = tracer === undefined ? undefined : this.fed(tracer, parameters, states);
      const updates = parameters.map((parameter, i) => {
        const { steps, slots } = states[i]!;
        const update = this.update(parameter, gradients[i]!, slots, scalars?.[i] ?? this.scalars(steps + 1));
        requireLike(parameter, `the update of ${parameter.name}`, update.value);
        for (const name of this.slotNames) requireLike(parameter, `${name} of ${parameter.name}`, update.slots[name]);
        return update;
      });
      updates.forEach(({ value, slots }, i) => {
        parameters[i]!.assign(value);
        for (const name of this.slotNames) states[i]!.slots[name].assign(slots[name]);
      });
      const count = (): void => {
        for (const state of states) state.steps++;
        this.iterations++;
      };
      if (tracer === undefined) count();
      else tracer.afterEach(count);
    });
  }

  /** The numbers of each parameter's step, as tensors that get their values before each run of a compiled function. */
  private fed(
    tracer: Tracer,
    parameters: readonly Parameter[],
    states: readonly State<Slot>[],
  ): readonly Scalars<Scalar>[] {
    const names = Object.keys(this.scalars(1)) as Scalar[];
    return parameters.map(({ dtype }, i) => {
      const numbers = tracer.feed({ shape: [names.length], dtype }, () => {
        const values = this.scalars(states[i]!.steps + 1);
        const data = newData(dtype, names.length);
        names.forEach((name, at) => {
          data[at] = values[name];
        });
        return data;
      });
      return Object.fromEntries(
        names.map((name, at) => [name, numbers.slice(at, at + 1).reshape([])]),
      ) as Scalars<Scalar>;
    });
  }

  private stateOf(parameter: Parameter): State<Slot> {
    const known = this.states.get(parameter);
    if (known !== undefined) return known;
    const slot = (name: Slot): Parameter => new Parameter(zerosLike(parameter), `${parameter.name}/${name}`);
    const slots = Object.fromEntries(this.slotNames.map((name) => [name, slot(name)]));
    const state = { steps: 0, slots: slots as State<Slot>['slots'] };
    this.states.set(parameter, state);
    return state;
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

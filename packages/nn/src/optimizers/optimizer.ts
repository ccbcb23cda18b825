// The base of all optimizers: state for each parameter, one step over all of them. The rules are in the files beside this one.

import { noGrad, Parameter, showShape, TapegradError, Tensor, type TensorLike, zerosLike } from '@tapegrad/core';
import { activeTracer, newData, type Tracer } from '@tapegrad/core/compiling';
import { requireKnownOptions, requireNumber } from '../checks.ts';
import { show } from '../registry.ts';
import { type ClippingOptions, clipped, requireClipping } from './gradient-clipping.ts';

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

/** The numbers of a step with the one that is not the rule's: what part of a weight decays. */
type Numbers<T> = { readonly [name: string]: T };

// No identifier, so that no rule has a number of this name.
const decayName = 'weight decay';

/** What every optimizer is made with. */
export interface OptimizerOptions extends ClippingOptions {
  readonly learningRate: number;
  /**
   * λ, the decoupled weight decay: before each update w ← w − η λ w, as in Keras, biases included
   * ({@link Optimizer.excludeFromWeightDecay}). I. Loshchilov and F. Hutter, arXiv:1711.05101. Default: 0.
   */
  readonly weightDecay?: number;
}

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
  /** λ, by which weights decay: w ← w − η λ w before each update. */
  readonly weightDecay: number;
  /** How many steps were taken. */
  iterations = 0;
  /** The tensors that are kept for each parameter. */
  protected readonly slotNames: readonly Slot[] = [];
  private readonly states: WeakMap<Parameter, State<Slot>> = new WeakMap();
  private readonly undecayed: { readonly parameters: Set<Parameter>; readonly names: string[] } = {
    parameters: new Set(),
    names: [],
  };

  private readonly clipping: ClippingOptions;

  /** @throws TapegradError unless the numbers are in their ranges, and for more than one way to clip gradients. */
  constructor({ learningRate, weightDecay = 0, ...clipping }: OptimizerOptions) {
    requireNumber(new.target.name, 'learningRate', learningRate, '>= 0', (rate) => rate >= 0);
    requireNumber(new.target.name, 'weightDecay', weightDecay, '>= 0', (decay) => decay >= 0);
    this.learningRate = learningRate;
    requireClipping(new.target.name, clipping);
    this.weightDecay = weightDecay;
    this.clipping = clipping;
  }

  /**
   * Says which parameters do not decay: these, and those whose name has one of `names` in it.
   *
   * ```ts
   * const optimizer = new SGD({ learningRate: 0.5, weightDecay: 0.1 });
   * optimizer.excludeFromWeightDecay({ names: ['bias'] });
   * const [kernel, bias] = [new Parameter(tensor([1]), 'dense/kernel'), new Parameter(tensor([1]), 'dense/bias')];
   * optimizer.step([tensor([0]), tensor([0])], [kernel, bias]);
   * bias.item(); // → 1
   * kernel.item().toFixed(2); // → 0.95
   * ```
   *
   * @throws TapegradError after the first step, which may be compiled with the decay in it; and for what are no lists.
   */
  excludeFromWeightDecay(excluded: {
    readonly parameters?: readonly Parameter[];
    readonly names?: readonly string[];
  }): void {
    const op = 'excludeFromWeightDecay';
    requireKnownOptions(op, excluded, ['parameters', 'names']);
    const { parameters = [], names = [] } = excluded;
    if (this.iterations > 0) {
      throw new TapegradError(op, `${this.iterations} steps were taken already. Call it before the first one.`);
    }
    if (!Array.isArray(parameters) || !parameters.every((each) => each instanceof Parameter)) {
      throw new TapegradError(op, `parameters is ${show(parameters)}. Expected a list of parameters.`);
    }
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && name !== '')) {
      throw new TapegradError(op, `names is ${show(names)}. Expected a list of parts of names, e.g. ['bias'].`);
    }
    for (const parameter of parameters) this.undecayed.parameters.add(parameter);
    this.undecayed.names.push(...names);
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
   * @throws TapegradError where they do not fit in number, shape or dtype, and for a parameter that comes twice; nothing is changed
   * then.
   */
  step(gradients: readonly Tensor[], parameters: readonly Parameter[]): void {
    requireMatching(gradients, parameters);
    noGrad(() => {
      // All updates before the first assignment: a rule that fails leaves everything as it was.
      const states = parameters.map((parameter) => this.stateOf(parameter));
      const tracer = activeTracer();
      const scalars = tracer === undefined ? undefined : this.fed(tracer, parameters, states);
      const given = clipped(gradients, this.clipping);
      const updates = parameters.map((parameter, i) => {
        const { steps, slots } = states[i]!;
        const { [decayName]: decay, ...numbers } = scalars?.[i] ?? this.numbers(parameter, steps + 1);
        const value = decay === undefined ? parameter : parameter.sub(parameter.mul(decay));
        const update = this.update(value, given[i]!, slots, numbers as unknown as Scalars<Scalar>);
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

  /** The numbers of a parameter's step `t`; where it decays, with the part that goes. */
  private numbers(parameter: Parameter, t: number): Numbers<number> {
    const scalars: Numbers<number> = this.scalars(t);
    return this.decays(parameter) ? { ...scalars, [decayName]: this.learningRate * this.weightDecay } : scalars;
  }

  private decays(parameter: Parameter): boolean {
    const { parameters, names } = this.undecayed;
    if (this.weightDecay === 0 || parameters.has(parameter)) return false;
    return !names.some((name) => parameter.name.includes(name));
  }

  /** The numbers of each parameter's step, as tensors that get their values before each run of a compiled function. */
  private fed(
    tracer: Tracer,
    parameters: readonly Parameter[],
    states: readonly State<Slot>[],
  ): readonly Numbers<TensorLike>[] {
    return parameters.map((parameter, i) => {
      const { dtype } = parameter;
      const names = Object.keys(this.numbers(parameter, 1));
      const numbers = tracer.feed({ shape: [names.length], dtype }, () => {
        const values = this.numbers(parameter, states[i]!.steps + 1);
        const data = newData(dtype, names.length);
        names.forEach((name, at) => {
          data[at] = values[name]!;
        });
        return data;
      });
      return Object.fromEntries(names.map((name, at) => [name, numbers.slice(at, at + 1).reshape([])]));
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
    const other = parameters.indexOf(parameter, i + 1);
    if (other >= 0) {
      throw new TapegradError(
        'step',
        `the parameter ${parameter.name} is at ${i} and at ${other}. Expected each one once, with the sum of its gradients.`,
      );
    }
    requireLike(parameter, `the gradient of ${parameter.name}`, gradients[i]!);
  });
}

function requireLike(parameter: Parameter, what: string, value: Tensor): void {
  const expected = `${parameter.dtype}${showShape(parameter.shape)}`;
  const got = value instanceof Tensor ? `${value.dtype}${showShape(value.shape)}` : show(value);
  if (got !== expected) throw new TapegradError('step', `${what} is ${got}. Expected ${expected}.`);
}

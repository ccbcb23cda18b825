// Random programs as plain data: what they are drawn as, what they do, and smaller ones like them.

import {
  type FloatDType,
  noGrad,
  type Parameter,
  type RandomGenerator,
  type Shape,
  Tape,
  type Tensor,
} from '@tapegrad/core';
import { Choices, conformed, isSmall } from './recipe-choices.ts';
import { acts } from './recipe-ops.ts';

/** An op, and the natural numbers by which it chooses its operands and arguments. Any numbers mean something. */
export interface Step {
  readonly act: number;
  readonly numbers: readonly number[];
}

/** A program. */
export interface Recipe {
  readonly dtype: FloatDType;
  readonly inputs: readonly Shape[];
  readonly parameters: readonly Shape[];
  /** What values are drawn from. */
  readonly seed: number;
  /** On a tape. */
  readonly recorded: readonly Step[];
  /** How the gradient of the recorded is taken, or the gradient of the gradient; undefined where none is. */
  readonly gradient: Step | undefined;
  /** After the gradient. */
  readonly after: readonly Step[];
  /** Which parameter gets which value, after which of the steps `after`. */
  readonly assigns: readonly Step[];
  readonly outputs: readonly number[];
}

/** Whether an op that is not steady everywhere is done, by its place in the program. */
export type Steadiness = (place: number, distances: () => Tensor) => boolean;

/** What a program is run on. */
export interface Run {
  readonly inputs: readonly Tensor[];
  readonly parameters: readonly Parameter[];
  readonly random: RandomGenerator;
  readonly steady: Steadiness;
  /** Told of each value. */
  readonly seen?: (x: Tensor) => void;
  /** What an op's result becomes before it is used. */
  readonly disturbed?: (x: Tensor) => Tensor;
}

const lengths = [0, 1, 1, 2, 3, 3, 4, 5, 5, 7, 8, 16, 17, 33];

/** A program by chance. */
export function drawRecipe(random: RandomGenerator): Recipe {
  const below = (n: number): number => Math.floor(random.next() * n);
  const of = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const many = <T>(least: number, most: number, make: () => T): T[] =>
    Array.from({ length: least + below(most - least + 1) }, make);
  const step = (): Step => ({ act: below(1000), numbers: many(9, 9, () => below(1000)) });
  // few lengths in a program, so that shapes fit each other
  const some = [of(lengths), of(lengths), 1 + below(5)];
  const shape = (): Shape => many(0, 3, () => (below(5) === 0 ? 1 : of(some)));
  return {
    dtype: of(['float32', 'float64'] as const),
    inputs: many(1, 4, shape),
    parameters: many(below(4) === 0 ? 0 : 1, 3, shape),
    seed: below(2 ** 30),
    recorded: many(1, 12, step),
    gradient: below(4) === 0 ? undefined : step(),
    after: many(0, 5, step),
    assigns: many(1, 5, step),
    outputs: many(1, 6, () => below(1000)),
  };
}

/** Does what the program says. The same code runs eagerly and traced. */
export function follow(recipe: Recipe, run: Run): Tensor[] {
  const { inputs, parameters, random, steady, seen = () => {}, disturbed = (x) => x } = run;
  const { dtype } = recipe;
  const values: Tensor[] = [...inputs, ...parameters];
  const keep = (x: Tensor | undefined): void => {
    if (x === undefined || !isSmall(x)) return;
    seen(x);
    values.push(x.dtype === dtype ? disturbed(x) : x);
  };
  let place = 0;
  const take = ({ act, numbers }: Step): void => {
    const here = place++;
    const around = { values, dtype, random, choices: new Choices(numbers) };
    keep(acts[act % acts.length]!({ ...around, steady: (distances) => steady(here, distances) }));
  };
  const sources = [...inputs, ...parameters];
  const { gradient } = recipe;
  const choices = new Choices(gradient?.numbers ?? []);
  /** The gradient of something that was made last, by all inputs and parameters. */
  const gradientOf = (record: () => void): Tensor[] => {
    const tape = new Tape();
    tape.watch([...inputs]);
    const loss = tape.record(() => {
      record();
      const floats = values.filter((x) => x.dtype === dtype);
      const x = floats[Math.max(0, floats.length - 1 - choices.below(3))]!;
      return choices.of([(): Tensor => x.sum(), () => x.sin().mean(), () => x.square().sum().mul(0.5)])();
    });
    keep(loss);
    return [...tape.gradient(loss, sources, { unconnected: 'zero' })];
  };
  const record = (): void => recipe.recorded.forEach(take);
  const first = (): void => gradientOf(record).forEach(keep);
  if (gradient === undefined) record();
  else if (gradient.act % 4 > 0) first();
  else gradientOf(first).forEach(keep);
  const give = (assign: Step): void => assignBy(assign, { values, inputs, parameters, dtype, seen, disturbed });
  recipe.after.forEach((step, i) => {
    take(step);
    recipe.assigns.forEach((assign, j) => {
      if (j % recipe.after.length === i) give(assign);
    });
  });
  if (recipe.after.length === 0) recipe.assigns.forEach(give);
  return recipe.outputs.map((output) => values[values.length - 1 - (output % values.length)]!);
}

interface Around extends Pick<Run, 'inputs' | 'parameters'> {
  readonly values: Tensor[];
  readonly dtype: FloatDType;
  readonly seen: (x: Tensor) => void;
  readonly disturbed: (x: Tensor) => Tensor;
}

/** Gives one of the parameters a value. */
function assignBy({ numbers }: Step, { values, inputs, parameters, dtype, seen, disturbed }: Around): void {
  if (parameters.length === 0) return;
  const choices = new Choices(numbers);
  const parameter = choices.of(parameters);
  const { shape } = parameter;
  const alike = [...inputs, ...parameters].filter((x) => String(x.shape) === String(shape));
  const value = values[values.length - 1 - choices.below(Math.min(6, values.length))]!;
  noGrad(() => {
    const update = disturbed(conformed(value.asType(dtype).tanh(), shape));
    // whoever reads the old value, and in which order, decides whether the new one can be written over it
    if (choices.below(2) === 0) values.push(choices.of([parameter.flip(), parameter.mul(2), parameter.transpose()]));
    const way = choices.below(6);
    if (way === 0) parameter.assign(choices.of(alike));
    else if (way === 1) parameter.assign(update);
    else if (way === 2) parameter.assign(parameter.flip().sub(choices.of(alike)).mul(0.5));
    else parameter.assign(parameter.mul(0.5).sub(update.mul(0.25)));
    seen(parameter);
  });
}

/** Programs that do one thing less. */
export function* smaller(recipe: Recipe): Generator<Recipe> {
  const without = <T>(list: readonly T[], i: number): T[] => list.filter((_, at) => at !== i);
  for (const key of ['recorded', 'after', 'assigns', 'outputs'] as const) {
    const list: readonly unknown[] = recipe[key];
    const least = key === 'outputs' ? 1 : 0;
    for (let i = list.length - 1; i >= 0 && list.length > least; i--) yield { ...recipe, [key]: without(list, i) };
  }
  if (recipe.gradient !== undefined) yield { ...recipe, gradient: undefined };
  for (const key of ['inputs', 'parameters'] as const) {
    const list = recipe[key];
    for (let i = 0; i < list.length; i++) {
      if (list.length > (key === 'inputs' ? 1 : 0)) yield { ...recipe, [key]: without(list, i) };
    }
  }
}

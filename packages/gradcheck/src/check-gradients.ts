// Autograd against central differences, at order 1 and 2.

import { full, noGrad, onesLike, RandomGenerator, TapegradError, type Tree } from '@tapegrad/core';
import type { CheckEntry, CheckMethod, CheckReport } from './check-report.ts';
import { indexOf, largest } from './comparison.ts';
import { checkAll, checkProjections, type Point, randomWeights, typicalSize } from './derivative-check.ts';
import { flatten, gradientOf, repeatable, resultsOf, valuesOf } from './flat-function.ts';
import { describe, leavesOf, rebuild, type TreeLeaf } from './values.ts';

/** How {@link checkGradients} checks. */
export interface CheckOptions {
  /** 1: first derivatives. 2: first and second ones. Default: 1. */
  readonly order?: 1 | 2;
  /**
   * `full`: every derivative by every element. `projections`: their sums along random directions, a fixed number of evaluations however
   * large the inputs are. `auto`: `full` where that takes at most about 2,000 evaluations. Default: `auto`.
   */
  readonly method?: 'auto' | CheckMethod;
  /** How many random directions of each input are tried. Default: 10. */
  readonly projections?: number;
  /** Of the random directions. Default: one that nobody can foresee; the report has it. */
  readonly seed?: number;
  /** How much of itself a derivative may differ. Default: 1e-6. */
  readonly relative?: number;
  /** How much it may differ beside, in multiples of the largest derivative of the same number by the same input. Default: 1e-12. */
  readonly absolute?: number;
  /** Whether float32 inputs are converted to float64. Default: false, they are refused. */
  readonly promote?: boolean;
}

/**
 * Checks autograd's derivatives of `f` against central differences in float64. Inputs and result may be any nestings of tensors. A place
 * where the function has a kink, a jump or an edge is told apart by one-sided differences and listed, not failed.
 *
 * ```ts
 * const inputs = { w: tensor([1, -2], { dtype: 'float64' }), b: scalar(0.5, 'float64') };
 * const report = checkGradients(({ w, b }: { w: Tensor; b: Tensor }) => w.mul(b).tanh().sum(), inputs, { order: 2 });
 * report.ok; // → true
 * report.entries.map(({ name, order, verdict }) => `${name} ${order} ${verdict}`); // → w 1 right,b 1 right,w 2 right,b 2 right
 *
 * const kink = checkGradients((x: Tensor) => x.relu().sum(), tensor([-1, 0, 1], { dtype: 'float64' }));
 * kink.ok; // → true
 * kink.entries[0]?.notDifferentiable[0]?.index; // → 1
 * ```
 *
 * @param f - from the inputs a tensor or a nesting of tensors; called many times, and must give the same each time.
 * @returns plain data; {@link showCheck} shows it.
 * @throws TapegradError for float32 inputs (unless `promote`), int32 and bool inputs, no inputs, an option that does not exist, and where
 * `f` throws, gives something else than float64 tensors, or not the same in two calls.
 */
export function checkGradients<T extends Tree>(
  f: (inputs: T) => Tree,
  inputs: T,
  options: CheckOptions = {},
): CheckReport {
  const settings = settingsOf(options);
  const { order, seed, relative, absolute, promote } = settings;
  const leaves = inputsOf(inputs, promote);
  const flat = flatten(op, f as (inputs: never) => unknown, inputs);
  const tensors = leaves.map(({ tensor }) => tensor);
  const center = repeatable(op, flat, tensors);
  const outputs = resultsOf(
    op,
    noGrad(() => f(rebuild(inputs, tensors) as T)),
  );
  const names = leaves.map(({ path, tensor }) => path || (tensor.name ?? 'input'));
  const point: Point = {
    f: flat,
    inputs: tensors,
    names,
    outputs: outputs.map(({ path, tensor }) => ({ name: path, shape: tensor.shape })),
    center,
    // Of the elements of one array those that cancel to nothing are as far off as the largest.
    rounding: valuesOf(outputs.map(({ tensor: x }) => full(x.shape, 2 ** -52 * largest(x.toData()), 'float64'))),
  };
  const random = new RandomGenerator(seed);
  const tolerance = { relative, absolute };
  const check = (at: Point, of: 1 | 2): CheckEntry[] =>
    methodFor(settings, at) === 'full'
      ? checkAll(at, of, tolerance)
      : checkProjections(at, of, tolerance, settings.projections, random);
  const entries = check(point, 1);
  if (order === 2) {
    // A scalar by itself; of several results a random sum, so that each counts.
    const weights =
      center.length === 1 ? outputs.map(({ tensor }) => onesLike(tensor)) : randomWeights(point.outputs, random);
    const slope = gradientOf(flat, weights);
    const gradient: Point = {
      f: slope,
      inputs: tensors,
      names,
      outputs: tensors.map(({ shape }, i) => ({ name: `d/d${names[i]!}`, shape })),
      center: repeatable(op, slope, tensors),
      // A gradient that cancels to nothing is as far off as its terms: those of f over x.
      rounding: valuesOf(
        tensors.map((x) => full(x.shape, (2 ** -52 * largest(center)) / typicalSize(x.toData()), 'float64')),
      ),
    };
    entries.push(...check(gradient, 2));
  }
  const problems = problemsOf(outputs);
  const ok = problems.length === 0 && entries.every(({ verdict }) => verdict !== 'wrong' && verdict !== 'undecided');
  return { kind: 'check', ok, order, seed, ...tolerance, promoted: promote && anyFloat32(inputs), entries, problems };
}

const op = 'checkGradients';

/** So many evaluations are few enough to check every derivative. */
const fewEvaluations = 2_000;

type Settings = Required<CheckOptions>;

function settingsOf(options: CheckOptions): Settings {
  const { order = 1, method = 'auto', projections = 10, relative = 1e-6, absolute = 1e-12, promote = false } = options;
  const refuse = (name: string, value: unknown, expected: string): TapegradError =>
    new TapegradError(op, `${name} is ${describe(value)}. Expected ${expected}.`);
  if (order !== 1 && order !== 2) throw refuse('order', order, '1 or 2');
  if (!['auto', 'full', 'projections'].includes(method)) throw refuse('method', method, 'auto, full or projections');
  if (!Number.isSafeInteger(projections) || projections < 1) {
    throw refuse('projections', projections, 'a whole number >= 1');
  }
  for (const [name, value] of Object.entries({ relative, absolute })) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw refuse(name, value, 'a finite number >= 0');
  }
  const seed = options.seed ?? new RandomGenerator().seed;
  return { order, method, projections, seed, relative, absolute, promote };
}

/** The inputs in float64. */
function inputsOf(inputs: Tree, promote: boolean): TreeLeaf[] {
  const leaves = leavesOf(op, inputs, 'the inputs');
  if (leaves.length === 0) {
    throw new TapegradError(op, `the inputs (${describe(inputs)}) hold no tensor. Expected at least one.`);
  }
  return leaves.map(({ tensor, path }) => {
    const name = path || (tensor.name ?? 'the input');
    if (tensor.dtype === 'int32' || tensor.dtype === 'bool') {
      throw new TapegradError(
        op,
        `${name} has dtype ${tensor.dtype}, which has no gradient. Expected float64; let the function close over what is no variable.`,
      );
    }
    if (tensor.dtype === 'float32' && !promote) {
      throw new TapegradError(
        op,
        `${name} is float32: differences need the digits of float64. Pass promote: true, or tensor(…, { dtype: 'float64' }).`,
      );
    }
    // Away from its parameter or tape: a plain value.
    const value = noGrad(() => tensor.asType('float64'));
    return { tensor: value, path: path || (tensor.name ?? '') };
  });
}

function methodFor({ method }: Settings, { inputs, center }: Point): CheckMethod {
  if (method !== 'auto') return method;
  const elements = inputs.reduce((sum, { size }) => sum + size, 0);
  return 4 * elements + 2 * center.length <= fewEvaluations ? 'full' : 'projections';
}

function problemsOf(outputs: readonly TreeLeaf[]): string[] {
  return outputs.flatMap(({ tensor, path }) => {
    const values = tensor.toData();
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return [];
    const place = tensor.rank === 0 ? '' : ` at [${indexOf(at, tensor.shape).join(', ')}]`;
    return [`the result${path === '' ? '' : ` ${path}`} is ${values[at]}${place}: it has no derivative there.`];
  });
}

function anyFloat32(inputs: Tree): boolean {
  return leavesOf(op, inputs).some(({ tensor }) => tensor.dtype === 'float32');
}

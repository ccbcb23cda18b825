// A hand-written backward pass against the tape, input by input.

import {
  type FloatDType,
  noGrad,
  RandomGenerator,
  showShape,
  TapegradError,
  Tensor,
  type Tree,
  vjp,
} from '@tapegrad/core';
import type { CompareReport, CompareRow, CompareVerdict } from './compare-report.ts';
import { compare, doublePrecision, indexOf, largest, singlePrecision, type Tolerance } from './comparison.ts';
import { messageOf } from './flat-function.ts';
import {
  describe,
  fromPlain,
  isNesting,
  isPromise,
  leavesOf,
  type Plain,
  type PlainTree,
  type PlainValue,
  pathTo,
  rebuild,
  type TreeLeaf,
  toPlain,
  toPlainTree,
} from './values.ts';

/** What {@link compareGradients} is given. */
export interface CompareOptions<T extends Tree, As extends Plain = 'tensor'> {
  /** The function, in tensors. It gives a tensor; one that is no scalar is multiplied with a random cotangent. */
  forward(inputs: T): Tensor;
  /**
   * The gradient by hand: of the inputs, and of `g`, the gradient of what `forward` gives (1 for a scalar), the gradients in the same
   * nesting as the inputs, as tensors, `ndarray`s, nested lists or typed arrays.
   */
  backward(inputs: PlainTree<T, As>, g: PlainValue<As>): unknown;
  /** Tensors, in any nesting. Those that have no gradient, int32 and bool, are passed on and not compared. */
  readonly inputs: T;
  /** What the backward pass is given: tensors, `ndarray`s or nested lists. Default: `tensor`. */
  readonly as?: As;
  /** Of the random cotangent. Default: one that nobody can foresee; the report has it. */
  readonly seed?: number;
  /** What counts as rounding. Default: 1e-9 of each element and 1e-11 of the largest; in float32 1e-4 and 1e-5. */
  readonly tolerance?: Tolerance;
}

/**
 * Holds a hand-written backward pass against the tape, input by input: which gradients are the same bit for bit, which up to rounding,
 * how far the others are off, and where. Both are computed in float64, so that rounding in float32 never counts as a mistake; where
 * `forward` cannot, as it mixes dtypes, in float32.
 *
 * ```ts
 * const inputs = { W: tensor([[1, 2], [3, 4]]), x: tensor([5, 6]) };
 * const report = compareGradients({
 *   forward: ({ W, x }) => W.matmul(x).square().sum(),
 *   backward: ({ W, x }) => {
 *     const dy = W.matmul(x).mul(2);
 *     return { W: outer(dy, x), x: W.matmul(dy) }; // not transposed
 *   },
 *   inputs,
 * });
 * report.rows.map(({ name, verdict }) => `${name} ${verdict}`); // → W right,x wrong
 * ```
 *
 * @returns plain data, also where a function throws or gives what is no gradient; {@link showComparison} shows it.
 * @throws TapegradError for inputs that hold no float tensor, and options that do not exist.
 */
export function compareGradients<T extends Tree, As extends Plain = 'tensor'>(
  options: CompareOptions<T, As>,
): CompareReport {
  const { forward, backward, inputs, as = 'tensor' as As, tolerance } = options;
  checkOptions(options);
  const seed = options.seed ?? new RandomGenerator().seed;
  let pass: Forward<T>;
  try {
    pass = forwardIn(forward, inputs, seed);
  } catch (error) {
    const problem = messageOf(error).replace(`${op}: `, '');
    return { kind: 'comparison', ok: false, precision: 'float64', seed: null, rows: [], problems: [problem] };
  }
  const { precision, out } = pass;
  const found = { kind: 'comparison', precision, seed: out.rank === 0 ? null : seed } as const;
  const failed = (problem: string): CompareReport => ({ ...found, ok: false, rows: [], problems: [problem] });
  let returned: unknown;
  try {
    // Wrapped: a promise is a problem of its own.
    [returned] = noGrad(() => [backward(toPlainTree(pass.inputs, as), toPlain(pass.cotangent, as))]);
  } catch (error) {
    return failed(`backward threw: ${messageOf(error)}`);
  }
  if (returned === undefined || returned === null) {
    return failed(`backward returned ${describe(returned)}. Expected the gradients, nested like the inputs.`);
  }
  if (isPromise(returned)) {
    return failed('backward returned a promise. Expected the gradients; await what it needs before the call.');
  }
  const isList = Array.isArray(inputs);
  if (!(inputs instanceof Tensor) && !(isNesting(returned) && Array.isArray(returned) === isList)) {
    const keys = Object.keys(inputs).join(', ');
    const expected = isList ? `a list of ${Object.keys(inputs).length}` : `an object with ${keys}`;
    return failed(`backward returned ${describe(returned)}. Expected ${expected}, like the inputs.`);
  }
  const rows = rowsOf(pass, returned, tolerance);
  const ok = rows.every(({ verdict }) => verdict === 'right' || verdict === 'approximate');
  return { ...found, ok, rows, problems: [] };
}

const op = 'compareGradients';

function checkOptions<T extends Tree, As extends Plain>(options: CompareOptions<T, As>): void {
  const { forward, backward, inputs, as = 'tensor', tolerance } = options;
  for (const [name, value] of Object.entries({ forward, backward })) {
    if (typeof value !== 'function') throw new TapegradError(op, `${name} is ${describe(value)}. Expected a function.`);
  }
  if (!['tensor', 'ndarray', 'array'].includes(as)) {
    throw new TapegradError(op, `as is ${describe(as)}. Expected tensor, ndarray or array.`);
  }
  for (const [name, value] of Object.entries({ ...tolerance })) {
    if (typeof value === 'number' && value >= 0) continue;
    throw new TapegradError(op, `tolerance.${name} is ${describe(value)}. Expected a number >= 0.`);
  }
  if (!leavesOf(op, inputs, 'the inputs').some(hasGradient)) {
    throw new TapegradError(op, 'the inputs hold no float32 or float64 tensor. Expected one to take gradients by.');
  }
}

function hasGradient({ tensor }: TreeLeaf): boolean {
  return tensor.dtype === 'float32' || tensor.dtype === 'float64';
}

/** The forward pass and the tape's gradients. */
interface Forward<T> {
  readonly precision: FloatDType;
  /** The inputs in that precision. */
  readonly inputs: T;
  readonly out: Tensor;
  readonly cotangent: Tensor;
  /** By each of the inputs that have one. */
  readonly gradients: ReadonlyMap<string, Tensor>;
}

/** In float64; where that does not go with float32 tensors that `forward` brings, in the dtypes of the inputs. */
function forwardIn<T extends Tree>(forward: (inputs: T) => Tensor, inputs: T, seed: number): Forward<T> {
  const leaves = leavesOf(op, inputs);
  const double = leaves.map((leaf) => (hasGradient(leaf) ? noGrad(() => leaf.tensor.asType('float64')) : leaf.tensor));
  const isSingle = leaves.some(({ tensor }) => tensor.dtype === 'float32');
  try {
    return forwardWith(forward, inputs, leaves, double, seed);
  } catch (error) {
    const mixes =
      error instanceof TapegradError && error.message.includes('float32') && error.message.includes('float64');
    if (!isSingle || !mixes) throw error;
    const same = leaves.map(({ tensor }) => noGrad(() => tensor.asType(tensor.dtype)));
    return forwardWith(forward, inputs, leaves, same, seed);
  }
}

function forwardWith<T extends Tree>(
  forward: (inputs: T) => Tensor,
  tree: T,
  leaves: readonly TreeLeaf[],
  values: readonly Tensor[],
  seed: number,
): Forward<T> {
  const sources = leaves.map((leaf, i) => ({ leaf, i })).filter(({ leaf }) => hasGradient(leaf));
  const [out, pullback] = vjp(
    (own: readonly Tensor[]) => {
      const all = [...values];
      for (const [k, { i }] of sources.entries()) all[i] = own[k]!;
      return resultOf(forward, rebuild(tree, all) as T);
    },
    sources.map(({ i }) => values[i]!),
  );
  const dtype = out.dtype as FloatDType;
  const cotangent =
    out.rank === 0 ? fromPlain(1, { dtype }) : new RandomGenerator(seed).uniform(out.shape, -1, 1, dtype);
  const adjoints = pullback(cotangent, { unconnected: 'zero' })[0] as readonly Tensor[];
  const gradients = new Map(sources.map(({ leaf }, k) => [leaf.path, adjoints[k]!]));
  return { precision: dtype, inputs: rebuild(tree, values) as T, out, cotangent, gradients };
}

function resultOf<T>(forward: (inputs: T) => Tensor, inputs: T): Tensor {
  let out: unknown;
  try {
    out = forward(inputs);
  } catch (error) {
    throw new TapegradError(op, `forward threw: ${messageOf(error)}`, { cause: error });
  }
  if (out instanceof Tensor && (out.dtype === 'float32' || out.dtype === 'float64')) return out;
  const got = out instanceof Tensor ? `a tensor of dtype ${out.dtype}` : describe(out);
  throw new TapegradError(op, `forward returned ${got}. Expected a float32 or float64 tensor.`);
}

function rowsOf<T extends Tree>(
  { precision, inputs, gradients }: Forward<T>,
  returned: unknown,
  tolerance?: Tolerance,
): CompareRow[] {
  // A gradient that cancels to nothing is judged beside those that do not: 1e-3 of it, so that 45 roundings of those are allowed.
  const common = 1e-3 * Math.max(...[...gradients.values()].map((gradient) => largest(gradient.toData())));
  const rows: CompareRow[] = [];
  const walk = (model: unknown, node: unknown, path: string): void => {
    if (model instanceof Tensor) {
      const expected = gradients.get(path);
      if (expected !== undefined) rows.push(rowOf(path, node, expected, precision, common, tolerance));
      return;
    }
    const keys = Object.keys(model as object);
    const members = isNesting(node) ? (node as { readonly [key: string]: unknown }) : {};
    for (const key of keys) {
      walk((model as { readonly [key: string]: unknown })[key], members[key], pathTo(path, key, model as object));
    }
    for (const key of Object.keys(members)) {
      if (!keys.includes(key)) rows.push(unknownRow(pathTo(path, key, model as object), [...gradients.keys()]));
    }
  };
  walk(inputs, returned, '');
  return rows;
}

function unknownRow(name: string, known: readonly string[]): CompareRow {
  const problem = `no input has this name. Expected ${known.join(', ')}.`;
  return { name, shape: [], verdict: 'unknown', exact: false, approximate: false, comparison: null, problem };
}

function rowOf(
  path: string,
  value: unknown,
  expected: Tensor,
  precision: FloatDType,
  common: number,
  tolerance: Tolerance | undefined,
): CompareRow {
  const row = { name: path || 'the input', shape: expected.shape };
  const failed = (verdict: CompareVerdict, problem: string): CompareRow => ({
    ...row,
    verdict,
    exact: false,
    approximate: false,
    comparison: null,
    problem,
  });
  if (value === undefined || value === null) {
    return failed(
      'missing',
      'backward returned no gradient for it. Return one, or let forward close over what needs none.',
    );
  }
  let actual: Tensor;
  try {
    actual = fromPlain(value, { shape: expected.shape });
  } catch (error) {
    return failed('wrong', messageOf(error).replace(/^(fromPlain|tensor): /, ''));
  }
  if (String(actual.shape) !== String(expected.shape)) {
    return failed(
      'wrong',
      `its shape is ${showShape(actual.shape)}. Expected ${showShape(expected.shape)}, that of the input.`,
    );
  }
  const comparison = compare(actual, expected, { contributions: common });
  const exact = comparison.agreement === 'exact';
  const limits = tolerance ?? (precision === 'float64' ? doublePrecision : singlePrecision);
  const approximate = allClose(actual, expected, limits, common);
  const isSingle = comparison.agreement !== 'different' && tolerance === undefined;
  const verdict: CompareVerdict = approximate ? 'right' : isSingle ? 'approximate' : 'wrong';
  const problem = notFinite('the gradient by hand', actual) ?? notFinite("the tape's gradient", expected);
  return { ...row, verdict: problem === null ? verdict : 'wrong', exact, approximate, comparison, problem };
}

function allClose(actual: Tensor, expected: Tensor, { relative, absolute }: Tolerance, common: number): boolean {
  const [a, b] = [actual.toData(), expected.toData()];
  const scale = Math.max(common, largest(b));
  return a.every((x, i) => x === b[i] || Math.abs(x - b[i]!) <= relative * Math.abs(b[i]!) + absolute * scale);
}

function notFinite(what: string, x: Tensor): string | null {
  const values = x.toData();
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return null;
  return `${what} is ${values[at]}${x.rank === 0 ? '' : ` at [${indexOf(at, x.shape).join(', ')}]`}.`;
}

// One run of a hand-written backward pass, and what it hands in on its way.

import { nearestName, showShape, TapegradError, Tensor } from '@tapegrad/core';
import { allFinite, indexOf } from '../comparison.ts';
import { fromPlain, type NdArrayLike, type NumberLists, type Plain, toPlain } from '../values.ts';
import type { FormulaText } from './audit-report.ts';
import type { ForwardPass, NamedValue } from './forward-pass.ts';
import { mapLeaves, returnedLeaves } from './leaves.ts';

/** What a hand-written gradient's author may say beside it. */
export interface GivenOptions {
  /** The formula as text, and as TeX, for reports on code that is not written in tensors. */
  readonly formula?: string;
  readonly tex?: string;
}

/** What a gradient can be handed in as, whatever the backward pass is given. */
export type GradientLike = Tensor | NdArrayLike | ArrayBufferView | NumberLists;

/** Takes a gradient under the name of what it is the gradient of, and gives back the one to go on with. */
export type Given<V> = (name: string, gradient: V | GradientLike, options?: GivenOptions) => V;

/** A backward pass derived by hand: from all values of the forward pass, by name, to the gradients, by name. */
export type Backward = (values: never, given: never) => unknown;

/** A gradient as it was handed in. */
export interface HandedIn {
  /** In the audit's dtype; null where it was nothing that a tensor can be made of. */
  readonly value: Tensor | null;
  /** What it was, where it was no tensor of finite numbers. */
  readonly problem: string | null;
  /** Whether it did not come in float32: what differs is then no rounding, unless the author computed it from what did. */
  readonly double: boolean;
  readonly formula: FormulaText | null;
}

/** What came of a run. */
export interface ManualRun {
  /** By name, in the order in which they came. */
  readonly handed: ReadonlyMap<string, HandedIn>;
  /** What is wrong with the run as a whole. */
  readonly problems: readonly string[];
}

/** What a handed-in gradient is answered with; null answers with what was handed in. */
export type Answer = (name: string, handed: HandedIn) => Tensor | null;

/** Runs a backward pass once. Never throws: what goes wrong is in the result. */
export function runBackward(backward: Backward, pass: ForwardPass, as: Plain, answer: Answer): ManualRun {
  const handed = new Map<string, HandedIn>();
  const replies = new Map<string, Tensor>();
  const problems: string[] = [];
  const note = (problem: string): void => {
    if (!problems.includes(problem)) problems.push(problem);
  };
  const take = (name: string, gradient: unknown, options?: GivenOptions): unknown => {
    const known = pass.named.get(name);
    if (known === undefined) {
      note(unknownName(name, pass));
      return gradient;
    }
    const earlier = handed.get(name);
    const now = read(gradient, known, options);
    if (earlier !== undefined) {
      const reply = replies.get(name);
      // What came back may be returned at the end.
      const same = agrees(earlier.value, now.value) || (reply !== undefined && agrees(reply, now.value));
      if (!same) note(`${name} was handed in twice, with different values; the first one counts.`);
      return same && reply !== undefined ? toPlain(reply, as) : gradient;
    }
    handed.set(name, now);
    const reply = answer(name, now) ?? now.value;
    if (reply === null) return gradient;
    replies.set(name, reply);
    // What is in the form already goes back as it is, in its own precision.
    return reply === now.value && isPlain(gradient, as) ? gradient : toPlain(reply, as);
  };
  const values: { [name: string]: unknown } = mapLeaves('auditBackward', pass.args, (leaf) =>
    toPlain(leaf as Tensor, as),
  ) as { [name: string]: unknown };
  for (const name of pass.intermediates) values[name] = toPlain(pass.values.get(name)!, as);
  try {
    const returned: unknown = (backward as (...args: unknown[]) => unknown)(values, take);
    if (typeof (returned as PromiseLike<unknown> | null)?.then === 'function') {
      (returned as PromiseLike<unknown>).then(undefined, () => {});
      note('the backward pass returned a promise. Expected gradients: await the data first.');
    } else if (returned !== undefined && returned !== null) {
      takeReturned(returned, pass, take, note);
    }
    if (handed.size === 0) note('the backward pass handed in nothing, and returned no gradient.');
  } catch (error) {
    const last = [...handed.keys()].at(-1);
    const when = last === undefined ? 'before it handed in anything' : `after it handed in ${last}`;
    note(`the backward pass threw ${when}: ${messageOf(error)}`);
  }
  return { handed, problems };
}

/** What an error says. Anything can be thrown, also what cannot be shown. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that has no text';
  }
}

/** What a backward pass returns counts as handed in at its end. */
function takeReturned(
  returned: unknown,
  pass: ForwardPass,
  take: (name: string, gradient: unknown) => void,
  note: (problem: string) => void,
): void {
  const leaves = returnedLeaves(returned);
  if (leaves.some(({ name }) => name === '')) {
    note('the backward pass returned one value. Expected gradients by name: { W1, b1, … }.');
    return;
  }
  // In the order of a backward pass: a name is done when the earliest step that uses it is.
  const done = (name: string): number => pass.firstUseOf(name);
  for (const { name, leaf } of leaves.sort((a, b) => done(b.name) - done(a.name))) take(name, leaf);
}

function unknownName(name: unknown, pass: ForwardPass): string {
  const known = [...pass.named.keys()];
  const text = String(name);
  if (pass.values.has(text))
    return `a gradient was handed in for ${text}, which depends on no float input and no parameter.`;
  // d in front is how formulas call a gradient
  const nearest = known.find((other) => text === `d${other}`) ?? nearestName(text, known);
  const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `a gradient was handed in for ${text}, which the forward pass does not name.${guess} It names ${known.join(', ')}.`;
}

function read(
  gradient: unknown,
  { value: of, gradient: expected }: NamedValue,
  options: GivenOptions | undefined,
): HandedIn {
  const { dtype, shape } = of;
  const formula = formulaFrom(options);
  let value: Tensor;
  try {
    value = fromPlain(gradient, { shape });
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    return {
      value: null,
      problem: error.message.replace(/^\w+: (got )?/, 'it is no gradient: '),
      double: false,
      formula,
    };
  }
  const single = value.dtype === 'float32' || isSingle(gradient);
  const double = !single;
  const cast = value.dtype === dtype ? value : value.asType(dtype);
  const bad = cast.toData().findIndex((element) => !Number.isFinite(element));
  // Where the tape's own gradient is not finite, neither need the formula's be.
  if (bad < 0 || !allFinite(expected)) return { value: cast, problem: null, double, formula };
  const element = cast.toData()[bad];
  const index = cast.rank === 0 ? '' : ` at ${showShape(indexOf(bad, cast.shape))}`;
  return { value: cast, problem: `it is ${element}${index}`, double, formula };
}

/** The formula that an author gives beside a gradient. */
function formulaFrom(options: GivenOptions | undefined): FormulaText | null {
  const { formula, tex } = options ?? {};
  if (formula === undefined && tex === undefined) return null;
  const plain = String(formula ?? tex);
  return { plain, tex: tex === undefined ? `\\text{${plain.replace(/([\\{}$&#^_%~])/g, ' ')}}` : String(tex) };
}

/** Whether numbers come out of a float32 store. */
function isSingle(value: unknown): boolean {
  const store = (value as { readonly data?: unknown } | null)?.data ?? value;
  return store instanceof Float32Array;
}

/** Whether a value is what {@link toPlain} makes. */
function isPlain(value: unknown, as: Plain): boolean {
  if (as === 'tensor') return value instanceof Tensor;
  if (as === 'array') return Array.isArray(value) || typeof value === 'number';
  return typeof value === 'object' && value !== null && 'pick' in value;
}

function agrees(a: Tensor | null, b: Tensor | null): boolean {
  if (a === null || b === null) return a === b;
  const [x, y] = [a.toData(), b.toData()];
  return x.length === y.length && x.every((element, i) => Object.is(element, y[i]) || element === y[i]);
}

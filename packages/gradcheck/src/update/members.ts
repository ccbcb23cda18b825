// Nestings of numbers, as users hold parameters, gradients and state, as flat float64 arrays and back.

import { nearestName, type Shape, showShape, TapegradError, Tensor } from '@tapegrad/core';
import { describe, fromPlain, isNesting, leavesOf, type Plain, pathTo, rebuild, toPlain } from '../values.ts';

/** A parameter's place in the nesting. */
export interface Member {
  /** `W1`, `layers[0].bias`; `params` where there is nothing but one. */
  readonly name: string;
  readonly shape: Shape;
  readonly size: number;
}

/** Nestings that are all like one of parameters. */
export class Members {
  readonly list: readonly Member[];
  /** The parameters that it was made of. */
  readonly values: readonly Float64Array[];
  private readonly tree: unknown;

  /** @throws TapegradError for what holds anything but finite numbers, and for what holds none. */
  constructor(op: string, params: unknown) {
    this.tree = treeOf(op, params, '', 'params');
    const leaves = leavesOf(op, this.tree, 'params');
    if (leaves.length === 0) throw new TapegradError(op, 'params has no parameters. Expected at least one.');
    this.list = leaves.map(({ path, tensor: { shape, size } }) => ({ name: path || 'params', shape, size }));
    this.values = leaves.map(({ tensor }) => Float64Array.from(tensor.toData()));
    this.requireFinite(op, 'params', this.values);
  }

  /**
   * Numbers in the same nesting.
   *
   * @throws TapegradError naming the first place where `value` is not like the parameters.
   */
  read(op: string, what: string, value: unknown): Float64Array[] {
    const { values, problems } = this.readLoosely(what, value);
    if (problems.length > 0) throw new TapegradError(op, problems[0]!);
    const found = values.map((each) => each!);
    this.requireFinite(op, what, found);
    return found;
  }

  /** What of `value` is like the parameters, null for the rest, and what is wrong with that. */
  readLoosely(what: string, value: unknown): { values: (Float64Array | null)[]; problems: string[] } {
    const values: (Float64Array | null)[] = [];
    const problems: string[] = [];
    const skip = (like: unknown): void => {
      for (const _ of leavesOf('internal', like)) values.push(null);
    };
    const walk = (node: unknown, like: unknown, path: string): void => {
      const place = path === '' ? what : path.startsWith('[') ? `${what}${path}` : `${what}.${path}`;
      if (like instanceof Tensor) {
        values.push(readLeaf(node, like, place, problems));
        return;
      }
      const keys = Object.keys(like as object);
      if (!isNesting(node)) {
        problems.push(`${place} is ${describe(node)}. Expected ${keys.join(', ')}, like the parameters.`);
        skip(like);
        return;
      }
      for (const key of Object.keys(node)) {
        if (!keys.includes(key)) problems.push(`${place} has ${key}.${hint(key, keys)}`);
      }
      for (const key of keys) {
        const inner = (like as { readonly [key: string]: unknown })[key];
        if (Object.hasOwn(node, key)) {
          walk((node as { readonly [key: string]: unknown })[key], inner, pathTo(path, key, node));
        } else {
          problems.push(`${place} has no ${key}. Expected ${keys.join(', ')}, like the parameters.`);
          skip(inner);
        }
      }
    };
    walk(value, this.tree, '');
    return { values, problems };
  }

  /** The nesting with these numbers in it, as hand-written code takes them. */
  write(values: readonly Float64Array[], as: Plain, dtype: 'float32' | 'float64'): unknown {
    const leaves = values.map((value, i) => {
      const leaf = fromPlain(value, { dtype: 'float64', shape: this.list[i]!.shape });
      return toPlain(as === 'tensor' ? leaf.asType(dtype) : leaf, as);
    });
    return rebuild(this.tree, leaves);
  }

  private requireFinite(op: string, what: string, values: readonly Float64Array[]): void {
    values.forEach((value, i) => {
      const bad = value.find((element) => !Number.isFinite(element));
      if (bad === undefined) return;
      const { name } = this.list[i]!;
      throw new TapegradError(op, `${name} of ${what} holds ${bad}. Expected finite numbers.`);
    });
  }
}

/** ` Did you mean W1? Known: W1, b1.` The question only where a name is near. */
export function hint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `${nearest === undefined ? '' : ` Did you mean ${nearest}?`} Known: ${known.join(', ')}.`;
}

function treeOf(op: string, value: unknown, path: string, what: string): unknown {
  if (value instanceof Tensor) return value.asType('float64');
  if (isNesting(value) && !isNumbers(value)) {
    if (Array.isArray(value)) return value.map((each, i) => treeOf(op, each, `${path}[${i}]`, what));
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, treeOf(op, each, pathTo(path, key, value), what)]),
    );
  }
  try {
    return fromPlain(value, { dtype: 'float64' });
  } catch (error) {
    throw new TapegradError(op, `${path || what}: ${plainMessage(error)}`, { cause: error });
  }
}

/** Nested lists of numbers are a value; lists of anything else are a nesting. */
function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number' || isNumbers(each));
}

function readLeaf(node: unknown, like: Tensor, place: string, problems: string[]): Float64Array | null {
  if (node === undefined || node === null) {
    problems.push(`${place} is ${String(node)}. Expected numbers of shape ${showShape(like.shape)}.`);
    return null;
  }
  let value: Tensor;
  try {
    value = fromPlain(node, { dtype: 'float64', shape: like.shape });
  } catch (error) {
    problems.push(`${place}: ${plainMessage(error)}`);
    return null;
  }
  if (showShape(value.shape) !== showShape(like.shape)) {
    problems.push(`${place} has shape ${showShape(value.shape)}. Expected ${showShape(like.shape)}.`);
    return null;
  }
  return Float64Array.from(value.toData());
}

/** The message of an error without the name of the function that refused. */
export function plainMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof TapegradError ? error.message.slice(`${error.op}: `.length) : error.message;
}

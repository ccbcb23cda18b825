// What hand-written code computes with: tensors, `ndarray`s or nested lists, in any nesting of objects and arrays; converted into each
// other.

import type { Tree } from '@tapegrad/core';
import { type DType, type NdArray, type NestedArray, type Shape, TapegradError, Tensor, tensor } from '@tapegrad/core';

/** What values are handed out as: tensors, `ndarray`s, or nested lists of numbers (a bare number of shape `[]`). */
export type Plain = 'tensor' | 'ndarray' | 'array';

/** A tensor as hand-written code sees it. */
export type PlainValue<As extends Plain> = As extends 'tensor' ? Tensor : As extends 'ndarray' ? NdArray : NestedArray;

/** The same nesting, with plain values at its leaves. */
export type PlainTree<T, As extends Plain> = T extends Tensor
  ? PlainValue<As>
  : T extends object
    ? { [K in keyof T]: PlainTree<T[K], As> }
    : never;

/** Lists of numbers, in lists to any depth. */
export type NumberLists = number | readonly NumberLists[];

/** What all kinds of `ndarray` have in common. */
export interface NdArrayLike {
  readonly pick: unknown;
  readonly stride: unknown;
  readonly data: unknown;
}

/** A nesting of anything that tensors are made of, as hand-written code is handed it: plain values at the leaves. */
export type Handed<T, As extends Plain> = T extends Tensor | NumberLists | ArrayBufferView | NdArrayLike
  ? PlainValue<As>
  : T extends object
    ? { [K in keyof T]: Handed<T[K], As> }
    : never;

/** A tensor of a nesting, and the way to it: `W`, `layers[0].bias`; empty at the root. */
export interface TreeLeaf {
  readonly tensor: Tensor;
  readonly path: string;
}

/**
 * A tensor as `ndarray` or as nested lists, which are copies; or as it is.
 *
 * @throws TapegradError for another kind.
 */
export function toPlain<As extends Plain>(x: Tensor, as: As): PlainValue<As>;
export function toPlain(x: Tensor, as: Plain): Tensor | NdArray | NestedArray {
  if (as === 'tensor') return x;
  if (as === 'ndarray') return x.toNdarray();
  if (as === 'array') return x.toArray();
  throw new TapegradError('toPlain', `as is ${describe(as)}. Expected tensor, ndarray or array.`);
}

/**
 * {@link toPlain} at every leaf of a nesting.
 */
export function toPlainTree<T extends Tree, As extends Plain>(tree: T, as: As): PlainTree<T, As> {
  const leaves = leavesOf('toPlain', tree).map((leaf) => toPlain(leaf.tensor, as));
  return rebuild(tree, leaves) as PlainTree<T, As>;
}

/**
 * A tensor of what hand-written code gives: a tensor (as it is), an `ndarray`, nested lists, a typed array, or a number. A flat typed
 * array takes the shape of what it should be like, where it has as many elements.
 *
 * @param like - what it should be like. Default: float64, in the shape that it has.
 * @throws TapegradError saying what it got, where that is none of these, or holds what is no number.
 */
export function fromPlain(value: unknown, like: { readonly dtype?: DType; readonly shape?: Shape } = {}): Tensor {
  if (value instanceof Tensor) return value;
  const { dtype = 'float64', shape } = like;
  if (Array.isArray(value)) return tensor(withoutTypedRows(value) as number, { dtype });
  if (typeof value === 'number' || isNdArray(value)) return tensor(value as number, { dtype });
  if (ArrayBuffer.isView(value)) {
    const flat = tensor(value, { dtype });
    const size = shape?.reduce((product, length) => product * length, 1);
    return shape !== undefined && size === flat.size ? flat.reshape(shape) : flat;
  }
  throw new TapegradError(
    'fromPlain',
    `got ${describe(value)}. Expected a tensor, an ndarray, nested lists of numbers, a typed array or a number.`,
  );
}

/** Lists whose innermost rows may be typed arrays, as lists. */
function withoutTypedRows(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array);
  return Array.isArray(value) && value.some((row) => typeof row === 'object') ? value.map(withoutTypedRows) : value;
}

/**
 * The leaves of a nesting, in order.
 *
 * @param what - how messages call the nesting.
 * @throws TapegradError naming the path of whatever is neither tensor, array nor object.
 */
export function leavesOf(op: string, tree: unknown, what: string = 'the argument'): TreeLeaf[] {
  const leaves: TreeLeaf[] = [];
  const walk = (node: unknown, path: string): void => {
    if (node instanceof Tensor) {
      leaves.push({ tensor: node, path });
      return;
    }
    if (!isNesting(node)) {
      throw new TapegradError(
        op,
        `${path || what} is ${describe(node)}. Expected tensors, in any nesting of arrays and objects.`,
      );
    }
    for (const key of Object.keys(node)) walk((node as Indexed)[key], pathTo(path, key, node));
  };
  walk(tree, '');
  return leaves;
}

/** The nesting with its leaves replaced, in the order of {@link leavesOf}. */
export function rebuild(tree: unknown, leaves: readonly unknown[]): unknown {
  let next = 0;
  const walk = (node: unknown): unknown => {
    if (node instanceof Tensor) return leaves[next++];
    if (Array.isArray(node)) return node.map(walk);
    // An instance of a class stays one, so that a function that is given the nesting finds its methods.
    const copy = Object.create(Object.getPrototypeOf(node)) as { [key: string]: unknown };
    for (const [key, child] of Object.entries(node as object)) copy[key] = walk(child);
    return copy;
  };
  return walk(tree);
}

/** The path of a member: `layers[0]`, `layers[0].bias`. */
export function pathTo(path: string, key: string, node: object): string {
  if (Array.isArray(node)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Whether something is an array or an object with members: what nestings are made of. */
export function isNesting(value: unknown): value is object {
  if (Array.isArray(value)) return true;
  if (typeof value !== 'object' || value === null || value instanceof Tensor) return false;
  return !(Symbol.iterator in value) && !isPromise(value) && !ArrayBuffer.isView(value) && !isNdArray(value);
}

/** Whether something has to be awaited. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Views of an `ndarray` are of many classes: these members are what they have in common. */
function isNdArray(value: unknown): value is NdArray {
  return typeof value === 'object' && value !== null && 'pick' in value && 'stride' in value && 'data' in value;
}

/** How messages call a value. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isPromise(value)) return 'a promise';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return `the number ${value}`;
  return typeof value === 'object' ? `an instance of ${value.constructor?.name ?? 'nothing'}` : `a ${typeof value}`;
}

interface Indexed {
  readonly [key: string]: unknown;
}

// Nestings of objects and arrays with tensors at the leaves: what gradients are asked by, and given in.

import { isFloat } from './dtype.ts';
import { TapegradError } from './errors.ts';
import { sameShape, showShape } from './shape.ts';
import { Tensor } from './tensor.ts';

/**
 * A tensor, or tensors in any nesting of arrays and plain objects. What is at the leaves is checked when it is used: a type
 * that demanded it would refuse interfaces.
 */
export type Tree = object;

/** The same nesting, a plain tensor at each leaf. */
export type Like<T> = T extends Tensor ? Tensor : T extends object ? { [K in keyof T]: Like<T[K]> } : never;

/** A tensor of a tree, and the way to it: `W`, `layers[0].bias`; empty at the root. */
export interface Leaf {
  readonly tensor: Tensor;
  readonly path: string;
}

/**
 * The leaves of a tree, in order.
 *
 * @param what - how messages call the tree.
 * @throws TapegradError naming the path of whatever is neither tensor, array nor object.
 */
export function leavesOf(op: string, tree: Tree, what: string = 'the argument'): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (node: unknown, path: string): void => {
    if (node instanceof Tensor) {
      leaves.push({ tensor: node, path });
    } else if (Array.isArray(node)) {
      node.forEach((child, i) => {
        walk(child, `${path}[${i}]`);
      });
    } else if (isRecord(node)) {
      for (const [key, child] of Object.entries(node)) walk(child, path === '' ? key : `${path}.${key}`);
    } else {
      throw new TapegradError(
        op,
        `${path || what} is ${describe(node)}. Expected tensors, in any nesting of arrays and objects.`,
      );
    }
  };
  walk(tree, '');
  return leaves;
}

/**
 * The leaves of a tree that gradients are asked by, or of.
 *
 * @throws TapegradError naming one that is neither float32 nor float64.
 */
export function sourcesOf(op: string, tree: Tree, what?: string): Leaf[] {
  const leaves = leavesOf(op, tree, what);
  for (const leaf of leaves) {
    const { dtype } = leaf.tensor;
    if (isFloat(dtype)) continue;
    throw new TapegradError(
      op,
      `${nameOf(leaf, what)} has dtype ${dtype}. Expected float32 or float64, which have gradients.`,
    );
  }
  return leaves;
}

/** How messages call a leaf. */
export function nameOf({ tensor, path }: Leaf, what: string = 'the source'): string {
  return tensor.name ?? (path || what);
}

/**
 * The leaves of `tree`, which must be like `model`: the same nesting, shapes and dtypes.
 *
 * @param what - how messages call the tree.
 * @param of - how they call the model.
 * @throws TapegradError naming the path of the first difference.
 */
export function leavesLike(op: string, tree: unknown, model: Tree, what: string, of: string): Tensor[] {
  const leaves: Tensor[] = [];
  const refuse = (path: string, wrong: string, expected: string): TapegradError =>
    new TapegradError(op, `${path === '' ? what : `${path} of ${what}`} ${wrong}. Expected ${expected}, like ${of}.`);
  const walk = (node: unknown, like: unknown, path: string): void => {
    if (like instanceof Tensor) {
      if (!(node instanceof Tensor)) throw refuse(path, `is ${describe(node)}`, showKind(like));
      if (!sameShape(node.shape, like.shape) || node.dtype !== like.dtype) {
        throw refuse(path, `is ${showKind(node)}`, showKind(like));
      }
      leaves.push(node);
    } else if (Array.isArray(like)) {
      if (!Array.isArray(node) || node.length !== like.length) {
        throw refuse(path, `is ${describe(node)}`, describe(like));
      }
      for (let i = 0; i < like.length; i++) walk(node[i], like[i], `${path}[${i}]`);
    } else {
      const keys = Object.keys(like as object);
      const expected = `an object with ${keys.join(', ') || 'nothing'}`;
      if (!isRecord(node) || node instanceof Tensor) throw refuse(path, `is ${describe(node)}`, expected);
      const missing = keys.find((key) => !Object.hasOwn(node, key));
      if (missing !== undefined) throw refuse(path, `has no ${missing}`, expected);
      const extra = Object.keys(node).find((key) => !keys.includes(key));
      if (extra !== undefined) throw refuse(path, `has ${extra}`, expected);
      for (const key of keys) {
        walk(node[key], (like as { [key: string]: unknown })[key], path === '' ? key : `${path}.${key}`);
      }
    }
  };
  walk(tree, model, '');
  return leaves;
}

/** Whether a value is a nesting with nothing but float tensors at its leaves, and at least one. */
export function isFloatTree(value: unknown): value is Tree {
  const leaves: unknown[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (isRecord(node) && !(node instanceof Tensor)) Object.values(node).forEach(walk);
    else leaves.push(node);
  };
  walk(value);
  return leaves.length > 0 && leaves.every((leaf) => leaf instanceof Tensor && isFloat(leaf.dtype));
}

/** The tree with its leaves replaced, in the order of {@link leavesOf}. */
export function rebuild<T extends Tree>(tree: T, leaves: readonly Tensor[]): Like<T>;
export function rebuild(tree: Tree, leaves: readonly unknown[]): unknown;
export function rebuild(tree: Tree, leaves: readonly unknown[]): unknown {
  let next = 0;
  const walk = (node: unknown): unknown => {
    if (node instanceof Tensor) return leaves[next++];
    if (Array.isArray(node)) return node.map(walk);
    // An instance of a class stays one, so that a function that is given the nesting finds its methods.
    const copy = Object.create(Object.getPrototypeOf(node));
    for (const [key, child] of Object.entries(node as object)) copy[key] = walk(child);
    return copy;
  };
  return walk(tree);
}

function showKind({ dtype, shape }: Tensor): string {
  return `${dtype}${showShape(shape)}`;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

/** How messages call what is no tensor. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? `an instance of ${value.constructor?.name ?? 'nothing'}` : `a ${typeof value}`;
}

// Nestings of objects and arrays with tensors at the leaves: what gradients are asked by, and given in.

import { isFloat } from './dtype.ts';
import { TapegradError } from './errors.ts';
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
 * @throws TapegradError naming the path of whatever is neither tensor, array nor object.
 */
export function leavesOf(op: string, tree: Tree): Leaf[] {
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
      const what = describe(node);
      throw new TapegradError(
        op,
        `${path || 'the argument'} is ${what}. Expected tensors, in any nesting of arrays and objects.`,
      );
    }
  };
  walk(tree, '');
  return leaves;
}

/**
 * The leaves of a tree that gradients are asked by.
 *
 * @throws TapegradError naming one that is neither float32 nor float64.
 */
export function sourcesOf(op: string, tree: Tree): Leaf[] {
  const leaves = leavesOf(op, tree);
  for (const leaf of leaves) {
    const { dtype } = leaf.tensor;
    if (isFloat(dtype)) continue;
    throw new TapegradError(
      op,
      `${nameOf(leaf)} has dtype ${dtype}. Expected float32 or float64, which have gradients.`,
    );
  }
  return leaves;
}

/** How messages call a leaf. */
export function nameOf({ tensor, path }: Leaf): string {
  return tensor.name ?? (path || 'the source');
}

/** The tree with its leaves replaced, in the order of {@link leavesOf}. */
export function rebuild<T extends Tree>(tree: T, leaves: readonly Tensor[]): Like<T> {
  let next = 0;
  const walk = (node: unknown): unknown => {
    if (node instanceof Tensor) return leaves[next++]!;
    if (Array.isArray(node)) return node.map(walk);
    // An instance of a class stays one, so that a function that is given the nesting finds its methods.
    const copy = Object.create(Object.getPrototypeOf(node));
    for (const [key, child] of Object.entries(node as object)) copy[key] = walk(child);
    return copy;
  };
  return walk(tree) as Like<T>;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? `an instance of ${value.constructor.name}` : `a ${typeof value}`;
}

// The arguments of an audit: nestings whose leaves are tensors, or plain numbers in any of the forms that a tensor can be made of.

import { TapegradError, type Tensor } from '@tapegrad/core';
import { describe, fromPlain, isNesting, pathTo } from '../values.ts';

/** A value of the arguments, under its way there: `X`, `layers[0].W`. */
export interface NamedLeaf {
  readonly name: string;
  readonly tensor: Tensor;
}

/** The tree with each leaf replaced by what `f` makes of it. @throws TapegradError naming what is neither leaf nor nesting. */
export function mapLeaves(op: string, tree: unknown, f: (leaf: unknown, name: string) => unknown, name = ''): unknown {
  if (depthOf(name) > deepest)
    throw new TapegradError(op, `${name.slice(0, 40)}… goes on without an end. Expected no circles.`);
  if (isNumbers(tree) || !isNesting(tree)) {
    if (isLeaf(tree)) return f(tree, name);
    const expected = 'Expected tensors or numbers, in any nesting of arrays and objects.';
    throw new TapegradError(op, `${name || 'the argument'} is ${describe(tree)}. ${expected}`);
  }
  const child = (key: string): unknown =>
    mapLeaves(op, (tree as { readonly [key: string]: unknown })[key], f, pathTo(name, key, tree));
  const keys = Object.keys(tree);
  return Array.isArray(tree) ? keys.map(child) : Object.fromEntries(keys.map((key) => [key, child(key)]));
}

/** How deep a nesting may be: one that contains itself has no end. */
const deepest = 32;

function depthOf(name: string): number {
  return name.split(/[.[]/).length;
}

/** What a backward pass returned, by name; whatever is no nesting is a leaf, for the report to say what is wrong with it. */
export function returnedLeaves(tree: unknown, name = ''): { readonly name: string; readonly leaf: unknown }[] {
  if (isNumbers(tree) || !isNesting(tree) || depthOf(name) > deepest) return [{ name, leaf: tree }];
  const children = tree as { readonly [key: string]: unknown };
  return Object.keys(tree).flatMap((key) => returnedLeaves(children[key], pathTo(name, key, tree)));
}

/** The leaves of a tree as tensors, in order. */
export function namedLeaves(op: string, tree: unknown): NamedLeaf[] {
  const leaves: NamedLeaf[] = [];
  mapLeaves(op, tree, (leaf, name) => {
    leaves.push({ name, tensor: tensorOf(op, name, leaf) });
  });
  return leaves;
}

/** A leaf as a tensor. @throws TapegradError naming it, where it is none. */
export function tensorOf(op: string, name: string, leaf: unknown): Tensor {
  try {
    return fromPlain(leaf);
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    throw new TapegradError(op, `${name || 'the value'}: ${error.message}`, { cause: error });
  }
}

/** Whether a value is what a tensor is made of. */
function isLeaf(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'object' && value !== null);
}

/** Whether a value is a nested list of numbers, by its first element. */
function isNumbers(value: unknown, depth = 0): boolean {
  if (!Array.isArray(value) || depth > deepest) return false;
  if (value.length === 0) return true;
  const [first] = value;
  const isElement = typeof first === 'number' || typeof first === 'boolean' || ArrayBuffer.isView(first);
  return isElement || isNumbers(first, depth + 1);
}

// The computation between a program's inputs and outputs: values, and what makes them of earlier ones. A node's elements lie in
// row-major order; a value is a view of them.

import type { Abstract, Combine, NdArray, OpEntry, ScanPath } from '@tapegrad/core/compiling';
import type { ScalarBody, ScalarType } from './scalar.ts';
import { keyOf, type View, wholeView } from './view.ts';

/** A view of a node's elements. */
export interface Value {
  readonly node: number;
  readonly view: View;
}

/** Where elements come from that no node makes: the i-th argument, state or feed, or a constant. */
export type Source =
  | { readonly from: 'argument' | 'state' | 'feed'; readonly index: number }
  | { readonly from: 'constant'; readonly array: NdArray };

/** A part of an assembled node: where its elements go. */
export interface Part {
  readonly value: Value;
  readonly into: View;
}

/** A node: its elements' shape and dtype, and what makes them. */
export type GraphNode = Abstract &
  (
    | { readonly kind: 'source'; readonly source: Source }
    /** Each element from those in its place: the operands' views have the node's shape. */
    | { readonly kind: 'map'; readonly operands: readonly Value[]; readonly body: ScalarBody; readonly result: number }
    /** Elements taken together over axes, which stay with length 1. */
    | { readonly kind: 'reduce'; readonly combine: Combine; readonly operand: Value; readonly axes: readonly number[] }
    | { readonly kind: 'position'; readonly which: 'max' | 'min'; readonly operand: Value; readonly axis: number }
    /** Matrices of the last two axes; the operands' views have the node's axes before them. */
    | { readonly kind: 'product'; readonly x: Value; readonly y: Value }
    /**
     * The positions that indices mean along an axis of `length`; `op` refuses those out of range. Along axes where the operand repeats itself
     * the node has length 1.
     */
    | {
        readonly kind: 'indices';
        readonly op: string;
        readonly operand: Value;
        readonly axis: number;
        readonly length: number;
      }
    /** The views of x (but for its axis) and of the positions have the node's shape. */
    | { readonly kind: 'gather'; readonly x: Value; readonly positions: Value; readonly axis: number }
    /**
     * For each place beside the axis, along the last one: where the list of the places begins that name the position, for each of so many
     * positions; then which place follows each place. −1 at an end.
     */
    | { readonly kind: 'lists'; readonly positions: Value; readonly axis: number; readonly length: number }
    /** x, and what the lists name of the updates; the view of the lists has the shape of the updates, but the axis last. */
    | {
        readonly kind: 'scatter';
        readonly x: Value;
        readonly lists: Value;
        readonly updates: Value;
        readonly axis: number;
      }
    /** Elements taken together up to each place; or, of two operands, x times the result before, plus y. Both have the node's shape. */
    | {
        readonly kind: 'scan';
        readonly combine: Combine | 'recurrence';
        readonly operands: readonly Value[];
        readonly path: ScanPath;
      }
    | { readonly kind: 'assemble'; readonly fill: number; readonly parts: readonly Part[]; readonly add: boolean }
    /** The op's own `forward`. */
    | { readonly kind: 'host'; readonly entry: OpEntry; readonly operands: readonly Value[]; readonly attrs: unknown }
  );

/** How loops see elements of a dtype. */
export const scalarTypes: { readonly [D in Abstract['dtype']]: ScalarType } = {
  float32: 'f32',
  float64: 'f64',
  int32: 'i32',
  bool: 'bool',
};

/** The nodes in the order in which they were added: each after its operands. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  /** The op that each node was added for. */
  readonly ops: (string | undefined)[] = [];
  /** The op that nodes are added for now. */
  op: string | undefined;
  private readonly wholes: Value[] = [];
  private readonly known: Map<string, number> = new Map();

  /** Adds a node. One that has a `key` is the earlier one with the same key, if there is one. */
  add(node: GraphNode, key?: string): Value {
    const earlier = key === undefined ? undefined : this.known.get(key);
    if (earlier !== undefined) return this.wholes[earlier]!;
    const at = this.nodes.push(node) - 1;
    this.ops.push(this.op);
    if (key !== undefined) this.known.set(key, at);
    const whole = { node: at, view: wholeView(node.shape) };
    this.wholes.push(whole);
    return whole;
  }

  of(x: Value): Abstract {
    return { shape: x.view.shape, dtype: this.nodes[x.node]!.dtype };
  }
}

/** Two values are the same elements where this is equal. */
export function valueKey({ node, view }: Value): string {
  return `${node}@${keyOf(view)}`;
}

/** The values that a node is made of. */
export function operandsOf(node: GraphNode): readonly Value[] {
  switch (node.kind) {
    case 'source':
      return [];
    case 'map':
    case 'scan':
    case 'host':
      return node.operands;
    case 'reduce':
    case 'position':
    case 'indices':
      return [node.operand];
    case 'gather':
      return [node.x, node.positions];
    case 'lists':
      return [node.positions];
    case 'scatter':
      return [node.x, node.lists, node.updates];
    case 'product':
      return [node.x, node.y];
    case 'assemble':
      return node.parts.map(({ value }) => value);
    default:
      return node satisfies never;
  }
}

const uniforms = new WeakMap<NdArray, { readonly value: number | undefined }>();

/** The one number that all elements of a constant are; undefined where they differ, or the node is no constant. */
export function uniformValue(node: GraphNode): number | undefined {
  if (node.kind !== 'source' || node.source.from !== 'constant') return undefined;
  const { array } = node.source;
  const known = uniforms.get(array) ?? { value: onlyValue(array) };
  uniforms.set(array, known);
  return known.value;
}

function onlyValue({ data, shape }: NdArray): number | undefined {
  const [first] = data;
  if (first === undefined || shape.includes(0)) return undefined;
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return undefined;
  return first;
}

// The nodes that become loops, as loops see them: axes of length 1 left out, so that [8, 1] and [8] are the same.

import type { Combine, Shape } from '@tapegrad/core/compiling';
import { rowMajorStrides, sizeOf } from '@tapegrad/core/compiling';
import type { Graph, Value } from '../graph.ts';
import { scalarTypes } from '../graph.ts';
import { ScalarBody } from '../scalar.ts';
import { isWhole, squeezed, type View } from '../view.ts';

/** A node that is one loop, before any are fused. */
export interface LoopNode {
  readonly node: number;
  readonly op: string | undefined;
  readonly space: Shape;
  readonly operands: readonly Value[];
  readonly body: ScalarBody;
  readonly result: number;
  /** How elements are taken together, of a reduction. */
  readonly combine: Combine | undefined;
  readonly reduced: readonly number[];
  /** Where the result goes in the node's own elements; strides are 0 along reduced axes. */
  readonly to: View;
}

/** The loop that a node is; undefined for a node of another kind. */
export function loopNodeOf(graph: Graph, at: number): LoopNode | undefined {
  const node = graph.nodes[at]!;
  if (node.kind === 'map') {
    const space = squeezed({ shape: node.shape, strides: rowMajorStrides(node.shape), offset: 0 });
    const operands = node.operands.map((x) => ({ node: x.node, view: squeezed(x.view) }));
    const { body, result } = node;
    return {
      node: at,
      op: graph.ops[at],
      space: space.shape,
      operands,
      body,
      result,
      combine: undefined,
      reduced: [],
      to: space,
    };
  }
  if (node.kind !== 'reduce') return undefined;
  const { operand, axes, combine } = node;
  const { shape } = operand.view;
  const body = new ScalarBody();
  const loaded = body.load(0, scalarTypes[graph.nodes[operand.node]!.dtype]);
  // the sum of float32 is taken in float64
  const type = runningType(combine, scalarTypes[node.dtype]);
  const result = body.convert(loaded, type);
  const kept = rowMajorStrides(node.shape).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const long = [...shape.keys()].filter((axis) => shape[axis] !== 1);
  return {
    node: at,
    op: graph.ops[at],
    space: long.map((axis) => shape[axis]!),
    operands: [{ node: operand.node, view: squeezed(operand.view) }],
    body,
    result,
    combine,
    reduced: long.flatMap((axis, i) => (axes.includes(axis) ? i : [])),
    to: squeezed({ shape, strides: kept, offset: 0 }),
  };
}

/** In what numbers elements are taken together into a result of this type. */
export function runningType(combine: Combine, result: 'f32' | 'f64' | 'i32' | 'bool'): 'f32' | 'f64' | 'i32' {
  if (result === 'bool') return 'i32';
  return result === 'f32' && (combine === 'sum' || combine === 'product') ? 'f64' : result;
}

/** Whether a loop reads in each place just what another one makes in that place. */
export function readsInPlace(reader: LoopNode, operand: Value, made: LoopNode): boolean {
  return (
    made.combine === undefined &&
    made.space.length === reader.space.length &&
    made.space.every((length, axis) => length === reader.space[axis]) &&
    isWhole(operand.view, sizeOf(made.space))
  );
}

// Nodes whose places depend on numbers, or on the places before them: of gathers, scatters and scans.

import {
  type Abstract,
  type Combine,
  type NdArray,
  positionsOf,
  type ScanPath,
  type Shape,
  wrap,
} from '@tapegrad/core/compiling';
import { type Graph, type Value, valueKey } from './graph.ts';
import { arrayOfView, broadcast, once } from './view.ts';

/** The value repeated to a shape. */
export function spread(x: Value, shape: Shape): Value {
  const view = broadcast(x.view, shape);
  return view === x.view ? x : { ...x, view };
}

function withLength(shape: Shape, axis: number, length: number): Shape {
  return shape.map((other, i) => (i === axis ? length : other));
}

/** The positions that a constant means, each of its elements once; undefined of another value. @throws TapegradError where `op` refuses one. */
export function knownPositions(
  { nodes }: Graph,
  op: string,
  { node, view }: Value,
  axis: number,
  length: number,
): NdArray | undefined {
  const made = nodes[node]!;
  if (made.kind !== 'source' || made.source.from !== 'constant') return undefined;
  const single = once(view);
  return wrap(positionsOf(op, arrayOfView(made.source.array.data, single), axis, length), single.shape);
}

/**
 * The positions that indices mean, each of them once. The op that comes first refuses what is out of range, so later ones need not look
 * again.
 */
export function addIndices(graph: Graph, op: string, operand: Value, axis: number, length: number): Value {
  const { shape } = once(operand.view);
  return graph.add(
    { kind: 'indices', shape, dtype: 'int32', op, operand, axis, length },
    `indices ${length} ${valueKey(operand)}`,
  );
}

/** At each place the element of x at the position there. */
export function addGather(graph: Graph, x: Value, positions: Value, axis: number): Value {
  const { shape: lengths, dtype } = graph.of(x);
  const shape = positions.view.shape.map((length, i) => (i === axis || length !== 1 ? length : lengths[i]!));
  const source = spread(x, withLength(shape, axis, lengths[axis]!));
  const places = spread(positions, shape);
  return graph.add(
    { kind: 'gather', shape, dtype, x: source, positions: places, axis },
    `gather ${axis} ${valueKey(source)} ${valueKey(places)}`,
  );
}

/** x with the updates added at the positions. */
export function addScatter(graph: Graph, x: Value, positions: Value, updates: Value, axis: number): Value {
  const { shape, dtype } = graph.of(x);
  const places = withLength(shape, axis, positions.view.shape[axis]!);
  const lists = addLists(graph, spread(positions, places), axis, shape[axis]!);
  const added = spread(updates, places);
  return graph.add(
    { kind: 'scatter', shape, dtype, x, lists, updates: added, axis },
    `scatter ${axis} ${valueKey(x)} ${valueKey(lists)} ${valueKey(added)}`,
  );
}

/** Which places name each position: lists for each place beside the axis, which is the last one then. */
function addLists(graph: Graph, positions: Value, axis: number, length: number): Value {
  const { shape } = positions.view;
  const single = { ...positions, view: once(positions.view, axis) };
  const along = (lengths: Shape): Shape => [...lengths.filter((_, i) => i !== axis), length + shape[axis]!];
  const lists = graph.add(
    { kind: 'lists', shape: along(single.view.shape), dtype: 'int32', positions: single, axis, length },
    `lists ${axis} ${length} ${valueKey(single)}`,
  );
  return spread(lists, along(shape));
}

/** Elements taken together along an axis. */
export function addScan(
  graph: Graph,
  combine: Combine | 'recurrence',
  values: readonly Value[],
  path: ScanPath,
  { shape, dtype }: Abstract,
): Value {
  const operands = values.map((x) => spread(x, shape));
  const { axis, reverse, exclusive } = path;
  return graph.add(
    { kind: 'scan', shape, dtype, combine, operands, path },
    `scan ${combine} ${axis} ${reverse} ${exclusive} ${dtype} ${operands.map(valueKey)}`,
  );
}

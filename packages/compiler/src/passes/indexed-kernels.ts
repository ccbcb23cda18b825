// Kernels whose places depend on numbers, or on the places before them: of gathers, scatters and scans.

import { rowMajorStrides, type Shape } from '@tapegrad/core/compiling';
import type { GraphNode, Value } from '../graph.ts';
import type { GatherKernel, IndicesKernel, ListsKernel, PlanAccess, ScanKernel, ScatterKernel } from '../plan.ts';
import { once } from '../view.ts';

type NodeOf<Kind extends GraphNode['kind']> = Extract<GraphNode, { kind: Kind }>;

function accessOf({ node, view: { strides, offset } }: Value): PlanAccess {
  return { buffer: node, strides, offset };
}

/** All elements of a node. */
function wholeOf(node: number, shape: Shape): PlanAccess {
  return { buffer: node, strides: rowMajorStrides(shape), offset: 0 };
}

export function indicesKernel({ op, operand, axis, length, shape }: NodeOf<'indices'>, at: number): IndicesKernel {
  const from = accessOf({ ...operand, view: once(operand.view) });
  const indices = { ...accessOf(operand), shape: operand.view.shape, dtype: 'int32' } as const;
  return { kind: 'indices', op, axis, length, indices, shape, from, to: wholeOf(at, shape) };
}

export function gatherKernel({ shape, axis, x, positions }: NodeOf<'gather'>, at: number): GatherKernel {
  return { kind: 'gather', shape, axis, x: accessOf(x), positions: accessOf(positions), to: wholeOf(at, shape) };
}

export function listsKernel({ shape, axis, length, positions }: NodeOf<'lists'>, at: number): ListsKernel {
  const last = <T>(list: readonly T[]): readonly T[] => [...list.filter((_, i) => i !== axis), list[axis]!];
  const { view } = positions;
  return {
    kind: 'lists',
    shape: last(view.shape),
    length,
    positions: { ...accessOf(positions), strides: last(view.strides) },
    to: wholeOf(at, shape),
  };
}

export function scatterKernel({ shape, axis, x, lists, updates }: NodeOf<'scatter'>, at: number): ScatterKernel {
  const { strides } = lists.view;
  return {
    kind: 'scatter',
    shape,
    axis,
    count: updates.view.shape[axis]!,
    x: accessOf(x),
    lists: { ...accessOf(lists), strides: [...strides.slice(0, axis), strides.at(-1)!, ...strides.slice(axis, -1)] },
    updates: accessOf(updates),
    to: wholeOf(at, shape),
  };
}

export function scanKernel({ shape, combine, operands, path }: NodeOf<'scan'>, at: number): ScanKernel {
  return { kind: 'scan', combine, path, shape, operands: operands.map(accessOf), to: wholeOf(at, shape) };
}

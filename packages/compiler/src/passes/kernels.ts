// From groups of loops, and the other nodes, to kernels. Buffers are still numbered as the nodes are.

import { rowMajorStrides, type Shape, sizeOf } from '@tapegrad/core/compiling';
import { type Graph, type GraphNode, operandsOf, scalarTypes, type Value } from '../graph.ts';
import type { LoopKernel, PlanAccess, PlanArray, PlanKernel } from '../plan.ts';
import { ScalarBody, type ScalarStep } from '../scalar.ts';
import { broadcast, keyOf, type View } from '../view.ts';
import type { LoopGroup } from './fuse.ts';
import { gatherKernel, indicesKernel, listsKernel, scanKernel, scatterKernel } from './indexed-kernels.ts';
import { type LoopNode, readsInPlace } from './loop-nodes.ts';

/** A kernel, and the nodes that it makes. */
export interface NodeKernel {
  readonly kernel: PlanKernel;
  readonly makes: readonly number[];
}

/** The kernels of the live nodes, in no certain order. */
export function kernelsOf(
  graph: Graph,
  live: Uint8Array,
  groups: readonly LoopGroup[],
  roots: readonly Value[],
): readonly NodeKernel[] {
  const places = new Map<number, Place>();
  for (const group of groups) for (const loop of group) places.set(loop.node, { group, loop });
  const stored = storedNodes(graph, live, places, roots);
  const loops = groups.map((group) => loopKernel(graph, group, stored));
  const others = graph.nodes.flatMap((node, at) =>
    live[at] === 1 && !places.has(at) ? otherKernels(graph, node, at) : [],
  );
  return [...loops, ...others];
}

/** A loop, and the group that it is in. */
interface Place {
  readonly group: LoopGroup;
  readonly loop: LoopNode;
}

/** The nodes that are used outside of the group that makes them. */
function storedNodes(
  graph: Graph,
  live: Uint8Array,
  places: ReadonlyMap<number, Place>,
  roots: readonly Value[],
): ReadonlySet<number> {
  const stored = new Set(roots.map(({ node }) => node));
  graph.nodes.forEach((node, at) => {
    if (live[at] === 0) return;
    const reader = places.get(at);
    for (const operand of reader?.loop.operands ?? operandsOf(node)) {
      const made = places.get(operand.node);
      const together = reader !== undefined && made?.group === reader.group;
      if (!together || !readsInPlace(reader.loop, operand, made.loop)) stored.add(operand.node);
    }
  });
  return stored;
}

function accessOf(node: number, { strides, offset }: View): PlanAccess {
  return { buffer: node, strides, offset };
}

/** One kernel of the loops of a group. */
function loopKernel(graph: Graph, group: LoopGroup, stored: ReadonlySet<number>): NodeKernel {
  const body = new ScalarBody();
  const loads: PlanAccess[] = [];
  const loadNumbers = new Map<string, number>();
  const stores: LoopKernel['stores'][number][] = [];
  const reductions: LoopKernel['reductions'][number][] = [];
  const made = new Map<number, { readonly loop: LoopNode; readonly step: number }>();
  const load = (operand: Value): number => {
    const key = `${operand.node} ${keyOf(operand.view)}`;
    const number = loadNumbers.get(key) ?? loads.push(accessOf(operand.node, operand.view)) - 1;
    loadNumbers.set(key, number);
    return body.load(number, scalarTypes[graph.nodes[operand.node]!.dtype]);
  };
  for (const loop of group) {
    const operands = loop.operands.map((operand) => {
      const other = made.get(operand.node);
      return other !== undefined && readsInPlace(loop, operand, other.loop) ? other.step : load(operand);
    });
    const step = copySteps(body, loop.body.steps, operands)[loop.result]!;
    made.set(loop.node, { loop, step });
    const to = accessOf(loop.node, loop.to);
    if (loop.combine !== undefined) reductions.push({ step, combine: loop.combine, to });
    else if (stored.has(loop.node)) stores.push({ step, to, add: false });
  }
  const [first] = group;
  const reduced = group.find(({ combine }) => combine !== undefined)?.reduced ?? [];
  const used = usedSteps(
    body.steps,
    [...stores, ...reductions].map(({ step }) => step),
  );
  const ops = group.flatMap(({ op }) => op ?? []);
  const kernel: LoopKernel = {
    kind: 'loop',
    ops,
    shape: first!.space,
    reduced,
    loads,
    body: body.steps,
    stores,
    reductions,
  };
  return { kernel: withoutUnused(kernel, used), makes: [...stores, ...reductions].map(({ to }) => to.buffer) };
}

/** Says the steps of one body in another, where its operands are the steps `operands`. Returns where each step is now. */
function copySteps(body: ScalarBody, steps: readonly ScalarStep[], operands: readonly number[]): readonly number[] {
  const places: number[] = [];
  for (const step of steps) {
    const args = step.args.map((arg) => places[arg]!);
    if (step.op === 'load') places.push(operands[step.operand]!);
    else if (step.op === 'constant') places.push(body.constant(step.value, step.type));
    else if (step.op === 'call') places.push(body.call(step.name, step.call, args));
    else places.push(body.apply(step.op, step.type, args));
  }
  return places;
}

function usedSteps(steps: readonly ScalarStep[], results: readonly number[]): Uint8Array {
  const used = new Uint8Array(steps.length);
  for (const step of results) used[step] = 1;
  for (let at = steps.length - 1; at >= 0; at--) {
    if (used[at] === 1) for (const arg of steps[at]!.args) used[arg] = 1;
  }
  return used;
}

/** The kernel without steps and loads that came to nothing, as others were simplified. */
function withoutUnused(kernel: LoopKernel, used: Uint8Array): LoopKernel {
  const loads: PlanAccess[] = [];
  const body: ScalarStep[] = [];
  const places: number[] = [];
  kernel.body.forEach((step, at) => {
    places.push(used[at] === 0 ? -1 : body.length);
    if (used[at] === 0) return;
    const args = step.args.map((arg) => places[arg]!);
    if (step.op !== 'load') body.push({ ...step, args });
    else body.push({ ...step, args, operand: loads.push(kernel.loads[step.operand]!) - 1 });
  });
  const moved = <T extends { readonly step: number }>(results: readonly T[]): readonly T[] =>
    results.map((result) => ({ ...result, step: places[result.step]! }));
  return { ...kernel, loads, body, stores: moved(kernel.stores), reductions: moved(kernel.reductions) };
}

/** The kernels of a node that is no loop. */
function otherKernels(graph: Graph, node: GraphNode, at: number): readonly NodeKernel[] {
  switch (node.kind) {
    case 'source':
      return [];
    case 'product':
      return [{ kernel: productKernel(node, at), makes: [at] }];
    case 'position':
      return [{ kernel: positionKernel(node, at), makes: [at] }];
    case 'indices':
      return [{ kernel: indicesKernel(node, at), makes: [at] }];
    case 'gather':
      return [{ kernel: gatherKernel(node, at), makes: [at] }];
    case 'lists':
      return [{ kernel: listsKernel(node, at), makes: [at] }];
    case 'scatter':
      return [{ kernel: scatterKernel(node, at), makes: [at] }];
    case 'scan':
      return [{ kernel: scanKernel(node, at), makes: [at] }];
    case 'assemble':
      return assembleKernels(graph, node, at);
    case 'host': {
      const { entry, attrs, shape, dtype } = node;
      const operands = node.operands.map((operand) => arrayOf(graph, operand));
      const to = { buffer: at, strides: rowMajorStrides(shape), offset: 0, shape, dtype };
      return [{ kernel: { kind: 'host', entry, attrs, operands, to }, makes: [at] }];
    }
    default:
      throw new Error(`internal: a ${node.kind} in no loop`);
  }
}

/** A value as an array of a buffer. */
export function arrayOf(graph: Graph, { node, view }: Value): PlanArray {
  return { ...accessOf(node, view), shape: view.shape, dtype: graph.nodes[node]!.dtype };
}

function productKernel(node: Extract<GraphNode, { kind: 'product' }>, at: number): PlanKernel {
  const { shape, dtype, x, y } = node;
  const [m, n] = shape.slice(-2) as [number, number];
  return {
    kind: 'product',
    type: dtype === 'float64' ? 'f64' : 'f32',
    batch: shape.slice(0, -2),
    m,
    n,
    k: x.view.shape.at(-1)!,
    x: accessOf(x.node, x.view),
    y: accessOf(y.node, y.view),
    to: { buffer: at, strides: rowMajorStrides(shape), offset: 0 },
  };
}

function positionKernel(node: Extract<GraphNode, { kind: 'position' }>, at: number): PlanKernel {
  const { which, operand, axis, shape } = node;
  const last = <T>(list: readonly T[]): readonly T[] => [...list.filter((_, i) => i !== axis), list[axis]!];
  return {
    kind: 'position',
    which,
    shape: last(operand.view.shape),
    from: { buffer: operand.node, strides: last(operand.view.strides), offset: operand.view.offset },
    to: { buffer: at, strides: last(rowMajorStrides(shape)), offset: 0 },
  };
}

/** A loop that fills, where the parts leave gaps or are added up; and one for each part. */
function assembleKernels(
  graph: Graph,
  node: Extract<GraphNode, { kind: 'assemble' }>,
  at: number,
): readonly NodeKernel[] {
  const { shape, dtype, fill, parts, add } = node;
  const type = scalarTypes[dtype];
  const covered = parts.reduce((total, { into }) => total + sizeOf(into.shape), 0);
  const kernels: NodeKernel[] = [];
  if (add || covered < sizeOf(shape)) {
    const body = new ScalarBody();
    const step = body.constant(fill, type);
    const to = { buffer: at, strides: rowMajorStrides(shape), offset: 0 };
    kernels.push({ kernel: storing('fill', shape, [], body.steps, step, to, false), makes: [at] });
  }
  for (const { value, into } of parts) {
    const body = new ScalarBody();
    const step = body.convert(body.load(0, scalarTypes[graph.nodes[value.node]!.dtype]), type);
    const from = accessOf(value.node, broadcast(value.view, into.shape));
    kernels.push({
      kernel: storing(graph.ops[at] ?? 'copy', into.shape, [from], body.steps, step, accessOf(at, into), add),
      makes: [at],
    });
  }
  return kernels;
}

function storing(
  op: string,
  shape: Shape,
  loads: readonly PlanAccess[],
  body: readonly ScalarStep[],
  step: number,
  to: PlanAccess,
  add: boolean,
): LoopKernel {
  return { kind: 'loop', ops: [op], shape, reduced: [], loads, body, stores: [{ step, to, add }], reductions: [] };
}

/** A kernel that copies a node's elements into another buffer. */
export function copyKernel(graph: Graph, from: number, to: number): LoopKernel {
  const { shape, dtype } = graph.nodes[from]!;
  const strides = rowMajorStrides(shape);
  const body = new ScalarBody();
  const step = body.load(0, scalarTypes[dtype]);
  return storing(
    'copy',
    shape,
    [{ buffer: from, strides, offset: 0 }],
    body.steps,
    step,
    { buffer: to, strides, offset: 0 },
    false,
  );
}

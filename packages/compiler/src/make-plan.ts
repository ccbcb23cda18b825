// From a trace to a plan: the passes in their order.

import { TapegradError } from '@tapegrad/core';
import { showShape, sizeOf } from '@tapegrad/core/compiling';
import { type Graph, scalarTypes, type Value } from './graph.ts';
import { liveNodes } from './passes/dead-code.ts';
import { withEpilogues } from './passes/epilogues.ts';
import { fusedLoops } from './passes/fuse.ts';
import { arrayOf, kernelsOf } from './passes/kernels.ts';
import { type Replaced, scheduled } from './passes/schedule.ts';
import { inTwoStages } from './passes/two-stages.ts';
import type { LoopKernel, Plan, PlanAccess, PlanBuffer, PlanKernel } from './plan.ts';
import type { GraphTracer } from './trace.ts';

/** The plan of what was traced. `results` are the values that a run gives, each a node of its own. */
export function makePlan(tracer: GraphTracer, results: readonly Value[]): Plan {
  const { graph, states, feeds, argumentNames } = tracer;
  const assigned = states.flatMap(({ before, after }) =>
    after === undefined ? [] : [{ before, after: tracer.copied(after) }],
  );
  const replaced: readonly Replaced[] = assigned.map(({ before, after }) => ({
    before: before.node,
    after: after.node,
  }));
  const overwritten = new Set(replaced.map(({ before }) => before));
  // what is given must not be what is written over
  const outputs = results.map((value) =>
    overwritten.has(value.node) ? tracer.copied(value) : tracer.materialized(value),
  );
  const roots = [...outputs, ...assigned.map(({ after }) => after)];
  const live = liveNodes(graph, roots);
  const groups = fusedLoops(graph, live, roots);
  const schedule = scheduled(graph, kernelsOf(graph, live, groups, roots), replaced);

  const numbers = new Map<number, number>();
  const buffers: PlanBuffer[] = [];
  const bufferOf = (node: number): number => {
    const at = schedule.inPlace.get(node) ?? node;
    const number = numbers.get(at) ?? buffers.push(named(bufferFor(graph, at))) - 1;
    numbers.set(at, number);
    return number;
  };
  const named = (buffer: PlanBuffer): PlanBuffer => {
    const { holds } = buffer;
    if (holds.kind === 'argument') return { ...buffer, name: argumentNames[holds.index] };
    return holds.kind === 'state' ? { ...buffer, name: states[holds.index]!.parameter.name } : buffer;
  };
  const renamed = <A extends PlanAccess>(access: A): A => ({ ...access, buffer: bufferOf(access.buffer) });
  const needed = new Set(outputs.map(({ node }) => node));
  const kernels = withEpilogues(graph, schedule, needed).map((kernel) => renameBuffers(kernel, renamed));
  for (const kernel of kernels) if (kernel.kind === 'loop') requireCountable(kernel);
  const outputArrays = outputs.map((value) => renamed(arrayOf(graph, value)));
  const used = (node: number): number => numbers.get(node) ?? -1;
  const sources = (from: 'argument' | 'feed', count: number): number[] => {
    const found = Array<number>(count).fill(-1);
    graph.nodes.forEach((node, at) => {
      if (node.kind === 'source' && node.source.from === from) found[node.source.index] = used(at);
    });
    return found;
  };
  return inTwoStages({
    buffers,
    kernels,
    outputs: outputArrays,
    argumentBuffers: sources('argument', argumentNames.length),
    stateBuffers: states.map(({ before }) => used(before.node)),
    feedBuffers: sources('feed', feeds.length),
  });
}

/** The most elements that the counters of a loop hold. */
const mostElements = 2 ** 31 - 1;

/** @throws TapegradError for a loop over more elements, which only a tensor that repeats itself can have. */
function requireCountable({ shape }: LoopKernel): void {
  if (sizeOf(shape) <= mostElements) return;
  throw new TapegradError(
    'compile',
    `a loop goes over ${showShape(shape)}, ${sizeOf(shape)} elements. Expected at most ${mostElements}: use smaller shapes.`,
  );
}

function bufferFor(graph: Graph, at: number): PlanBuffer {
  const node = graph.nodes[at]!;
  const [type, length] = [scalarTypes[node.dtype], sizeOf(node.shape)];
  if (node.kind !== 'source') return { type, length, holds: { kind: 'work' } };
  const { source } = node;
  if (source.from === 'constant') return { type, length, holds: { kind: 'constant', array: source.array } };
  return { type, length, holds: { kind: source.from, index: source.index } };
}

function renameBuffers(kernel: PlanKernel, renamed: <A extends PlanAccess>(access: A) => A): PlanKernel {
  const moved = <R extends { readonly to: PlanAccess }>(results: readonly R[]): readonly R[] =>
    results.map((result) => ({ ...result, to: renamed(result.to) }));
  const loop = (kernel: LoopKernel): LoopKernel => ({
    ...kernel,
    loads: kernel.loads.map(renamed),
    stores: moved(kernel.stores),
    reductions: moved(kernel.reductions),
  });
  switch (kernel.kind) {
    case 'loop':
      return loop(kernel);
    case 'product': {
      const { x, y, to, epilogue } = kernel;
      const product = { ...kernel, x: renamed(x), y: renamed(y), to: renamed(to) };
      return epilogue === undefined ? product : { ...product, epilogue: loop(epilogue) };
    }
    case 'position':
      return { ...kernel, from: renamed(kernel.from), to: renamed(kernel.to) };
    case 'indices':
      return {
        ...kernel,
        indices: renamed(kernel.indices),
        from: renamed(kernel.from),
        to: renamed(kernel.to),
      };
    case 'gather':
      return { ...kernel, x: renamed(kernel.x), positions: renamed(kernel.positions), to: renamed(kernel.to) };
    case 'lists':
      return { ...kernel, positions: renamed(kernel.positions), to: renamed(kernel.to) };
    case 'scatter':
      return {
        ...kernel,
        x: renamed(kernel.x),
        lists: renamed(kernel.lists),
        updates: renamed(kernel.updates),
        to: renamed(kernel.to),
      };
    case 'scan':
      return { ...kernel, operands: kernel.operands.map(renamed), to: renamed(kernel.to) };
    case 'host':
      return { ...kernel, operands: kernel.operands.map(renamed), to: renamed(kernel.to) };
    default:
      return kernel satisfies never;
  }
}

// Large reductions in two stages: of parts, which threads can do at the same time, and of what came of these.

import { rowMajorStrides, sizeOf } from '@tapegrad/core/compiling';
import type { LoopKernel, Plan, PlanAccess, PlanBuffer, PlanKernel } from '../plan.ts';
import type { ScalarStep } from '../scalar.ts';
import { runningType } from './loop-nodes.ts';

/** Shorter loops are done before another thread has begun. */
const leastElements = 1 << 16;

/** Results in so many places are divided by place. */
const fewPlaces = 64;

/** So many parts are enough for threads to end together; fewer where the length has no such divisor. */
const mostParts = 32;

/**
 * The plan in which loops that take many elements together to few results do so part by part, whatever the number of threads: results are
 * the same bits for any.
 */
export function inTwoStages(plan: Plan): Plan {
  const buffers = [...plan.buffers];
  const kernels = plan.kernels.flatMap((kernel): readonly PlanKernel[] => {
    const parts = kernel.kind === 'loop' ? partsOf(kernel) : 1;
    return kernel.kind === 'loop' && parts > 1 ? stages(kernel, parts, buffers) : [kernel];
  });
  return { ...plan, buffers, kernels };
}

/** Into how many parts the first axis is divided along which elements are taken together; 1 to leave the loop as it is. */
function partsOf({ shape, reduced, reductions, body }: LoopKernel): number {
  const [axis] = reduced;
  if (axis === undefined || reductions.length === 0 || sizeOf(shape) < leastElements) return 1;
  if (sizeOf(placesOf(shape, reduced)) >= fewPlaces || body.some(({ op }) => op === 'call')) return 1;
  for (let parts = mostParts; parts > 1; parts--) if (shape[axis]! % parts === 0) return parts;
  return 1;
}

function placesOf(shape: readonly number[], reduced: readonly number[]): readonly number[] {
  return shape.filter((_, axis) => !reduced.includes(axis));
}

function stages(kernel: LoopKernel, parts: number, buffers: PlanBuffer[]): readonly [LoopKernel, LoopKernel] {
  const { shape, reduced, loads, stores, reductions } = kernel;
  const [axis] = reduced as [number];
  const places = placesOf(shape, reduced);
  const size = sizeOf(places);
  const length = shape[axis]! / parts;
  // the parts are an axis of their own, in front of all others
  const divided = <A extends PlanAccess>(access: A): A => ({
    ...access,
    strides: [access.strides[axis]! * length, ...access.strides],
  });
  const partial = reductions.map(({ combine, to }): PlanAccess => {
    const type = runningType(combine, buffers[to.buffer]!.type);
    const buffer = buffers.push({ type, length: parts * size, holds: { kind: 'work' } }) - 1;
    const along = rowMajorStrides(places);
    let place = 0;
    const strides = shape.map((_, at) => (reduced.includes(at) ? 0 : along[place++]!));
    return { buffer, strides: [size, ...strides], offset: 0 };
  });
  const first: LoopKernel = {
    ...kernel,
    shape: [parts, ...shape.map((each, at) => (at === axis ? length : each))],
    reduced: reduced.map((at) => at + 1),
    loads: loads.map(divided),
    stores: stores.map((store) => ({ ...store, to: divided(store.to) })),
    reductions: reductions.map((reduction, i) => ({ ...reduction, to: partial[i]! })),
  };
  const kept = <A extends PlanAccess>({ strides, ...access }: A, ahead: number): PlanAccess => ({
    ...access,
    strides: [ahead, ...strides.filter((_, at) => !reduced.includes(at))],
  });
  const second: LoopKernel = {
    kind: 'loop',
    ops: reductions.map(({ combine }) => combine),
    shape: [parts, ...places],
    reduced: [0],
    loads: partial.map((access) => kept({ ...access, strides: access.strides.slice(1) }, size)),
    body: partial.map(
      ({ buffer }, operand): ScalarStep => ({ op: 'load', type: buffers[buffer]!.type, args: [], operand }),
    ),
    stores: [],
    reductions: reductions.map(({ combine, to }, step) => ({ combine, step, to: kept(to, 0) })),
  };
  return [first, second];
}

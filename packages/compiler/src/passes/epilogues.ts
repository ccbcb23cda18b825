// What is done with the elements of a product becomes part of it: bias, activation, the update of a weight by its gradient.

import { sizeOf } from '@tapegrad/core/compiling';
import { type Graph, scalarTypes } from '../graph.ts';
import { type LoopKernel, type PlanAccess, type PlanKernel, type ProductKernel, readsOf, writesOf } from '../plan.ts';
import type { Schedule } from './schedule.ts';

/**
 * The kernels of a schedule, in which loops that read the elements of a product in place are its epilogues: each thread does
 * them for the elements that it made, without waiting for the others. A product that nothing else needs is written where its epilogue
 * writes. Buffers are still numbered as the nodes are; `needed` are those whose values a run gives.
 */
export function withEpilogues(graph: Graph, schedule: Schedule, needed: ReadonlySet<number>): readonly PlanKernel[] {
  const { inPlace } = schedule;
  const kernels = schedule.kernels.map(({ kernel }) => kernel);
  const placesOf = (nodes: readonly number[]): readonly number[] => nodes.map((node) => inPlace.get(node) ?? node);
  const isWork = (node: number): boolean => graph.nodes[node]!.kind !== 'source' && !inPlace.has(node);
  for (let at = 0; at < kernels.length; at++) {
    const product = kernels[at]!;
    if (product.kind !== 'product' || product.epilogue !== undefined || sizeOf(product.batch) !== 1) continue;
    const { to, x, y } = product;
    const reader = kernels.findIndex(
      (kernel, later) => later > at && [...readsOf(kernel), ...writesOf(kernel)].includes(to.buffer),
    );
    const loop = kernels[reader];
    if (loop?.kind !== 'loop' || !isEpilogue(loop, product)) continue;
    // the product is made later, and in parts: its operands must be what they are until all of it is done
    const written = placesOf(kernels.slice(at + 1, reader + 1).flatMap(writesOf));
    if (placesOf([x.buffer, y.buffer]).some((operand) => written.includes(operand))) continue;
    const others = kernels.filter((kernel) => kernel !== product && kernel !== loop);
    const isTemporary =
      isWork(to.buffer) && !needed.has(to.buffer) && !others.some((kernel) => readsOf(kernel).includes(to.buffer));
    const result = isTemporary
      ? loop.stores.find(
          ({ to: { buffer, ...access }, add }) =>
            !add &&
            isWork(buffer) &&
            buffer !== to.buffer &&
            scalarTypes[graph.nodes[buffer]!.dtype] === product.type &&
            sizeOf(graph.nodes[buffer]!.shape) === product.m * product.n &&
            isWhole(access, product.n) &&
            !others.some((kernel) => writesOf(kernel).includes(buffer)),
        )
      : undefined;
    kernels[reader] =
      result === undefined ? { ...product, epilogue: loop } : inOnePlace(product, loop, result.to.buffer);
    kernels.splice(at, 1);
    at--;
  }
  return kernels;
}

function isEpilogue({ shape, loads, stores, reductions, body }: LoopKernel, { to, m, n }: ProductKernel): boolean {
  if (m === 1 || n === 1 || shape.length !== 2 || shape[0] !== m || shape[1] !== n) return false;
  // what JavaScript computes is not divided
  if (reductions.length > 0 || body.some(({ op }) => op === 'call')) return false;
  return [...loads, ...stores.map((store) => store.to)].every(
    (access) => access.buffer !== to.buffer || isWhole(access, n),
  );
}

/** Whether an access is to the elements of a matrix of so many columns, one after another. */
function isWhole({ strides, offset }: Omit<PlanAccess, 'buffer'>, columns: number): boolean {
  return offset === 0 && strides[0] === columns && strides[1] === 1;
}

/** The product and its epilogue, both in one buffer. */
function inOnePlace(product: ProductKernel, loop: LoopKernel, buffer: number): ProductKernel {
  const loads = loop.loads.map((load) => (load.buffer === product.to.buffer ? { ...load, buffer } : load));
  return { ...product, to: { ...product.to, buffer }, epilogue: { ...loop, loads } };
}

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
  const touched = new Map<PlanKernel, Touched>(kernels.map((kernel) => [kernel, touchedBy(kernel)]));
  const isWork = (node: number): boolean => graph.nodes[node]!.kind !== 'source' && !inPlace.has(node);
  const isTouched = (nodes: 'reads' | 'writes', node: number, but: readonly PlanKernel[]): boolean =>
    kernels.some((kernel) => !but.includes(kernel) && touched.get(kernel)![nodes].has(node));

  /** Where the loop writes an array that can hold the product until then, if nothing else needs that. */
  const placeFor = (product: ProductKernel, loop: LoopKernel): number | undefined => {
    const { buffer } = product.to;
    if (!isWork(buffer) || needed.has(buffer) || isTouched('reads', buffer, [loop])) return undefined;
    const result = loop.stores.find(({ to, add }) => {
      const { dtype, shape } = graph.nodes[to.buffer]!;
      const isAlike = scalarTypes[dtype] === product.type && sizeOf(shape) === product.m * product.n;
      return isAlike && !add && isWhole(to, product.n) && isWork(to.buffer) && !isTouched('writes', to.buffer, [loop]);
    });
    return result?.to.buffer;
  };

  for (let at = 0; at < kernels.length; at++) {
    const product = kernels[at]!;
    if (product.kind !== 'product' || product.epilogue !== undefined || sizeOf(product.batch) !== 1) continue;
    const { to, x, y } = product;
    const reader = kernels.findIndex((kernel, later) => {
      const { reads, writes } = touched.get(kernel)!;
      return later > at && (reads.has(to.buffer) || writes.has(to.buffer));
    });
    const loop = kernels[reader];
    if (loop?.kind !== 'loop' || !isEpilogue(loop, product)) continue;
    // the product is made later, and in parts: its operands must be what they are until all of it is done
    const written = placesOf(kernels.slice(at + 1, reader + 1).flatMap(writesOf));
    if (placesOf([x.buffer, y.buffer]).some((operand) => written.includes(operand))) continue;
    const place = placeFor(product, loop);
    const joined = place === undefined ? { ...product, epilogue: loop } : inOnePlace(product, loop, place);
    touched.set(joined, touchedBy(joined));
    kernels[reader] = joined;
    kernels.splice(at--, 1);
  }
  return kernels;
}

interface Touched {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

function touchedBy(kernel: PlanKernel): Touched {
  return { reads: new Set(readsOf(kernel)), writes: new Set(writesOf(kernel)) };
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

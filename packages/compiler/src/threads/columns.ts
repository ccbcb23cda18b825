// Which kernels are divided by columns, so that each thread updates the part of a weight that it will read: what another thread changed must
// come over from its cache, which takes longer than most else that is done with it.

import { sizeOf } from '@tapegrad/core/compiling';
import { type Plan, type PlanKernel, type ProductKernel, readsOf, writesOf } from '../plan.ts';

/** Narrower matrices have too few columns to be divided, at 16 for a line of the cache. */
const fewestColumns = 64;

/**
 * The kernels that are divided by columns: products with a weight matrix on the right, element-wise updates of these weights, and products that
 * make their gradients. Each thread then reads all of the left matrix: not where that is much larger than what stays at its place.
 */
export function columnKernels({ buffers, kernels }: Plan): ReadonlySet<number> {
  const found = new Set<number>();
  const mark = (wanted: (kernel: PlanKernel) => boolean): void => {
    kernels.forEach((kernel, number) => {
      if (wanted(kernel)) found.add(number);
    });
  };
  const marked = (kind: PlanKernel['kind']): readonly PlanKernel[] =>
    kernels.filter((kernel, number) => kernel.kind === kind && found.has(number));
  mark(
    (kernel) =>
      isWide(kernel) &&
      2 * kernel.n >= kernel.m &&
      buffers[kernel.y.buffer]!.holds.kind === 'state' &&
      !isTurned(kernel),
  );
  const weights = new Set(marked('product').map((kernel) => (kernel as ProductKernel).y.buffer));
  const updates = (kernel: PlanKernel | undefined): boolean =>
    kernel !== undefined && writesOf(kernel).some((buffer) => weights.has(buffer));
  mark(
    (kernel) =>
      kernel.kind === 'loop' &&
      kernel.reductions.length === 0 &&
      kernel.shape.length === 2 &&
      kernel.shape[1]! >= fewestColumns &&
      updates(kernel),
  );
  const gradients = new Set(marked('loop').flatMap(readsOf));
  mark(
    (kernel) =>
      isWide(kernel) && 2 * kernel.n >= kernel.k && (gradients.has(kernel.to.buffer) || updates(kernel.epilogue)),
  );
  return found;
}

function isWide(kernel: PlanKernel): kernel is ProductKernel {
  return kernel.kind === 'product' && sizeOf(kernel.batch) === 1 && kernel.n >= fewestColumns;
}

/** Whether the columns of the right matrix are rows where they lie. */
function isTurned({ y }: ProductKernel): boolean {
  return y.strides.at(-1) !== 1;
}

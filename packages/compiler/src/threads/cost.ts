// What kernels cost, roughly: enough to know which of them are worth a meeting of threads.

import { type Shape, sizeOf } from '@tapegrad/core/compiling';
import type { PlanAccess, PlanKernel } from '../plan.ts';
import { isCheap } from '../scalar.ts';

/** A step of a loop that costs as much as this many simple ones. */
const costlySteps = 6;

/** Of float32, on one core of about 3 GHz. */
const [flopsPerNanosecond, stepsPerNanosecond] = [40, 12];

/** The time that a kernel takes on one core, in nanoseconds; not of one that JavaScript computes. */
export function costOf(kernel: PlanKernel): number {
  switch (kernel.kind) {
    case 'product': {
      const { type, batch, m, n, k, epilogue } = kernel;
      const width = type === 'f64' ? 2 : 1;
      const after = epilogue === undefined ? 0 : costOf(epilogue);
      return (2 * width * sizeOf(batch) * m * n * k) / flopsPerNanosecond + after;
    }
    case 'loop': {
      const { shape, loads, stores, reductions, body } = kernel;
      const steps = body.reduce((total, step) => total + (isCheap(step) ? 1 : costlySteps), 0);
      return (sizeOf(shape) * (loads.length + stores.length + reductions.length + steps)) / stepsPerNanosecond;
    }
    case 'position':
      return sizeOf(kernel.shape);
    case 'gather':
      return places(kernel.shape, kernel.positions) + (2 * sizeOf(kernel.shape)) / stepsPerNanosecond;
    case 'scatter':
      return places(kernel.shape, kernel.lists) + (3 * sizeOf(kernel.shape)) / stepsPerNanosecond;
    case 'scan':
      return sizeOf(kernel.shape) / 2;
    case 'indices':
    case 'lists':
    case 'host':
      return 0;
    default:
      return kernel satisfies never;
  }
}

/** How many numbers are looked up, each in about a nanosecond. */
function places(shape: Shape, { strides }: PlanAccess): number {
  return sizeOf(shape.filter((_, axis) => strides[axis] !== 0));
}

/** Whether parts of a kernel can be done by workers: they have no functions of JavaScript. */
export function canDivide(kernel: PlanKernel): boolean {
  const { kind } = kernel;
  if (kind === 'host' || kind === 'indices' || kind === 'lists') return false;
  return !(kind === 'loop' && kernel.body.some(({ op }) => op === 'call'));
}

// The plan of a program: buffers, and the kernels that fill them one after another. Plain data, which knows of no machine; a target
// makes a program of it.

import type { Abstract, Combine, NdArray, OpEntry, Shape } from '@tapegrad/core/compiling';
import type { ScalarStep, ScalarType } from './scalar.ts';

/** Where elements are kept. */
export interface PlanBuffer {
  /** The name of an argument or a parameter. */
  readonly name?: string | undefined;
  readonly type: ScalarType;
  /** How many elements. */
  readonly length: number;
  /** What it holds: the i-th argument, state or feed, a constant, or what kernels make. */
  readonly holds:
    | { readonly kind: 'argument' | 'state' | 'feed'; readonly index: number }
    | { readonly kind: 'constant'; readonly array: NdArray }
    | { readonly kind: 'work' };
}

/** Elements of a buffer: a stride for each axis, counted in elements. */
export interface PlanAccess {
  readonly buffer: number;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** An access with its shape and dtype: an array. */
export interface PlanArray extends PlanAccess, Abstract {}

/** Where a step of a loop's body is written to. */
export interface PlanStore {
  readonly step: number;
  readonly to: PlanAccess;
  /** Whether it is added to what is there. */
  readonly add: boolean;
}

/** What a step of a loop's body is taken together to, along the reduced axes. */
export interface PlanReduction {
  readonly step: number;
  readonly combine: Combine;
  /** Its strides are 0 along the reduced axes. */
  readonly to: PlanAccess;
}

/** A nest of loops: for each element of a shape, loads, steps, stores. */
export interface LoopKernel {
  readonly kind: 'loop';
  /** The ops that it does, in order. */
  readonly ops: readonly string[];
  readonly shape: Shape;
  readonly reduced: readonly number[];
  readonly loads: readonly PlanAccess[];
  readonly body: readonly ScalarStep[];
  readonly stores: readonly PlanStore[];
  readonly reductions: readonly PlanReduction[];
}

/** Products of matrices x [m, k] · y [k, n], one for each place along the batch axes. */
export interface ProductKernel {
  readonly kind: 'product';
  readonly type: 'f32' | 'f64';
  readonly batch: Shape;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x: PlanAccess;
  readonly y: PlanAccess;
  readonly to: PlanAccess;
}

/** The position of the largest or smallest element along the last axis of `from`, for each place along the others. */
export interface PositionKernel {
  readonly kind: 'position';
  readonly which: 'max' | 'min';
  readonly shape: Shape;
  readonly from: PlanAccess;
  readonly to: PlanAccess;
}

/** An op that JavaScript computes, on the program's memory. */
export interface HostKernel {
  readonly kind: 'host';
  readonly entry: OpEntry;
  readonly attrs: unknown;
  readonly operands: readonly PlanArray[];
  readonly to: PlanArray;
}

export type PlanKernel = LoopKernel | ProductKernel | PositionKernel | HostKernel;

/** A program. */
export interface Plan {
  readonly buffers: readonly PlanBuffer[];
  /** In the order in which they run. */
  readonly kernels: readonly PlanKernel[];
  /** The arrays that a run gives, each in a buffer as a whole. */
  readonly outputs: readonly PlanArray[];
  /** The buffer of each argument, state and feed; -1 where it is not used. */
  readonly argumentBuffers: readonly number[];
  readonly stateBuffers: readonly number[];
  readonly feedBuffers: readonly number[];
}

/** The buffers that a kernel reads. */
export function readsOf(kernel: PlanKernel): readonly number[] {
  switch (kernel.kind) {
    case 'loop':
      return [
        ...kernel.loads.map(({ buffer }) => buffer),
        ...kernel.stores.flatMap(({ add, to }) => (add ? to.buffer : [])),
      ];
    case 'product':
      return [kernel.x.buffer, kernel.y.buffer];
    case 'position':
      return [kernel.from.buffer];
    case 'host':
      return kernel.operands.map(({ buffer }) => buffer);
    default:
      return kernel satisfies never;
  }
}

/** The buffers that a kernel writes. */
export function writesOf(kernel: PlanKernel): readonly number[] {
  if (kernel.kind !== 'loop') return [kernel.to.buffer];
  return [...kernel.stores, ...kernel.reductions].map(({ to }) => to.buffer);
}

// The plan of a program: buffers, and the kernels that fill them one after another. Plain data, which knows of no machine; a target
// makes a program of it.

import type { Abstract, Combine, NdArray, OpEntry, ScanPath, Shape } from '@tapegrad/core/compiling';
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

/**
 * Products of matrices x [m, k] · y [k, n], one for each place along the batch axes. Of one product, what is then done with its elements in
 * place: a loop over [m, n] without reductions, which reads them where they are.
 */
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
  readonly epilogue?: LoopKernel;
}

/** The position of the largest or smallest element along the last axis of `from`, for each place along the others. */
export interface PositionKernel {
  readonly kind: 'position';
  readonly which: 'max' | 'min';
  readonly shape: Shape;
  readonly from: PlanAccess;
  readonly to: PlanAccess;
}

/**
 * The positions that indices mean along an axis of `length`: negative ones count from the end. Where one is out of range JavaScript is called,
 * which refuses it.
 */
export interface IndicesKernel {
  readonly kind: 'indices';
  readonly op: string;
  readonly axis: number;
  readonly length: number;
  /** All of the indices, also where they repeat themselves. */
  readonly indices: PlanArray;
  /** Each of them once. */
  readonly shape: Shape;
  readonly from: PlanAccess;
  readonly to: PlanAccess;
}

/** For each place of a shape the element of `x` there, but along the axis at its position. */
export interface GatherKernel {
  readonly kind: 'gather';
  readonly shape: Shape;
  readonly axis: number;
  readonly x: PlanAccess;
  readonly positions: PlanAccess;
  readonly to: PlanAccess;
}

/**
 * Which places name each position, along the last axis of `shape`; for each place along the others. First, for each of `length` positions,
 * the first place; then the place that follows each place; −1 where there is none. A list goes upward.
 */
export interface ListsKernel {
  readonly kind: 'lists';
  readonly shape: Shape;
  readonly length: number;
  readonly positions: PlanAccess;
  readonly to: PlanAccess;
}

/** For each place of a shape the element of `x` there, and those of `updates` (at most `count` along the axis) that the lists name. */
export interface ScatterKernel {
  readonly kind: 'scatter';
  readonly shape: Shape;
  readonly axis: number;
  readonly count: number;
  readonly x: PlanAccess;
  readonly lists: PlanAccess;
  readonly updates: PlanAccess;
  readonly to: PlanAccess;
}

/** Elements taken together up to each place along an axis; of `recurrence` the first operand times the result before, plus the second. */
export interface ScanKernel {
  readonly kind: 'scan';
  readonly combine: Combine | 'recurrence';
  readonly path: ScanPath;
  readonly shape: Shape;
  readonly operands: readonly PlanAccess[];
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

export type PlanKernel =
  | LoopKernel
  | ProductKernel
  | PositionKernel
  | IndicesKernel
  | GatherKernel
  | ListsKernel
  | ScatterKernel
  | ScanKernel
  | HostKernel;

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
    case 'product': {
      const { x, y, to, epilogue } = kernel;
      const others = epilogue === undefined ? [] : readsOf(epilogue).filter((buffer) => buffer !== to.buffer);
      return [x.buffer, y.buffer, ...others];
    }
    case 'position':
    case 'indices':
      return [kernel.from.buffer];
    case 'gather':
      return [kernel.x.buffer, kernel.positions.buffer];
    case 'lists':
      return [kernel.positions.buffer];
    case 'scatter':
      return [kernel.x.buffer, kernel.lists.buffer, kernel.updates.buffer];
    case 'scan':
    case 'host':
      return kernel.operands.map(({ buffer }) => buffer);
    default:
      return kernel satisfies never;
  }
}

/** The buffers that a kernel writes. */
export function writesOf(kernel: PlanKernel): readonly number[] {
  if (kernel.kind === 'product' && kernel.epilogue !== undefined) {
    return [...new Set([kernel.to.buffer, ...writesOf(kernel.epilogue)])];
  }
  if (kernel.kind !== 'loop') return [kernel.to.buffer];
  return [...kernel.stores, ...kernel.reductions].map(({ to }) => to.buffer);
}

// What a loop nest is said by: where elements are read and written, and what is done with four of them.

import type { Steps } from '../assembler/steps.ts';
import type { ElementType, Quad } from './quad.ts';
import type { CombineName } from './reduction.ts';

/** Where elements lie: the address of the first one, and the bytes from one to the next along each axis. */
export interface LoopAccess {
  readonly type: ElementType;
  readonly base: number;
  readonly strides: readonly number[];
}

/** A result for each place beside the reduced axes, along which its strides are 0. */
export interface LoopReduction {
  readonly combine: CombineName;
  /** The kind of numbers in which elements are taken together. */
  readonly running: Exclude<ElementType, 'bool'>;
  readonly to: LoopAccess;
}

/** What a body makes of four elements of each load. */
export interface BodyResult {
  /** For each store. */
  readonly stores: readonly Quad[];
  /** For each reduction, in the kind of numbers that it runs in. */
  readonly reductions: readonly Quad[];
}

/** A loop nest. */
export interface LoopSource {
  readonly name: string;
  /** The lengths of the axes, the outermost first. */
  readonly shape: readonly number[];
  /** The axes along which elements are taken together. */
  readonly reduced: readonly number[];
  readonly loads: readonly LoopAccess[];
  readonly stores: readonly LoopAccess[];
  readonly reductions: readonly LoopReduction[];
  /**
   * Whether the function does a part of the work, see `loopFunction`, and how it is divided: so that parts are even, or if possible along the
   * last axis; or a window of two axes longer than 1, whose first column is a multiple of 4, as is its end unless that is the end of the axis.
   * If left out, it does all.
   */
  readonly split?: 'evenly' | 'last axis' | 'window' | undefined;
  /** Said once for each place where the code needs it: `steps` is done for each four elements, `once` before all of them. */
  readonly body: (loads: readonly Quad[], steps: Steps, once: Steps) => BodyResult;
}

// What the kernels of a program are written for.

import { type Expression, type FunctionSource, gemmScratchBytes, type Local, type Part } from '@tapegrad/wasm';
import type { BodyOptions } from './body.ts';
import type { BufferPlaces } from './nest.ts';
import type { SharedLoops } from './shared-loops.ts';

/** What kernels are written for. */
export interface KernelOptions extends BodyOptions, BufferPlaces {
  readonly gemm: (type: 'f32' | 'f64') => FunctionSource;
  /** The address of gemm's scratch memory: that of the first thread, those of others behind it. */
  readonly scratch: number;
  /** Whether large products are handed to a library of the machine. */
  readonly native: boolean;
  /** Loops that one thread does by functions that they share. */
  readonly shared: SharedLoops;
}

/** From the scratch memory of one thread to that of the next. */
export const scratchStride: number = Math.ceil(gemmScratchBytes / 64) * 64;

/** Which part of a kernel is done, and by which thread. */
export interface ThreadPart extends Part {
  readonly thread: Local<'i32'>;
  /** How many parts, one after another, are pieces of what one thread has. */
  readonly each: Expression<'i32'>;
  /** Whether the columns are divided, of a loop or a product. */
  readonly columns: boolean;
}

/** How a kernel is divided among threads, if it is. */
export type Split = 'evenly' | 'last axis' | undefined;

export function wayOf(part: ThreadPart | undefined): Split {
  return part && (part.columns ? 'last axis' : 'evenly');
}

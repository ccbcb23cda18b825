// From a plan to a module: a function for each kernel, and `run`, which calls them in order.

import {
  assemble,
  type DefinedFunction,
  defineFunction,
  elementBytes,
  type GemmOptions,
  gemmFunction,
  type MemorySource,
} from '@tapegrad/wasm';
import type { Plan } from '../plan.ts';
import type { Turn } from '../threads/meetings.ts';
import { Calls } from './body.ts';
import { kernelStatements } from './kernels.ts';
import type { KernelOptions } from './options.ts';
import { isNative } from './product.ts';
import { sharedLoops } from './shared-loops.ts';
import { runTogether } from './team.ts';

/** A program's module, and what it imports from JavaScript beside its memory. */
export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly calls: Calls;
  /** The numbers of the kernels that a library of the machine computes. */
  readonly nativeProducts: readonly number[];
}

/** Where things lie in memory. */
export interface Addresses {
  /** Of each buffer. */
  readonly buffers: readonly number[];
  /** Of gemm's scratch memory. */
  readonly scratch: number;
  /** Of what `runTogether` counts in. */
  readonly counters: number;
}

/** What a module may use. */
export interface EmitOptions {
  /** Products and sums in one rounding. */
  readonly relaxed: boolean;
  /** Products by a library of the machine, as `native.f32` and `native.f64`. */
  readonly native: boolean;
  /** Whether the memory is shared. */
  readonly shared: boolean;
  /** How several threads run the kernels; undefined for one thread. */
  readonly turns: readonly Turn[] | undefined;
}

/**
 * The module of a plan. It works on the memory `env.memory`, and exports `run()`; or `run(thread, threads, sleeps)` for several threads, see
 * {@link runTogether}.
 */
export function emitModule(plan: Plan, addresses: Addresses, emit: EmitOptions): Emitted {
  const { relaxed, native, shared, turns } = emit;
  const calls = new Calls();
  const gemm = (type: GemmOptions['type']) => gemmFunction({ type, relaxed });
  const alone = turns === undefined ? plan.kernels : plan.kernels.filter((_, number) => turns[number]!.pieces === 0);
  const loops = alone.flatMap((kernel) => (kernel.kind === 'product' ? (kernel.epilogue ?? []) : kernel));
  const places = { relaxed, calls, buffers: plan.buffers, addresses: addresses.buffers };
  const options = { ...places, native, scratch: addresses.scratch, gemm, shared: sharedLoops(loops, places) };
  const run = turns === undefined ? runAlone(plan, options) : runTogether(plan, options, turns, addresses.counters);
  const from = { module: 'env', name: 'memory' };
  const memory: MemorySource = shared ? { pages: 1, maximum: mostPages, shared, from } : { pages: 1, from };
  const bytes = assemble({ exports: { run }, memory });
  const nativeProducts = [...plan.kernels.keys()].filter((number) => {
    const kernel = plan.kernels[number]!;
    return kernel.kind === 'product' && isNative(kernel, options);
  });
  return { bytes, calls, nativeProducts };
}

/** All that there can be: a memory that is handed in may be bounded lower. */
const mostPages = 65_536;

function runAlone(plan: Plan, options: KernelOptions): DefinedFunction {
  const body = plan.kernels.flatMap((kernel, number) => kernelStatements(kernel, number, options));
  return defineFunction({ name: 'run', body });
}

/** The bytes of a buffer. */
export function bytesOfBuffer(plan: Plan, buffer: number): number {
  const { type, length } = plan.buffers[buffer]!;
  return length * elementBytes[type];
}

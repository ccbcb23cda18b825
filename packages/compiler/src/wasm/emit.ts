// From a plan to a module: a function for each kernel, and `run`, which calls them in order.

import { assemble, defineFunction, elementBytes, type GemmOptions, gemmFunction } from '@tapegrad/wasm';
import type { Plan } from '../plan.ts';
import { Calls } from './body.ts';
import { isNative, kernelStatements } from './kernels.ts';

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
}

/** What a module may use. */
export interface EmitOptions {
  /** Products and sums in one rounding. */
  readonly relaxed: boolean;
  /** Products by a library of the machine, as `native.f32` and `native.f64`. */
  readonly native: boolean;
}

/** The module of a plan. It works on the memory `env.memory`, and exports `run`. */
export function emitModule(plan: Plan, addresses: Addresses, { relaxed, native }: EmitOptions): Emitted {
  const calls = new Calls();
  const gemm = (type: GemmOptions['type']) => gemmFunction({ type, relaxed });
  const options = {
    relaxed,
    native,
    calls,
    buffers: plan.buffers,
    addresses: addresses.buffers,
    scratch: addresses.scratch,
    gemm,
  };
  const body = plan.kernels.flatMap((kernel, number) => kernelStatements(kernel, number, options));
  const run = defineFunction({ name: 'run', body });
  const bytes = assemble({ exports: { run }, memory: { pages: 1, from: { module: 'env', name: 'memory' } } });
  const nativeProducts = [...plan.kernels.keys()].filter((number) => {
    const kernel = plan.kernels[number]!;
    return kernel.kind === 'product' && isNative(kernel, options);
  });
  return { bytes, calls, nativeProducts };
}

/** The bytes of a buffer. */
export function bytesOfBuffer(plan: Plan, buffer: number): number {
  const { type, length } = plan.buffers[buffer]!;
  return length * elementBytes[type];
}

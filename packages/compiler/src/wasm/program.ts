// A plan that runs: its module, its buffers in an arena, and what is brought in and out at each run.

import { TapegradError, Tensor } from '@tapegrad/core';
import type { DType, NdArray, TypedData } from '@tapegrad/core/compiling';
import { checkValue, positionsOf, sizeOf, wrap } from '@tapegrad/core/compiling';
import { compileModule, enableRelaxedSimd, instantiate, type WasmImports, type WasmModule } from '@tapegrad/wasm';
import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import type { NativeGemm, NativeProduct } from '../native/gemm.ts';
import { workLayout } from '../passes/memory.ts';
import type { HostKernel, Plan, PlanArray, PlanKernel } from '../plan.ts';
import { type PlanStats, planText, shownBytes, statsOf } from '../plan-text.ts';
import type { RunPart } from '../threads/crew.ts';
import { turnsOf } from '../threads/meetings.ts';
import { Pace } from '../threads/pace.ts';
import type { Feed, State } from '../trace.ts';
import type { Arena, Lease } from './arena.ts';
import { bytesOfBuffer, emitModule } from './emit.ts';
import { scratchStride } from './options.ts';
import { copyIn, type ProgramMemory } from './program-memory.ts';
import { teamBytes } from './team.ts';

/** What a program is made of. */
export interface ProgramParts {
  readonly plan: Plan;
  readonly states: readonly State[];
  readonly feeds: readonly Feed[];
  /** What happens before each run, and what after it. */
  readonly preparations: readonly (() => void)[];
  readonly effects: readonly (() => void)[];
  readonly memory: ProgramMemory;
  /** Products by a library of the machine; undefined where none is wanted, or found. */
  readonly native: NativeGemm | undefined;
  /** How many threads may run it. One, if left out. */
  readonly threads?: number;
}

const stores: { readonly [D in DType]: new (buffer: ArrayBuffer, offset: number, length: number) => TypedData } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

/** Figures of a program. */
export interface ProgramStats extends PlanStats {
  /** Bytes that hold values while the program runs, each byte at different times different ones. */
  readonly workBytes: number;
  /** Bytes of the WebAssembly module. */
  readonly moduleBytes: number;
  /** How many products a library of the machine computes. */
  readonly nativeProducts: number;
  /** Whether products and sums are rounded once, by relaxed SIMD. */
  readonly relaxedSimd: boolean;
  /** How many threads can run it. They do so where they are found to be faster than one, which is tried now and then. */
  readonly threads: number;
}

/** A compiled function for arguments of certain shapes and dtypes. Printed, it shows what it does. */
export class WasmProgram {
  readonly plan: Plan;
  readonly stats: ProgramStats;
  private readonly parts: ProgramParts;
  private readonly addresses: number[];
  /** Bytes that are this program's alone. */
  private readonly lease: Lease;
  private disposed = false;
  /** The numbers of the kernels that a library of the machine computes. */
  private readonly natives: ReadonlySet<number>;
  private readonly run: () => unknown;
  /** The arrays that were copied to the arguments' places last. */
  private readonly given: (WeakRef<NdArray> | undefined)[] = [];
  /** Views of the buffers, and the memory that they are views of: one that grew has another. */
  private views: readonly (TypedData | undefined)[] = [];
  private viewed: ArrayBuffer | undefined;

  /** @throws TapegradError where there is not enough memory. */
  constructor(parts: ProgramParts) {
    const { plan, memory, threads = 1 } = parts;
    this.plan = plan;
    this.parts = parts;
    const { arena, shared } = memory.open(threads);
    this.lease = memory.leaseFor(this);
    this.addresses = [];
    const { scratch, workBytes } = this.place(shared ? threads : 1);
    const turns = shared && threads > 1 ? turnsOf(plan, this.addresses) : undefined;
    const crew = turns && memory.crewOf(threads);
    const counters = crew === undefined ? 0 : countersIn(arena, teamBytes(turns!));
    // a library of the machine knows no shared memory
    const native = shared ? undefined : parts.native;
    const options = {
      relaxed: enableRelaxedSimd(),
      native: native !== undefined,
      shared,
      turns: crew === undefined ? undefined : turns,
    };
    const { bytes, calls, nativeProducts } = emitModule(plan, { buffers: this.addresses, scratch, counters }, options);
    const together = Math.min(threads, crew?.threads ?? 1);
    this.stats = {
      ...statsOf(plan),
      workBytes,
      moduleBytes: bytes.length,
      nativeProducts: nativeProducts.length,
      relaxedSimd: options.relaxed,
      threads: together,
    };
    this.natives = new Set(nativeProducts);
    const imports: WasmImports = {
      env: { memory: arena.memory, host: (number: number) => this.inJavaScript(plan.kernels[number]!) },
      calls: calls.functions,
      native: native === undefined ? {} : this.nativeProducts(native),
    };
    const module = moduleOf(bytes);
    const { run } = instantiate(module, imports).exports;
    if (crew === undefined) {
      this.run = run as () => unknown;
    } else {
      const number = crew.add(module, this);
      const pace = new Pace(memory.host.now);
      this.run = () => {
        if (crew.ready) pace.run((all) => crew.run(number, all ? together : 1, run as RunPart));
        else (run as RunPart)(0, 1, 0);
      };
    }
    plan.buffers.forEach(({ holds }, buffer) => {
      if (holds.kind === 'constant') this.viewOf(buffer).set(holds.array.data.subarray(0, sizeOf(holds.array.shape)));
    });
  }

  /**
   * Runs on these arguments, whose shapes and dtypes are those of the trace. Returns the results.
   *
   * @throws TapegradError where the program was given up.
   */
  call(args: readonly Tensor[]): readonly Tensor[] {
    const { states, effects, memory } = this.parts;
    if (this.disposed) {
      throw new TapegradError(
        'compile',
        'this program was given up for newer ones. Expected a call of the function itself.',
      );
    }
    const results = memory.exclusively(this, (others) => {
      this.takeIn(args, others);
      this.run();
      return this.plan.outputs.map((output) => new Tensor(this.copyOut(output), output.dtype));
    });
    states.forEach(({ parameter, assigned }) => {
      if (assigned > 0) memory.assigned(parameter, assigned);
    });
    for (const effect of effects) effect();
    return results;
  }

  /** Gives back the memory that it has for itself. It cannot be called afterwards. */
  dispose(): void {
    this.disposed = true;
    this.lease.end();
  }

  /** Copies arguments, feeds and parameters to their places, but what lies there already. */
  private takeIn(args: readonly Tensor[], others: boolean): void {
    const { plan, parts } = this;
    args.forEach(({ array }, i) => {
      const buffer = plan.argumentBuffers[i]!;
      // a tensor's elements never change, so the same ones need not be copied again
      if (buffer < 0 || (!others && this.given[i]?.deref() === array)) return;
      copyIn(this.viewOf(buffer), array);
      this.given[i] = new WeakRef(array);
    });
    for (const prepare of parts.preparations) prepare();
    parts.feeds.forEach(({ make }, i) => {
      // also what nothing reads is drawn: the stream moves on
      const drawn = make();
      const buffer = plan.feedBuffers[i]!;
      if (buffer >= 0) this.viewOf(buffer).set(drawn);
    });
    parts.states.forEach(({ parameter }, i) => {
      if (plan.stateBuffers[i]! >= 0) parts.memory.bringIn(parameter, this.viewOf(plan.stateBuffers[i]!));
    });
  }

  private nativeProducts(native: NativeGemm): { readonly [T in 'f32' | 'f64']: NativeProduct } {
    const { memory } = this.parts.memory.arena;
    return { f32: native.bind('f32', memory), f64: native.bind('f64', memory) };
  }

  /** What runs, one kernel a line: what it does, what it writes and what it reads. */
  toString(): string {
    const { kernels, fused, workBytes, stateBytes, inputBytes, moduleBytes, nativeProducts, threads } = this.stats;
    const native = nativeProducts === 0 ? '' : `, ${nativeProducts} of them by ${this.parts.native!.library}`;
    const head =
      `${counted(kernels, 'kernel')}${native}; ${counted(fused, 'op')} fused into loops; ` +
      `${shownBytes(stateBytes)} of state, ${shownBytes(inputBytes)} of inputs and constants, ${shownBytes(workBytes)} of work; ` +
      `${shownBytes(moduleBytes)} of WebAssembly${threads === 1 ? '' : `; ${threads} threads`}`;
    return `${head}\n${planText(this.plan, (number) => (this.natives.has(number) ? 'native ' : ''))}`;
  }

  /** Gives places to all buffers. Returns that of gemm's scratch memory. @throws TapegradError where there is not enough; nothing is kept then. */
  private place(threads: number): { readonly scratch: number; readonly workBytes: number } {
    const { plan, parts } = this;
    try {
      plan.buffers.forEach(({ holds }, buffer) => {
        if (holds.kind === 'state') this.addresses.push(parts.memory.addressOf(parts.states[holds.index]!.parameter));
        else this.addresses.push(holds.kind === 'constant' ? this.lease.allocate(bytesOfBuffer(plan, buffer)) : 0);
      });
      return this.placeTransient(threads);
    } catch (error) {
      this.lease.end();
      throw error;
    }
  }

  /** Gives places to what holds nothing between runs. Returns that of gemm's scratch memory, of which each thread has its own. */
  private placeTransient(threads: number): { readonly scratch: number; readonly workBytes: number } {
    const { plan, parts } = this;
    const bytesOf = (buffer: number): number => Math.ceil((bytesOfBuffer(plan, buffer) + 32) / 64) * 64;
    const layout = workLayout(plan, bytesOf);
    const inputs = plan.buffers.flatMap(({ holds }, buffer) =>
      holds.kind === 'argument' || holds.kind === 'feed' ? buffer : [],
    );
    const inputBytes = inputs.reduce((total, buffer) => total + bytesOf(buffer), 0);
    const start = parts.memory.transientAddress(inputBytes + threads * scratchStride + layout.bytes);
    let at = start;
    for (const buffer of inputs) {
      this.addresses[buffer] = at;
      at += bytesOf(buffer);
    }
    const work = at + threads * scratchStride;
    for (const [buffer, offset] of layout.offsets) this.addresses[buffer] = work + offset;
    return { scratch: at, workBytes: layout.bytes };
  }

  /** What a kernel leaves to JavaScript: an op, or refusing an index that is out of range. */
  private inJavaScript(kernel: PlanKernel): void {
    if (kernel.kind === 'host') this.host(kernel);
    else {
      if (kernel.kind === 'indices') positionsOf(kernel.op, this.arrayOf(kernel.indices), kernel.axis, kernel.length);
      throw new Error(`internal: JavaScript is asked to do a kernel of the kind ${kernel.kind}`);
    }
  }

  private host({ entry, operands, to, attrs }: HostKernel): void {
    const { shape, dtype } = to;
    const result = entry.forward(
      operands.map((operand) => this.arrayOf(operand)),
      { shape, dtype, attrs },
    );
    checkValue(entry, result, shape, dtype);
    ops.assign(this.arrayOf(to), result);
  }

  private arrayOf({ buffer, shape, strides, offset }: PlanArray): NdArray {
    return ndarray(this.viewOf(buffer), [...shape], [...strides], offset) as NdArray;
  }

  private copyOut({ buffer, shape }: PlanArray): NdArray {
    const view = this.viewOf(buffer);
    // the copying constructor, unlike slice, does not fill with zeros first
    return wrap(new (view.constructor as new (elements: TypedData) => TypedData)(view), shape);
  }

  private viewOf(buffer: number): TypedData {
    const { memory } = this.parts.memory.arena;
    if (this.viewed !== memory.buffer) {
      this.viewed = memory.buffer;
      this.views = this.plan.buffers.map(({ type, length }, at) => {
        const Store = stores[({ f32: 'float32', f64: 'float64', i32: 'int32', bool: 'bool' } as const)[type]];
        return new Store(memory.buffer, this.addresses[at]!, length);
      });
    }
    return this.views[buffer]!;
  }
}

/** Zeros to count in. They are never given back: a thread may still look at them when the others have gone on. */
function countersIn(arena: Arena, bytes: number): number {
  const address = arena.allocate(bytes);
  new Uint8Array(arena.memory.buffer, address, bytes).fill(0);
  return address;
}

/** @throws TapegradError where the page may not compile WebAssembly, which shows only then. */
function moduleOf(bytes: Uint8Array): WasmModule {
  try {
    return compileModule(bytes);
  } catch (cause) {
    throw new TapegradError(
      'compile',
      `the engine refused to compile (${(cause as Error).message}). Expected a page whose content security policy allows 'wasm-unsafe-eval'; ` +
        'elsewhere call the function uncompiled.',
      { cause },
    );
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

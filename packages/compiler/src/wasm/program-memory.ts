// Parameters whose values lie in an arena, between the runs of the programs that use them.

import { type Parameter, TapegradError } from '@tapegrad/core';
import { isContiguous, type NdArray, newData, sizeOf, type TypedData, wrap } from '@tapegrad/core/compiling';
import { supportsSimd } from '@tapegrad/wasm';
import ops from 'ndarray-ops';
import { controlBytes } from '../threads/control.ts';
import { Crew } from '../threads/crew.ts';
import { type ThreadHost, thisThreadHost } from '../threads/workers.ts';
import { Arena, Lease, type Region, sharedMemory } from './arena.ts';

const bytesOf = { float32: 4, float64: 8, int32: 4, bool: 1 } as const;

interface Resident {
  readonly address: number;
  /** The parameter's version that lies in the arena; -1 where none does. */
  version: number;
}

/**
 * What programs share: a WebAssembly memory, in which parameters stay between runs. Functions that are compiled with one memory
 * need not copy the parameters of each other. It is collected with the last function that uses it, and its workers end, if it has some.
 */
export class ProgramMemory {
  private opened: { readonly arena: Arena; readonly shared: boolean } | undefined;
  private crew: Crew | undefined;
  /** Where threads come from. */
  readonly host: ThreadHost;
  private readonly residents: WeakMap<Parameter, Resident> = new WeakMap();
  private transient: Region = { address: 0, bytes: 0 };
  /** Takes back the place of a parameter that is no longer there: no program uses it, for a program keeps its parameters. */
  private readonly left: FinalizationRegistry<Region> = new FinalizationRegistry((region) =>
    this.arena.release(region),
  );
  /** Takes back what a program had for itself. */
  private readonly dropped: FinalizationRegistry<Lease> = new FinalizationRegistry((lease) => lease.end());

  private running = false;
  /** The program that used the shared bytes last. */
  private last: object | undefined;

  /** @param host - where threads come from. Left out by all but tests. */
  constructor(host: ThreadHost = thisThreadHost()) {
    this.host = host;
  }

  /** The bytes that programs work on: shared with workers where the first program wanted several threads, and they can be. */
  get arena(): Arena {
    return this.open(1).arena;
  }

  /**
   * The arena, as it is or, before the first program, as so many threads need it.
   *
   * @throws TapegradError where the engine cannot run a program.
   */
  open(threads: number): { readonly arena: Arena; readonly shared: boolean } {
    if (this.opened === undefined) {
      if (!supportsSimd()) {
        throw new TapegradError(
          'compile',
          'this engine has no WebAssembly with vectors of 128 bits. Expected Node.js, or a browser from 2023 on; elsewhere call the function ' +
            'uncompiled.',
        );
      }
      const memory = threads > 1 && this.host.shares ? sharedMemory() : undefined;
      this.opened = { arena: arenaOn(memory), shared: memory !== undefined };
    }
    return this.opened;
  }

  /** Workers for so many threads, or as many as there are already; undefined where there are none. They are started by the first who asks. */
  crewOf(threads: number): Crew | undefined {
    const { arena, shared } = this.open(threads);
    if (!shared) return undefined;
    try {
      this.crew ??= new Crew(arena.memory, threads, this.host);
    } catch {
      // a host that says no to workers
    }
    return this.crew;
  }

  /**
   * Lets `program` use the bytes that all share. It is told whether another one has used them since it did.
   *
   * @throws TapegradError where one uses them already, which then called this one; nothing was changed.
   */
  exclusively<T>(program: object, use: (others: boolean) => T): T {
    this.requireIdle();
    const others = this.last !== program;
    this.running = true;
    this.last = program;
    try {
      return use(others);
    } finally {
      this.running = false;
    }
  }

  /** @throws TapegradError while a program runs. */
  requireIdle(): void {
    if (!this.running) return;
    throw new TapegradError(
      'compile',
      'a compiled function is called while another one with the same memory runs. Expected one at a time: give each a memory of its own, or call it outside of an op.',
    );
  }

  /** What a program takes for itself: given back when it is collected, if not before. */
  leaseFor(program: object): Lease {
    const lease = new Lease(this.arena);
    this.dropped.register(program, lease);
    return lease;
  }

  /** The address of a parameter's value. */
  addressOf(parameter: Parameter): number {
    const known = this.residents.get(parameter);
    if (known !== undefined) return known.address;
    const bytes = parameter.size * bytesOf[parameter.dtype];
    const address = this.arena.allocate(bytes);
    this.residents.set(parameter, { address, version: -1 });
    this.left.register(parameter, { address, bytes });
    return address;
  }

  /**
   * The address of bytes that hold nothing between runs, the same for all programs: one runs at a time. Where more are needed, earlier programs
   * stay with those that they have; so it is half as much again at least, and all together three times the most at the worst.
   */
  transientAddress(bytes: number): number {
    if (bytes > this.transient.bytes) {
      const ample = Math.max(bytes, Math.ceil(1.5 * this.transient.bytes));
      this.transient = this.regionOf(ample) ?? { address: this.arena.allocate(bytes), bytes };
    }
    return this.transient.address;
  }

  /** So many bytes, or undefined where there are not so many. */
  private regionOf(bytes: number): Region | undefined {
    try {
      return { address: this.arena.allocate(bytes), bytes };
    } catch {
      return undefined;
    }
  }

  /** Copies a parameter's value to its address, unless it lies there already. */
  bringIn(parameter: Parameter, to: TypedData): void {
    const resident = this.residents.get(parameter)!;
    if (resident.version === parameter.version) return;
    copyIn(to, parameter.array);
    resident.version = parameter.version;
  }

  /** A program gave a parameter another value, at its address. */
  assigned(parameter: Parameter, times: number): void {
    const resident = this.residents.get(parameter)!;
    const { shape, dtype } = parameter;
    const read = (): NdArray => {
      const data = newData(dtype, sizeOf(shape));
      const Store = data.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => TypedData;
      data.set(new Store(this.arena.memory.buffer, resident.address, data.length));
      return wrap(data, shape);
    };
    for (let i = 0; i < times; i++) parameter.keepIn(read);
    resident.version = parameter.version;
  }
}

/** @throws TapegradError where the engine has no memory, or no addresses left for one: each takes some gigabytes of those. */
function arenaOn(shared: ReturnType<typeof sharedMemory>): Arena {
  if (shared !== undefined) return new Arena(shared, controlBytes);
  try {
    return new Arena();
  } catch (cause) {
    throw new TapegradError(
      'compile',
      'there is no memory for another program. Expected fewer memories: give the functions one (the option `memory`), or call this one uncompiled.',
      { cause },
    );
  }
}

/** Copies an array's elements, in row-major order. */
export function copyIn(to: TypedData, from: NdArray): void {
  if (isContiguous(from)) to.set(from.data.subarray(from.offset, from.offset + sizeOf(from.shape)));
  else ops.assign(wrap(to, from.shape), from);
}

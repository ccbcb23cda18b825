// The memory that programs work on: who gets which bytes of it. It grows, and is never given back but as a whole.

import { TapegradError } from '@tapegrad/core';
import { newMemory, type WasmMemory } from '@tapegrad/wasm';

const pageBytes = 65536;

/** Past this, addresses are no longer positive 32-bit numbers. */
const mostBytes = 2 ** 31 - pageBytes;

/** Lines of the cache: kernels that write beside each other do not share one. */
const alignment = 64;

/** Vectors may be read past the end of what was asked for by so many bytes. */
const slack = 32;

/** The most pages of a shared memory: the engine takes so many addresses from the beginning, or as many of them as it has. */
const sharedPages = [mostBytes / pageBytes, 2 ** 14, 2 ** 13, 2 ** 12];

/** A memory, filled from the bottom up. */
export class Arena {
  readonly memory: WasmMemory;
  private end: number;

  /** @param memory - where; @param reserved - bytes at its beginning that are given to nobody. */
  constructor(memory: WasmMemory = newMemory(1), reserved: number = alignment) {
    this.memory = memory;
    this.end = Math.ceil(reserved / alignment) * alignment;
  }

  /** How many bytes are given away. */
  get bytes(): number {
    return this.end;
  }

  /**
   * The address of so many bytes.
   *
   * @throws TapegradError where there is no such memory; nothing was given away then.
   */
  allocate(bytes: number): number {
    const at = this.end;
    const end = Math.ceil((at + bytes + slack) / alignment) * alignment;
    if (end > mostBytes) {
      throw new TapegradError(
        'compile',
        `the program needs ${end} bytes of memory. Expected at most ${mostBytes}, which 32-bit addresses reach: use smaller batches.`,
      );
    }
    const missing = Math.ceil(end / pageBytes) - this.memory.buffer.byteLength / pageBytes;
    if (missing > 0) this.grow(missing, end);
    this.end = end;
    return at;
  }

  private grow(pages: number, bytes: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new TapegradError('compile', `there is no memory for ${bytes} bytes. Use smaller batches.`, { cause });
    }
  }
}

/** A memory for several threads; undefined where there is none. */
export function sharedMemory(): WasmMemory | undefined {
  for (const pages of sharedPages) {
    try {
      return newMemory(1, pages);
    } catch {
      // fewer, then
    }
  }
  return undefined;
}

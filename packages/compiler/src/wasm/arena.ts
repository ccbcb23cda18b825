// The memory that programs work on: who gets which bytes of it.

import { TapegradError } from '@tapegrad/core';
import { newMemory, type WasmMemory } from '@tapegrad/wasm';

const pageBytes = 65536;

/** Past this, addresses are no longer positive 32-bit numbers. */
const mostBytes = 2 ** 31 - pageBytes;

/** Lines of the cache: kernels that write beside each other do not share one. */
const alignment = 64;

/** Vectors may be read past the end of what was asked for by so many bytes. */
const slack = 32;

/** How many bytes are taken for so many. */
function lengthOf(bytes: number): number {
  return Math.ceil((bytes + slack) / alignment) * alignment;
}

/** The most pages of a shared memory: the engine takes so many addresses from the beginning, or as many of them as it has. */
const sharedPages = [mostBytes / pageBytes, 2 ** 14, 2 ** 13, 2 ** 12];

/** Bytes of an arena, from an address on. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
}

/** A memory, filled from the bottom up. What is given back is given away again, but to no other memory: WebAssembly's never shrinks. */
export class Arena {
  readonly memory: WasmMemory;
  private end: number;
  /** What was given back, by address; no two of them touch. */
  private readonly gaps: { at: number; end: number }[] = [];

  /** @param memory - where; @param reserved - bytes at its beginning that are given to nobody. */
  constructor(memory: WasmMemory = newMemory(1), reserved: number = alignment) {
    this.memory = memory;
    this.end = Math.ceil(reserved / alignment) * alignment;
  }

  /** How many bytes are given away. */
  get bytes(): number {
    return this.gaps.reduce((bytes, { at, end }) => bytes - (end - at), this.end);
  }

  /**
   * The address of so many bytes.
   *
   * @throws TapegradError where there is no such memory; nothing was given away then.
   */
  allocate(bytes: number): number {
    const length = lengthOf(bytes);
    const gap = this.gaps.find(({ at, end }) => end - at >= length);
    if (gap !== undefined) {
      const { at } = gap;
      gap.at += length;
      if (gap.at === gap.end) this.gaps.splice(this.gaps.indexOf(gap), 1);
      return at;
    }
    const at = this.end;
    const end = at + length;
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

  /** Takes back what {@link Arena.allocate} gave for so many bytes. */
  release({ address, bytes }: Region): void {
    const gap = { at: address, end: address + lengthOf(bytes) };
    const next = this.gaps.findIndex(({ at }) => at > address);
    const place = next < 0 ? this.gaps.length : next;
    const [before, after] = [this.gaps[place - 1], this.gaps[place]];
    if (after?.at === gap.end) gap.end = after.end;
    if (before?.end === gap.at) gap.at = before.at;
    const [from, to] = [before?.at === gap.at ? place - 1 : place, after?.end === gap.end ? place + 1 : place];
    if (gap.end === this.end) this.end = gap.at;
    this.gaps.splice(from, to - from, ...(gap.at === this.end ? [] : [gap]));
  }

  private grow(pages: number, bytes: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new TapegradError('compile', `there is no memory for ${bytes} bytes. Use smaller batches.`, { cause });
    }
  }
}

/** Bytes of an arena that are taken one after another, and given back together. */
export class Lease {
  private readonly arena: Arena;
  private regions: Region[] = [];

  constructor(arena: Arena) {
    this.arena = arena;
  }

  /** The address of so many bytes. @throws TapegradError where there is no such memory. */
  allocate(bytes: number): number {
    const address = this.arena.allocate(bytes);
    this.regions.push({ address, bytes });
    return address;
  }

  /** Gives all of it back. Doing so again does nothing. */
  end(): void {
    for (const region of this.regions) this.arena.release(region);
    this.regions = [];
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

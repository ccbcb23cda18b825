import { RandomGenerator, TapegradError } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { Arena, Lease } from '../../src/wasm/arena.ts';

describe('an arena', () => {
  it('gives away what was given back, and no byte twice (2,000 random turns)', () => {
    const random = new RandomGenerator(20261125);
    const below = (n: number): number => Math.floor(random.next() * n);
    const arena = new Arena();
    const empty = arena.bytes;
    const taken: { address: number; bytes: number }[] = [];
    let most = 0;
    for (let turn = 0; turn < 2000; turn++) {
      if (below(2) === 0 || taken.length === 0) {
        const bytes = below(5000);
        const address = arena.allocate(bytes);
        expect(address % 64).toBe(0);
        for (const other of taken) {
          expect(address + bytes <= other.address || other.address + other.bytes <= address).toBe(true);
        }
        taken.push({ address, bytes });
      } else {
        arena.release(taken.splice(below(taken.length), 1)[0]!);
      }
      most = Math.max(most, arena.bytes);
      expect(arena.bytes - empty).toBeGreaterThanOrEqual(taken.reduce((sum, { bytes }) => sum + bytes, 0));
    }
    for (const region of taken) arena.release(region);
    expect(arena.bytes).toBe(empty);
    // nothing is left between: as much as there ever was is to be had in one piece
    expect(arena.allocate(most - empty - 64)).toBe(empty);
  });

  it('that has no such memory gives away nothing', () => {
    const arena = new Arena();
    const before = arena.bytes;
    expect(() => arena.allocate(2 ** 40)).toThrow(TapegradError);
    expect(arena.bytes).toBe(before);
  });

  it('gets back what was taken together', () => {
    const arena = new Arena();
    const before = arena.bytes;
    const [one, other] = [new Lease(arena), new Lease(arena)];
    one.allocate(100);
    const kept = other.allocate(200);
    one.allocate(300);
    one.end();
    one.end();
    expect(other.allocate(50)).toBeLessThan(kept);
    other.end();
    expect(arena.bytes).toBe(before);
  });
});

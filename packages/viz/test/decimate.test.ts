import { describe, expect, it } from 'vitest';
import { decimate, type Point } from '../src/decimate.ts';

describe('points that cannot be seen', () => {
  it('leave the first, lowest, highest and last of each column', () => {
    const points = Array.from({ length: 1000 }, (_, i): Point => [i / 100, (i * 37) % 101]);
    const kept = decimate(points, 10);
    expect(kept.length).toBeLessThanOrEqual(40);
    for (let column = 0; column < 10; column++) {
      const inside = (all: readonly Point[]) => all.filter(([x]) => Math.floor(x) === column).map(([, y]) => y);
      const [before, after] = [inside(points), inside(kept)];
      expect([after[0], Math.min(...after), Math.max(...after), after.at(-1)]).toEqual([
        before[0],
        Math.min(...before),
        Math.max(...before),
        before.at(-1),
      ]);
    }
  });

  it('keep their gaps', () => {
    const points = Array.from({ length: 100 }, (_, i): Point => [i / 100, i === 50 ? Number.NaN : i]);
    expect(decimate(points, 1).map(([, y]) => y)).toEqual([0, 49, Number.NaN, 51, 99]);
  });

  it('are one gap where they follow each other, also where x has no place', () => {
    const points = Array.from({ length: 100 }, (_, i): Point => {
      if (i < 3) return [Number.NaN, Number.NaN];
      return [i / 10, i >= 50 && i < 80 ? Number.NaN : i];
    });
    const kept = decimate(points, 10);
    expect(kept.filter(([, y]) => Number.isNaN(y)).length).toBe(2);
    expect(kept.map(([, y]) => y).slice(0, 4)).toEqual([Number.NaN, 3, 9, 10]);
  });

  it('all stay where they are few, or where x does not rise', () => {
    const few = [
      [0, 1],
      [0.1, 2],
      [0.2, 3],
    ] as const;
    expect(decimate(few, 1)).toBe(few);
    const back = Array.from({ length: 100 }, (_, i): Point => [Math.sin(i), i]);
    expect(decimate(back, 1)).toBe(back);
  });
});

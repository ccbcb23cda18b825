import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/threads/pace.ts';

/** Runs so often, where a run takes so many milliseconds with all threads and with one. Returns how many ran with all. */
function runs(pace: Pace, clock: { now: number }, times: number, together: number, alone: number): number {
  let count = 0;
  for (let i = 0; i < times; i++) {
    pace.run((all) => {
      if (all) count++;
      clock.now += all ? together : alone;
    });
  }
  return count;
}

describe('Pace', () => {
  const paced = () => {
    const clock = { now: 0 };
    return { clock, pace: new Pace(() => clock.now) };
  };

  it('tries eight runs with all threads and eight with one, and goes on with what is faster', () => {
    const { clock, pace } = paced();
    expect(runs(pace, clock, 16, 1, 1.8)).toBe(8);
    expect(runs(pace, clock, 256, 1, 1.8)).toBe(256);
    const other = paced();
    expect(runs(other.pace, other.clock, 16, 2, 1)).toBe(8);
    expect(runs(other.pace, other.clock, 256, 2, 1)).toBe(0);
  });

  it('needs three of each where runs take long', () => {
    const { clock, pace } = paced();
    expect(runs(pace, clock, 6, 100, 180)).toBe(3);
    expect(runs(pace, clock, 256, 100, 180)).toBe(256);
  });

  it('tries again, less and less often while nothing changes, and sees what has changed', () => {
    const { clock, pace } = paced();
    runs(pace, clock, 16 + 256, 1, 2);
    expect(runs(pace, clock, 16, 1, 2)).toBe(8);
    expect(runs(pace, clock, 512, 1, 2)).toBe(512);
    expect(runs(pace, clock, 16, 1.5, 1)).toBe(8);
    expect(runs(pace, clock, 256, 1.5, 1)).toBe(0);
    expect(runs(pace, clock, 16, 1.5, 1)).toBe(8);
  });

  it('is not misled by single runs that were disturbed', () => {
    const { clock, pace } = paced();
    for (let i = 0; i < 8; i++) runs(pace, clock, 1, i % 4 === 0 ? 50 : 0.1, 2);
    // the trial ended early, for it took long enough after five
    runs(pace, clock, 5, 1, 2);
    expect(runs(pace, clock, 100, 1, 2)).toBeGreaterThan(90);
  });
});

// What the live bar is given: the time that is left, and losses for its trend. How they are drawn: terminal/node.test.ts.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startProgress } from '../src/progress.ts';
import type { Trend } from '../src/terminal/bar.ts';

const drawn = vi.hoisted((): (readonly number[])[] => []);
const ranges = vi.hoisted((): number[] => []);
const texts = vi.hoisted((): (readonly string[])[] => []);
vi.mock('#terminal', () => ({
  isInteractive: () => true,
  terminalWidth: () => 120,
  liveBar: () => ({
    update: (_done: number, where: readonly string[], _logs: unknown, trend: Trend) => {
      drawn.push([...trend.values]);
      ranges.push(trend.leastRange);
      texts.push(where);
    },
    keep: () => {},
    close: () => {},
  }),
}));

beforeEach(() => {
  drawn.length = 0;
  ranges.length = 0;
  texts.length = 0;
});

/** Trains with the loss 100 · epoch + batch. */
function train(epochs: number, batches: number, initialEpoch: number = 0): void {
  const progress = startProgress({ initialEpoch, epochs, batches }, {});
  for (let epoch = initialEpoch + 1; epoch <= epochs; epoch++) {
    for (let batch = 1; batch <= batches; batch++) progress.batch(epoch, batch, { loss: 100 * epoch + batch });
    progress.epoch(epoch, { loss: 100 * epoch + batches });
  }
}

function range(from: number, to: number, step: number = 1): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

test('within the first epoch it is the losses in its course', () => {
  train(1, 5);
  expect(drawn).toEqual([[101], [101, 102], range(101, 103), range(101, 104), range(101, 105)]);
});

test('of a long epoch it is sixteen, evenly spread', () => {
  train(1, 160);
  expect(drawn[8]).toEqual([]);
  expect(drawn[25]).toEqual([110, 120]);
  expect(drawn.at(-1)).toEqual(range(110, 260, 10));
});

test('it goes on into the second epoch', () => {
  train(2, 2);
  expect(drawn.at(-1)).toEqual([101, 102, 201, 202]);
});

test('from the third epoch on it is the losses of epochs, the last sixteen', () => {
  train(3, 2);
  expect(drawn.at(-1)).toEqual([102, 202]);
  train(30, 1);
  expect(drawn.at(-1)).toEqual(range(14, 29).map((epoch) => 100 * epoch + 1));
});

test('it counts epochs from where training goes on', () => {
  train(13, 2, 10);
  expect(drawn.at(-1)).toEqual([1102, 1202]);
});

test('without a loss in the logs there is none', () => {
  const progress = startProgress({ initialEpoch: 0, epochs: 1, batches: 2 }, {});
  progress.batch(1, 1, {});
  expect(drawn).toEqual([[]]);
});

test('its least range is a tenth of the largest loss so far that is finite, whatever its sign', () => {
  const progress = startProgress({ initialEpoch: 0, epochs: 40, batches: 1 }, {});
  const losses = [-2, 5, Number.NaN, Number.NEGATIVE_INFINITY, ...Array<number>(30).fill(0.1)];
  losses.forEach((loss, i) => {
    progress.batch(i + 1, 1, { loss });
    progress.epoch(i + 1, { loss });
  });
  expect(ranges.slice(0, 2)).toEqual([0.2, 0.5]);
  expect(ranges.at(-1)).toBe(0.5);
});

describe('the place of the batch', () => {
  test('is left out where an epoch has few', () => {
    train(1, 10);
    expect(texts.at(-1)).toEqual(['Epoch 1/1']);
  });

  test('is told where it has more', () => {
    train(1, 11);
    expect(texts.at(-1)).toEqual(['Epoch 1/1', 'batch 11/11']);
  });
});

describe('the time that is left', () => {
  let now = 0;

  beforeEach(() => {
    now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now * 1000);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** What is told after each batch, where batches and the ends of epochs take these seconds. */
  function told(
    epochs: number,
    batches: number,
    batch: (at: number) => number,
    end: (epoch: number) => number,
  ): (string | undefined)[] {
    const progress = startProgress({ initialEpoch: 0, epochs, batches }, {});
    for (let epoch = 1; epoch <= epochs; epoch++) {
      for (let i = 1; i <= batches; i++) {
        now += batch((epoch - 1) * batches + i);
        progress.batch(epoch, i, {});
      }
      now += end(epoch);
      progress.epoch(epoch, {});
    }
    return texts.map((where) => where.find((text) => text.endsWith(' left')));
  }

  test('is told once a second has been measured, without the first step', () => {
    // 8 s for the first step, 0.5 s for each of the 9 others
    const times = told(
      1,
      10,
      (at) => (at === 1 ? 8 : 0.5),
      () => 0,
    );
    expect(times.slice(0, 5)).toEqual([undefined, undefined, '4 s left', '3 s left', '3 s left']);
    expect(times.slice(-2)).toEqual(['1 s left', undefined]);
  });

  test('leaves out what the first validation takes longer, where it comes before an estimate', () => {
    // 0.01 s a batch, 0.4 s and then 0.05 s for validation: 0.1 s an epoch
    const times = told(
      40,
      5,
      (at) => (at === 1 ? 0.5 : 0.01),
      (epoch) => (epoch === 1 ? 0.4 : 0.05),
    );
    const first = times.findIndex((time) => time !== undefined);
    expect(Math.floor(first / 5) + 1).toBe(12);
    expect(times[first]).toBe('3 s left');
  });

  test('has the time of validation in it', () => {
    // 1 s a batch, 10 s for validation
    expect(
      told(
        3,
        5,
        () => 1,
        () => 10,
      )[5],
    ).toBe('27 s left');
  });

  test('is never told in a training that is over within a second', () => {
    expect(
      told(
        1000,
        5,
        (at) => (at === 1 ? 0.3 : 1e-4),
        () => 1e-5,
      ).every((time) => time === undefined),
    ).toBe(true);
  });

  test('is in minutes and hours where there are many', () => {
    expect(
      told(
        1,
        102,
        () => 1.5,
        () => 0,
      )[1],
    ).toBe('2 min 30 s left');
    texts.length = 0;
    expect(
      told(
        1,
        5002,
        () => 1.5,
        () => 0,
      )[1],
    ).toBe('2 h 5 min left');
  });
});

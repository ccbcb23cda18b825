// Which losses the live bar is given for its trend. How they are drawn: terminal/node.test.ts.

import { beforeEach, expect, test, vi } from 'vitest';
import { startProgress } from '../src/progress.ts';

const drawn = vi.hoisted((): (readonly number[])[] => []);
vi.mock('#terminal', () => ({
  isInteractive: () => true,
  terminalWidth: () => 120,
  liveBar: () => ({
    update: (_done: number, _where: unknown, _logs: unknown, trend: readonly number[]) => drawn.push([...trend]),
    keep: () => {},
    close: () => {},
  }),
}));

beforeEach(() => {
  drawn.length = 0;
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

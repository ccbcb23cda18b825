// Training ended at the first loss that is none.

import { expect, test, vi } from 'vitest';
import { Dense, Sequential, SGD, TerminateOnNaN } from '../../src/index.ts';

test.each([true, false])('ends after the batch, with jit: %s', async (jit) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const model = new Sequential([new Dense(1, { inputShape: [1], kernelInitializer: 'ones' })]);
  model.compile({ optimizer: new SGD({ learningRate: 1e30 }), loss: 'mse', jit });
  const batches: number[] = [];
  const { epoch, history } = await model.fit([1, 1, 1, 1], [0, 0, 0, 0], {
    batchSize: 1,
    epochs: 9,
    verbose: 0,
    callbacks: [new TerminateOnNaN(), { onTrainBatchEnd: (batch) => void batches.push(batch) }],
  });
  expect([epoch, batches]).toEqual([[0], [0, 1]]);
  expect(history.loss![0]).toBe(Number.POSITIVE_INFINITY);
  expect(warn.mock.calls[0]![0]).toMatch(/^fit: the loss is Infinity in epoch 1, batch 2\./);
  warn.mockRestore();
});

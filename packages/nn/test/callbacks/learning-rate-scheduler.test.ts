// A learning rate for each epoch, compiled and op by op.

import { expect, test } from 'vitest';
import { Dense, type LearningRateSchedule, LearningRateScheduler, Sequential, SGD } from '../../src/index.ts';
import { mistake } from '../support/errors.ts';

test.each([true, false])('is what the steps of the epoch take, with jit: %s', async (jit) => {
  const model = new Sequential([new Dense(1, { inputShape: [1], useBias: false, kernelInitializer: 'zeros' })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.5 }), loss: (y, p) => p.sub(y).mean(), jit });
  const seen: [number, number][] = [];
  const schedule: LearningRateSchedule = (epoch, rate) => {
    seen.push([epoch, rate]);
    return 2 ** -epoch;
  };
  await model.fit([1], [0], { epochs: 4, callbacks: [new LearningRateScheduler(schedule)], verbose: 0 });
  expect(model.weights[0]!.item()).toBe(-1.875);
  expect(seen).toEqual([
    [0, 0.5],
    [1, 1],
    [2, 0.5],
    [3, 0.25],
  ]);
});

test('refuses what is no function, and what is no rate', async () => {
  expect(() => new LearningRateScheduler(0.1 as unknown as LearningRateSchedule)).toThrow(
    mistake(
      'LearningRateScheduler: schedule is 0.1. Expected a function from epoch and learning rate to a learning rate.',
    ),
  );
  const model = new Sequential([new Dense(1, { inputShape: [1] })]);
  model.compile({ optimizer: 'sgd', loss: 'mse' });
  const callbacks = [new LearningRateScheduler(() => -1)];
  await expect(model.fit([1], [0], { callbacks, verbose: 0 })).rejects.toThrow(
    mistake('fit: LearningRateScheduler: the learning rate of epoch 0 is -1. Expected a number >= 0.'),
  );
});

// A learning rate for each epoch.

import { TapegradError } from '@tapegrad/core';
import { Callback } from '../callbacks.ts';
import { requireNumber } from '../checks.ts';
import { show } from '../registry.ts';

/** The learning rate of an epoch, counted from 0, from that of the one before. */
export type LearningRateSchedule = (epoch: number, learningRate: number) => number;

/**
 * Sets the learning rate before each epoch. The compiled step takes it as it is then: nothing is compiled again.
 *
 * ```ts
 * const model = new Sequential([new Dense(1, { inputShape: [1] })]);
 * const optimizer = new SGD({ learningRate: 0.8 });
 * model.compile({ optimizer, loss: 'mse' });
 * const halving = new LearningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2));
 * await model.fit([1], [1], { epochs: 3, callbacks: [halving], verbose: 0 });
 * optimizer.learningRate; // → 0.2
 * ```
 */
export class LearningRateScheduler extends Callback {
  private readonly schedule: LearningRateSchedule;

  /** @throws TapegradError for what is no function. */
  constructor(schedule: LearningRateSchedule) {
    super();
    if (typeof schedule !== 'function') {
      const expected = 'Expected a function from epoch and learning rate to a learning rate.';
      throw new TapegradError('LearningRateScheduler', `schedule is ${show(schedule)}. ${expected}`);
    }
    this.schedule = schedule;
  }

  /** @throws TapegradError where the schedule gives no finite number >= 0. */
  override onEpochBegin(epoch: number): void {
    const optimizer = this.model.optimizer!;
    const rate = this.schedule(epoch, optimizer.learningRate);
    const what = `the learning rate of epoch ${epoch}`;
    requireNumber('LearningRateScheduler', what, rate, '>= 0', (value) => value >= 0);
    optimizer.learningRate = rate;
  }
}

// The training loop, written out: record, gradient, update; all rows in each step.

import { setImmediate } from 'node:timers/promises';
import { compile, findNativeGemm } from '@tapegrad/compiler';
import { Tape } from '@tapegrad/core';
import type { Adam } from './adam.ts';
import type { Digits } from './data.ts';
import type { Stack } from './layers.ts';
import { accuracy, type CategoricalCrossentropy } from './loss.ts';

/** What is trained, by what, and how. */
export interface Training {
  readonly network: Stack;
  readonly loss: CategoricalCrossentropy;
  readonly optimizer: Adam;
  readonly epochs: number;
  /** Whether steps run op by op, as they are written, in place of compiled. */
  readonly eager: boolean;
}

/** A line of the record of a training. */
export interface EpochReport {
  readonly epoch: number;
  /** Over all rows, before the step of this epoch. */
  readonly loss: number;
  readonly accuracy: number;
  /** After the step of this epoch. */
  readonly testAccuracy: number;
  /** Since the training began, of the clock and of the processor. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Trains the network; a report comes after the first epoch, each tenth, and the last. */
export async function* train(
  { network, loss, optimizer, epochs, eager }: Training,
  digits: Digits,
  test: Digits,
): AsyncGenerator<EpochReport, void> {
  const step = ({ x, y }: Digits) => {
    const tape = new Tape();
    const { probabilities, value } = tape.record(() => {
      const probabilities = network.forward(x);
      return { probabilities, value: loss.of(probabilities, y) };
    });
    optimizer.step(tape.gradient(value, network.parameters));
    return { loss: value, accuracy: accuracy(probabilities, y) };
  };
  const measure = ({ x, y }: Digits) => accuracy(network.forward(x), y);

  // All that compiling takes: without it the same functions run op by op. A BLAS library does a step as fast as two threads do.
  const howCompiled = findNativeGemm() === undefined ? { threads: 2 } : {};
  const [takeStep, measured] = eager ? [step, measure] : [compile(step, howCompiled), compile(measure)];

  const clock = stopwatch();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const result = takeStep(digits);
    await setImmediate(); // the others' turn: threads could not start otherwise
    if (epoch !== 1 && epoch % 10 !== 0 && epoch !== epochs) continue;
    yield {
      epoch,
      loss: result.loss.item(),
      accuracy: result.accuracy.item(),
      testAccuracy: measured(test).item(),
      ...clock(),
    };
  }
}

/** What the network makes of these rows as it is now. */
export function evaluate(network: Stack, loss: CategoricalCrossentropy, { x, y }: Digits): [number, number] {
  const probabilities = network.forward(x);
  return [loss.of(probabilities, y).item(), accuracy(probabilities, y).item()];
}

/** Starts to measure time. */
function stopwatch(): () => Pick<EpochReport, 'seconds' | 'cpuSeconds'> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 };
  };
}

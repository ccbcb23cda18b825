// The example as a program: trains, tests one image at a time, prints and draws what came of it.

import { type OptionValues, OutputFolder, options, runCommand } from '@tapegrad/command';
import { RandomGenerator } from '@tapegrad/core';
import { curveGrid } from '@tapegrad/viz';
import { Adam } from './adam.ts';
import { type Digits, loadDigits } from './data.ts';
import type { Stack } from './layers.ts';
import { CategoricalCrossentropy } from './loss.ts';
import { createNetwork } from './network.ts';
import { guesses } from './test-loop.ts';
import { type EpochReport, evaluate, train } from './training.ts';

const command = {
  usage: 'npm run example -- modular-classifier',
  about: 'Reads digits with layers, a loss, an optimizer and a training loop of its own, on the tape alone.',
  options: {
    epochs: options.whole('how many steps are taken, each on all rows', 310, 1),
    rows: options.whole('trains on the first N of the 60,000 digits; all 10,000 others test', 60_000, 1, 60_000),
    learningRate: options.positive('the step size of Adam', 1e-3),
    show: options.whole('how many guesses of the test loop are printed', 20, 0),
    eager: options.flag('runs each step op by op, without compiling it'),
    seed: options.whole('decides all random numbers: the same seed gives the same run', 1, 0),
    out: options.text('where the picture goes', 'FOLDER', 'out/modular-classifier'),
  },
} as const;

type Options = OptionValues<typeof command.options>;

// With all rows in each step, products are large enough for two threads of OpenBLAS, where there is one. Whoever wants others says so.
process.env.OPENBLAS_NUM_THREADS ??= '2';
await runCommand(command, run);

async function run({ epochs, rows, learningRate, show, eager, seed, out }: Options): Promise<void> {
  const folder = new OutputFolder(out!);
  await folder.make();
  const digits = await loadDigits(rows);
  const network = createNetwork(new RandomGenerator(seed));
  const loss = new CategoricalCrossentropy();
  const optimizer = new Adam(network.parameters, learningRate);
  const [trained, tested] = [digits.train, digits.test].map(({ y }) => y.size.toLocaleString('en'));
  const parameters = network.parameters.reduce((sum, { size }) => sum + size, 0).toLocaleString('en');
  console.log(`MNIST: ${trained} digits to train on, all in each step; ${tested} to test with.`);
  console.log(`784 → 128 ReLU → 64 ReLU → 10 softmax: ${parameters} parameters. Adam, rate ${learningRate}.\n`);

  console.log('epoch    loss  accuracy  test accuracy  seconds  of the processor');
  const reports: EpochReport[] = [];
  for await (const report of train({ network, loss, optimizer, epochs, eager }, digits.train, digits.test)) {
    reports.push(report);
    console.log(lineOf(report));
  }
  const [trainLoss, trainAccuracy] = evaluate(network, loss, digits.train);
  console.log(
    `\nAfter the last step, on the digits trained on: accuracy ${trainAccuracy.toFixed(4)}, loss ${trainLoss.toFixed(4)}.`,
  );

  console.log('\nOne test image at a time:\n');
  testLoop(network, digits.test, show);
  console.log('');
  await folder.write('training.svg', picture(reports));
}

function lineOf({ epoch, loss, accuracy, testAccuracy, seconds, cpuSeconds }: EpochReport): string {
  const numbers = [
    [loss.toFixed(4), 8],
    [accuracy.toFixed(4), 10],
    [testAccuracy.toFixed(4), 15],
  ] as const;
  const times = [
    [seconds.toFixed(1), 9],
    [cpuSeconds.toFixed(1), 18],
  ] as const;
  return String(epoch).padStart(5) + [...numbers, ...times].map(([text, width]) => text.padStart(width)).join('');
}

function testLoop(network: Stack, test: Digits, show: number): void {
  const start = performance.now();
  let right = 0;
  for (const { image, label, guess, probability } of guesses(network, test)) {
    if (label === guess) right++;
    if (image >= show) continue;
    const verdict = label === guess ? '' : '  ✗';
    console.log(
      `image ${String(image).padStart(4)}  label ${label}  guess ${guess}  ${(100 * probability).toFixed(2).padStart(6)} %${verdict}`,
    );
  }
  const seconds = (performance.now() - start) / 1000;
  const count = test.y.size;
  if (show > 0 && show < count) console.log('…');
  console.log(
    `${right.toLocaleString('en')} of ${count.toLocaleString('en')} are right: test accuracy ${(right / count).toFixed(4)}; ` +
      `${seconds.toFixed(1)} s, ${((1e6 * seconds) / count).toFixed(0)} µs an image.`,
  );
}

function picture(reports: readonly EpochReport[]): string {
  const of = (name: string, key: 'loss' | 'accuracy' | 'testAccuracy', dashed = false) => ({
    ...{ name, x: reports.map(({ epoch }) => epoch), y: reports.map((report) => report[key]), dashed },
  });
  const x = { label: 'epoch' };
  return curveGrid(
    [
      { series: [of('training', 'loss')], x, y: { label: 'cross-entropy', unit: 'nats', scale: 'log' } },
      { series: [of('training', 'accuracy'), of('test', 'testAccuracy', true)], x, y: { label: 'accuracy' } },
    ],
    { title: 'A modular classifier, all rows in each step' },
  );
}

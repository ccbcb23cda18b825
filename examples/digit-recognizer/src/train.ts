// Training and measuring, as the program does it.

import { relative } from 'node:path';
import type { OutputFolder } from '@tapegrad/command';
import { TapegradError } from '@tapegrad/core';
import { type Sequential, TerminateOnNaN } from '@tapegrad/nn';
import { saveWeights } from '@tapegrad/nn/node';
import { historyCurves } from '@tapegrad/viz';
import { type Digits, loadDigits } from './data.ts';
import { compileNetwork, createNetwork, defaults, type Recipe } from './network.ts';
import { percent, TrainingReport } from './report.ts';
import { asInPage, loadNetwork, pageModel } from './weights.ts';

/** What the user asked for. */
export interface TrainingOptions extends Omit<Recipe, 'decay'> {
  /** λ. */
  readonly l2: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** How many digits are trained on. */
  readonly limit: number;
}

/**
 * Trains a network, prints how that goes, and leaves weights and curves in the folder.
 *
 * @throws TapegradError where the loss gets lost.
 */
export async function train(options: TrainingOptions, folder: OutputFolder): Promise<void> {
  const { epochs, batchSize, seed, limit, loss, learningRate, l2 } = options;
  await folder.make(); // what cannot be written is said before the training
  const { train, validation, test } = await loadDigits(limit);
  const digits = count(train);
  const model = createNetwork(seed);
  const recipe = { loss, learningRate, decay: l2 / digits };
  compileNetwork(model, recipe);
  model.summary();
  console.log(
    `\nMNIST: ${shown(digits)} digits to train on, ${shown(count(validation))} to validate with, ${shown(count(test))} to test with.\n` +
      `Gradient descent: learning rate ${learningRate}, batches of ${batchSize}, L2 with λ = ${l2}; ${loss}; seed ${seed}.\n`,
  );
  const report = new TrainingReport(epochs, Math.ceil(digits / batchSize));
  const begin = performance.now();
  const { history } = await model.fit(train.x, train.y, {
    ...{ epochs, batchSize, seed, callbacks: [report, new TerminateOnNaN()], verbose: 0 },
    validationData: [validation.x, validation.y],
  });
  if (!Number.isFinite(history.loss!.at(-1))) {
    throw new TapegradError(
      'train',
      `the loss is ${history.loss!.at(-1)} in epoch ${history.loss!.length}. Expected a number; try a learning rate below ${learningRate}.`,
    );
  }
  console.log(`\nTrained in ${((performance.now() - begin) / 1000).toFixed(1)} s, validation included.`);
  await printAccuracies(model, { validation, test });

  await saveWeights(model, folder.pathOf('model.json'));
  console.log(`Wrote ${relative(process.cwd(), folder.pathOf('model.json'))}`);
  const forPage = asInPage(model);
  compileNetwork(forPage, recipe);
  await folder.write('page-model.json', pageModel(model));
  console.log('Of page-model.json, whose weights are rounded:');
  await printAccuracies(forPage, { validation, test });
  await folder.write(
    'curves.svg',
    historyCurves(history, {
      title: '784–80–80–10 on MNIST',
      y: { loss: { label: loss === 'cross-entropy' ? 'cross-entropy' : 'squared error', scale: 'log' } },
    }),
  );
}

/** Measures the network of a file. @throws TapegradError where it cannot be read, or holds a network of other sizes. */
export async function evaluate(path: string): Promise<void> {
  const model = await loadNetwork(path);
  compileNetwork(model, { loss: defaults.loss, learningRate: 0, decay: 0 });
  console.log(`${path} holds ${shown(model.countParams())} numbers.`);
  await printAccuracies(model, await loadDigits());
}

type Parts = { readonly validation: Digits; readonly test: Digits };

async function printAccuracies(model: Sequential, { validation, test }: Parts): Promise<void> {
  for (const [name, digits] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    const { accuracy } = await model.evaluate(digits.x, digits.y, { batchSize: 100 });
    const right = Math.round(accuracy! * count(digits));
    console.log(`  ${name}: ${percent(accuracy!)} (${shown(right)} of ${shown(count(digits))} digits)`);
  }
}

/** `50,000`. */
function shown(count: number): string {
  return count.toLocaleString('en');
}

function count({ y }: Digits): number {
  return y.shape[0]!;
}

// Training and measuring, as the program does it.

import { relative } from 'node:path';
import type { OutputFolder } from '@tapegrad/command';
import type { Sequential } from '@tapegrad/nn';
import { saveWeights } from '@tapegrad/nn/node';
import { historyCurves } from '@tapegrad/viz';
import { type Digits, loadDigits } from './data.ts';
import { compileNetwork, createNetwork, type Recipe } from './network.ts';
import { percent, TrainingReport } from './report.ts';
import { asInPage, loadNetwork, pageModel } from './weights.ts';

/** What the user asked for. */
export interface TrainingOptions extends Omit<Recipe, 'decay'> {
  /** λ. */
  readonly l2: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** The digits to train on; of those to validate and test with at most as many. */
  readonly limit: number;
}

/** Trains a network, prints how that goes, and leaves weights and curves in the folder. */
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
    `\nMNIST: ${digits} digits to train on, ${count(validation)} to validate with, ${count(test)} to test with.\n` +
      `Gradient descent: learning rate ${learningRate}, batches of ${batchSize}, L2 with λ = ${l2}; ${loss}; seed ${seed}.\n`,
  );
  const report = new TrainingReport(epochs, Math.ceil(digits / batchSize));
  const begin = performance.now();
  const { history } = await model.fit(train.x, train.y, {
    ...{ epochs, batchSize, seed, callbacks: [report], verbose: 0 },
    validationData: [validation.x, validation.y],
  });
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
export async function evaluate(path: string, { loss, limit }: TrainingOptions): Promise<void> {
  const model = await loadNetwork(path);
  compileNetwork(model, { loss, learningRate: 0, decay: 0 });
  console.log(`${path} holds ${model.countParams()} numbers.`);
  await printAccuracies(model, await loadDigits(limit));
}

type Parts = { readonly validation: Digits; readonly test: Digits };

async function printAccuracies(model: Sequential, { validation, test }: Parts): Promise<void> {
  for (const [name, digits] of [
    ['validation', validation],
    ['test', test],
  ] as const) {
    const { accuracy } = await model.evaluate(digits.x, digits.y, { batchSize: 100 });
    const right = Math.round(accuracy! * count(digits));
    console.log(`  ${name}: ${percent(accuracy!)} (${right} of ${count(digits)} digits)`);
  }
}

function count({ y }: Digits): number {
  return y.shape[0]!;
}

// The example as a program: reads the options, runs the parts, prints what came of them.

import type { Tensor } from '@tapegrad/core';
import { breastCancer } from '@tapegrad/datasets';
import { createSwishNetwork, Swish } from './custom-layer.ts';
import { type Split, splitFirstHundred, train } from './fixed-split.ts';
import { crossValidate, holdOut, meanAndDeviation, protocol } from './honest-protocol.ts';
import { createNetwork } from './network.ts';
import { help, type Options, readOptions } from './options.ts';

const options = optionsOrExit(process.argv.slice(2));
if (options?.help) console.log(help);
else if (options) await run(options);

function optionsOrExit(args: readonly string[]): Options | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
    return undefined;
  }
}

async function run(options: Options): Promise<void> {
  const data = await breastCancer();
  const [rows, features] = data.x.shape;
  const counts = data.targetNames.map((name, label) => `${data.y.equal(label).sum().item()} ${name}`);
  console.log(`Breast Cancer Wisconsin (Diagnostic): ${rows} rows, ${features} features; ${counts.join(', ')}.`);

  const split = splitFirstHundred(data.x, data.y);
  await runFixedSplit(split, options);
  await runCustomLayer(split, options.seed);
  await runHonestProtocol(data, split, options.seed);
}

async function runFixedSplit(split: Split, { epochs, learningRate, seed }: Options): Promise<void> {
  const [trained, validated] = [split.xTrain.shape[0]!, split.xVal.shape[0]!];
  heading('A network on a fixed split');
  console.log(`Standardised over all rows; the first ${validated} rows validate, the other ${trained} train.\n`);
  const model = createNetwork(seed, learningRate);
  model.summary();
  console.log(`\nAdam, learning rate ${learningRate.toExponential()}, batches of 100 rows, seed ${seed}.\n`);
  const { accuracies, seconds } = await train(model, split, { epochs, seed, logEvery: 100 });
  const accuracy = accuracies.at(-1)!;
  console.log(`\nTrained in ${seconds.toFixed(1)} s.`);
  console.log(
    `Validation accuracy ${show(accuracy)}: ${Math.round(accuracy * validated)} of ${validated} rows are right.`,
  );
}

async function runCustomLayer(split: Split, seed: number): Promise<void> {
  heading('A layer of our own, without a derivative');
  console.log('Swish, x σ(β x) with a trained β for each feature: see custom-layer.ts.');
  const swish = new Swish();
  const epochs = 100;
  const { accuracies, seconds } = await train(createSwishNetwork(swish, seed), split, { epochs, seed, verbose: 0 });
  const betas = swish.weights[0]!.toData();
  console.log(`β went from 1 to between ${Math.min(...betas).toFixed(2)} and ${Math.max(...betas).toFixed(2)}.`);
  console.log(`Validation accuracy ${show(accuracies.at(-1)!)} after ${epochs} epochs (${seconds.toFixed(1)} s).`);
}

async function runHonestProtocol({ x, y }: { x: Tensor; y: Tensor }, split: Split, seed: number): Promise<void> {
  const { epochs, learningRate, testSize, folds } = protocol;
  heading('What to expect on new rows');
  console.log(
    `The same network; statistics from the training rows alone, ${epochs} epochs, learning rate ${learningRate.toExponential()}.`,
  );
  console.log(`Stratified split, ${testSize * 100} % of the rows test: accuracy ${show(await holdOut(x, y, seed))}.`);
  const accuracies: number[] = [];
  for await (const accuracy of crossValidate(x, y, seed)) accuracies.push(accuracy);
  const [mean, deviation] = meanAndDeviation(accuracies);
  console.log(`Stratified ${folds}-fold cross-validation: ${accuracies.map(show).join(', ')}.`);
  console.log(`Accuracy ${show(mean)} ± ${show(deviation)}, mean and standard deviation over the folds.`);
  console.log(
    `This is the number to trust. The validation rows above are ${percentMalignant(split.yVal)} malignant ` +
      `(all rows: ${percentMalignant(y)}),\ntook part in the standardisation, and decided the learning rate.`,
  );
}

function heading(text: string): void {
  console.log(`\n── ${text}\n`);
}

function show(accuracy: number): string {
  return accuracy.toFixed(4);
}

function percentMalignant(y: Tensor): string {
  return `${Math.round(100 * y.equal(0).mean().item())} %`;
}

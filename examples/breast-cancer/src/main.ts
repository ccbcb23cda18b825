// The example as a program: reads the options, runs the parts, prints what came of them.

import { type OptionValues, OutputFolder, options, runCommand } from '@tapegrad/command';
import type { Tensor } from '@tapegrad/core';
import { breastCancer } from '@tapegrad/datasets';
import { createSwishNetwork, Swish } from './custom-layer.ts';
import { type Split, splitFirstHundred, train } from './fixed-split.ts';
import { crossValidate, holdOut, meanAndDeviation, protocol, type Tested } from './honest-protocol.ts';
import { createNetwork } from './network.ts';
import { pageOf } from './page.ts';
import { confusionPicture, type Picture, rocPicture, tapePicture, trainingPictures } from './pictures.ts';

const command = {
  usage: 'npm start --',
  about: 'Trains a network that tells malignant from benign tumours.',
  options: {
    epochs: options.whole('how long the first network is trained', 1000, 1),
    learningRate: options.positive('the step size of its training', 2e-5),
    seed: options.whole('decides all random numbers: the same seed gives the same run', 1, 0),
    out: options.text('where the page and its pictures go', 'FOLDER', 'out/breast-cancer'),
  },
} as const;

type Options = OptionValues<typeof command.options>;

await runCommand(command, run);

async function run(options: Options): Promise<void> {
  // before the work, so that a folder that cannot be written to is known at once
  const folder = new OutputFolder(options.out!);
  await folder.make();
  const data = await breastCancer();
  const [rows, features] = data.x.shape;
  const counts = data.targetNames.map((name, label) => `${data.y.equal(label).sum().item()} ${name}`);
  console.log(`Breast Cancer Wisconsin (Diagnostic): ${rows} rows, ${features} features; ${counts.join(', ')}.`);

  const split = splitFirstHundred(data.x, data.y);
  const fixed = await runFixedSplit(split, options);
  await runCustomLayer(split, options.seed);
  const honest = await runHonestProtocol(data, split, options.seed);

  heading('Pictures');
  const judged = [confusionPicture(honest.folds, data.targetNames), rocPicture(honest.folds)];
  const pictures = [...fixed.pictures, ...judged, fixed.tape];
  for (const { name, svg } of pictures) await folder.write(`${name}.svg`, svg, '');
  const about = [data.description, `Seed ${options.seed}; made by tapegrad's example breast-cancer.`];
  const figures = [fixed.figure, honest.figure, ['Parameters', '14,337']] as const;
  const page = pageOf({ title: 'Breast cancer: malignant or benign?', about, figures }, pictures);
  await folder.write('index.html', page, 'Open');
}

/** What a part of the run leaves for the page. */
type Figure = readonly [name: string, figure: string];

async function runFixedSplit(
  split: Split,
  { epochs, learningRate, seed }: Options,
): Promise<{ readonly pictures: readonly Picture[]; readonly tape: Picture; readonly figure: Figure }> {
  const [trained, validated] = [split.xTrain.shape[0]!, split.xVal.shape[0]!];
  heading('A network on a fixed split');
  console.log(`Standardised over all rows; the first ${validated} rows validate, the other ${trained} train.\n`);
  const model = createNetwork(seed, learningRate);
  model.summary();
  console.log(`\nAdam, learning rate ${learningRate.toExponential()}, batches of 100 rows, seed ${seed}.\n`);
  const outcome = await train(model, split, { epochs, seed, logEvery: 100 });
  const accuracy = outcome.history.val_accuracy.at(-1)!;
  console.log(`\nTrained in ${outcome.seconds.toFixed(1)} s.`);
  console.log(
    `Validation accuracy ${show(accuracy)}: ${Math.round(accuracy * validated)} of ${validated} rows are right.`,
  );
  return {
    pictures: trainingPictures(outcome),
    tape: await tapePicture(model, split),
    figure: [`Validation accuracy, fixed split, ${epochs} epochs`, show(accuracy)],
  };
}

async function runCustomLayer(split: Split, seed: number): Promise<void> {
  heading('A layer of our own, without a derivative');
  console.log('Swish, x σ(β x) with a trained β for each feature: see custom-layer.ts.');
  const swish = new Swish();
  const epochs = 100;
  const { history, seconds } = await train(createSwishNetwork(swish, seed), split, { epochs, seed, verbose: 0 });
  const betas = swish.weights[0]!.toData();
  console.log(`β went from 1 to between ${Math.min(...betas).toFixed(2)} and ${Math.max(...betas).toFixed(2)}.`);
  console.log(
    `Validation accuracy ${show(history.val_accuracy.at(-1)!)} after ${epochs} epochs (${seconds.toFixed(1)} s).`,
  );
}

async function runHonestProtocol(
  { x, y }: { x: Tensor; y: Tensor },
  split: Split,
  seed: number,
): Promise<{ readonly folds: readonly Tested[]; readonly figure: Figure }> {
  const { epochs, learningRate, testSize } = protocol;
  heading('What to expect on new rows');
  console.log(
    `The same network; statistics from the training rows alone, ${epochs} epochs, learning rate ${learningRate.toExponential()}.`,
  );
  console.log(
    `Stratified split, ${testSize * 100} % of the rows test: accuracy ${show((await holdOut(x, y, seed)).accuracy)}.`,
  );
  const folds: Tested[] = [];
  for await (const fold of crossValidate(x, y, seed)) folds.push(fold);
  const accuracies = folds.map(({ accuracy }) => accuracy);
  const [mean, deviation] = meanAndDeviation(accuracies);
  console.log(`Stratified ${folds.length}-fold cross-validation: ${accuracies.map(show).join(', ')}.`);
  console.log(`Accuracy ${show(mean)} ± ${show(deviation)}, mean and standard deviation over the folds.`);
  console.log(
    `This is the number to trust. The validation rows above are ${percentMalignant(split.yVal)} malignant ` +
      `(all rows: ${percentMalignant(y)}),\ntook part in the standardisation, and decided the learning rate.`,
  );
  return { folds, figure: [`Accuracy, ${folds.length}-fold cross-validation`, `${show(mean)} ± ${show(deviation)}`] };
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

// The example as a program: tries a layer of each kind, audits the one with a hand-written derivative, prints and draws what came of it.

import { type OptionValues, OutputFolder, options, runCommand } from '@tapegrad/command';
import type { TrainTest } from '@tapegrad/datasets';
import { showCheck } from '@tapegrad/gradcheck';
import { Activation, AuditError, type Layer } from '@tapegrad/nn';
import { curves } from '@tapegrad/viz';
import Table from 'cli-table3';
import { Maxout } from './a-class.ts';
import { squaredRelu } from './a-function.ts';
import { checkRule, squareplusLayer } from './an-op.ts';
import { HandWrittenDense } from './by-hand.ts';
import { digitsSplit, rowsOf, type Tried, tryLayers } from './training.ts';

const command = {
  usage: 'npm run example -- custom-layer',
  about: 'Four ways to write a layer, tried on the 8 × 8 digits.',
  options: {
    epochs: options.whole('how long each network is trained', 30, 1),
    seed: options.whole('decides all random numbers: the same seed gives the same run', 1, 0),
    out: options.text('where the picture goes', 'FOLDER', 'out/custom-layer'),
  },
} as const;

await runCommand(command, run);

async function run({ epochs, seed, out }: OptionValues<typeof command.options>): Promise<void> {
  const folder = new OutputFolder(out!);
  await folder.make();
  const split = await digitsSplit(seed);
  console.log(
    `8 × 8 digits: ${rowsOf(split.xTrain).toLocaleString('en')} to train on, ${rowsOf(split.xTest).toLocaleString('en')} to test with; ${epochs} epochs, seed ${seed}.`,
  );

  heading('The rule of the op, against central differences');
  console.log(showCheck(checkRule()));

  heading('A backward pass by hand, under audit: the gradient of the bias as a mean over the batch');
  const audited = { epochs, seed, audit: { every: 10 }, verbose: 0 } as const;
  await showMistake(() => tryLayers([new HandWrittenDense(32, 'mean'), relu()], split, audited));

  heading('All ways');
  const tried = await tryAll(split, epochs, seed);
  console.log(tableOf(tried));
  await folder.write('losses.svg', picture(tried));
}

/** A way to write a layer, and what came of it. */
interface Way extends Tried {
  readonly way: string;
  readonly layer: string;
}

async function tryAll(split: TrainTest, epochs: number, seed: number): Promise<readonly Way[]> {
  const ways: readonly (readonly [way: string, layer: string, make: () => readonly Layer[]])[] = [
    ['for comparison', 'relu', () => [relu()]],
    ['a function', 'squared relu, by Lambda', () => [squaredRelu()]],
    ['a class', 'Maxout, 3 pieces a unit', () => [new Maxout(32, 3)]],
    ['an op', 'squareplus', () => [squareplusLayer()]],
    ['by hand, audited', 'Dense with its own backward, relu', () => [new HandWrittenDense(32, 'sum'), relu()]],
  ];
  const tried: Way[] = [];
  for (const [way, layer, make] of ways) {
    const audit = way.endsWith('audited') ? { audit: { every: 10 } } : {};
    tried.push({ way, layer, ...(await tryLayers(make(), split, { epochs, seed, verbose: 0, ...audit })) });
    console.log(`${way}: done in ${tried.at(-1)!.seconds.toFixed(1)} s`);
  }
  return tried;
}

async function showMistake(train: () => Promise<Tried>): Promise<void> {
  try {
    await train();
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    console.log(error.message);
    return;
  }
  throw new Error('internal: the audit let a wrong gradient pass.');
}

function tableOf(ways: readonly Way[]): string {
  const table = new Table({
    head: ['way', 'layer', 'parameters', 'test accuracy', 'seconds'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { way, layer, parameters, accuracy, seconds } of ways) {
    table.push([way, layer, parameters.toLocaleString('en'), accuracy.toFixed(4), seconds.toFixed(1)]);
  }
  return table.toString();
}

function picture(ways: readonly Way[]): string {
  const series = ways.map(({ layer, losses }) => ({
    name: layer.split(',')[0]!,
    x: losses.map((_, i) => i + 1),
    y: losses,
  }));
  return curves(series, {
    title: 'Training loss',
    x: { label: 'epoch' },
    y: { label: 'cross-entropy', unit: 'nats', scale: 'log' },
  });
}

function relu(): Layer {
  return new Activation('relu');
}

function heading(text: string): void {
  console.log(`\n── ${text}\n`);
}

// The example as a program: audits the write-up's formulas, trains the network in four ways, prints and draws the comparison.

import { type OptionValues, OutputFolder, options, runCommand } from '@tapegrad/command';
import { auditAll } from './audits.ts';
import { type Digits, loadDigits } from './data.ts';
import { layerSizes } from './layer-sizes.ts';
import { createNetwork } from './network.ts';
import { type Way, ways } from './optimisers.ts';
import { picture } from './picture.ts';
import { comparison, type Outcome, verdicts } from './tables.ts';
import { type EpochReport, trainModel } from './training.ts';

const command = {
  usage: 'npm run example -- l-layer-network',
  about: 'Gradient descent on all rows, in mini-batches, and two kinds of Adam: the same network, compared.',
  options: {
    layers: layerSizes('the sizes of the layers, the inputs first', [784, 128, 64, 10]),
    epochs: options.whole('how often all rows are seen; six times as often where a step takes all of them', 10, 1),
    batchSize: options.whole('rows in a step of the others', 128, 1),
    rows: options.whole('trains on the first N of the 60,000 digits; all 10,000 others test', 60_000, 1, 60_000),
    seed: options.whole('decides all random numbers: the same seed gives the same run', 1, 0),
    out: options.text('where the picture goes', 'FOLDER', 'out/l-layer-network'),
  },
} as const;

type Options = OptionValues<typeof command.options>;

await runCommand(command, run);

async function run(options: Options): Promise<void> {
  const folder = new OutputFolder(options.out!);
  await folder.make();
  heading('The formulas as their author wrote them, audited');
  console.log(verdicts(await auditAll()));

  const { train, test } = await loadDigits(options.rows);
  const [trained, tested] = [train, test].map(({ y }) => y.size.toLocaleString('en'));
  heading(`MNIST: ${trained} digits to train on, ${tested} to test with`);
  const outcomes: Outcome[] = [];
  for (const [i, way] of ways.entries()) {
    if (i === 0) createNetwork(options.layers, way.optimizer(way.learningRate), options.seed).summary();
    outcomes.push(await trainBy(way, train, test, options));
  }

  heading('The comparison');
  console.log(comparison(outcomes));
  console.log('');
  await folder.write('comparison.svg', picture(outcomes));
}

async function trainBy(way: Way, train: Digits, test: Digits, options: Options): Promise<Outcome> {
  const { layers, seed } = options;
  const batchSize = way.fullBatch ? train.y.size : Math.min(options.batchSize, train.y.size);
  const epochs = way.fullBatch ? 6 * options.epochs : options.epochs;
  console.log('');
  const onEpoch = (report: EpochReport): void => {
    const { epoch } = report;
    if (!way.fullBatch || [1, epochs].includes(epoch) || epoch % 10 === 0) console.log(lineOf(way, report, epochs));
  };
  const model = createNetwork(layers, way.optimizer(way.learningRate), seed);
  const reports = await trainModel(model, { train, test, epochs, batchSize, seed, onEpoch });
  return { way, batchSize, reports };
}

function lineOf({ name }: Way, { epoch, seconds, loss, testAccuracy }: EpochReport, epochs: number): string {
  const place = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const measured = `loss ${loss.toFixed(4)}, test accuracy ${testAccuracy.toFixed(4)}`;
  return `${name.padEnd(14)}  ${place}: ${measured} (${seconds.toFixed(1)} s)`;
}

function heading(text: string): void {
  console.log(`\n── ${text}\n`);
}

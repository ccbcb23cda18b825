// What the example does: finds where the NaN is born, trains without it, prints and draws what came of it.

import { type OptionValues, OutputFolder, options, runCommand } from '@tapegrad/command';
import { firstAnomaly } from './anomalies.ts';
import { countOf, type Digits, firstOf, normalised, sevensAndEights } from './data.ts';
import { asWritten, fromLogits, type Loss } from './losses.ts';
import { SigmoidNetwork } from './network.ts';
import { type Trained, uncertainPicture, weightsPicture } from './pictures.ts';
import { accuracy, train } from './training.ts';
import { wrapped } from './wrapped.ts';

const command = {
  usage: 'npm run example -- sevens-vs-eights',
  about: 'Tells sevens from eights, says where a NaN is born on the way, and draws what was learnt.',
  options: {
    epochs: options.whole('how long each network is trained', 4000, 1),
    learningRate: options.positive('the step size', 1),
    seed: options.whole('decides all random numbers: the same seed gives the same run', 1, 0),
    out: options.text('where the pictures go', 'FOLDER', 'out/sevens-vs-eights'),
  },
} as const;

type Options = OptionValues<typeof command.options>;

const single = [784, 1];
const deep = [784, 10, 5, 1];
/** How long the NaN is looked for. */
const watched = 10;

/** Runs it on the arguments of the process. */
export async function main(): Promise<void> {
  await runCommand(command, run);
}

async function run(options: Options): Promise<void> {
  const folder = new OutputFolder(options.out!);
  await folder.make();
  const raw = await sevensAndEights({ digits: 4000, heldOut: 400 }, options.seed);
  const [train, heldOut] = [normalised(raw.train), normalised(raw.heldOut)];
  console.log(
    `MNIST, sevens and eights: ${countOf(train).toLocaleString('en')} to train on, ${countOf(heldOut)} held out.`,
  );

  heading('Pixels from 0 to 255: the loss as it was written');
  for (const sizes of [single, deep]) watch(sizes, raw.train, asWritten, options);
  heading('Pixels from 0 to 1: the same loss');
  for (const sizes of [single, deep]) watch(sizes, train, asWritten, options);
  heading('Pixels from 0 to 1: the loss from the value before the sigmoid');
  for (const sizes of [single, deep]) watch(sizes, train, fromLogits, options);

  heading('Trained like that');
  const networks = [single, deep].map((sizes) => trained(sizes, train, heldOut, options));
  heading('The single layer on fewer digits');
  const few = [100, 1000].map((count) => trained(single, firstOf(train, count), heldOut, options));

  heading('Pictures');
  for (const { network } of networks) {
    await folder.write(`least-certain-${network.sizes.join('-')}.svg`, uncertainPicture(network, heldOut, 12));
  }
  await folder.write('weights.svg', weightsPicture([...few, networks[0]!]));
}

/** Looks for the first infinity, and the first NaN, of a training. */
function watch(sizes: readonly number[], digits: Digits, loss: Loss, { learningRate, seed }: Options): void {
  const training = { loss, rate: learningRate, epochs: watched };
  const search = (kind: true | 'NaN') => firstAnomaly(new SigmoidNetwork(sizes, seed), digits, training, kind);
  const { name } = new SigmoidNetwork(sizes, seed);
  const first = search(true);
  if (first === undefined) {
    console.log(`${name}: ${watched} epochs without a NaN or an infinity.`);
    return;
  }
  const last = sizes.length - 1;
  console.log(`${name}: an infinity is born in epoch ${first.epoch}.`);
  console.log(wrapped(first.report, '  ', 120));
  console.log(
    `  Z${last} goes from ${first.least.toFixed(1)} to ${first.greatest.toFixed(1)}: in float32, its sigmoid is exactly 0 or 1 ` +
      `for ${first.saturated.toLocaleString('en')} of the digits.`,
  );
  const nan = search('NaN');
  if (nan !== undefined) {
    console.log(`The NaN that comes of it, in epoch ${nan.epoch}:`);
    console.log(wrapped(nan.report, '  ', 120));
  }
}

/** Trains a network from normalised pixels, with the loss of every 100th epoch, and measures it. */
function trained(sizes: readonly number[], digits: Digits, heldOut: Digits, options: Options): Trained {
  const { learningRate: rate, epochs, seed } = options;
  const network = new SigmoidNetwork(sizes, seed);
  const examples = countOf(digits);
  console.log(
    `${network.name} on ${examples.toLocaleString('en')} digits; the loss, ${epochs > 100 ? 'every 100 epochs' : 'at the end'}:`,
  );
  const start = performance.now();
  let losses: number[] = [];
  for (const [epoch, loss] of train(network, digits, { loss: fromLogits, rate, epochs })) {
    losses.push(loss);
    if (epoch % 1000 !== 0 && epoch !== epochs) continue;
    console.log(
      `  ${losses.length > 1 ? 'up to epoch' : 'epoch'} ${String(epoch).padStart(String(epochs).length)}: ${losses.map((each) => each.toFixed(5)).join(' ')}`,
    );
    losses = [];
  }
  const seconds = (performance.now() - start) / 1000;
  const right = accuracy(network, heldOut);
  const count = countOf(heldOut);
  console.log(
    `  Held out: ${Math.round(right * count)} of ${count} are right, ${(100 * right).toFixed(2)} % (${seconds.toFixed(1)} s).`,
  );
  return { network, examples, accuracy: right };
}

function heading(text: string): void {
  console.log(`\n── ${text}\n`);
}

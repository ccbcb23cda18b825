// The example as a program: trains and measures the network, or builds the page and serves it.

import { OutputFolder, options, requireAlone, runCommand } from '@tapegrad/command';
import { split } from './data.ts';
import { defaults } from './network.ts';
import { buildPage, servePage } from './page.ts';
import { evaluate, train } from './train.ts';

const command = {
  usage: 'npm run example -- digit-recognizer',
  about: 'Trains a network that reads digits; with --page, opens a page on which to draw some.',
  options: {
    page: options.flag('builds the page into the folder of --out and serves it on this machine'),
    buildPage: options.text('builds the page into this folder, for any host of static files', 'FOLDER', undefined),
    load: options.text('measures the weights in this file; with a page, the page gets them', 'FILE', undefined),
    epochs: options.whole('how often all digits are trained on', defaults.epochs, 1),
    batchSize: options.whole('digits in a step', defaults.batchSize, 1),
    learningRate: options.positive('step size', defaults.learningRate),
    l2: options.nonNegative('λ: weights decay by λ / digits', defaults.l2),
    loss: options.choice('what is minimised', ['cross-entropy', 'squared-error'], defaults.loss),
    limit: options.whole('trains on the first N digits; validation and test keep theirs', split.train, 1, split.train),
    seed: options.whole('decides all random numbers', 1, 0),
    port: options.whole('where the page is served', 5180, 1, 65_535),
    out: options.text('where weights, curves and the page are left', 'FOLDER', 'out/digit-recognizer'),
  },
} as const;

/** What only a training takes. */
const ofTraining = ['epochs', 'batchSize', 'learningRate', 'l2', 'loss', 'limit', 'seed'] as const;

await runCommand(command, async (values) => {
  const args = process.argv.slice(2);
  for (const name of ['load', 'page', 'buildPage'] as const) requireAlone(command, args, name, ofTraining);
  requireAlone(command, args, 'page', ['buildPage']);
  const { page, buildPage: target, load, port } = values;
  const folder = new OutputFolder(values.out!);
  if (target !== undefined) await buildPage(target, load);
  else if (page) await servePage(folder.pathOf('page'), load, port);
  else if (load !== undefined) await evaluate(load);
  else await train(values, folder);
});

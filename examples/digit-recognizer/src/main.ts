// The example as a program: trains and measures the network, or builds the page and serves it.

import { OutputFolder, options, runCommand } from '@tapegrad/command';
import { defaults } from './network.ts';
import { buildPage, servePage } from './page.ts';
import { evaluate, train } from './train.ts';

const command = {
  usage: 'pnpm example digit-recognizer',
  about: 'Trains a network that reads digits; with --page, opens a page on which to draw some.',
  options: {
    page: options.flag('builds the page into the folder of --out and serves it on this machine'),
    buildPage: options.text('builds the page into this folder, for any host of static files', 'FOLDER', undefined),
    load: options.text('measures the weights in this file; with --page, the page gets them', 'FILE', undefined),
    epochs: options.whole('how often all digits are trained on', defaults.epochs, 1),
    batchSize: options.whole('digits in a step', defaults.batchSize, 1),
    learningRate: options.positive('step size', defaults.learningRate),
    l2: options.nonNegative('λ: weights decay by λ / digits', defaults.l2),
    loss: options.choice('what is minimised', ['cross-entropy', 'squared-error'], defaults.loss),
    limit: options.whole('trains on the first N digits', 50_000, 1),
    seed: options.whole('decides all random numbers', 1, 0),
    port: options.whole('where the page is served', 5180, 1),
    out: options.text('where weights, curves and the page are left', 'FOLDER', 'out/digit-recognizer'),
  },
} as const;

await runCommand(command, async (values) => {
  const { page, buildPage: target, load, port } = values;
  const folder = new OutputFolder(values.out!);
  if (target !== undefined) await buildPage(target, load);
  else if (page) await servePage(folder.pathOf('page'), load, port);
  else if (load !== undefined) await evaluate(load, values);
  else await train(values, folder);
});

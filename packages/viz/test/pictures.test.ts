// The pictures of the README, from a training that was recorded: `npx vitest run packages/viz -u` draws them again.

import { readFileSync } from 'node:fs';
import { Tape, tensor } from '@tapegrad/core';
import { expect, it } from 'vitest';
import { confusionMatrixPlot, historyCurves, imageGrid, rocCurve, rocCurvePlot, tapeSvg } from '../src/index.ts';

/**
 * On the breast cancer data a network 30–16–1, 50 epochs, with its scores on the 171 rows of the test set, and those of a logistic
 * regression on two of the features; on the 8 × 8 digits the weights of a softmax regression.
 */
interface Recorded {
  readonly history: Readonly<Record<string, number[]>>;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly twoFeatures: readonly number[];
  readonly digitWeights: number[];
}

const recorded = JSON.parse(readFileSync(new URL('support/recorded.json', import.meta.url), 'utf8')) as Recorded;

const pictures: Readonly<Record<string, () => string | Promise<string>>> = {
  history: () =>
    historyCurves(recorded.history, {
      title: 'A network for the breast cancer data',
      y: { loss: { label: 'cross-entropy', unit: 'nats', scale: 'log' } },
    }),
  'confusion-matrix': () =>
    confusionMatrixPlot(
      recorded.labels,
      recorded.scores.map((score) => Number(score > 0.5)),
      { classNames: ['malignant', 'benign'], title: 'Test set' },
    ),
  'roc-curve': () =>
    rocCurvePlot(
      {
        network: rocCurve(recorded.labels, recorded.scores),
        'two features': rocCurve(recorded.labels, recorded.twoFeatures),
      },
      { title: 'Test set' },
    ),
  weights: () =>
    imageGrid(tensor(recorded.digitWeights).reshape([10, 8, 8]), {
      ...{ columns: 5, colors: 'diverging', value: { label: 'weight' } },
      captions: Array.from({ length: 10 }, (_, digit) => `for ${digit}`),
      title: 'Softmax regression on digits',
    }),
  tape: () => {
    const x = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const W = tensor([
      [0.1, -0.2],
      [0.3, 0.4],
    ]);
    const tape = new Tape();
    tape.watch({ W });
    const loss = tape.record(() => x.matmul(W).named('z').sigmoid().named('a').mean());
    return tapeSvg(tape, { target: loss, direction: 'right' });
  },
};

it.each(Object.entries(pictures))('the picture %s is up to date', async (name, draw) => {
  await expect(await draw()).toMatchFileSnapshot(`../docs/${name}.svg`);
});

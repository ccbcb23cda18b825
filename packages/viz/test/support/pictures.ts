// One picture of each kind, drawn the same way in Node and in a page.

import { RandomGenerator } from '@tapegrad/core';
import {
  confusionMatrixPlot,
  curves,
  historyCurves,
  imageGrid,
  rocCurve,
  rocCurvePlot,
  tapeDot,
  tapeSvg,
} from '../../src/index.ts';
import { network } from './tapes.ts';

/** Pictures by what they show. */
export async function pictures(): Promise<Record<string, string>> {
  const random = new RandomGenerator(3);
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const predictions = labels.map((label, i) => (i % 7 === 0 ? 0 : label));
  const scores = random.normal([60]);
  const { tape, loss } = network(false);
  return {
    curves: curves(
      [
        { name: 'training', y: [0.9, 0.5, Number.NaN, 0.3] },
        { name: 'validation ∂L/∂w', y: [0.8, 0.6, 0.55, 0.5] },
      ],
      { title: 'Loss', x: { label: 'epoch' }, y: { label: 'cross-entropy', unit: 'nats', scale: 'log' } },
    ),
    history: historyCurves({ loss: random.uniform([50]), val_loss: random.uniform([50]) }),
    confusionMatrix: confusionMatrixPlot(labels, predictions, { classNames: ['setosa', 'versicolor', 'virginica'] }),
    rocCurve: rocCurvePlot({
      model: rocCurve(
        labels.map((label) => Number(label === 0)),
        scores,
      ),
    }),
    weights: imageGrid(random.normal([6, 12, 12]), { colors: 'diverging', value: { label: 'weight' } }),
    dot: tapeDot(tape, { target: loss }),
    tape: await tapeSvg(tape, { target: loss }),
  };
}

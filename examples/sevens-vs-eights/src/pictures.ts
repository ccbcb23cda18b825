// The two kinds of pictures: digits that a network is least sure of, and weights as images.

import { stack } from '@tapegrad/core';
import { imageGrid } from '@tapegrad/viz';
import type { Digits } from './data.ts';
import type { SigmoidNetwork } from './network.ts';
import { probabilities } from './training.ts';

/** Digits, the least certain first, with what the network says of them. */
export interface Uncertain {
  /** Its column among the digits. */
  readonly column: number;
  readonly label: 7 | 8;
  /** That it is a 7. */
  readonly probability: number;
}

/** The `count` digits whose probability is nearest to 1/2. */
export function leastCertain(network: SigmoidNetwork, digits: Digits, count: number): readonly Uncertain[] {
  const labels = digits.Y.toData();
  const all = [...probabilities(network, digits).toData()].map(
    (probability, column): Uncertain => ({ column, label: labels[column] === 1 ? 7 : 8, probability }),
  );
  return all.sort((a, b) => Math.abs(a.probability - 0.5) - Math.abs(b.probability - 0.5)).slice(0, count);
}

/** An SVG of the digits, each with its label and the probability that it is a 7. */
export function uncertainPicture(network: SigmoidNetwork, digits: Digits, count: number): string {
  const uncertain = leastCertain(network, digits, count);
  const images = uncertain.map(({ column }) => digits.X.slice(column, column + 1, { axis: 1 }).reshape([28, 28]));
  return imageGrid(images, {
    title: `The digits of which ${network.name} is least sure`,
    captions: uncertain.map(({ label, probability }) => {
      const isRight = probability > 0.5 === (label === 7);
      return `${label === 7 ? 'a 7' : 'an 8'}; P(7) = ${probability.toFixed(2)}${isRight ? '' : ' ✗'}`;
    }),
    columns: 6,
    scale: 4,
    theme: 'light',
  });
}

/** A single-layer network, and what it was trained on. */
export interface Trained {
  readonly network: SigmoidNetwork;
  readonly examples: number;
  readonly accuracy: number;
}

/** An SVG of the weights, blue where a dark pixel speaks for a 7 and red where it speaks for an 8. */
export function weightsPicture(trained: readonly Trained[]): string {
  const images = trained.map(({ network }) => network.weights[0]!.W.reshape([28, 28]));
  return imageGrid(stack(images), {
    title: 'Weights of the single layer, with the accuracy on digits held out',
    captions: trained.map(
      ({ examples, accuracy }) => `${examples.toLocaleString('en')} digits: ${(100 * accuracy).toFixed(2)} %`,
    ),
    ...{ columns: trained.length, scale: 7, colors: 'diverging', value: { label: 'weight' } },
  });
}

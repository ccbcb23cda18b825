// The test loop: one image at a time, as a program would that is handed a single one.

import { compile } from '@tapegrad/compiler';
import type { Tensor } from '@tapegrad/core';
import type { Digits } from './data.ts';
import type { Stack } from './layers.ts';

/** What the network says of one image. */
export interface Guess {
  /** Which image, counted from 0. */
  readonly image: number;
  readonly label: number;
  readonly guess: number;
  /** The probability that it gives its guess. */
  readonly probability: number;
}

/** Predicts one image after the other. */
export function* guesses(network: Stack, { x, y }: Digits): Generator<Guess, void> {
  const predict = compile((image: Tensor) => {
    const probabilities = network.forward(image);
    return { guess: probabilities.argmax(1), probability: probabilities.max(1) };
  });
  const labels = y.toData();
  for (let image = 0; image < labels.length; image++) {
    const { guess, probability } = predict(x.slice(image, image + 1));
    yield { image, label: labels[image]!, guess: guess.item(), probability: probability.item() };
  }
}

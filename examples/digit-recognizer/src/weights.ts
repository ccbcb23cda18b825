// Trained weights in files: as they are, and rounded for the page, which has to load them over a network.

import { exportWeights, importWeights, type Sequential, type WeightsJson } from '@tapegrad/nn';
import { loadWeights } from '@tapegrad/nn/node';
import { createNetwork } from './network.ts';

/** Decimals of the weights in the page's file. Two change 2 of 10,000 validation digits; one would cost 1.6 % of them. */
export const pageDecimals = 2;

/** The weights with so many decimals. */
export function rounded({ sizes, weights, biases }: WeightsJson, decimals: number): WeightsJson {
  const round = (row: readonly number[]): readonly number[] => row.map((value) => Number(value.toFixed(decimals)) + 0);
  return { sizes, weights: weights.map((matrix) => matrix.map(round)), biases: biases.map(round) };
}

/** The text of the page's file for these weights. */
export function pageModel(model: Sequential): string {
  return `${JSON.stringify(rounded(exportWeights(model), pageDecimals))}\n`;
}

/** Another network with the weights that the page's file holds. */
export function asInPage(model: Sequential): Sequential {
  const other = createNetwork(0);
  importWeights(other, rounded(exportWeights(model), pageDecimals));
  return other;
}

/**
 * A network with the weights of a file.
 *
 * @throws TapegradError where the file cannot be read, is no such JSON, or holds a network of other sizes.
 */
export async function loadNetwork(path: string): Promise<Sequential> {
  const model = createNetwork(0);
  await loadWeights(model, path);
  return model;
}

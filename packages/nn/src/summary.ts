// The table of a model's layers, as Keras prints it. It reads the model and changes nothing.

import type { Shape } from '@tapegrad/core';
import Table from 'cli-table3';
import type { Layer } from './layer.ts';

export interface SummaryOptions {
  /** Given the text, in place of the console. */
  readonly print?: (text: string) => void;
}

// The widths of Keras's table; wider where a name needs it.
const leastWidths = [35, 24, 15];

/** The table of `layers` and the totals below it. */
export function summaryText(
  model: Layer,
  layers: readonly { readonly layer: Layer; readonly outputShape: Shape | undefined }[],
): string {
  const head = ['Layer (type)', 'Output Shape', 'Param #'];
  const rows = layers.map(({ layer, outputShape }) => [
    `${layer.name} (${layer.className})`,
    outputShape === undefined ? '?' : `(${['None', ...outputShape].join(', ')}${outputShape.length === 0 ? ',' : ''})`,
    layer.built ? showCount(layer.countParams()) : '0 (unbuilt)',
  ]);
  const widths = leastWidths.map((least, column) =>
    Math.max(least, ...[head, ...rows].map((row) => row[column]!.length + 2)),
  );
  const table = new Table({
    head,
    colWidths: widths,
    colAligns: ['left', 'left', 'right'],
    style: { head: [], border: [], compact: false },
  });
  table.push(...rows);
  const total = model.weights;
  const trainable = model.trainableWeights;
  const other = model.nonTrainableWeights;
  const line = (name: string, weights: Layer['weights']): string => {
    const count = weights.reduce((sum, weight) => sum + weight.size, 0);
    const bytes = weights.reduce((sum, weight) => sum + weight.size * (weight.dtype === 'float64' ? 8 : 4), 0);
    return ` ${name}: ${showCount(count)} (${showBytes(bytes)})`;
  };
  return [
    `Model: "${model.name}"`,
    table.toString(),
    line('Total params', total),
    line('Trainable params', trainable),
    line('Non-trainable params', other),
  ].join('\n');
}

/** `14,337`. */
function showCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `56.00 KB`, in steps of 1024. */
function showBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(2)} ${units[unit]}`;
}

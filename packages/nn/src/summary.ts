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
const leastName = 12;

/** How wide a table is with columns of these widths: a border before and after each. */
function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 1, 1);
}

/** The table of `layers` and the totals below it, as narrow as `width` where that is possible. */
export function summaryText(
  model: Layer,
  layers: readonly { readonly layer: Layer; readonly outputShape: Shape | undefined }[],
  width: number = Number.POSITIVE_INFINITY,
): string {
  const head = ['Layer (type)', 'Output Shape', 'Param #'];
  const rows = layers.map(({ layer, outputShape }) => [
    `${layer.name} (${layer.className})`,
    outputShape === undefined ? '?' : `(${['None', ...outputShape].join(', ')}${outputShape.length === 0 ? ',' : ''})`,
    layer.built ? showCount(layer.countParams()) : '0 (unbuilt)',
  ]);
  const needed = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length + 2)));
  const widths = leastWidths.map((least, column) => Math.max(least, needed[column]!));
  if (total(widths) > width) {
    // The numbers keep their place; the names have what is left, in several lines where it is too little.
    const [, shape, count] = needed as [number, number, number];
    widths.splice(0, 3, Math.max(leastName, width - total([0, shape, count])), shape, count);
  }
  const table = new Table({
    head,
    colWidths: widths,
    colAligns: ['left', 'left', 'right'],
    style: { head: [], border: [], compact: false },
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  table.push(...rows);
  const line = (name: string, weights: Layer['weights']): string => {
    const count = weights.reduce((sum, weight) => sum + weight.size, 0);
    const bytes = weights.reduce((sum, weight) => sum + weight.size * (weight.dtype === 'float64' ? 8 : 4), 0);
    return ` ${name}: ${showCount(count)} (${showBytes(bytes)})`;
  };
  return [
    `Model: "${model.name}"`,
    table.toString(),
    line('Total params', model.weights),
    line('Trainable params', model.trainableWeights),
    line('Non-trainable params', model.nonTrainableWeights),
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

// Elements of an array for pictures: its last two axes as rows, cut where they are long.

import type { Tensor } from '@tapegrad/core';
import { finite } from '../comparison.ts';
import type { ElementSample } from './audit-report.ts';

const most = 64;

/** The first elements of a tensor, as rows. */
export function sampleElements(x: Tensor): ElementSample {
  const columns = x.shape.at(-1) ?? 1;
  const rows = x.shape.at(-2) ?? 1;
  const data = x.toData();
  const [height, width] = [Math.min(rows, most), Math.min(columns, most)];
  if (data.length === 0) return { rows: [], complete: true };
  return {
    rows: Array.from({ length: height }, (_, row) =>
      Array.from({ length: width }, (_, column) => finite(data[row * columns + column]!)),
    ),
    complete: height * width === data.length,
  };
}

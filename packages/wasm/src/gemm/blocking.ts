// In which pieces a product is taken, so that sums stay in registers and operands in caches. The sizes are measured.

import type { Lanes } from './lanes.ts';

/** Sizes of the pieces. */
export interface Blocking {
  /** Heights of tiles, the usual one first; the others serve the last rows. */
  readonly heights: readonly number[];
  /** Vectors side by side in a tile: the width of a panel of y. */
  readonly vectors: number;
  /** Columns of a whole panel. */
  readonly panel: number;
  /** Columns of x (rows of y) at a time. */
  readonly depth: number;
  /** Columns of y at a time. */
  readonly width: number;
  /** Rows of x at a time. */
  readonly rows: number;
}

/**
 * GFLOP/s in float32 of products of 64, 128 and 512 square by the heights of two vectors, on one core of a Zen 5: relaxed
 * 4 rows 54, 57, 57; 5: 54, 56, 57; 6: 59, 61, 63; 7: 32, 33, 32. Plain 4: 47, 50, 50; 5: 54, 58, 57; 6: 34, 33, 32.
 * Three vectors × 4 rows and four × 3 give 31 … 34. An x64 processor has 16 vector registers: 6 × 2 sums, two vectors of y and
 * a factor are 15 of them, and a product that is not fused with its sum takes one more.
 */
const heights = { relaxed: [6, 3, 1], plain: [5, 2, 1] } as const;

const vectors = 2;

/**
 * From 128 to 512 columns of x, 48 to 192 rows and 256 to 1024 columns of y make no difference that could be measured: a panel
 * of y is 8 KiB, which stays in the first cache, and the block of x 96 KiB, which stays in the second.
 */
const [depth, rows, widthInBytes] = [256, 96, 2048];

/** The pieces for numbers of a kind. */
export function blockingOf(lanes: Lanes, relaxed: boolean): Blocking {
  return {
    heights: relaxed ? heights.relaxed : heights.plain,
    vectors,
    panel: vectors * lanes.count,
    depth,
    width: widthInBytes / lanes.size,
    rows,
  };
}

/**
 * y is not packed where its rows are short enough (in bytes) to be read in place, or where x has too few rows for the packing
 * to pay. In place against packed: 32 square 58 and 48 GFLOP/s, 64 square 63 and 59, 256 square 63 and 63; but 1024 square 45
 * and 63, since rows that are 4 KiB apart meet in the same places of the cache.
 */
export const inPlace: { readonly rowBytes: number; readonly rows: number } = { rowBytes: 1024, rows: 24 };

/** Bytes of the tile in which the last columns are computed. */
export const spareTileBytes: number = heights.relaxed[0] * vectors * 16;

/** Bytes of the panels of a block of y, with room for the last one's zeros. */
export const panelBytes: number = depth * (widthInBytes + vectors * 16);

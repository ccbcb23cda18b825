// Where the boxes of a chain stand.

import { RandomGenerator } from '@tapegrad/core';
import { expect, test } from 'vitest';
import { type BoxSpec, layOut } from '../../src/report/chain-layout.ts';

/** Checks what must be so of every layout. */
function check(boxes: readonly BoxSpec[], perRow: number): ReturnType<typeof layOut> {
  const layout = layOut(boxes, perRow);
  const spans = layout.places.map(({ x, row }, i) => ({
    row,
    left: x - boxes[i]!.width / 2,
    right: x + boxes[i]!.width / 2,
  }));
  for (const [i, a] of spans.entries()) {
    expect(a.left).toBeGreaterThanOrEqual(-1e-9);
    expect(a.right).toBeLessThanOrEqual(layout.width + 1e-9);
    for (const b of spans.slice(i + 1)) {
      if (a.row === b.row) expect(a.right + 10 < b.left || b.right + 10 < a.left).toBe(true);
    }
  }
  for (const { from, to, through } of layout.routes) {
    expect(through[0]).toEqual(layout.places[from]);
    expect(through.at(-1)).toEqual(layout.places[to]);
    for (const [i, { row, x }] of through.slice(1).entries()) {
      expect(row).toBe(through[i]!.row + 1);
      const passed = i < through.length - 2 ? spans.filter((span) => span.row === row) : [];
      for (const { left, right } of passed) expect(x < left || x > right).toBe(true);
    }
  }
  for (let row = 0; row < layout.rows; row++) {
    expect(spans.filter((span) => span.row === row).length).toBeLessThanOrEqual(perRow);
  }
  return layout;
}

test('places nothing', () => {
  expect(layOut([], 6)).toEqual({ places: [], routes: [], width: 0, rows: 0 });
});

test('keeps a chain in one line, with its ends beside it', () => {
  const chain: BoxSpec[] = [{ width: 60, from: [] }];
  for (let layer = 0; layer < 8; layer++) {
    const last = chain.length - (layer === 0 ? 1 : 3);
    for (let i = 0; i < 3; i++) chain.push({ width: 100, from: [last] });
  }
  const { places, rows } = check(chain, 6);
  expect(rows).toBe(9);
  const line = places.filter((_, i) => i % 3 === 1 && i < 22).map(({ x }) => x);
  expect(Math.max(...line) - Math.min(...line)).toBeLessThan(5);
});

test('leads an edge around the boxes between its ends', () => {
  const { routes } = check(
    [
      { width: 60, from: [] },
      { width: 100, from: [0] },
      { width: 100, from: [1] },
      { width: 100, from: [2, 0] },
    ],
    6,
  );
  expect(routes.find(({ from, to }) => from === 0 && to === 3)!.through).toHaveLength(4);
});

test('breaks a row that is too full', () => {
  const boxes = [{ width: 60, from: [] }, ...Array.from({ length: 40 }, () => ({ width: 90, from: [0] }))];
  expect(check(boxes, 6).rows).toBe(8);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('never lets boxes overlap, in graphs of random numbers from seed %i', (seed) => {
  const draws = new RandomGenerator(seed).uniform([400]).toData();
  let at = 0;
  const below = (most: number): number => Math.floor(draws[at++ % draws.length]! * most);
  const boxes = Array.from({ length: 40 }, (_, i) => ({
    width: 40 + below(160),
    from: i === 0 ? [] : Array.from({ length: 1 + below(3) }, () => below(i)),
  }));
  check(boxes, 5);
});

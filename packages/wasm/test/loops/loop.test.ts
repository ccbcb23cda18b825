import { describe, expect, it } from 'vitest';
import { expected, type Layout, layouts, type Nest, run, runWindows } from './nests.ts';

const types = ['f32', 'f64', 'i32'] as const;
const elements = ['f32', 'f64', 'i32', 'bool'] as const;
const rows = layouts['row by row'];

/** Where what a nest leaves in memory is not what it should: the first byte, or -1. */
function firstDifference(found: Uint8Array, wanted: Uint8Array): number {
  return Buffer.compare(found, wanted) === 0 ? -1 : found.findIndex((byte, at) => byte !== wanted[at]);
}

/** Runs a nest as a whole, then in parts in any order: the same bytes, and no other byte of the memory touched. */
function check(nest: Nest): void {
  const wanted = expected(nest);
  const title = JSON.stringify({ ...nest, loads: nest.loads.map(({ type }) => type) });
  expect(firstDifference(run(nest), wanted), title).toBe(-1);
  for (const order of [[0], [1, 0], [3, 2, 1, 0]]) {
    for (const split of ['evenly', 'last axis'] as const) {
      const found = run(nest, { order, of: order.length, split });
      expect(firstDifference(found, wanted), `${order.length} parts, ${split}: ${title}`).toBe(-1);
    }
  }
}

/** No axis, one of every tail and some blocks, several, axes of one element, more rows than parts, empty ones. */
const shapes: readonly (readonly number[])[] = [
  [],
  [1],
  [3],
  [4],
  [17],
  [34],
  [63],
  [200],
  [5, 4],
  [3, 7],
  [19, 6],
  [2, 70],
  [2, 1, 35],
  [3, 4, 5],
  [2, 3, 33],
  [0],
  [4, 0],
  [0, 4],
];

describe('loopFunction', () => {
  it.each(Object.keys(layouts))('maps elements that lie %s', (name) => {
    const layout = layouts[name as keyof typeof layouts];
    for (const shape of shapes) {
      for (const type of types) {
        const loads = [layout, rows].map((each) => ({ type, layout: each }));
        check({ shape, reduced: [], type, loads, stores: [{ type, layout: rows }], combines: [] });
      }
    }
  });

  it.each(['column by column', 'reversed', 'every third'] as const)('stores elements %s', (name) => {
    for (const shape of shapes) {
      const stores = elements.map((type) => ({ type, layout: layouts[name] }));
      check({ shape, reduced: [], type: 'f64', loads: [{ type: 'f32', layout: rows }], stores, combines: [] });
    }
  });

  it.each(elements.flatMap((from) => elements.map((to) => [from, to] as const)))('maps %s to %s', (from, to) => {
    for (const shape of [[1], [2], [3], [7], [33], [5, 6]]) {
      for (const type of types) {
        const loads = [{ type: from, layout: rows }];
        check({ shape, reduced: [], type, loads, stores: [{ type: to, layout: rows }], combines: [] });
      }
    }
  });

  it.each([
    ['all axes', (rank: number) => Array.from({ length: rank }, (_, axis) => axis)],
    ['the last axis', (rank: number) => (rank === 0 ? [] : [rank - 1])],
    ['the first axis', (rank: number) => (rank === 0 ? [] : [0])],
    ['the axes around the second', (rank: number) => [0, 2].filter((axis) => axis < rank)],
    ['the second axis', (rank: number) => [1].filter((axis) => axis < rank)],
  ])('takes elements together over %s', (_, reducedOf) => {
    for (const shape of shapes) {
      for (const [name, layout] of Object.entries(layouts)) {
        const combines = [{ combine: 'sum', type: name === 'reversed' ? 'f64' : 'f32' }] as const;
        check({
          shape,
          reduced: reducedOf(shape.length),
          type: 'f64',
          loads: [{ type: 'f32', layout }],
          stores: [],
          combines,
        });
      }
    }
  });

  it.each(types)('takes %s together by sum, product, maximum and minimum at once, and stores them', (type) => {
    for (const shape of [[18], [3, 5], [5, 3], [6, 37], [0, 3], [3, 0]]) {
      for (const reduced of [[0], [shape.length - 1], [...shape.keys()]]) {
        const combines = (['sum', 'product', 'max', 'min'] as const).map((combine) => ({ combine, type }));
        const loads = elements.map((element) => ({ type: element, layout: rows }));
        const stores = [{ type: 'bool', layout: rows } as const, { type, layout: layouts['every third'] }];
        check({ shape, reduced, type, loads, stores, combines });
      }
    }
  });

  it('leaves stores that meet each other to one part, in their order', () => {
    // windows of three, one element apart; and every turn to one place
    const windows: Layout = (shape) => ({ strides: shape.map(() => 1), first: 0 });
    for (const layout of [windows, layouts['one number for all']]) {
      const nest: Nest = {
        shape: [40, 3],
        reduced: [],
        type: 'f32',
        loads: [{ type: 'f32', layout: rows }],
        stores: [{ type: 'f32', layout }],
        combines: [],
      };
      const whole = run(nest);
      expect(firstDifference(run(nest, { order: [2, 1], of: 3 }), run({ ...nest, stores: [] }))).toBe(-1);
      expect(firstDifference(run(nest, { order: [0], of: 3 }), whole)).toBe(-1);
    }
  });

  it('does a window of a matrix, and windows in any order all of it', () => {
    for (const shape of [
      [2, 2],
      [5, 3],
      [7, 19],
      [12, 40],
    ]) {
      const [rowCount, columnCount] = shape as [number, number];
      const middle = 4 * Math.floor(columnCount / 8);
      const [top, bottom] = [[0, 1] as const, [1, rowCount] as const];
      const windows = [bottom, top].flatMap((part) => [
        [...part, middle, columnCount] as const,
        [...part, 0, middle] as const,
        [...part, middle, middle] as const,
      ]);
      for (const layout of Object.values(layouts)) {
        const loads = [rows, layout].map((each) => ({ type: 'f32', layout: each }) as const);
        const nest: Nest = {
          shape,
          reduced: [],
          type: 'f32',
          loads,
          stores: elements.map((type) => ({ type, layout: rows })),
          combines: [],
        };
        const title = `${shape} ${layout(shape).strides}`;
        expect(firstDifference(runWindows(nest, windows), expected(nest)), title).toBe(-1);
        const once = runWindows(nest, [[0, 1, 0, columnCount]]);
        const row = { ...nest, shape: [1, columnCount] };
        const isFirstRow = firstDifference(once, expected(row)) === -1;
        // rows that lie otherwise in a matrix of one row
        if (layout === rows) expect(isFirstRow, title).toBe(true);
      }
    }
  });

  it('divides the last axis where that is asked for', () => {
    const nest: Nest = {
      shape: [2, 64],
      reduced: [],
      type: 'f32',
      loads: [{ type: 'f32', layout: rows }],
      stores: [{ type: 'f32', layout: rows }],
      combines: [],
    };
    const [whole, none] = [run(nest), run({ ...nest, stores: [] })];
    const half = run(nest, { order: [1], of: 2, split: 'last axis' });
    const changed = [...whole.keys()].filter((at) => whole[at] !== none[at]);
    const start = 64 + (1 << 13);
    for (const at of changed) {
      const column = ((at - start) / 4) % 64;
      expect(half[at]).toBe(column >= 32 ? whole[at] : none[at]);
    }
    expect(changed.length).toBeGreaterThan(300);
  });

  it('divides the work: no part of three does all of it', () => {
    for (const [shape, reduced] of [
      [[100], []],
      [[20, 5], []],
      [[3, 100], [0]],
      [[20, 5], [1]],
      [[2, 50, 2], [1]],
    ] as const) {
      const nest: Nest = {
        shape,
        reduced,
        type: 'f32',
        loads: [{ type: 'f32', layout: rows }],
        stores: reduced.length === 0 ? [{ type: 'f32', layout: rows }] : [],
        combines: reduced.length === 0 ? [] : [{ combine: 'sum', type: 'f32' }],
      };
      const whole = run(nest);
      for (const part of [0, 1, 2]) {
        expect(firstDifference(run(nest, { order: [part], of: 3 }), whole), `${shape} part ${part}`).not.toBe(-1);
      }
    }
  });
});

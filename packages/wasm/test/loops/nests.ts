// Loop nests on arrays in a memory: laid out, run as a whole or in parts, and said again in plain JavaScript.

import { assemble } from '../../src/assembler/module.ts';
import { instantiate, newMemory } from '../../src/engine.ts';
import { binaryQuad } from '../../src/loops/arithmetic.ts';
import { loopFunction } from '../../src/loops/loop.ts';
import { convertQuad, type ElementType, elementBytes } from '../../src/loops/quad.ts';
import type { CombineName } from '../../src/loops/reduction.ts';
import type { LoopAccess, LoopSource } from '../../src/loops/source.ts';

/** Strides in elements, and which element is the first one. */
export type Layout = (shape: readonly number[]) => { readonly strides: readonly number[]; readonly first: number };

const rowMajor = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * Math.max(length, 1), 1));

const columnMajor = (shape: readonly number[]): number[] => rowMajor([...shape].reverse()).reverse();

export const layouts = {
  'row by row': (shape) => ({ strides: rowMajor(shape), first: 0 }),
  'column by column': (shape) => ({ strides: columnMajor(shape), first: 0 }),
  reversed: (shape) => ({
    strides: rowMajor(shape).map((stride) => -stride),
    first: Math.max(shape.reduce((product, length) => product * Math.max(length, 1), 1) - 1, 0),
  }),
  'every third': (shape) => ({ strides: rowMajor(shape).map((stride) => 3 * stride), first: 2 }),
  'one row for all': (shape) => ({ strides: shape.map((_, axis) => (axis === shape.length - 1 ? 1 : 0)), first: 1 }),
  'one column for all': (shape) => ({ strides: shape.map((_, axis) => (axis === 0 ? 1 : 0)), first: 0 }),
  'one number for all': (shape) => ({ strides: shape.map(() => 0), first: 3 }),
} as const satisfies { readonly [name: string]: Layout };

/** A nest whose body adds its loads up, in numbers of one kind. */
export interface Nest {
  readonly shape: readonly number[];
  readonly reduced: readonly number[];
  readonly type: Exclude<ElementType, 'bool'>;
  readonly loads: readonly { readonly type: ElementType; readonly layout: Layout }[];
  /** Stores of the sum. */
  readonly stores: readonly { readonly type: ElementType; readonly layout: Layout }[];
  readonly combines: readonly { readonly combine: CombineName; readonly type: ElementType }[];
}

const views = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Uint8Array } as const;
const bytesOfEach = 1 << 13;

/** Which parts are run, of so many, and how the work is divided. */
export interface Parts {
  readonly order: readonly number[];
  readonly of: number;
  readonly split?: LoopSource['split'];
}

/** A window of a nest: from which row up to which, and from which column. */
export type Window = readonly [row: number, endRow: number, column: number, endColumn: number];

/** What is in memory after a nest was run: in the parts whose numbers are given, of so many, or as a whole. */
export function run(nest: Nest, parts?: Parts): Uint8Array {
  const { loop, memory } = prepared(nest, parts && (parts.split ?? 'evenly'));
  if (parts === undefined) loop();
  else for (const part of parts.order) loop(part, parts.of);
  return new Uint8Array(memory.buffer);
}

/** What is in memory after these windows of a nest were run. */
export function runWindows(nest: Nest, windows: readonly Window[]): Uint8Array {
  const { loop, memory } = prepared(nest, 'window');
  for (const window of windows) loop(...window);
  return new Uint8Array(memory.buffer);
}

function prepared(nest: Nest, split: LoopSource['split']) {
  const { source, memory } = placed(nest, split);
  const module = assemble({
    exports: { loop: loopFunction(source) },
    memory: { pages: 1, from: { module: 'env', name: 'memory' } },
  });
  const { loop } = instantiate(module, { env: { memory } }).exports;
  return { loop: loop!, memory };
}

/** What should be there. */
export function expected(nest: Nest): Uint8Array {
  const { source, memory } = placed(nest, undefined);
  const elementOf = (access: LoopAccess, place: readonly number[]) => {
    const { type, base, strides } = access;
    const at = strides.reduce((sum, stride, axis) => sum + stride * place[axis]!, base);
    return { view: new views[type](memory.buffer), at: at / elementBytes[type], isBool: type === 'bool' };
  };
  const write = (access: LoopAccess, place: readonly number[], value: number): void => {
    const { view, at, isBool } = elementOf(access, place);
    view[at] = isBool ? +(value !== 0) : value;
  };
  const { shape, reduced, loads, stores, reductions } = source;
  const [kept, along] = [
    placesOf(shape.map((length, axis) => (reduced.includes(axis) ? 1 : length))),
    placesOf(shape.map((length, axis) => (reduced.includes(axis) ? length : 1))),
  ];
  for (const outer of kept) {
    const results = reductions.map(({ combine, running }) => identities[combine](running));
    for (const inner of along) {
      const place = outer.map((index, axis) => index + inner[axis]!);
      const value = loads.reduce((sum, load) => {
        const { view, at, isBool } = elementOf(load, place);
        return sum + (isBool ? +(view[at] !== 0) : view[at]!);
      }, 0);
      for (const store of stores) write(store, place, value);
      reductions.forEach(({ combine }, i) => {
        results[i] = combines[combine](results[i]!, value);
      });
    }
    reductions.forEach(({ to }, i) => {
      write(to, outer, results[i]!);
    });
  }
  return new Uint8Array(memory.buffer);
}

const identities: { readonly [C in CombineName]: (running: ElementType) => number } = {
  sum: () => 0,
  product: () => 1,
  max: (running) => (running === 'i32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY),
  min: (running) => (running === 'i32' ? 2 ** 31 - 1 : Number.POSITIVE_INFINITY),
};

const combines: { readonly [C in CombineName]: (a: number, b: number) => number } = {
  sum: (a, b) => a + b,
  product: (a, b) => a * b,
  max: Math.max,
  min: Math.min,
};

function placesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (places, length) => places.flatMap((place) => Array.from({ length }, (_, index) => [...place, index])),
    [[]],
  );
}

/** The nest with addresses, in a memory where loads hold small whole numbers and all else a pattern. */
function placed(nest: Nest, split: LoopSource['split']) {
  const { shape, reduced, type, combines: taken } = nest;
  const memory = newMemory(2);
  new Uint8Array(memory.buffer).fill(0x5a);
  let end = 64;
  const place = (element: ElementType, { strides, first }: ReturnType<Layout>): LoopAccess => {
    const base = end + first * elementBytes[element];
    end += bytesOfEach;
    return { type: element, base, strides: strides.map((stride) => stride * elementBytes[element]) };
  };
  const loads = nest.loads.map(({ type: element, layout }, number) => {
    const view = new views[element](memory.buffer, end, bytesOfEach / elementBytes[element]);
    // −1, 0, 1 and 2 in no simple order: sums and products of a few stay exact
    for (let i = 0; i < view.length; i++)
      view[i] = element === 'bool' ? +((i * i + number) % 3 === 0) : ((i * (i + 7 * number)) % 4) - 1;
    return place(element, layout(shape));
  });
  const source: LoopSource = {
    name: 'loop',
    shape,
    reduced,
    split,
    loads,
    stores: nest.stores.map(({ type: element, layout }) => place(element, layout(shape))),
    reductions: taken.map(({ combine, type: element }) => {
      const keptShape = shape.map((length, axis) => (reduced.includes(axis) ? 1 : length));
      const strides = rowMajor(keptShape).map((stride, axis) => (reduced.includes(axis) ? 0 : stride));
      return { combine, running: type, to: place(element, { strides, first: 0 }) };
    }),
    body: (quads, steps) => {
      const wide = quads.map((quad) => convertQuad(steps, quad, type));
      const sum = wide.slice(1).reduce((total, quad) => binaryQuad(steps, 'add', total, quad), wide[0]!);
      return {
        stores: nest.stores.map(({ type: element }) => convertQuad(steps, sum, element)),
        reductions: taken.map(() => sum),
      };
    },
  };
  return { source, memory };
}

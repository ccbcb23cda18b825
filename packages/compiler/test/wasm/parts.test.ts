// Products, gathers, scatters and scans in parts, as threads do them: all parts together write the bytes of the whole.

import { RandomGenerator, type Shape } from '@tapegrad/core';
import { rowMajorStrides, sizeOf } from '@tapegrad/core/compiling';
import {
  assemble,
  call,
  type DefinedFunction,
  defineFunction,
  gemmFunction,
  instantiate,
  newMemory,
} from '@tapegrad/wasm';
import { describe, expect, it } from 'vitest';
import type {
  GatherKernel,
  LoopKernel,
  PlanAccess,
  PlanBuffer,
  ProductKernel,
  ScanKernel,
  ScatterKernel,
} from '../../src/plan.ts';
import { Calls } from '../../src/wasm/body.ts';
import { gatherFunction, listsFunction, scatterFunction } from '../../src/wasm/gather.ts';
import type { Split } from '../../src/wasm/options.ts';
import { productKernel } from '../../src/wasm/product.ts';
import { scanFunction } from '../../src/wasm/scan.ts';

const seed = 20261125;

/** Bytes for each buffer. */
const room = 1 << 16;

const work = (type: PlanBuffer['type']): PlanBuffer => ({ type, length: 0, holds: { kind: 'work' } });

/** Floats, what is written, whole numbers, lists. */
const places = {
  buffers: [work('f32'), work('f32'), work('i32'), work('i32')],
  addresses: [64, room, 2 * room, 3 * room],
};

const whole = (buffer: number, shape: Shape): PlanAccess => ({ buffer, strides: rowMajorStrides(shape), offset: 0 });

/** What is in the second buffer after a run, of the whole (0 parts) or part after part, from the last on. */
function written(
  make: (split: boolean) => DefinedFunction,
  first: readonly DefinedFunction[],
  length: number,
  parts: number,
  each = 1,
): Float32Array {
  const memory = newMemory(5);
  const random = new RandomGenerator(seed);
  const floats = new Float32Array(memory.buffer, places.addresses[0]!, 8192);
  floats.set(random.normal([8192]).toData());
  // not where the lists are
  new Int32Array(memory.buffer, places.addresses[2]!, 2048).set(random.uniform([2048], 0, 7).asType('int32').toData());
  const run = make(parts > 0);
  const prepare = defineFunction({ name: 'prepare', body: first.map((each) => call(each)) });
  const bytes = assemble({ exports: { run, prepare }, memory: { pages: 1, from: { module: 'env', name: 'memory' } } });
  const { exports } = instantiate(bytes, { env: { memory } });
  exports.prepare!();
  if (parts === 0) exports.run!();
  for (let part = parts - 1; part >= 0; part--) exports.run!(part, parts, 0, each);
  return new Float32Array(memory.buffer, places.addresses[1]!, length);
}

function expectParts(
  make: (split: boolean) => DefinedFunction,
  shape: Shape,
  first: readonly DefinedFunction[] = [],
): void {
  const expected = written(make, first, sizeOf(shape), 0);
  expect(expected.some((x) => x !== 0)).toBe(true);
  const ways: readonly (readonly [threads: number, each: number])[] = [
    ...[1, 2, 3, 7].map((parts) => [parts, 1] as const),
    [2, 4],
    [3, 2],
    [1, 8],
  ];
  for (const [threads, each] of ways) {
    expect(written(make, first, sizeOf(shape), threads * each, each)).toEqual(expected);
  }
}

/** The product, plus a number for each column, and the greater of that and a number for each row; the product itself is written over. */
function epilogue(m: number, n: number): LoopKernel {
  const rows = { buffer: 0, strides: [1, 0], offset: 5 };
  const columns = { buffer: 0, strides: [0, 1], offset: 9 };
  return {
    kind: 'loop',
    ops: ['add', 'maximum'],
    shape: [m, n],
    reduced: [],
    loads: [whole(1, [m, n]), columns, rows],
    body: [
      ...[0, 1, 2].map((operand) => ({ op: 'load', type: 'f32', args: [], operand }) as const),
      { op: 'add', type: 'f32', args: [0, 1] },
      { op: 'max', type: 'f32', args: [3, 2] },
    ],
    stores: [{ step: 4, to: whole(1, [m, n]), add: false }],
    reductions: [],
  };
}

describe(`kernels in parts (seed ${seed})`, () => {
  it.each<[Shape, axis: number]>([
    [[33, 24], 0],
    [[3, 5, 20], 1],
    [[2, 9], 1],
    [[1, 24], 0],
  ])('gather %j along axis %j', (shape, axis) => {
    const source = shape.map((length, i) => (i === axis ? 7 : length));
    const strides = shape.map((_, i) => (i === axis ? 1 : 0));
    const positions = { buffer: 2, strides, offset: 0 };
    const kernel: GatherKernel = { kind: 'gather', shape, axis, x: whole(0, source), positions, to: whole(1, shape) };
    expectParts((split) => gatherFunction(kernel, 'gather', places, split), shape);
  });

  it.each<[Shape, axis: number]>([
    [[7, 24], 0],
    [[20, 7, 3], 1],
    [[7], 0],
  ])('scatter into %j along axis %j', (shape, axis) => {
    const count = 12;
    const lists = { buffer: 3, strides: shape.map((_, i) => (i === axis ? 1 : 0)), offset: 0 };
    const kernel: ScatterKernel = {
      kind: 'scatter',
      shape,
      axis,
      count,
      x: { ...whole(0, shape), offset: 1000 },
      lists,
      updates: whole(
        0,
        shape.map((length, i) => (i === axis ? count : length)),
      ),
      to: whole(1, shape),
    };
    const linking = listsFunction(
      { kind: 'lists', shape: [count], length: 7, positions: whole(2, [count]), to: whole(3, [7 + count]) },
      'lists',
      places,
    );
    expectParts((split) => scatterFunction(kernel, 'scatter', places, split), shape, [linking]);
  });

  it.each<[Shape, axis: number, combine: ScanKernel['combine']]>([
    [[40, 30], 1, 'sum'],
    [[6, 9, 24], 1, 'recurrence'],
    [[9], 0, 'max'],
    [[4, 21], 0, 'product'],
  ])('scan %j along axis %j', (shape, axis, combine) => {
    const operands = [whole(0, shape), { ...whole(0, shape), offset: 2000 }].slice(combine === 'recurrence' ? 0 : 1);
    const path = { axis, reverse: true, exclusive: false };
    const kernel: ScanKernel = { kind: 'scan', combine, path, shape, operands, to: whole(1, shape) };
    expectParts((split) => scanFunction(kernel, 'scan', places, split), shape);
  });

  it.each<[m: number, n: number, k: number, Exclude<Split, undefined>]>([
    [40, 30, 7, 'evenly'],
    [13, 70, 20, 'evenly'],
    [40, 70, 7, 'last axis'],
    [5, 99, 20, 'last axis'],
    [30, 300, 5, 'last axis'],
  ])('product %d × %d of %d terms with an epilogue, divided %s', (m, n, k, way) => {
    const product: ProductKernel = {
      ...{ kind: 'product', type: 'f32', batch: [], m, n, k },
      ...{ x: whole(0, [m, k]), y: { ...whole(0, [k, n]), offset: 3 }, to: whole(1, [m, n]) },
      epilogue: epilogue(m, n),
    };
    const options = {
      ...places,
      calls: new Calls(),
      relaxed: false,
      native: false,
      scratch: room * 3,
      shared: new Map(),
    };
    const gemm = (type: 'f32' | 'f64') => gemmFunction({ type });
    expectParts((split) => productKernel(product, 'product', { ...options, gemm }, split ? way : undefined), [m, n]);
  });
});

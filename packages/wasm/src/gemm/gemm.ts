// The product of two matrices in memory: blocks that fit the caches, and in a block strips.

import { branchIf, countUp, increase, locals, loop, set, when } from '../assembler/control.ts';
import type { DefinedFunction, Expression, Statement } from '../assembler/expression.ts';
import { i32, select } from '../assembler/families.ts';
import { call, defineFunction } from '../assembler/function.ts';
import { assemble } from '../assembler/module.ts';
import { blockingOf, inPlace, panelBytes, spareTileBytes } from './blocking.ts';
import { lanesOf } from './lanes.ts';
import { mergeFunction, packFunction } from './packing.ts';
import { stripFunction } from './strip.ts';

/** What a product is made for. */
export interface GemmOptions {
  readonly type: 'f32' | 'f64';
  /** Whether to multiply and add in one rounding: only where `supportsRelaxedSimd()` says that it runs. No, if left out. */
  readonly relaxed?: boolean;
}

/** Bytes of scratch memory that a product needs. */
export const gemmScratchBytes: number = spareTileBytes + panelBytes;

/**
 * `gemm(m, n, k, x, xRow, xColumn, y, yRow, yColumn, out, outRow, accumulate, scratch)`: out (m × n) = x (m × k) · y (k × n), or
 * added to what is there where `accumulate` is not 0. All are i32: addresses, and strides in bytes. A row of `out` is in one
 * piece; x and y lie in any way (transposed, strides of 0, negative ones). `scratch` is the address of
 * {@link gemmScratchBytes} bytes.
 */
export function gemmFunction({ type, relaxed = false }: GemmOptions): DefinedFunction {
  const key = `${type} ${relaxed}`;
  const known = functions.get(key) ?? makeGemm(type, relaxed);
  functions.set(key, known);
  return known;
}

/**
 * In which pieces a product can be divided among threads: so many rows of `out` are a tile, so many columns a panel of y. Rows can be
 * divided anywhere, columns only between panels: then each number of `out` is computed by the same operations as in the whole product. And
 * whether y is packed before it is used, which threads that divide rows do one and all.
 */
export function gemmPieces(
  { type, relaxed = false }: GemmOptions,
  m: number,
  yRow: number,
  yColumn: number,
): { readonly rows: number; readonly columns: number; readonly packs: boolean } {
  const lanes = lanesOf(type);
  const { heights, panel } = blockingOf(lanes, relaxed);
  const packs = yColumn !== lanes.size || (yRow > inPlace.rowBytes && m > inPlace.rows);
  return { rows: heights[0]!, columns: panel, packs };
}

/** One for each kind, made when it is first asked for. */
const functions = new Map<string, DefinedFunction>();

function makeGemm(type: GemmOptions['type'], relaxed: boolean): DefinedFunction {
  const lanes = lanesOf(type);
  const { vectors, panel, ...block } = blockingOf(lanes, relaxed);
  const [pack, merge] = [packFunction(lanes), mergeFunction(lanes)];
  const strips = Array.from({ length: vectors }, (_, v) =>
    stripFunction(lanes, { vectors, panel, ...block }, v + 1, relaxed, merge),
  );
  const { m, n, k, x, xRow, xColumn, y, yRow, yColumn } = locals('i32', 'm n k x xRow xColumn y yRow yColumn');
  const { out, outRow, accumulate, scratch, panels } = locals('i32', 'out outRow accumulate scratch panels');
  // a block begins at row i and column p of x, column j of y; `first` is where a panel begins in it
  const { i, p, j, first } = locals('i32', 'i p j first');
  const { rows, depth, columns, wide, packed } = locals('i32', 'rows depth columns wide packed');
  const { source, from, fromRow } = locals('i32', 'source from fromRow');

  const bytes = (numbers: Expression<'i32'>) => i32.mul(numbers, lanes.size);
  // the panel from column `first` on: as it lies in y, and packed
  const findPanel: readonly Statement[] = [
    set(wide, atMost(i32.sub(columns, first), panel)),
    set(source, i32.add(i32.add(y, i32.mul(p, yRow)), i32.mul(i32.add(j, first), yColumn))),
    set(from, i32.add(panels, i32.mul(bytes(first), depth))),
    set(fromRow, i32.and(i32.add(bytes(wide), 15), -16)),
    set(
      packed,
      i32.or(
        i32.or(i32.ne(yColumn, lanes.size), i32.ne(wide, panel)),
        i32.and(i32.gt_u(yRow, inPlace.rowBytes), i32.gt_s(m, inPlace.rows)),
      ),
    ),
  ];
  const packPanels = countUp(first, 0, columns, panel, [
    ...findPanel,
    when(packed, [call(pack, source, yRow, yColumn, depth, wide, from, fromRow)]),
  ]);
  const multiplyPanels = countUp(first, 0, columns, panel, [
    ...findPanel,
    when(i32.eqz(packed), [set(from, source), set(fromRow, yRow)]),
    ...strips.map((strip, v) =>
      when(i32.eq(i32.div_u(i32.sub(wide, 1), lanes.count), v), [
        call(
          strip,
          i32.add(i32.add(x, i32.mul(i, xRow)), i32.mul(p, xColumn)),
          xRow,
          xColumn,
          from,
          fromRow,
          i32.add(i32.add(out, i32.mul(i, outRow)), bytes(i32.add(j, first))),
          outRow,
          rows,
          wide,
          depth,
          // later columns of x are added to the sums of the first ones
          i32.or(accumulate, p),
          scratch,
        ),
      ]),
    ),
  ]);
  return defineFunction({
    name: `gemm ${type}`,
    params: [m, n, k, x, xRow, xColumn, y, yRow, yColumn, out, outRow, accumulate, scratch],
    body: [
      set(panels, i32.add(scratch, spareTileBytes)),
      // once even where k is 0: the sum of no products is 0
      loop((next) => [
        set(depth, atMost(i32.sub(k, p), block.depth)),
        countUp(j, 0, n, block.width, [
          set(columns, atMost(i32.sub(n, j), block.width)),
          packPanels,
          countUp(i, 0, m, block.rows, [set(rows, atMost(i32.sub(m, i), block.rows)), multiplyPanels]),
        ]),
        increase(p, block.depth),
        branchIf(next, i32.lt_s(p, k)),
      ]),
    ],
  });
}

function atMost(x: Expression<'i32'>, most: number): Expression<'i32'> {
  return select(x, i32.const(most), i32.lt_s(x, i32.const(most)));
}

/** A module that works on the memory `imports.env.memory` and exports {@link gemmFunction} as `gemm`: less than 4 KiB. */
export function gemmModule(options: GemmOptions): Uint8Array<ArrayBuffer> {
  return assemble({
    exports: { gemm: gemmFunction(options) },
    memory: { pages: 1, from: { module: 'env', name: 'memory' } },
  });
}

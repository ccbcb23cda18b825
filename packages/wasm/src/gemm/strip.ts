// A strip of a product: some rows of x times one panel of y, tile below tile.

import { branchIf, increase, locals, loop, set, when } from '../assembler/control.ts';
import type { DefinedFunction } from '../assembler/expression.ts';
import { i32, select } from '../assembler/families.ts';
import { call, defineFunction } from '../assembler/function.ts';
import type { Blocking } from './blocking.ts';
import type { Lanes } from './lanes.ts';
import { tileFunction } from './tile.ts';

/**
 * `strip(x, xRow, xColumn, y, yRow, out, outRow, rows, columns, depth, accumulate, spare)`: out (rows × columns) = x (rows × depth)
 * · y (depth × `vectors` vectors), or added to what is there. Where `columns` are fewer than the vectors hold, each tile is
 * computed at `spare` and `merge` brings its first columns to their place.
 */
export function stripFunction(
  lanes: Lanes,
  { heights }: Blocking,
  vectors: number,
  relaxed: boolean,
  merge: DefinedFunction,
): DefinedFunction {
  const { x, xRow, xColumn, y, yRow, out, outRow, rows } = locals('i32', 'x xRow xColumn y yRow out outRow rows');
  const { columns, depth, accumulate, spare, whole } = locals('i32', 'columns depth accumulate spare whole');
  const spareRow = i32.const(vectors * 16);
  return defineFunction({
    name: `strip ×${vectors}`,
    params: [x, xRow, xColumn, y, yRow, out, outRow, rows, columns, depth, accumulate, spare],
    body: [
      set(whole, i32.eq(columns, vectors * lanes.count)),
      ...heights.map((height) => {
        const tile = tileFunction(lanes, height, vectors, relaxed);
        const [to, toRow] = [select(out, spare, whole), select(outRow, spareRow, whole)];
        const adds = select(accumulate, i32.const(0), whole);
        return when(i32.ge_s(rows, height), [
          loop((again) => [
            call(tile, x, xRow, xColumn, y, yRow, to, toRow, depth, adds),
            when(i32.eqz(whole), [call(merge, spare, spareRow, out, outRow, i32.const(height), columns, accumulate)]),
            increase(x, i32.mul(xRow, height)),
            increase(out, i32.mul(outRow, height)),
            increase(rows, -height),
            branchIf(again, i32.ge_s(rows, height)),
          ]),
        ]);
      }),
    ],
  });
}

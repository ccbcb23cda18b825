// The innermost loop of a product: a tile of sums that stays in registers while one row of y after another is used.

import { countUp, increase, local, locals, set, tee, when } from '../assembler/control.ts';
import type { DefinedFunction, Local } from '../assembler/expression.ts';
import { i32, v128 } from '../assembler/families.ts';
import { defineFunction } from '../assembler/function.ts';
import type { Lanes } from './lanes.ts';

/**
 * `tile(x, xRow, xColumn, y, yRow, out, outRow, depth, accumulate)`: out (`rows` × `vectors`) = x (`rows` × depth) · y
 * (depth × `vectors`), or added to what is there. Rows of y are vectors side by side; x lies in any way. Strides in bytes.
 */
export function tileFunction(lanes: Lanes, rows: number, vectors: number, relaxed: boolean): DefinedFunction {
  const { x, xRow, xColumn, y, yRow, p } = locals('i32', 'x xRow xColumn y yRow p');
  const { out, outRow, depth, accumulate } = locals('i32', 'out outRow depth accumulate');
  const xRows = Array.from({ length: rows }, (_, r) => (r === 0 ? x : local('i32')));
  const outRows = Array.from({ length: rows }, (_, r) => (r === 0 ? out : local('i32')));
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => local('v128')));
  const yVectors = Array.from({ length: vectors }, () => local('v128'));
  const factor = local('v128');
  const each = <T>(statements: (r: number, v: number) => T): T[] =>
    sums.flatMap((row, r) => row.map((_, v) => statements(r, v)));

  const follow = (pointers: readonly Local<'i32'>[], step: Local<'i32'>) =>
    pointers.slice(1).map((pointer, r) => set(pointer, i32.add(pointers[r]!, step)));

  return defineFunction({
    name: `tile ${rows}×${vectors}`,
    params: [x, xRow, xColumn, y, yRow, out, outRow, depth, accumulate],
    body: [
      ...follow(xRows, xRow),
      ...follow(outRows, outRow),
      when(
        accumulate,
        each((r, v) => set(sums[r]![v]!, v128.load(outRows[r]!, 16 * v))),
      ),
      countUp(p, 0, depth, 1, [
        ...yVectors.map((vector, v) => set(vector, v128.load(y, 16 * v))),
        ...each((r, v) =>
          set(
            sums[r]![v]!,
            lanes.multiplyAdd(
              v === 0 ? tee(factor, lanes.loadSplat(xRows[r]!)) : factor,
              yVectors[v]!,
              sums[r]![v]!,
              relaxed,
            ),
          ),
        ),
        ...xRows.map((row) => increase(row, xColumn)),
        increase(y, yRow),
      ]),
      ...each((r, v) => v128.store(outRows[r]!, sums[r]![v]!, 16 * v)),
    ],
  });
}

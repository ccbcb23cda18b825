// Moving numbers to where vectors can read them: columns of y side by side, and the last columns of a result to their place.

import { countUp, increase, local, locals, set, when } from '../assembler/control.ts';
import type { DefinedFunction, Expression, Local, Statement } from '../assembler/expression.ts';
import { i32, v128 } from '../assembler/families.ts';
import { defineFunction } from '../assembler/function.ts';
import type { Lanes } from './lanes.ts';

/**
 * `pack(y, yRow, yColumn, depth, columns, to, width)`: y (depth × columns) row by row at `to`, each row `width` bytes, its end
 * filled with zeros. Strides in bytes; `width` is a multiple of 16.
 */
export function packFunction(lanes: Lanes): DefinedFunction {
  const { y, yRow, yColumn, depth, columns, to, width } = locals('i32', 'y yRow yColumn depth columns to width');
  // bytes of a row: what y fills, and what is done already
  const { p, j, from, target, filled, done } = locals('i32', 'p j from target filled done');
  return defineFunction({
    name: 'pack',
    params: [y, yRow, yColumn, depth, columns, to, width],
    body: [
      set(filled, i32.mul(columns, lanes.size)),
      when(
        i32.eq(yColumn, lanes.size),
        [
          // whole vectors of each row
          set(done, i32.and(filled, -16)),
          when(done, [copyRows(p, j, from, target, { y, yRow, depth, to, width, done })]),
        ],
        [
          when(i32.and(i32.eq(yRow, lanes.size), i32.eq(filled, width)), [
            transposeBlocks(lanes, p, j, from, target, { y, yColumn, depth, to, width, columns }),
            // what is left are the last rows
            set(done, i32.and(depth, -lanes.count)),
            increase(y, i32.mul(done, yRow)),
            increase(to, i32.mul(done, width)),
            set(depth, i32.sub(depth, done)),
            set(done, i32.const(0)),
          ]),
        ],
      ),
      when(i32.lt_s(done, width), [
        // number by number, from column `done / size` on
        countUp(p, 0, depth, 1, [
          set(from, i32.add(y, i32.mul(i32.div_u(done, lanes.size), yColumn))),
          countUp(j, done, filled, lanes.size, [
            lanes.store(i32.add(to, j), lanes.load(from)),
            increase(from, yColumn),
          ]),
          countUp(j, filled, width, lanes.size, [lanes.store(i32.add(to, j), lanes.zero)]),
          increase(y, yRow),
          increase(to, width),
        ]),
      ]),
    ],
  });
}

type Variables<Name extends string> = { readonly [N in Name]: Local<'i32'> };

/** Copies the first `done` bytes of each row. */
function copyRows(
  p: Local<'i32'>,
  j: Local<'i32'>,
  from: Local<'i32'>,
  target: Local<'i32'>,
  { y, yRow, depth, to, width, done }: Variables<'y' | 'yRow' | 'depth' | 'to' | 'width' | 'done'>,
): Statement {
  return countUp(p, 0, depth, 1, [
    set(from, i32.add(y, i32.mul(p, yRow))),
    set(target, i32.add(to, i32.mul(p, width))),
    countUp(j, 0, done, 16, [v128.store(i32.add(target, j), v128.load(i32.add(from, j)))]),
  ]);
}

/** Squares of as many rows as a vector has lanes, read along columns and turned in registers. */
function transposeBlocks(
  lanes: Lanes,
  p: Local<'i32'>,
  j: Local<'i32'>,
  from: Local<'i32'>,
  target: Local<'i32'>,
  { y, yColumn, depth, to, width, columns }: Variables<'y' | 'yColumn' | 'depth' | 'to' | 'width' | 'columns'>,
): Statement {
  const vectors = Array.from({ length: lanes.count }, () => local('v128'));
  const at = local('i32');
  return countUp(j, 0, columns, lanes.count, [
    set(from, i32.add(y, i32.mul(j, yColumn))),
    set(target, i32.add(to, i32.mul(j, lanes.size))),
    countUp(p, lanes.count, i32.add(depth, 1), lanes.count, [
      set(at, from),
      ...vectors.flatMap((vector) => [set(vector, v128.load(at)), increase(at, yColumn)]),
      ...transposed(lanes, vectors).flatMap((row) => [v128.store(target, row), increase(target, width)]),
      increase(from, 16),
    ]),
  ]);
}

/** The rows of the square whose columns are these vectors. */
function transposed(lanes: Lanes, [a, b, c, d]: readonly Expression<'v128'>[]): readonly Expression<'v128'>[] {
  if (lanes.count === 2) return [lanes.shuffle(a!, b!, [0, 2]), lanes.shuffle(a!, b!, [1, 3])];
  // columns in pairs, then pairs of pairs; the engine sees that each pair is written twice
  return [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ].flatMap((half) => {
    const [left, right] = [lanes.shuffle(a!, b!, half), lanes.shuffle(c!, d!, half)];
    return [lanes.shuffle(left, right, [0, 1, 4, 5]), lanes.shuffle(left, right, [2, 3, 6, 7])];
  });
}

/**
 * `merge(tile, tileRow, out, outRow, rows, columns, accumulate)`: the first columns of a tile to their place in the result, or
 * added to what is there.
 */
export function mergeFunction(lanes: Lanes): DefinedFunction {
  const { tile, tileRow, out, outRow, rows } = locals('i32', 'tile tileRow out outRow rows');
  const { columns, accumulate, i, j, end, place } = locals('i32', 'columns accumulate i j end place');
  return defineFunction({
    name: 'merge',
    params: [tile, tileRow, out, outRow, rows, columns, accumulate],
    body: [
      set(end, i32.mul(columns, lanes.size)),
      countUp(i, 0, rows, 1, [
        countUp(j, 0, end, lanes.size, [
          set(place, i32.add(out, j)),
          when(
            accumulate,
            [lanes.store(place, lanes.addScalars(lanes.load(place), lanes.load(i32.add(tile, j))))],
            [lanes.store(place, lanes.load(i32.add(tile, j)))],
          ),
        ]),
        increase(tile, tileRow),
        increase(out, outRow),
      ]),
    ],
  });
}

// Which axes a loop nest needs, and how its turns are divided: among threads, or as a window of a matrix.

import { local } from '../assembler/control.ts';
import type { Local, Statement } from '../assembler/expression.ts';
import { type Axis, simplified } from './axes.ts';
import type { LoopAccess, LoopSource } from './source.ts';
import { evenestSplit, leadApart, type Part, partRange, type TurnRange } from './split.ts';

/** Blocks of columns: so many fours side by side, so that a row's cache line is used up while it is near. */
export const blockQuads: number = 4;

/** How the turns of an axis are divided: a part does those up to `whole` so many at a time, the last part what is left. */
export interface Divided {
  readonly axis: number;
  readonly range: TurnRange;
  readonly whole: Local<'i32'>;
  readonly width: number;
}

/** What a function that does a part is told, and what it does of which axes: none where part 0 does all. */
export interface Division {
  readonly params: readonly Local<'i32'>[];
  readonly part?: Part;
  readonly start: readonly Statement[];
  readonly axes: readonly Divided[];
}

/** The axes that loops are needed for; each by itself that must be. */
export function axesOf(axes: readonly Axis[], split: LoopSource['split']): readonly Axis[] {
  if (split === 'window') {
    if (axes.length === 2 && !axes.some(({ reduced }) => reduced)) return axes;
    throw new Error('internal: a window of other than two axes');
  }
  if (split !== 'last axis' || axes.at(-1)?.reduced !== false) return simplified(axes);
  return [...simplified(axes.slice(0, -1)), axes.at(-1)!];
}

/** How the function of a loop nest is divided; undefined where it does all. */
export function divisionOf(
  source: LoopSource,
  axes: readonly Axis[],
  accesses: readonly LoopAccess[],
): Division | undefined {
  const { split } = source;
  if (split === undefined) return undefined;
  return split === 'window' ? windowOf(axes) : amongParts(source, axes, accesses);
}

/** One axis is divided among parts. */
function amongParts(
  { split, loads, reductions }: LoopSource,
  axes: readonly Axis[],
  accesses: readonly LoopAccess[],
): Division {
  const part: Part = { part: local('i32'), parts: local('i32') };
  const alone = { params: [part.part, part.parts], part, start: [], axes: [] };
  const last = axes.length - 1;
  // stores at the same place, or bytes of one: part after part would see what the other one left there
  const apart = accesses.every((_, access) => {
    if (access < loads.length) return true;
    const isReduction = access >= accesses.length - reductions.length;
    return leadApart(isReduction ? axes.filter(({ reduced }) => !reduced) : axes, access);
  });
  if (!apart) return alone;
  // fours, or in columns blocks of them, are not torn apart; nor are lines of the cache
  const unitOf = (axis: number): number => (axis === last ? 4 * blockQuads : 1);
  const pieces = axes.map(({ length, reduced }, at) => (reduced ? 0 : Math.ceil(length / unitOf(at))));
  const axis = split === 'last axis' && (pieces[last] ?? 0) > 1 ? last : evenestSplit(pieces);
  if (axis < 0) return alone;
  const width = axis < last ? 1 : reductions.length === 0 ? 4 : 4 * blockQuads;
  const { start, ...range } = partRange(axes[axis]!.length, unitOf(axis), part);
  return { ...alone, start, axes: [{ axis, range, whole: local('i32'), width }] };
}

/** The turns of two axes as they are told. */
function windowOf(axes: readonly Axis[]): Division {
  const ranges = axes.map(() => ({ first: local('i32'), end: local('i32') }));
  return {
    params: ranges.flatMap(({ first, end }) => [first, end]),
    start: [],
    axes: ranges.map((range, axis) => ({ axis, range, whole: local('i32'), width: axis === 0 ? 1 : 4 })),
  };
}

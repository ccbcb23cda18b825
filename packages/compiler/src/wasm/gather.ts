// Elements picked and added up by position, as functions of WebAssembly.

import {
  binaryQuad,
  branchIf,
  call,
  constantQuad,
  convertQuad,
  type DefinedFunction,
  type ElementType,
  type ImportedFunction,
  i32,
  increase,
  loadElement,
  local,
  loop,
  type Quad,
  type Statement,
  Steps,
  set,
  storeElement,
  when,
} from '@tapegrad/wasm';
import type { GatherKernel, IndicesKernel, ListsKernel, ScatterKernel } from '../plan.ts';
import {
  type BufferPlaces,
  loadStrip,
  loopAccess,
  nestFunction,
  type Pointer,
  rowNest,
  storeStrip,
  strips,
} from './nest.ts';

/** Bytes of a position. */
const width = 4;

/** Strides of a pointer that does not move along one axis. */
function without(strides: readonly number[], axis: number): readonly number[] {
  return strides.map((stride, i) => (i === axis ? 0 : stride));
}

/** `indices()`: their positions. Calls `refuse(number)`, which must not return, at the first index that is out of range. */
export function indicesFunction(
  kernel: IndicesKernel,
  number: number,
  name: string,
  places: BufferPlaces,
  refuse: ImportedFunction,
): DefinedFunction {
  const [from, to] = [loopAccess(places, kernel.from), loopAccess(places, kernel.to)];
  const { outer, outerPointers } = rowNest(kernel.shape, [from.strides, to.strides], 1);
  const [source, target] = outerPointers as [Pointer, Pointer];
  const index = local('i32');
  const fromEnd = i32.and(i32.shr_s(index, 31), kernel.length);
  const body = [
    set(index, i32.load(source.at)),
    set(index, i32.add(index, fromEnd)),
    when(i32.ge_u(index, kernel.length), [call(refuse, i32.const(number))]),
    i32.store(target.at, index),
  ];
  return nestFunction({
    name,
    shape: outer,
    pointers: outerPointers,
    bases: [from.base, to.base],
    body,
    split: false,
  });
}

/** `gather()`, or of a part: rows of elements at one position are copied as a whole. */
export function gatherFunction(
  kernel: GatherKernel,
  name: string,
  places: BufferPlaces,
  split: boolean,
): DefinedFunction {
  const { shape, axis } = kernel;
  const accesses = [kernel.x, kernel.positions, kernel.to].map((access) => loopAccess(places, access));
  const [x, positions, to] = accesses as [Access, Access, Access];
  const { outer, outerPointers, row, rowPointers } = rowNest(
    shape,
    [without(x.strides, axis), positions.strides, to.strides],
    1,
  );
  const [source, position, target] = outerPointers as [Pointer, Pointer, Pointer];
  const from = { ...rowPointers[0]!, at: local('i32') };
  const begin = set(from.at, i32.add(source.at, i32.mul(i32.load(position.at), x.strides[axis]!)));
  const one = storeElement(x.type, target.at, loadElement(x.type, from.at, 0), 0);
  const copy = row.length === 0 ? [one] : copyRow(x.type, row, from, rowPointers[2]!);
  const bases = accesses.map(({ base }) => base);
  const body = row.includes(0) ? [] : [begin, ...copy];
  return nestFunction({ name, shape: outer, pointers: outerPointers, bases, body, split });
}

type Access = ReturnType<typeof loopAccess>;

function copyRow(type: ElementType, row: readonly number[], from: Pointer, to: Pointer): readonly Statement[] {
  return strips(row, [from, to], (count, [stride, storeStride]) => {
    const steps = new Steps();
    storeStrip(steps, loadStrip(steps, type, from.at, stride!, count), to.at, storeStride!, count);
    return steps.statements;
  });
}

/** `lists()`. */
export function listsFunction(kernel: ListsKernel, name: string, places: BufferPlaces): DefinedFunction {
  const { shape, length } = kernel;
  const [others, count] = [shape.slice(0, -1), shape.at(-1)!];
  const [positions, to] = [loopAccess(places, kernel.positions), loopAccess(places, kernel.to)];
  const along = positions.strides.at(-1)!;
  const [position, lists] = [positions, to].map(
    ({ strides }): Pointer => ({ at: local('i32'), strides: strides.slice(0, -1) }),
  ) as [Pointer, Pointer];
  const [first, from, place, slot] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const start = new Steps();
  const end = constantQuad(start, 'i32', -1);
  const clear = strips([length], [{ at: first, strides: [width] }], (turns) => {
    const steps = new Steps();
    const ends = Array.from({ length: Math.ceil(turns / 4) }, () => end);
    storeStrip(steps, ends, first, width, turns);
    return steps.statements;
  });
  // from the last place to the first: each is put before those that follow it
  const link = loop((again) => [
    set(slot, i32.add(lists.at, i32.mul(i32.load(from), width))),
    i32.store(i32.add(lists.at, i32.mul(place, width)), i32.load(slot), length * width),
    i32.store(slot, place),
    increase(from, -along),
    increase(place, -1),
    branchIf(again, i32.ge_s(place, 0)),
  ]);
  const body = [
    ...start.statements,
    set(first, lists.at),
    ...clear,
    set(place, i32.const(count - 1)),
    set(from, i32.add(position.at, (count - 1) * along)),
    ...(count === 0 ? [] : [link]),
  ];
  const bases = [positions.base, to.base];
  return nestFunction({ name, shape: others, pointers: [position, lists], bases, body, split: false });
}

/** `scatter()`, or of a part: each row of the result is x there, and the updates that its list names, in their order. */
export function scatterFunction(
  kernel: ScatterKernel,
  name: string,
  places: BufferPlaces,
  split: boolean,
): DefinedFunction {
  const { shape, axis } = kernel;
  const accesses = [kernel.x, kernel.lists, kernel.updates, kernel.to].map((access) => loopAccess(places, access));
  const [x, lists, updates, to] = accesses as [Access, Access, Access, Access];
  const own = [x.strides, lists.strides, without(lists.strides, axis), without(updates.strides, axis), to.strides];
  const { outer, outerPointers, row, rowPointers } = rowNest(shape, own, 1);
  const [, first, list] = outerPointers as [Pointer, Pointer, Pointer, Pointer, Pointer];
  const [before, , , added, target] = rowPointers as [Pointer, Pointer, Pointer, Pointer, Pointer];
  const [head, place, from] = [local('i32'), local('i32'), local('i32')];
  // floats are added up in float64
  const running = to.type === 'f32' ? 'f64' : to.type;
  const add = strips(row, [before, added, target], (count, [stride, addedStride, storeStride]) => {
    const steps = new Steps();
    const sums = loadStrip(steps, x.type, before.at, stride!, count).map((quad): Quad => {
      const { type, parts } = convertQuad(steps, quad, running);
      // variables of their own, which change
      return { type, parts: parts.map((part) => steps.keep(part)) };
    });
    const turn = new Steps();
    turn.do(set(from, i32.add(added.at, i32.mul(place, updates.strides[axis]!))));
    for (const [q, quad] of loadStrip(turn, updates.type, from, addedStride!, count).entries()) {
      const sum = binaryQuad(turn, 'add', sums[q]!, convertQuad(turn, quad, running));
      for (const [p, part] of sum.parts.entries()) turn.do(set(sums[q]!.parts[p]!, part));
    }
    turn.do(set(place, i32.load(i32.add(list.at, i32.mul(place, width)), shape[axis]! * width)));
    steps.do(
      set(place, head),
      loop((again) => [...turn.statements, branchIf(again, i32.ge_s(place, 0))]),
    );
    const results = sums.map((sum) => convertQuad(steps, sum, to.type));
    storeStrip(steps, results, target.at, storeStride!, count);
    return steps.statements;
  });
  // a row that nothing is added to may be there already
  const inPlace = x.base === to.base && shape.every((_, i) => shape[i] === 1 || x.strides[i] === to.strides[i]);
  const copy = inPlace ? [] : copyRow(x.type, row, before, target);
  const body = row.includes(0) ? [] : [set(head, i32.load(first.at)), when(i32.lt_s(head, 0), copy, add)];
  const bases = [x, lists, lists, updates, to].map(({ base }) => base);
  return nestFunction({ name, shape: outer, pointers: outerPointers, bases, body, split });
}

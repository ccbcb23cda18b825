// Loops around statements, and the addresses that move with them. What elements are loaded and stored, the statements say.

import {
  type Axis,
  countUp,
  type DefinedFunction,
  defineFunction,
  type ElementType,
  type Expression,
  elementBytes,
  evenestSplit,
  i32,
  increase,
  type Local,
  type LoopAccess,
  loadQuad,
  local,
  type Part,
  type PartRange,
  partRange,
  type Quad,
  type Statement,
  type Steps,
  set,
  simplified,
  storeQuad,
  when,
} from '@tapegrad/wasm';
import type { PlanAccess, PlanBuffer } from '../plan.ts';

/** Where buffers lie. */
export interface BufferPlaces {
  readonly buffers: readonly PlanBuffer[];
  /** The address of each buffer. */
  readonly addresses: readonly number[];
}

/** An access in bytes. */
export function loopAccess({ buffers, addresses }: BufferPlaces, { buffer, strides, offset }: PlanAccess): LoopAccess {
  const { type } = buffers[buffer]!;
  const bytes = elementBytes[type];
  return { type, base: addresses[buffer]! + offset * bytes, strides: strides.map((stride) => stride * bytes) };
}

/** An address that moves by so many bytes along each axis of a nest. */
export interface Pointer {
  readonly at: Local<'i32'>;
  readonly strides: readonly number[];
}

/** Pointers along axes of which the last ones are rows. */
export interface RowNest {
  readonly outer: readonly number[];
  readonly outerPointers: readonly Pointer[];
  readonly row: readonly number[];
  readonly rowPointers: readonly Pointer[];
}

/**
 * The fewest axes for pointers that move along `shape` by these strides, each list for one pointer. Rows are the last axes, along which
 * the pointer `still` does not move.
 */
export function rowNest(shape: readonly number[], strides: readonly (readonly number[])[], still: number): RowNest {
  const axes = simplified(
    shape.map((length, axis): Axis => ({ length, strides: strides.map((each) => each[axis]!), reduced: false })),
  );
  const end = axes.findLastIndex((axis) => axis.strides[still] !== 0) + 1;
  const variables = strides.map(() => local('i32'));
  const along = (some: readonly Axis[]): readonly Pointer[] =>
    variables.map((at, i) => ({ at, strides: some.map((axis) => axis.strides[i]!) }));
  const lengths = (some: readonly Axis[]): readonly number[] => some.map(({ length }) => length);
  const [outer, row] = [axes.slice(0, end), axes.slice(end)];
  return { outer: lengths(outer), outerPointers: along(outer), row: lengths(row), rowPointers: along(row) };
}

function moved(pointers: readonly Pointer[], axis: number, turns: number): Statement[] {
  return pointers.flatMap(({ at, strides }) => (strides[axis] === 0 ? [] : [increase(at, strides[axis]! * turns)]));
}

/** Moves pointers along an axis by as many turns as a variable says. */
export function movedBy(pointers: readonly Pointer[], axis: number, turns: Expression<'i32'>): Statement[] {
  return pointers.flatMap(({ at, strides }) =>
    strides[axis] === 0 ? [] : [increase(at, i32.mul(turns, strides[axis]!))],
  );
}

/** Loops over `shape`, with which the pointers move; at the end they are where they began. Along one axis only the turns of a part. */
export function nested(
  shape: readonly number[],
  pointers: readonly Pointer[],
  body: readonly Statement[],
  divided?: { readonly axis: number; readonly range: PartRange },
): readonly Statement[] {
  let statements = body;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis]!;
    if (length === 1) continue;
    const range = axis === divided?.axis ? divided.range : undefined;
    const inner = [...statements, ...moved(pointers, axis, 1)];
    statements =
      range === undefined
        ? [countUp(local('i32'), 0, length, 1, inner), ...moved(pointers, axis, -length)]
        : [
            ...movedBy(pointers, axis, range.first),
            countUp(local('i32'), range.first, range.end, 1, inner),
            // after no turns they stand where the part begins, which is where it ends
            ...movedBy(pointers, axis, i32.sub(0, range.end)),
          ];
  }
  return statements;
}

/** How many elements a strip has: so many fours have work for the processor while some of it waits. */
export const stripLengths: readonly number[] = [16, 4];

/** Does what `turn` says for so many elements at a time along a row, the pointers at the first of them. */
export function strips(
  shape: readonly number[],
  pointers: readonly Pointer[],
  turn: (count: number, strides: readonly number[]) => readonly Statement[],
  lengths: readonly number[] = stripLengths,
): readonly Statement[] {
  const axis = shape.length - 1;
  if (axis < 0) {
    return turn(
      1,
      pointers.map(() => 0),
    );
  }
  const length = shape[axis]!;
  const strides = pointers.map((pointer) => pointer.strides[axis]!);
  const statements: Statement[] = [];
  let left = length;
  for (const count of [...lengths, left % lengths.at(-1)!]) {
    const turns = count === 0 ? 0 : Math.floor(left / count);
    const once = [...turn(count, strides), ...moved(pointers, axis, count)];
    if (turns === 1) statements.push(...once);
    else if (turns > 1) statements.push(countUp(local('i32'), 0, turns, 1, once));
    left -= turns * count;
  }
  return nested(shape.slice(0, -1), pointers, [...statements, ...moved(pointers, axis, -length)]);
}

/** Loads so many elements, four in each quad. */
export function loadStrip(
  steps: Steps,
  type: ElementType,
  at: Expression<'i32'>,
  stride: number,
  count: number,
): readonly Quad[] {
  return foursOf(count).map((lanes, four) => loadQuad(steps, type, ...shifted(at, 4 * four * stride), stride, lanes));
}

/** Stores the first so many elements of quads. */
export function storeStrip(
  steps: Steps,
  quads: readonly Quad[],
  at: Expression<'i32'>,
  stride: number,
  count: number,
): void {
  for (const [four, lanes] of foursOf(count).entries()) {
    storeQuad(steps, quads[four]!, ...shifted(at, 4 * four * stride), stride, lanes);
  }
}

function foursOf(count: number): readonly number[] {
  return Array.from({ length: Math.ceil(count / 4) }, (_, four) => Math.min(4, count - 4 * four));
}

function shifted(at: Expression<'i32'>, bytes: number): [at: Expression<'i32'>, offset: number] {
  return bytes >= 0 ? [at, bytes] : [i32.add(at, bytes), 0];
}

/** What is done at each place of a shape. */
export interface NestSource {
  readonly name: string;
  readonly shape: readonly number[];
  readonly pointers: readonly Pointer[];
  /** The address at which each pointer begins. */
  readonly bases: readonly number[];
  readonly body: readonly Statement[];
  /** Whether it is a function of a part and how many parts there are, which does that part. */
  readonly split: boolean;
}

/** A function that does it. Where nothing can be divided part 0 does all. */
export function nestFunction({ name, shape, pointers, bases, body, split }: NestSource): DefinedFunction {
  const start = pointers.map(({ at }, i) => set(at, i32.const(bases[i]!)));
  const whole = shape.includes(0) ? [] : [...start, ...nested(shape, pointers, body)];
  if (!split) return defineFunction({ name, body: whole });
  const part: Part = { part: local('i32'), parts: local('i32') };
  const params = [part.part, part.parts];
  const axis = evenestSplit(shape);
  if (shape.includes(0) || axis < 0) return defineFunction({ name, params, body: [when(i32.eqz(part.part), whole)] });
  const range = partRange(shape[axis]!, 1, part);
  return defineFunction({
    name,
    params,
    body: [...range.start, ...start, ...nested(shape, pointers, body, { axis, range })],
  });
}

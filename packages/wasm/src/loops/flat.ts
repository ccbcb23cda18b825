// A loop along one axis whose length and places are told when it is called: one function for all loops that do the same.

import { countUp, increase, local, set } from '../assembler/control.ts';
import type { DefinedFunction, Local, Statement } from '../assembler/expression.ts';
import { i32 } from '../assembler/families.ts';
import { defineFunction } from '../assembler/function.ts';
import { Steps } from '../assembler/steps.ts';
import { loadQuad, storeQuad } from './access.ts';
import { type ElementType, elementBytes, type Quad } from './quad.ts';

/** Elements side by side, or one for all. */
export interface FlatAccess {
  readonly type: ElementType;
  /** Which of the function's places they begin at. Accesses of one place are of one kind. */
  readonly place: number;
  /** Whether the next turn is for the next element, not for the same. */
  readonly moves: boolean;
}

/** What such a loop does. */
export interface FlatLoopSource {
  readonly name: string;
  /** How many places there are. */
  readonly places: number;
  readonly loads: readonly FlatAccess[];
  /** Each moves. */
  readonly stores: readonly FlatAccess[];
  /** What is stored of four elements of each load: as the body of a `LoopSource`. */
  readonly body: (loads: readonly Quad[], steps: Steps, once: Steps) => readonly Quad[];
}

/**
 * `loop(length, place, …)`: does it for so many elements, which lie at these addresses. A store may be to the elements that the same turn
 * loads. Up to 32 bytes past the last element of a load are read (and not used).
 */
export function flatLoopFunction({ name, places, loads, stores, body }: FlatLoopSource): DefinedFunction {
  const [length, whole, i] = [local('i32'), local('i32'), local('i32')];
  const pointers = Array.from({ length: places }, () => local('i32'));
  const once = new Steps();
  const fixed = loads.map(({ type, place, moves }) =>
    moves ? undefined : loadQuad(once, type, pointers[place]!, 0, 0, 4),
  );
  const turn = (count: number): readonly Statement[] => {
    const steps = new Steps();
    const quads = loads.map(
      ({ type, place }, at) => fixed[at] ?? loadQuad(steps, type, pointers[place]!, 0, elementBytes[type], count),
    );
    body(quads, steps, once).forEach((quad, at) => {
      const { type, place } = stores[at]!;
      if (quad.type !== type) throw new Error(`internal: ${name} stores ${quad.type} as ${type}`);
      storeQuad(steps, quad, pointers[place]!, 0, elementBytes[type], count);
    });
    return [...steps.statements, ...stepOf(pointers, [...loads, ...stores], count)];
  };
  const [fours, ones] = [turn(4), turn(1)];
  return defineFunction({
    name,
    params: [length, ...pointers],
    body: [
      ...once.statements,
      set(whole, i32.and(length, -4)),
      countUp(i, 0, whole, 4, fours),
      countUp(i, whole, length, 1, ones),
    ],
  });
}

/** Moves each place that moves by so many elements. */
function stepOf(pointers: readonly Local<'i32'>[], accesses: readonly FlatAccess[], count: number): Statement[] {
  return pointers.flatMap((pointer, place) => {
    const access = accesses.find((each) => each.place === place && each.moves);
    return access === undefined ? [] : [increase(pointer, count * elementBytes[access.type])];
  });
}

// Loops around a body, and the addresses that move with them: one variable for all accesses that move alike.

import { countUp, increase, local, set } from '../assembler/control.ts';
import type { Expression, Local, Statement } from '../assembler/expression.ts';
import { i32 } from '../assembler/families.ts';
import type { Axis } from './axes.ts';

/** Where an access is: a variable, and the bytes from it on. */
export interface Address {
  readonly at: Expression<'i32'>;
  readonly offset: number;
}

interface Pointer {
  readonly variable: Local<'i32'>;
  readonly strides: readonly number[];
  readonly start: number;
}

/** The addresses of accesses that begin at `bases` and move along `axes`. */
export class Addresses {
  readonly #pointers: readonly Pointer[];
  readonly #addresses: readonly Address[];

  constructor(axes: readonly Axis[], bases: readonly number[]) {
    const pointers = new Map<string, Pointer>();
    this.#addresses = bases.map((base, access) => {
      const strides = axes.map((axis) => axis.strides[access]!);
      if (strides.every((stride) => stride === 0)) return { at: i32.const(base), offset: 0 };
      // an offset is added to the pointer as a number without sign: where it may move back, it begins at the place itself
      const back = strides.some((stride) => stride < 0);
      const start = back ? base : 0;
      const key = `${start} ${strides}`;
      const pointer = pointers.get(key) ?? { variable: local('i32'), strides, start };
      pointers.set(key, pointer);
      return { at: pointer.variable, offset: back ? 0 : base };
    });
    this.#pointers = [...pointers.values()];
  }

  /** Where an access is now. */
  of(access: number): Address {
    return this.#addresses[access]!;
  }

  /** Puts all pointers to the beginning. */
  start(): readonly Statement[] {
    return this.#pointers.map(({ variable, start }) => set(variable, i32.const(start)));
  }

  /** Moves by so many turns of an axis. */
  move(axis: number, turns: number): readonly Statement[] {
    return this.#pointers.flatMap(({ variable, strides }) => {
      const bytes = strides[axis]! * turns;
      return bytes === 0 ? [] : [increase(variable, bytes)];
    });
  }

  /** Moves by a number of turns that is known when the code runs. */
  moveBy(axis: number, turns: Expression<'i32'>): readonly Statement[] {
    return this.#pointers.flatMap(({ variable, strides }) =>
      strides[axis] === 0 ? [] : [increase(variable, i32.mul(turns, strides[axis]!))],
    );
  }

  /** As {@link loop}, from the turn where the pointers are up to another one, where they stay. */
  loopBetween(
    axis: number,
    first: Expression<'i32'>,
    end: Expression<'i32'>,
    step: number,
    body: readonly Statement[],
  ): readonly Statement[] {
    return [countUp(local('i32'), first, end, step, [...body, ...this.move(axis, step)])];
  }

  /** `for each turn of the axis, step turns at a time: body`; then back to where it began. */
  loop(axis: number, turns: number, step: number, body: readonly Statement[]): readonly Statement[] {
    if (turns === 0) return [];
    if (turns === step) return body;
    return [countUp(local('i32'), 0, turns, step, [...body, ...this.move(axis, step)]), ...this.move(axis, -turns)];
  }
}

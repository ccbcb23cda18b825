// A loop nest over elements in memory: loads, a body that works on four elements at a time, stores, and results that elements
// are taken together into. Where in memory everything lies is known when the code is made.

import { set, when } from '../assembler/control.ts';
import type { DefinedFunction, Statement } from '../assembler/expression.ts';
import { i32 } from '../assembler/families.ts';
import { defineFunction } from '../assembler/function.ts';
import { Steps } from '../assembler/steps.ts';
import { loadQuad, storeQuad } from './access.ts';
import { type Axis, ordered } from './axes.ts';
import { axesOf, blockQuads, type Divided, type Division, divisionOf } from './division.ts';
import { Addresses } from './nest.ts';
import { constantQuad, convertQuad, firstLanes, type Quad, splatQuad } from './quad.ts';
import { combineLanes, combineQuads, identityOf } from './reduction.ts';
import type { BodyResult, LoopAccess, LoopSource } from './source.ts';

/**
 * `loop()`: does it. An overlapping store must be to the elements that the same turn loads. Up to 32 bytes past the last
 * element of a load are read (and not used).
 *
 * With `split`, `loop(part, parts)`: does one of so many parts, which threads can do at the same time. One of the axes along which nothing
 * is taken together is divided among them; where there is none, or stores overlap along it, part 0 is everything. All parts together
 * write the same bits as the whole.
 *
 * With the split `'window'`, of two axes along which nothing is taken together: `loop(first row, end, first column, end)`, see
 * {@link LoopSource.split}.
 */
export function loopFunction(source: LoopSource): DefinedFunction {
  return new LoopWriter(source).function();
}

class LoopWriter {
  readonly #source: LoopSource;
  readonly #axes: readonly Axis[];
  readonly #addresses: Addresses;
  readonly #accesses: readonly LoopAccess[];
  readonly #once = new Steps();
  /** Loads of one element for all, done once. */
  readonly #fixed = new Map<number, Quad>();
  /** Which part is done, where the work is split. */
  readonly #division: Division | undefined;

  constructor(source: LoopSource) {
    this.#source = source;
    const { loads, stores, reductions, shape, reduced } = source;
    this.#accesses = [...loads, ...stores, ...reductions.map(({ to }) => to)];
    const axes = shape
      .map((length, axis) => ({
        length,
        strides: this.#accesses.map(({ strides }) => strides[axis]!),
        reduced: reduced.includes(axis),
      }))
      .filter(({ length }) => length !== 1);
    this.#axes = axesOf(ordered(axes), source.split);
    this.#addresses = new Addresses(
      this.#axes,
      this.#accesses.map(({ base }) => base),
    );
    this.#division = divisionOf(source, this.#axes, this.#accesses);
  }

  function(): DefinedFunction {
    const { name, shape, reductions } = this.#source;
    const empty = shape.some((length) => length === 0);
    const nest = empty && reductions.length === 0 ? [] : this.#nest();
    const starts = [...this.#addresses.start(), ...this.#once.statements];
    if (this.#division === undefined) return defineFunction({ name, body: [...starts, ...nest] });
    const { params, part, start, axes } = this.#division;
    if (axes.length === 0)
      return defineFunction({ name, params, body: [when(i32.eqz(part!.part), [...starts, ...nest])] });
    return defineFunction({
      name,
      params,
      body: [
        ...start,
        ...axes.map(({ whole, range, width }) => set(whole, i32.and(range.end, -width))),
        ...starts,
        ...axes.flatMap(({ axis, range }) => this.#addresses.moveBy(axis, range.first)),
        ...nest,
      ],
    });
  }

  #nest(): readonly Statement[] {
    const { reductions } = this.#source;
    const last = this.#axes.length - 1;
    if (reductions.length === 0) return this.#around(0, last, this.#elements(last));
    const firstReduced = this.#axes.findIndex(({ reduced }) => reduced);
    if (firstReduced < 0) return this.#around(0, last, this.#columns(last, last));
    if (this.#axes[last]!.reduced) return this.#around(0, firstReduced, this.#row(firstReduced));
    return this.#around(0, firstReduced, this.#columns(firstReduced, last));
  }

  /** Loops over the axes from one to (not including) another. */
  #around(from: number, to: number, body: readonly Statement[]): readonly Statement[] {
    let nest = body;
    for (let axis = to - 1; axis >= Math.max(from, 0); axis--) {
      nest = this.#partOf(axis, nest, []) ?? this.#addresses.loop(axis, this.#axes[axis]!.length, 1, nest);
    }
    return nest;
  }

  /**
   * Where the axis is divided: the turns of the part, as many at a time as belong together, and for the part that comes to the end of the
   * axis what is left there; then back to where the part began.
   */
  #partOf(axis: number, body: readonly Statement[], rest: readonly Statement[]): readonly Statement[] | undefined {
    const divided = this.#dividedAt(axis);
    if (divided === undefined) return undefined;
    const { range, whole, width } = divided;
    const { first, end } = range;
    return [
      ...this.#addresses.loopBetween(axis, first, whole, width, body),
      ...(rest.length === 0 ? [] : [when(i32.eq(end, this.#axes[axis]!.length), rest)]),
      ...this.#addresses.moveBy(axis, i32.sub(first, whole)),
    ];
  }

  #dividedAt(axis: number): Divided | undefined {
    return this.#division?.axes.find((divided) => divided.axis === axis);
  }

  /** Fours along the last axis, and what is left of it. */
  #elements(last: number): readonly Statement[] {
    const length = this.#axes[last]?.length ?? 1;
    const [whole, rest] = [length - (length % 4), length % 4];
    const part = this.#partOf(last, this.#turn(last, 4), rest === 0 ? [] : this.#turn(last, rest));
    if (part !== undefined) return part;
    if (whole === 0) return this.#turn(last, rest);
    const fours = this.#addresses.loop(last, whole, 4, this.#turn(last, 4));
    if (rest === 0) return fours;
    // a loop goes back to where it began
    const [ahead, back] = [this.#addresses.move(last, whole), this.#addresses.move(last, -whole)];
    return [...fours, ...ahead, ...this.#turn(last, rest), ...back];
  }

  /** Loads, body and stores for `count` elements along an axis. */
  #turn(axis: number, count: number): readonly Statement[] {
    const steps = new Steps();
    const { stores } = this.#body(steps, axis, 0, count);
    this.#store(steps, stores, axis, 0, count);
    return steps.statements;
  }

  #body(steps: Steps, axis: number, quad: number, count: number): BodyResult {
    const loads = this.#source.loads.map((_, access) => this.#load(steps, access, axis, quad, count));
    return this.#source.body(loads, steps, this.#once);
  }

  #load(steps: Steps, access: number, axis: number, quad: number, count: number): Quad {
    const { type, strides } = this.#accesses[access]!;
    const { at, offset } = this.#addresses.of(access);
    if (strides.every((stride, a) => stride === 0 || this.#source.shape[a] === 1)) {
      const known = this.#fixed.get(access) ?? loadQuad(this.#once, type, at, offset, 0, 4);
      this.#fixed.set(access, known);
      return known;
    }
    const stride = this.#strideAlong(access, axis);
    return loadQuad(steps, type, ...shifted(at, offset, 4 * quad * stride), stride, Math.max(count, 1));
  }

  #store(steps: Steps, values: readonly Quad[], axis: number, quad: number, count: number): void {
    const { loads, stores } = this.#source;
    stores.forEach(({ type }, i) => {
      const access = loads.length + i;
      const { at, offset } = this.#addresses.of(access);
      const stride = this.#strideAlong(access, axis);
      if (values[i]!.type !== type)
        throw new Error(`internal: ${this.#source.name} stores ${values[i]!.type} as ${type}`);
      storeQuad(steps, values[i]!, ...shifted(at, offset, 4 * quad * stride), stride, count);
    });
  }

  #strideAlong(access: number, axis: number): number {
    return this.#axes[axis]?.strides[access] ?? 0;
  }

  /** Reduced axes from `first` to the last one, along which fours are taken. */
  #row(first: number): readonly Statement[] {
    const { reductions } = this.#source;
    const last = this.#axes.length - 1;
    const steps = new Steps();
    const running = this.#begin(steps);
    const take = (count: number): readonly Statement[] => {
      const inner = new Steps();
      const result = this.#body(inner, last, 0, count);
      this.#store(inner, result.stores, last, 0, count);
      this.#take(inner, running, result.reductions, count);
      return inner.statements;
    };
    const { length } = this.#axes[last]!;
    const [whole, rest] = [length - (length % 4), length % 4];
    const inRow: Statement[] = [];
    if (whole > 0) inRow.push(...this.#addresses.loop(last, whole, 4, take(4)));
    if (rest > 0) {
      inRow.push(...this.#addresses.move(last, whole), ...take(rest), ...this.#addresses.move(last, -whole));
    }
    steps.do(...this.#around(first, last, inRow));
    reductions.forEach(({ combine, running: type, to }, i) => {
      const { at, offset } = this.#addresses.of(this.#accesses.length - reductions.length + i);
      const result = splatQuad(steps, type, combineLanes(steps, combine, running[i]!));
      storeQuad(steps, convertQuad(steps, result, to.type), at, offset, 0, 1);
    });
    return steps.statements;
  }

  /** Blocks of columns along the last axis; in each all rows, which are the axes from `first` to it. */
  #columns(first: number, last: number): readonly Statement[] {
    const { length } = this.#axes[last] ?? { length: 1 };
    const wide = 4 * blockQuads;
    const blocks = length - (length % wide);
    const fours = length - blocks - (length % 4);
    const rest = length % 4;
    const { move, loop } = {
      move: (turns: number) => this.#addresses.move(last, turns),
      loop: (turns: number, step: number, body: readonly Statement[]) => this.#addresses.loop(last, turns, step, body),
    };
    const block = (): readonly Statement[] => this.#block(first, last, blockQuads, 4);
    const others: readonly Statement[] = [
      ...(fours > 0 ? loop(fours, 4, this.#block(first, last, 1, 4)) : []),
      ...(rest > 0 ? [...move(fours), ...this.#block(first, last, 1, rest), ...move(-fours)] : []),
    ];
    if (this.#dividedAt(last) !== undefined) return this.#partOf(last, block(), others)!;
    return [...(blocks > 0 ? loop(blocks, wide, block()) : []), ...move(blocks), ...others, ...move(-blocks)];
  }

  /** So many fours of columns, of which `count` lanes are stored, through all rows. */
  #block(first: number, last: number, quads: number, count: number): readonly Statement[] {
    const { loads, stores, reductions } = this.#source;
    const steps = new Steps();
    const columns = Array.from({ length: quads }, () => this.#begin(steps));
    const inner = new Steps();
    columns.forEach((running, quad) => {
      const result = this.#body(inner, last, quad, count);
      this.#store(inner, result.stores, last, quad, count);
      this.#take(inner, running, result.reductions, 4);
    });
    steps.do(...this.#around(first, last, inner.statements));
    columns.forEach((running, quad) => {
      reductions.forEach(({ to }, i) => {
        const access = loads.length + stores.length + i;
        const { at, offset } = this.#addresses.of(access);
        const stride = this.#strideAlong(access, last);
        const result = convertQuad(steps, running[i]!, to.type);
        storeQuad(steps, result, ...shifted(at, offset, 4 * quad * stride), stride, count);
      });
    });
    return steps.statements;
  }

  /** Running results that nothing was taken into yet. */
  #begin(steps: Steps): readonly Quad[] {
    return this.#source.reductions.map(({ combine, running: type }) => {
      const identity = constantQuad(this.#once, type, identityOf(combine, type));
      // variables of their own: a constant is one variable for all
      return { type, parts: identity.parts.map((part) => steps.keep(part)) };
    });
  }

  /** Takes the first `count` lanes into the running results. */
  #take(steps: Steps, running: readonly Quad[], values: readonly Quad[], count: number): void {
    this.#source.reductions.forEach(({ combine, running: type }, i) => {
      const value = values[i]!;
      if (value.type !== type) throw new Error(`internal: ${this.#source.name} takes ${value.type} into ${type}`);
      const identity = count < 4 ? constantQuad(this.#once, type, identityOf(combine, type)) : value;
      const taken = count < 4 ? firstLanes(steps, value, identity, count) : value;
      const sum = combineQuads(steps, combine, running[i]!, taken);
      running[i]!.parts.forEach((part, p) => {
        steps.do(set(part, sum.parts[p]!));
      });
    });
  }
}

type At = Parameters<typeof loadQuad>[2];

function shifted(at: At, offset: number, bytes: number): [at: At, offset: number] {
  return offset + bytes >= 0 ? [at, offset + bytes] : [i32.add(at, bytes), offset];
}

// A loop nest over elements in memory: loads, a body that works on four elements at a time, stores, and results that elements
// are taken together into. Where in memory everything lies is known when the code is made.

import { set } from '../assembler/control.ts';
import type { DefinedFunction, Statement } from '../assembler/expression.ts';
import { i32 } from '../assembler/families.ts';
import { defineFunction } from '../assembler/function.ts';
import { Steps } from '../assembler/steps.ts';
import { loadQuad, storeQuad } from './access.ts';
import { type Axis, simplified } from './axes.ts';
import { Addresses } from './nest.ts';
import { constantQuad, convertQuad, type ElementType, firstLanes, type Quad, splatQuad } from './quad.ts';
import { type CombineName, combineLanes, combineQuads, identityOf } from './reduction.ts';

/** Where elements lie: the address of the first one, and the bytes from one to the next along each axis. */
export interface LoopAccess {
  readonly type: ElementType;
  readonly base: number;
  readonly strides: readonly number[];
}

/** A result for each place beside the reduced axes, along which its strides are 0. */
export interface LoopReduction {
  readonly combine: CombineName;
  /** The kind of numbers in which elements are taken together. */
  readonly running: Exclude<ElementType, 'bool'>;
  readonly to: LoopAccess;
}

/** What a body makes of four elements of each load. */
export interface BodyResult {
  /** For each store. */
  readonly stores: readonly Quad[];
  /** For each reduction, in the kind of numbers that it runs in. */
  readonly reductions: readonly Quad[];
}

/** A loop nest. */
export interface LoopSource {
  readonly name: string;
  /** The lengths of the axes, the outermost first. */
  readonly shape: readonly number[];
  /** The axes along which elements are taken together. */
  readonly reduced: readonly number[];
  readonly loads: readonly LoopAccess[];
  readonly stores: readonly LoopAccess[];
  readonly reductions: readonly LoopReduction[];
  /** Said once for each place where the code needs it: `steps` is done for each four elements, `once` before all of them. */
  readonly body: (loads: readonly Quad[], steps: Steps, once: Steps) => BodyResult;
}

/** Blocks of columns: so many fours side by side, so that a row's cache line is used up while it is near. */
const blockQuads = 4;

/**
 * `loop()`: does it. An overlapping store must be to the elements that the same turn loads. Up to 32 bytes past the last
 * element of a load are read (and not used).
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
    this.#axes = simplified(ordered(axes));
    this.#addresses = new Addresses(
      this.#axes,
      this.#accesses.map(({ base }) => base),
    );
  }

  function(): DefinedFunction {
    const { name, shape, reductions } = this.#source;
    const empty = shape.some((length) => length === 0);
    const nest = empty && reductions.length === 0 ? [] : this.#nest();
    return defineFunction({
      name,
      body: [...this.#addresses.start(), ...this.#once.statements, ...nest],
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
    for (let axis = Math.max(to, 0) - 1; axis >= from; axis--) {
      nest = this.#addresses.loop(axis, this.#axes[axis]!.length, 1, nest);
    }
    return nest;
  }

  /** Fours along the last axis, and what is left of it. */
  #elements(last: number): readonly Statement[] {
    const length = this.#axes[last]?.length ?? 1;
    const [whole, rest] = [length - (length % 4), length % 4];
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
    return [
      ...(blocks > 0 ? loop(blocks, wide, this.#block(first, last, blockQuads, 4)) : []),
      ...move(blocks),
      ...(fours > 0 ? loop(fours, 4, this.#block(first, last, 1, 4)) : []),
      ...move(fours),
      ...(rest > 0 ? this.#block(first, last, 1, rest) : []),
      ...move(-blocks - fours),
    ];
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

/** The axes in the order of the loops: kept ones outside, reduced ones inside; but a kept axis that was last stays last. */
function ordered(axes: readonly Axis[]): readonly Axis[] {
  const kept = axes.filter(({ reduced }) => !reduced);
  const reduced = axes.filter((axis) => axis.reduced);
  const vector = axes.at(-1);
  if (reduced.length === 0 || vector === undefined || vector.reduced) return [...kept, ...reduced];
  return [...kept.slice(0, -1), ...reduced, vector];
}

type At = Parameters<typeof loadQuad>[2];

function shifted(at: At, offset: number, bytes: number): [at: At, offset: number] {
  return offset + bytes >= 0 ? [at, offset + bytes] : [i32.add(at, bytes), offset];
}

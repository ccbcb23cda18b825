// Loops that do the same to elements of other buffers, such as an optimizer's updates: one function, called for each of them.

import type { LoopAccess, Statement } from '@tapegrad/wasm';
import {
  binaryQuad,
  call,
  type DefinedFunction,
  elementBytes,
  flatLoopFunction,
  i32,
  simplified,
} from '@tapegrad/wasm';
import type { LoopKernel, PlanKernel } from '../plan.ts';
import type { ScalarStep } from '../scalar.ts';
import { type BodyOptions, bodyWriter } from './body.ts';
import { type BufferPlaces, loopAccess } from './nest.ts';

/** A loop along one axis, or over one element. */
interface Flat {
  readonly kernel: LoopKernel;
  readonly length: number;
  /** Loads, then what stores add to, then stores: which of the places they are at. */
  readonly accesses: readonly LoopAccess[];
  readonly at: readonly number[];
  /** Addresses, each once. */
  readonly places: readonly number[];
}

/** How kernels call functions that they share. */
export type SharedLoops = ReadonlyMap<PlanKernel, Statement>;

/** For each loop that does the same as another one of these kernels, the call that does it. */
export function sharedLoops(kernels: readonly PlanKernel[], options: BodyOptions & BufferPlaces): SharedLoops {
  const groups = new Map<string, Flat[]>();
  const single: Flat[] = [];
  const keys = new Map<string, string>();
  for (const kernel of kernels) {
    const flat = kernel.kind === 'loop' ? flattened(kernel, options) : undefined;
    if (flat === undefined) continue;
    if (flat.length === 1) {
      single.push(flat);
      continue;
    }
    const key = `${keyOf(flat)} ${movesOf(flat)}`;
    if (!keys.has(keyOf(flat))) keys.set(keyOf(flat), key);
    groups.set(key, [...(groups.get(key) ?? []), flat]);
  }
  // what moves after the only element makes no difference
  for (const flat of single) groups.get(keys.get(keyOf(flat)) ?? '')?.push(flat);
  const calls = new Map<PlanKernel, Statement>();
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    const shared = sharedFunction(group[0]!, options);
    for (const { kernel, length, places } of group) {
      calls.set(kernel, call(shared, i32.const(length), ...places.map((place) => i32.const(place))));
    }
  }
  return calls;
}

function flattened(kernel: LoopKernel, options: BufferPlaces): Flat | undefined {
  const { shape, loads, stores, reductions, body } = kernel;
  if (reductions.length > 0 || shape.includes(0) || body.some(({ op }) => op === 'call')) return undefined;
  const added = stores.filter(({ add }) => add);
  const accesses = [...loads, ...added.map(({ to }) => to), ...stores.map(({ to }) => to)].map((access) =>
    loopAccess(options, access),
  );
  const axes = simplified(
    shape.map((length, axis) => ({
      length,
      strides: accesses.map(({ strides }) => strides[axis]!),
      reduced: false,
    })),
  );
  if (axes.length > 1) return undefined;
  const strides = axes[0]?.strides ?? accesses.map(({ type }) => elementBytes[type]);
  const sideBySide = accesses.map(({ type }, i) => strides[i] === elementBytes[type]);
  const firstStore = loads.length;
  if (!sideBySide.every((moves, i) => moves || (i < firstStore && strides[i] === 0))) return undefined;
  const bases = accesses.map(({ base, type }, i) => `${base} ${type} ${strides[i]}`);
  const distinct = [...new Set(bases)];
  return {
    kernel,
    length: axes[0]?.length ?? 1,
    accesses: accesses.map((access, i) => ({ ...access, strides: [strides[i]!] })),
    at: bases.map((base) => distinct.indexOf(base)),
    places: distinct.map((base) => accesses[bases.indexOf(base)]!.base),
  };
}

/** Flat loops of equal keys do the same, but for what moves. */
function keyOf({ kernel, accesses, at }: Flat): string {
  const { body, stores } = kernel;
  const where = accesses.map(({ type }, i) => `${type}@${at[i]}`);
  const what = stores.map(({ step, add }) => `${step}${add ? '+' : ''}`);
  return `${body.map(stepKey).join(';')} ${where} ${what}`;
}

function stepKey(step: ScalarStep): string {
  const detail = step.op === 'load' ? step.operand : step.op === 'constant' ? shown(step.value) : '';
  return `${step.op} ${step.type} ${step.args} ${detail}`;
}

function shown(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function movesOf({ accesses }: Flat): string {
  return accesses.map(({ strides }) => (strides[0] === 0 ? 0 : 1)).join('');
}

function sharedFunction({ kernel, accesses, at, places }: Flat, options: BodyOptions): DefinedFunction {
  const { loads, stores } = kernel;
  const write = bodyWriter(kernel.body, options);
  const added = stores.filter(({ add }) => add);
  const flat = accesses.map(({ type, strides }, i) => ({ type, place: at[i]!, moves: strides[0] !== 0 }));
  return flatLoopFunction({
    name: kernel.ops.join(' '),
    places: places.length,
    loads: flat.slice(0, loads.length + added.length),
    stores: flat.slice(loads.length + added.length),
    body: (quads, steps, once) => {
      const values = write(quads, steps, once);
      return stores.map((store) => {
        const before = added.indexOf(store);
        const value = values[store.step]!;
        return before < 0 ? value : binaryQuad(steps, 'add', quads[loads.length + before]!, value);
      });
    },
  });
}

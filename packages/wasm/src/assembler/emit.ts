// A function's body as bytes: variables, labels and functions become numbers.

import type { Bytes } from './encoding.ts';
import {
  childrenOf,
  type DefinedFunction,
  type Expression,
  type FunctionSource,
  type Label,
  type Local,
} from './expression.ts';
import { type Type, typeCodes, type ValueType } from './types.ts';

const codes = { block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d, return: 0x0f } as const;
const callCode = 0x10;
const localCodes = { get: 0x20, set: 0x21, tee: 0x22 } as const;
const constantCodes: { readonly [T in Exclude<ValueType, 'v128'>]: number } = {
  i32: 0x41,
  i64: 0x42,
  f32: 0x43,
  f64: 0x44,
};
const noResult = 0x40;

/** What a function mentions: its variables, parameters first, and the functions that it calls. */
export interface Mentions {
  readonly locals: ReadonlySet<Local>;
  readonly callees: ReadonlySet<FunctionSource>;
}

const mentions = new WeakMap<DefinedFunction, Mentions>();

export function mentionsOf(source: DefinedFunction): Mentions {
  const known = mentions.get(source);
  if (known !== undefined) return known;
  const locals = new Set<Local>(source.params);
  const callees = new Set<FunctionSource>();
  const all = (nodes: readonly Expression[]): void => {
    for (const node of nodes) {
      if (node.kind === 'local') locals.add(node as Local);
      else if (node.kind === 'set') locals.add(node.local);
      else if (node.kind === 'call') callees.add(node.callee);
      all(childrenOf(node));
    }
  };
  all(source.body);
  if (source.result !== undefined) all([source.result]);
  const found = { locals, callees };
  mentions.set(source, found);
  return found;
}

/** Writes the variables and the body of a function, whose callees have these numbers. */
export function emitFunction(source: DefinedFunction, numbers: ReadonlyMap<FunctionSource, number>, to: Bytes): void {
  const places = placesOf(source);
  const variables = [...places.keys()].slice(source.params.length);
  const runs: { type: ValueType; length: number }[] = [];
  for (const { type } of variables) {
    const last = runs.at(-1);
    if (last?.type === type) last.length++;
    else runs.push({ type, length: 1 });
  }
  to.list(runs, ({ type, length }) => to.unsigned(length).byte(typeCodes[type]));
  const writer = new BodyWriter(to, places, numbers, source.name);
  for (const statement of source.body) writer.write(statement);
  if (source.result !== undefined) writer.write(source.result);
  to.byte(codes.end);
}

/** The number of each variable: parameters first, then by type, so that the list of variables is short. */
function placesOf(source: DefinedFunction): ReadonlyMap<Local, number> {
  const [params, others] = [source.params, [...mentionsOf(source).locals].slice(source.params.length)];
  const byType = others.sort((a, b) => typeCodes[b.type] - typeCodes[a.type]);
  return new Map([...params, ...byType].map((variable, place) => [variable, place]));
}

class BodyWriter {
  readonly #to: Bytes;
  readonly #places: ReadonlyMap<Local, number>;
  readonly #numbers: ReadonlyMap<FunctionSource, number>;
  readonly #name: string;
  /** The blocks that are open, the innermost last; those of conditions have no label. */
  readonly #open: (Label | undefined)[] = [];

  constructor(
    to: Bytes,
    places: ReadonlyMap<Local, number>,
    numbers: ReadonlyMap<FunctionSource, number>,
    name: string,
  ) {
    this.#to = to;
    this.#places = places;
    this.#numbers = numbers;
    this.#name = name;
  }

  write(node: Expression): void {
    const to = this.#to;
    switch (node.kind) {
      case 'constant':
        writeConstant(node.type, node.value, to);
        return;
      case 'local':
        to.byte(localCodes.get).unsigned(this.#places.get(node as Local)!);
        return;
      case 'instruction':
        this.#all(node.operands);
        writeCode(node.code, to);
        for (const immediate of node.immediates) to.unsigned(immediate);
        return;
      case 'set':
        this.write(node.value);
        to.byte(node.type === 'none' ? localCodes.set : localCodes.tee).unsigned(this.#places.get(node.local)!);
        return;
      case 'call':
        this.#all(node.operands);
        to.byte(callCode).unsigned(this.#numbers.get(node.callee)!);
        return;
      case 'block':
      case 'loop':
        to.byte(codes[node.kind]).byte(noResult);
        this.#inside(node.label, node.body);
        to.byte(codes.end);
        return;
      case 'when':
        this.write(node.condition);
        to.byte(codes.if).byte(noResult);
        this.#inside(undefined, node.then);
        if (node.otherwise.length > 0) {
          to.byte(codes.else);
          this.#inside(undefined, node.otherwise);
        }
        to.byte(codes.end);
        return;
      case 'branch':
        if (node.condition !== undefined) this.write(node.condition);
        to.byte(node.condition === undefined ? codes.br : codes.brIf).unsigned(this.#depth(node.label));
        return;
      case 'exit':
        if (node.value !== undefined) this.write(node.value);
        to.byte(codes.return);
        return;
      default:
        node satisfies never;
    }
  }

  #all(nodes: readonly Expression[]): void {
    for (const node of nodes) this.write(node);
  }

  #inside(label: Label | undefined, body: readonly Expression[]): void {
    this.#open.push(label);
    this.#all(body);
    this.#open.pop();
  }

  /** How many open blocks lie between here and a label. */
  #depth(label: Label): number {
    const place = this.#open.lastIndexOf(label);
    if (place >= 0) return this.#open.length - 1 - place;
    throw new Error(`${this.#name}: a branch goes to a ${label.label} that it is not inside of. Move it inside.`);
  }
}

function writeCode(code: number, to: Bytes): void {
  if (code < 0x100) to.byte(code);
  else to.byte(code >>> 16).unsigned(code & 0xffff);
}

function writeConstant(of: Type, value: number | bigint | readonly number[], to: Bytes): void {
  switch (of) {
    case 'i32':
      // 2³¹ … 2³² − 1 mean the same 32 bits as the negative numbers
      to.byte(constantCodes.i32).integer(value as number);
      return;
    case 'i64':
      to.byte(constantCodes.i64).signed(BigInt.asIntN(64, value as bigint));
      return;
    case 'f32':
      to.byte(constantCodes.f32).float32(value as number);
      return;
    case 'f64':
      to.byte(constantCodes.f64).float64(value as number);
      return;
    case 'v128':
      writeCode(0xfd_000c, to);
      to.raw(value as readonly number[]);
      return;
    case 'none':
      throw new Error('internal: a constant without a type');
    default:
      of satisfies never;
  }
}

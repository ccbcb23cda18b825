// A function's body as bytes: variables and labels become numbers. Which numbers the functions have that it calls is known later.

import { Bytes } from './encoding.ts';
import type { DefinedFunction, Expression, FunctionSource, Label, Local } from './expression.ts';
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

/** A body, but for the numbers of the functions that it calls. */
export interface EmittedBody {
  /** The types of its variables without the parameters, in their order. */
  readonly variables: readonly ValueType[];
  /** What is written before each of these calls' numbers, and after the last one. */
  readonly pieces: readonly Uint8Array[];
  readonly callees: readonly FunctionSource[];
}

const bodies = new WeakMap<DefinedFunction, EmittedBody>();

/** The body of a function, written once, however many modules it is in. */
export function bodyOf(source: DefinedFunction): EmittedBody {
  const known = bodies.get(source) ?? new BodyWriter(source).body();
  bodies.set(source, known);
  return known;
}

/** Writes the variables and the body of a function, whose callees have these numbers. */
export function emitFunction(source: DefinedFunction, numbers: ReadonlyMap<FunctionSource, number>, to: Bytes): void {
  const { variables, pieces, callees } = bodyOf(source);
  const runs: { type: ValueType; length: number }[] = [];
  for (const type of variables) {
    const last = runs.at(-1);
    if (last?.type === type) last.length++;
    else runs.push({ type, length: 1 });
  }
  to.list(runs, ({ type, length }) => to.unsigned(length).byte(typeCodes[type]));
  pieces.forEach((piece, at) => {
    to.raw(piece);
    if (at < callees.length) to.unsigned(numbers.get(callees[at]!)!);
  });
}

/**
 * Writes one body. Most of a program's first run is spent in code that has not run before, of which this is a good part: so it walks the
 * tree once, by plain loops.
 */
class BodyWriter {
  readonly #source: DefinedFunction;
  #to: Bytes = new Bytes();
  readonly #pieces: Uint8Array[] = [];
  readonly #callees: FunctionSource[] = [];
  /** Parameters first, then variables as they are met. */
  readonly #places: Map<Local, number>;
  readonly #variables: ValueType[] = [];
  /** The blocks that are open, the innermost last; those of conditions have no label. */
  readonly #open: (Label | undefined)[] = [];

  constructor(source: DefinedFunction) {
    this.#source = source;
    this.#places = new Map(source.params.map((param, place) => [param, place]));
  }

  body(): EmittedBody {
    const { body, result } = this.#source;
    this.#all(body);
    if (result !== undefined) this.#write(result);
    this.#to.byte(codes.end);
    this.#pieces.push(this.#to.toUint8Array());
    return { variables: this.#variables, pieces: this.#pieces, callees: this.#callees };
  }

  #write(node: Expression): void {
    switch (node.kind) {
      case 'constant':
        writeConstant(node.type, node.value, this.#to);
        return;
      case 'local':
        this.#to.byte(localCodes.get).unsigned(this.#placeOf(node as Local));
        return;
      case 'instruction': {
        const { operands, code, immediates } = node;
        for (let i = 0; i < operands.length; i++) this.#write(operands[i]!);
        writeCode(code, this.#to);
        for (let i = 0; i < immediates.length; i++) this.#to.unsigned(immediates[i]!);
        return;
      }
      case 'set': {
        this.#write(node.value);
        const code = node.type === 'none' ? localCodes.set : localCodes.tee;
        this.#to.byte(code).unsigned(this.#placeOf(node.local));
        return;
      }
      case 'call':
        this.#all(node.operands);
        this.#pieces.push(this.#to.byte(callCode).toUint8Array());
        this.#callees.push(node.callee);
        this.#to = new Bytes();
        return;
      case 'block':
      case 'loop':
        this.#to.byte(codes[node.kind]).byte(noResult);
        this.#inside(node.label, node.body);
        this.#to.byte(codes.end);
        return;
      case 'when':
        this.#write(node.condition);
        this.#to.byte(codes.if).byte(noResult);
        this.#inside(undefined, node.then);
        if (node.otherwise.length > 0) {
          this.#to.byte(codes.else);
          this.#inside(undefined, node.otherwise);
        }
        this.#to.byte(codes.end);
        return;
      case 'branch':
        if (node.condition !== undefined) this.#write(node.condition);
        this.#to.byte(node.condition === undefined ? codes.br : codes.brIf).unsigned(this.#depth(node.label));
        return;
      case 'exit':
        if (node.value !== undefined) this.#write(node.value);
        this.#to.byte(codes.return);
        return;
      default:
        node satisfies never;
    }
  }

  #placeOf(variable: Local): number {
    const known = this.#places.get(variable);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(variable, place);
    this.#variables.push(variable.type);
    return place;
  }

  #all(nodes: readonly Expression[]): void {
    for (let i = 0; i < nodes.length; i++) this.#write(nodes[i]!);
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
    throw new Error(
      `${this.#source.name}: a branch goes to a ${label.label} that it is not inside of. Move it inside.`,
    );
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

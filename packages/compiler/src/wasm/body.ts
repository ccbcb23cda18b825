// The steps of a loop's body, four elements at a time.

import {
  type BinaryName,
  binaryQuad,
  type ComparisonName,
  callFor,
  compareQuads,
  constantQuad,
  convertQuad,
  type Expression,
  f64x2,
  type ImportedFunction,
  importFunction,
  keepQuad,
  laneOf,
  logicalQuad,
  notQuad,
  type Quad,
  type Steps,
  selectQuad,
  shiftQuad,
  type UnaryName,
  unaryQuad,
  xorQuads,
} from '@tapegrad/wasm';
import type { ScalarStep } from '../scalar.ts';
import { areInline, functionQuad, isFunction } from './functions.ts';

type ScalarCall = (...values: number[]) => number;

/** Functions of JavaScript that a program calls. */
export class Calls {
  /** By the names under which they are imported from the module `calls`. */
  readonly functions: { [name: string]: ScalarCall } = {};
  private readonly imports: Map<ScalarCall, ImportedFunction> = new Map();

  /** The import of a function: one, however often it is called. */
  imported(name: string, call: ScalarCall, arity: number): ImportedFunction {
    const known = this.imports.get(call);
    if (known !== undefined) return known;
    const key = `${this.imports.size} ${name}`;
    const takes = Array.from({ length: arity }, () => 'f64' as const);
    const imported = importFunction('calls', key, takes, 'f64');
    this.imports.set(call, imported);
    this.functions[key] = call;
    return imported;
  }
}

/** What the steps of bodies are written with. */
export interface BodyOptions {
  readonly relaxed: boolean;
  /** Takes up what the steps call. */
  readonly calls: Calls;
}

/** Writes a body: the value of each step, from those of the loads. Constants are made once, before the loop. */
export function bodyWriter(
  body: readonly ScalarStep[],
  options: BodyOptions,
): (loads: readonly Quad[], steps: Steps, once: Steps) => readonly Quad[] {
  const constants = new Map<number, Quad>();
  const inline = areInline(body);
  return (loads, steps, once) => {
    const quads: Quad[] = [];
    body.forEach((step, at) => {
      if (step.op === 'constant') {
        const known = constants.get(at) ?? constantQuad(once, step.type, step.value);
        constants.set(at, known);
        quads.push(known);
      } else {
        quads.push(
          stepQuad(step, quads, loads, steps, { ...options, inline, amountOf: (arg) => amountOf(body[arg]!) }),
        );
      }
    });
    return quads;
  };
}

function amountOf(step: ScalarStep): number {
  if (step.op !== 'constant') throw new Error(`internal: a shift by ${step.op}`);
  return step.value;
}

function stepQuad(
  step: Exclude<ScalarStep, { readonly op: 'constant' }>,
  quads: readonly Quad[],
  loads: readonly Quad[],
  steps: Steps,
  options: BodyOptions & { readonly inline: boolean; readonly amountOf: (step: number) => number },
): Quad {
  const { op, args, type } = step;
  const [x, y, z] = args.map((arg) => quads[arg]!) as [Quad, Quad, Quad];
  if (isFunction(op)) return functionQuad(steps, op, y === undefined ? [x] : [x, y], options);
  switch (op) {
    case 'load':
      return loads[step.operand]!;
    case 'convert':
      return convertQuad(steps, x, type);
    case 'select':
      return selectQuad(steps, x, y, z);
    case 'and':
    case 'or':
      return logicalQuad(steps, op, x, y);
    case 'xor':
      return xorQuads(steps, x, y);
    case 'shl':
    case 'shr':
      return shiftQuad(steps, op, x, options.amountOf(args[1]!));
    case 'not':
      return notQuad(steps, x);
    case 'call':
      return callQuad(
        steps,
        step,
        args.map((arg) => quads[arg]!),
        options.calls,
      );
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return compareQuads(steps, op satisfies ComparisonName, x, y);
    case 'neg':
    case 'abs':
    case 'sqrt':
    case 'floor':
    case 'ceil':
    case 'trunc':
    case 'nearest':
      return unaryQuad(steps, op satisfies UnaryName, x);
    default:
      return binaryQuad(steps, op satisfies BinaryName, x, y);
  }
}

/** Calls a function of JavaScript for each lane. */
function callQuad(
  steps: Steps,
  { name, call }: Extract<ScalarStep, { readonly op: 'call' }>,
  operands: readonly Quad[],
  calls: Calls,
): Quad {
  const callee = calls.imported(name, call, operands.length);
  const lanes = [0, 1, 2, 3].map((lane) =>
    callFor('f64', callee, ...operands.map((x) => laneOf(x, lane) as Expression<'f64'>)),
  );
  const pair = (low: Expression<'f64'>, high: Expression<'f64'>) => f64x2.replace_lane(f64x2.splat(low), high, 1);
  return keepQuad(steps, 'f64', [pair(lanes[0]!, lanes[1]!), pair(lanes[2]!, lanes[3]!)]);
}

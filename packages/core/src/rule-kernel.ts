// The chain rule of an element-wise op as one loop: its rule is run once, on tensors without values, and the kernels of the ops that
// it does are joined. The same bits, without an array for each of its steps; a backward pass that is recorded runs the rule itself.

import { allocate, broadcastView, type NdArray, onlyElement } from './arrays.ts';
import type { DType } from './dtype.ts';
import { type ElementwiseKernel, elementwise } from './kernels/elementwise.ts';
import type { Abstract, OpEntry } from './op-entry.ts';
import { activeRecorders } from './recording.ts';
import { sameShape } from './shape.ts';
import { Tensor } from './tensor.ts';
import { abstractArray, activeTracer, isAbstract, type Tracer, traceWith } from './tracing.ts';

/** The kernels of an op's rules, by operand and float dtype, as far as they were asked for; null where a rule is no one loop. */
type Made = (ElementwiseKernel | null | undefined)[];

const made: Map<OpEntry, Made> = new Map();

/**
 * Says of ops that their rules do the same to each element, whatever the shapes, and with nothing from outside that may change: it is
 * known of those of this library. A user's own rule may read what it likes, and is run each time.
 */
export function joinRules(entries: readonly OpEntry[]): void {
  for (const entry of entries) if (entry.elementwise) made.set(entry, []);
}

/**
 * From the derivative by an op's output, `g`, that by the operand at a position, as its rule gives it, broadcast to the shape of `g`; undefined
 * where the rule itself is to be asked.
 */
export function ruleInOneLoop(
  op: OpEntry,
  position: number,
  attrs: unknown,
  g: Tensor,
  saved: { readonly [name: string]: Tensor },
): Tensor | undefined {
  const kernels = made.get(op);
  if (kernels === undefined || attrs !== undefined) return undefined;
  if (activeTracer() !== undefined || activeRecorders().length > 0) return undefined;
  const { dtype, shape } = g;
  const at = position * 2 + (dtype === 'float32' ? 0 : 1);
  if (kernels[at] === undefined) kernels[at] = joined(op, position, dtype) ?? null;
  const kernel = kernels[at];
  if (kernel === null) return undefined;
  const arrays = [g.array];
  for (const name of op.saves) {
    const x = saved[name]!;
    if (x.dtype !== dtype) return undefined;
    arrays.push(broadcastView(x.array, shape));
  }
  const out = allocate(dtype, shape);
  kernel(out, ...arrays);
  return new Tensor(out, dtype);
}

/** The rule for an operand as a kernel of `g` and what is saved, all of one dtype; undefined where it is none. */
function joined(op: OpEntry, position: number, dtype: DType): ElementwiseKernel | undefined {
  const rule = op.vjp[op.inputs[position]!];
  if (rule === undefined || rule === 'not differentiable') return undefined;
  const joiner = new Joiner();
  const standIns = ['g', ...op.saves].map((name) => new Tensor(joiner.standIn(name), dtype));
  const saved = Object.fromEntries(op.saves.map((name, i) => [name, standIns[i + 1]!]));
  const inputs = op.inputs.map((): Abstract => ({ shape: [], dtype }));
  try {
    const result = traceWith(joiner, () => rule(standIns[0]!, saved, { attrs: undefined, inputs, position }));
    const last = joiner.last;
    if (last === undefined || !sameShape(result.shape, []) || joiner.textOf(result) !== last.name) return undefined;
    const { [last.name]: _stored, ...parts } = joiner.parts;
    return elementwise(`${op.name}Rule`, ['g', ...op.saves], last.text, { parts });
  } catch (error) {
    if (error instanceof NotOneLoop) return undefined;
    throw error;
  }
}

/** What a rule does that is not done element by element. */
class NotOneLoop extends Error {}

/** Writes down what a rule does, as expressions. */
class Joiner implements Tracer {
  /** The expressions so far, as elements of their dtype. */
  readonly parts: { [name: string]: string } = {};
  /** The latest of them, as it is before it is stored. */
  last: { readonly name: string; readonly text: string } | undefined;
  private readonly texts: Map<NdArray, string> = new Map();
  private count = 0;

  standIn(text: string): NdArray {
    const array = abstractArray([]);
    this.texts.set(array, text);
    return array;
  }

  textOf({ array }: Tensor): string {
    if (isAbstract(array)) return this.texts.get(array)!;
    if (array.shape.length > 0) throw new NotOneLoop();
    const value = onlyElement(array);
    return `(${Object.is(value, -0) ? '-0' : value})`;
  }

  onOp(
    entry: OpEntry,
    operands: readonly Tensor[],
    result: Abstract & { readonly attrs: unknown },
  ): NdArray | undefined {
    if (operands.every((x) => !isAbstract(x.array))) return undefined;
    const source = entry.kernel?.(result).source;
    if (source === undefined || typeof source.scalar !== 'string') throw new NotOneLoop();
    const texts = new Map(source.inputs.map((name, i) => [name, this.textOf(operands[i]!)]));
    for (const [name, value] of Object.entries(source.numbers)) texts.set(name, `(${value})`);
    for (const [name, part] of Object.entries(source.parts)) texts.set(name, this.add(replaced(part, texts)));
    const text = replaced(source.scalar, texts);
    const name = this.add(stored(text, result.dtype));
    this.last = { name, text };
    return this.standIn(name);
  }

  valueOf(): never {
    throw new NotOneLoop();
  }

  onAssign(): never {
    throw new NotOneLoop();
  }

  feed(): never {
    throw new NotOneLoop();
  }

  beforeEach(): never {
    throw new NotOneLoop();
  }

  afterEach(): never {
    throw new NotOneLoop();
  }

  private add(text: string): string {
    const name = `t${this.count++}`;
    this.parts[name] = text;
    return name;
  }
}

function replaced(text: string, by: ReadonlyMap<string, string>): string {
  return text.replace(new RegExp(`\\b(${[...by.keys()].join('|')})\\b`, 'g'), (name) => by.get(name)!);
}

/** The value of an expression as an array of this dtype holds it. */
function stored(text: string, dtype: DType): string {
  if (dtype === 'float32') return `Math.fround(${text})`;
  if (dtype === 'float64') return `(${text})`;
  return dtype === 'bool' ? `+(${text})` : `(${text})|0`;
}

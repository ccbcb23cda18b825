// A whole function as one step on the tapes: what it depends on, and the step itself.

import { isFloat } from '../dtype.ts';
import { alias, named } from '../naming.ts';
import type { Abstract, OpEntry } from '../op-entry.ts';
import { concat } from '../ops/joining.ts';
import { type Differentiator, type Recorder, recordWithout, type Step } from '../recording.ts';
import { sizeOf } from '../shape.ts';
import { Parameter, type Tensor } from '../tensor.ts';
import { type Leaf, leavesOf, type Tree } from '../tree.ts';

/** Listens to a function in place of the tapes: which tensors does it use that it did not make? */
class Probe implements Recorder {
  /** The tensors that the tapes differentiate by, or through. */
  readonly sources: Set<Tensor> = new Set();
  /** Which values of parameters were used. */
  readonly versions: Map<Parameter, number> = new Map();
  private readonly tapes: readonly Differentiator[];
  private readonly made: WeakSet<Tensor> = new WeakSet();

  constructor(tapes: readonly Differentiator[]) {
    this.tapes = tapes;
  }

  onOp(_op: OpEntry, inputs: readonly Tensor[], _attrs: unknown, output: Tensor): void {
    for (const x of inputs) this.met(x);
    this.made.add(output);
  }

  met(x: Tensor): void {
    for (let handle: Tensor | undefined = x; handle !== undefined; handle = handle.original?.tensor) {
      if (this.made.has(handle)) return;
      if (handle instanceof Parameter) this.versions.set(handle, handle.version);
    }
    for (const tape of this.tapes) {
      const source = tape.sourceOf(x);
      if (source !== undefined) this.sources.add(source);
    }
  }

  nameOf(): undefined {}

  rename(): void {}
}

/** What became known of a function while the tapes did not listen. */
export interface Probed<Result> {
  readonly result: Result;
  readonly sources: readonly Tensor[];
  readonly versions: ReadonlyMap<Parameter, number>;
}

/** Runs `f` hidden from the tapes. `outputs` says which tensors of its result go on. */
export function probe<Result>(
  op: string,
  tapes: readonly Differentiator[],
  f: () => Result,
  outputs: (result: Result) => readonly Leaf[],
): Probed<Result> {
  const listener = new Probe(tapes);
  const result = recordWithout(op, tapes, f, [listener]);
  // A function may also return what it was given.
  for (const { tensor } of outputs(result)) listener.met(tensor);
  return { result, sources: [...listener.sources], versions: listener.versions };
}

/** From the derivatives by a step's outputs those by its inputs, for `tape`; of inputs that are not wanted they may be null. */
export type StepRule = (
  gs: readonly Tensor[],
  wanted: readonly boolean[],
  tape: Differentiator,
) => readonly (Tensor | null)[];

/** Puts a step on the tapes. Returns the outputs as results of it. */
export function putStep(
  origin: Step['origin'],
  tapes: readonly Differentiator[],
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  rule: StepRule,
): readonly Tensor[] {
  if (inputs.length === 0 || outputs.length === 0) return outputs;
  const single = outputs.length === 1;
  // A node of a tape has one value: several are laid side by side, and cut apart again.
  const output = single ? alias(outputs[0]!) : recordWithout(origin, tapes, () => joined(outputs));
  const kinds = outputs.map(kindOf);
  const pull = single ? pullOne(rule) : pullSeveral(rule, kinds);
  for (const tape of tapes) tape.onStep({ origin, inputs, output, pull });
  return single ? [output] : cut(output, kinds);
}

// Functions of their own, so that the rule that a tape keeps holds on to nothing of `putStep`.

function pullOne(rule: StepRule): Step['pull'] {
  return (g, wanted, tape) => rule([g], wanted, tape);
}

function pullSeveral(rule: StepRule, kinds: readonly Kind[]): Step['pull'] {
  return (g, wanted, tape) => rule(cut(g, kinds), wanted, tape);
}

function joined(tensors: readonly Tensor[]): Tensor {
  const dtype = tensors.some((x) => x.dtype === 'float64') ? 'float64' : 'float32';
  return concat(tensors.map((x) => cast(x, dtype).reshape([-1])));
}

function cut(flat: Tensor, like: readonly Kind[]): Tensor[] {
  let start = 0;
  return like.map(({ shape, dtype, name }) => {
    const size = sizeOf(shape);
    const piece = cast(flat.slice(start, start + size).reshape(shape), dtype);
    start += size;
    return name === undefined ? piece : named(piece, name);
  });
}

function cast(x: Tensor, dtype: Tensor['dtype']): Tensor {
  return x.dtype === dtype ? x : x.asType(dtype);
}

/** What a tensor is, without its elements. */
export interface Kind extends Abstract {
  readonly name: string | undefined;
}

export function kindOf({ shape, dtype, name }: Tensor): Kind {
  return { shape, dtype, name };
}

/** The float tensors of a function's result. */
export function floatsOf(op: string, result: Tree): readonly Leaf[] {
  return leavesOf(op, result, 'the result').filter(({ tensor }) => isFloat(tensor.dtype));
}

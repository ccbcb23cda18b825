// One line of a tape: what was done, on what, and the chain rule for it out of the op's entry.

import { requireVersions } from './current.ts';
import type { TypedData } from './dtype.ts';
import { contributionOf, isDifferentiable } from './edge.ts';
import { invariant } from './errors.ts';
import type { Abstract, OpEntry } from './op-entry.ts';
import type { Differentiator, Step } from './recording.ts';
import { currentScope } from './scope.ts';
import type { Shape } from './shape.ts';
import { Parameter, type Tensor } from './tensor.ts';
import type { WengertNode } from './wengert.ts';

/** How a value came onto a tape: by an op, from outside, or by a whole function that stands there as one step. */
export type Origin = 'op' | 'watched' | 'parameter' | 'constant' | Step['origin'];

/** One line of a tape. */
export interface TapeNode extends Abstract {
  readonly origin: Origin;
  /** The op's entry; null for what no op made. */
  readonly op: OpEntry | null;
  /** The positions of the operands. */
  readonly inputs: readonly number[];
  /** The arguments after the operands, in the form that the op's entry reads. */
  readonly attrs: unknown;
  /** The user's name for it. */
  readonly name: string | undefined;
  /** What is kept for backward, as the op's rules name it: operands, and `out`. Nothing for what no op made, and after it was let go. */
  readonly saved: { readonly [name: string]: Tensor };
  /** The layers inside which it was made, the outermost first: `model/dense_1`. */
  readonly scope?: string | undefined;
  /** The user's line that made it, `file:line:column`, where the tape remembers it. */
  readonly site?: string | undefined;
}

const nothing: TapeNode['saved'] = {};

/** A value from outside: a source of the computation, or a constant. */
export class LeafNode implements TapeNode, WengertNode<Tensor> {
  readonly op = null;
  readonly inputs: readonly number[] = [];
  readonly attrs: unknown = undefined;
  readonly saved: TapeNode['saved'] = nothing;
  readonly origin: Origin;
  readonly shape: Shape;
  readonly dtype: Abstract['dtype'];
  /** Of a parameter: which of its values the tape met. */
  readonly version: number;
  readonly scope: string | undefined = currentScope();
  name: string | undefined;
  site: string | undefined = undefined;

  constructor(origin: Origin, value: Tensor, name: string | undefined) {
    this.version = value instanceof Parameter ? value.version : 0;
    this.origin = origin;
    this.shape = value.shape;
    this.dtype = value.dtype;
    this.name = name;
  }

  pull(): readonly null[] {
    return [];
  }

  get kept(): readonly Tensor[] {
    return [];
  }

  letGo(): void {}
}

/** An op's result. */
export class OpNode implements TapeNode, WengertNode<Tensor> {
  readonly origin: Origin = 'op';
  readonly op: OpEntry;
  readonly inputs: readonly number[];
  readonly attrs: unknown;
  readonly shape: Shape;
  readonly dtype: Abstract['dtype'];
  readonly scope: string | undefined = currentScope();
  name: string | undefined;
  site: string | undefined = undefined;
  private readonly nodes: readonly TapeNode[];
  private savedValues: TapeNode['saved'] | null;
  /** Which values of parameters were saved; null where none was. */
  private readonly versions: ReadonlyMap<Parameter, number> | null;

  constructor(
    nodes: readonly TapeNode[],
    op: OpEntry,
    inputs: readonly number[],
    attrs: unknown,
    operands: readonly Tensor[],
    out: Tensor,
  ) {
    this.nodes = nodes;
    this.op = op;
    this.inputs = inputs;
    this.attrs = attrs;
    this.shape = out.shape;
    this.dtype = out.dtype;
    const saved: { [name: string]: Tensor } = {};
    let versions: Map<Parameter, number> | null = null;
    for (const name of op.saves) {
      const tensor = name === 'out' ? out : operands[op.inputs.indexOf(name)]!;
      saved[name] = tensor;
      if (tensor instanceof Parameter) {
        versions ??= new Map();
        versions.set(tensor, tensor.version);
      }
    }
    this.savedValues = saved;
    this.versions = versions;
  }

  pull(g: Tensor, wanted: Uint8Array): readonly (Tensor | null)[] {
    const inputs = this.inputs.map((at) => this.nodes[at]!);
    return this.inputs.map((at, position) => (wanted[at] === 0 ? null : this.contribution(g, inputs, position)));
  }

  /** What is kept for backward. */
  get kept(): readonly Tensor[] {
    return Object.values(this.saved);
  }

  get saved(): TapeNode['saved'] {
    return this.savedValues ?? nothing;
  }

  /** Gives up what was saved. */
  letGo(): void {
    this.savedValues = null;
  }

  private contribution(g: Tensor, inputs: readonly TapeNode[], position: number): Tensor | null {
    const { op, attrs, savedValues: saved } = this;
    invariant(saved !== null, 'a node was pulled after its saved values were let go');
    if (this.versions !== null && isDifferentiable(op, position, inputs[position]!)) {
      requireVersions(this.versions, op.name);
    }
    return contributionOf(op, { attrs, inputs, position }, g, saved);
  }
}

/** The result of a whole function that has a rule of its own: one line, however much was done. */
export class StepNode implements TapeNode, WengertNode<Tensor> {
  readonly op = null;
  readonly attrs: unknown = undefined;
  readonly saved: TapeNode['saved'] = nothing;
  readonly origin: Origin;
  readonly inputs: readonly number[];
  readonly shape: Shape;
  readonly dtype: Abstract['dtype'];
  readonly scope: string | undefined = currentScope();
  name: string | undefined;
  site: string | undefined = undefined;
  private readonly tape: Differentiator;
  private step: Step | null;

  constructor(tape: Differentiator, step: Step, inputs: readonly number[]) {
    this.tape = tape;
    this.step = step;
    this.inputs = inputs;
    this.origin = step.origin;
    this.shape = step.output.shape;
    this.dtype = step.output.dtype;
    this.name = step.output.name;
  }

  pull(g: Tensor, wanted: Uint8Array): readonly (Tensor | null)[] {
    invariant(this.step !== null, 'a step was pulled after it was let go');
    return this.step.pull(
      g,
      this.inputs.map((at) => wanted[at] !== 0),
      this.tape,
    );
  }

  /** What is kept for backward. */
  get kept(): readonly Tensor[] {
    return this.step === null ? [] : this.step.inputs;
  }

  letGo(): void {
    this.step = null;
  }
}

/** How many bytes nodes keep for backward, each store counted once and as a whole. */
export function keptBytes(nodes: readonly { readonly kept: readonly Tensor[] }[]): number {
  const stores = new Set<TypedData>();
  for (const node of nodes) for (const { array } of node.kept) stores.add(array.data);
  return [...stores].reduce((total, { byteLength }) => total + byteLength, 0);
}

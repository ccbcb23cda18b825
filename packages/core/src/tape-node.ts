// One line of a tape: what was done, on what, and the chain rule for it out of the op's entry.

import { isFloat } from './dtype.ts';
import { invariant, TapegradError } from './errors.ts';
import type { Abstract, OpEntry } from './op-entry.ts';
import { sumTo } from './ops/reductions.ts';
import { broadcastsTo, type Shape, sameShape, showShape } from './shape.ts';
import { Parameter, Tensor } from './tensor.ts';
import type { WengertNode } from './wengert.ts';

/** How a value came onto a tape: by an op, or from outside. */
export type Origin = 'op' | 'watched' | 'parameter' | 'constant';

/** One line of a tape. */
export interface TapeNode extends Abstract {
  readonly origin: Origin;
  /** The op's entry; null for a value from outside. */
  readonly op: OpEntry | null;
  /** The positions of the operands. */
  readonly inputs: readonly number[];
  /** The arguments after the operands, in the form that the op's entry reads. */
  readonly attrs: unknown;
  /** The user's name for it. */
  readonly name: string | undefined;
}

/** A value from outside: a source of the computation, or a constant. */
export class LeafNode implements TapeNode, WengertNode<Tensor> {
  readonly op = null;
  readonly inputs: readonly number[] = [];
  readonly attrs: unknown = undefined;
  readonly origin: Origin;
  readonly shape: Shape;
  readonly dtype: Abstract['dtype'];
  /** Of a parameter: which of its values the tape met. */
  readonly version: number;
  name: string | undefined;

  constructor(origin: Origin, value: Tensor, name: string | undefined) {
    this.version = value instanceof Parameter ? value.version : 0;
    this.origin = origin;
    this.shape = value.shape;
    this.dtype = value.dtype;
    this.name = name;
  }

  pull(): null {
    return null;
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
  name: string | undefined;
  private readonly nodes: readonly TapeNode[];
  private saved: { readonly [name: string]: Tensor } | null;
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
    for (const name of op.saves) saved[name] = name === 'out' ? out : operands[op.inputs.indexOf(name)]!;
    this.saved = saved;
    this.versions = versionsOf(Object.values(saved));
  }

  pull(g: Tensor, position: number): Tensor | null {
    const { op, nodes, saved } = this;
    const operand = op.inputs[op.variadic ? 0 : position]!;
    const edge = op.vjp[operand]!;
    const input = nodes[this.inputs[position]!]!;
    if (edge === 'not differentiable' || !isFloat(input.dtype)) return null;
    invariant(saved !== null, `${op.name}: pulled after its saved values were let go`);
    this.checkVersions();
    const inputs = this.inputs.map((at) => nodes[at]!);
    const contribution = edge(g, saved, { attrs: this.attrs, inputs, position });
    return this.fitted(contribution, input, operand);
  }

  /** Gives up what was saved. */
  letGo(): void {
    this.saved = null;
  }

  /** A contribution in the operand's shape. This is the one place that undoes broadcasting. */
  private fitted(contribution: Tensor, input: Abstract, operand: string): Tensor {
    const { op } = this;
    const fits = contribution instanceof Tensor && contribution.dtype === input.dtype;
    if (fits && sameShape(contribution.shape, input.shape)) return contribution;
    if (fits && op.broadcasts && broadcastsTo(input.shape, contribution.shape)) return sumTo(contribution, input.shape);
    const got =
      contribution instanceof Tensor ? `${contribution.dtype}${showShape(contribution.shape)}` : typeof contribution;
    throw new TapegradError(
      op.name,
      `its vjp rule for ${operand} gave ${got}. Expected the operand's ${input.dtype}${showShape(input.shape)}.`,
    );
  }

  private checkVersions(): void {
    this.versions?.forEach((version, parameter) => {
      if (parameter.version === version) return;
      throw new TapegradError(
        'gradient',
        `the parameter ${parameter.name} was assigned after ${this.op.name} used it, and its old value is gone. ` +
          'Take the gradient before you update.',
      );
    });
  }
}

function versionsOf(saved: readonly Tensor[]): ReadonlyMap<Parameter, number> | null {
  let versions: Map<Parameter, number> | null = null;
  for (const tensor of saved) {
    if (!(tensor instanceof Parameter)) continue;
    versions ??= new Map();
    versions.set(tensor, tensor.version);
  }
  return versions;
}

// What a tape hears: which tensors it follows, and the list of what was done with them. What is done with that list is in `tape.ts`.

import { type AnomalyKind, requireFiniteConstant, requireFiniteOutput } from './anomaly.ts';
import type { Reported } from './anomaly-text.ts';
import { requireCurrent } from './current.ts';
import { TapegradError } from './errors.ts';
import { formulaAt } from './formula.ts';
import type { OpEntry } from './op-entry.ts';
import { Places } from './places.ts';
import { type Differentiator, type Recorder, recordWith, recordWithout, type Step } from './recording.ts';
import { callingSite } from './site.ts';
import { isAllFinite } from './summary.ts';
import type { Formula } from './symbols.ts';
import { LeafNode, OpNode, type Origin, StepNode, type TapeNode } from './tape-node.ts';
import { symbolsOf } from './tape-symbols.ts';
import { Parameter, type Tensor } from './tensor.ts';
import { sourcesOf, type Tree } from './tree.ts';
import { WengertList } from './wengert.ts';

/** What a {@link Tape} keeps, and what it follows. */
export interface TapeOptions {
  /** Whether {@link Tape.gradient} can be called more than once. Default: false, and what was saved is let go after the first. */
  readonly persistent?: boolean;
  /** Whether every parameter that is met is followed without a call of {@link Tape.watch}. Default: true. */
  readonly watchParameters?: boolean;
  /** Whether each node remembers the line of your program that made it, as {@link TapeNode.site}. Takes time. Default: false. */
  readonly sites?: boolean;
  /**
   * Whether the first NaN or infinity, forward or backward, throws an {@link AnomalyError} that says in which op, layer and line it was born, and
   * of which values. Masks are meant: the number ∞ as an operand, as in `where(mask, x, -Infinity)`, and what comes of it; and −∞ in a
   * constant from outside, where a step adds or selects it, as in `scores.add(mask)`. Any other infinity from outside is told: +∞, one in
   * what is watched, one that is multiplied. So is a NaN, wherever it comes from. `'NaN'` looks for NaN alone, also where infinities are
   * made and left out again. Takes time; remembers sites. Default: false.
   */
  readonly detectAnomaly?: boolean | 'NaN';
}

/** The half of {@link Tape} that listens. */
export abstract class TapeRecorder implements Differentiator {
  protected readonly list: WengertList<Tensor, LeafNode | OpNode | StepNode> = new WengertList();
  protected readonly places: Places = new Places();
  protected readonly persistent: boolean;
  private readonly watchParameters: boolean;
  private readonly sites: boolean;
  protected readonly detectAnomaly: AnomalyKind | false;
  /** The constants whose infinities are meant. */
  private readonly meant: WeakSet<Tensor> = new WeakSet();
  /** @internal */
  standsFor: Recorder | undefined;

  /** @throws TapegradError for a `detectAnomaly` that is none of its values. */
  constructor(options: TapeOptions = {}) {
    const { detectAnomaly = false } = options;
    if (typeof detectAnomaly !== 'boolean' && detectAnomaly !== 'NaN') {
      throw new TapegradError('Tape', `detectAnomaly is ${String(detectAnomaly)}. Expected true, false or 'NaN'.`);
    }
    this.persistent = options.persistent ?? false;
    this.watchParameters = options.watchParameters ?? true;
    this.detectAnomaly = detectAnomaly;
    this.sites = detectAnomaly !== false || (options.sites ?? false);
  }

  /** The recorded steps, in order. */
  get nodes(): readonly TapeNode[] {
    return this.list.nodes;
  }

  /**
   * Follows these tensors from now on, each named after its way in the nesting unless it has a name.
   *
   * @throws TapegradError for an int32 or bool tensor, which has no gradient; nothing is watched then.
   */
  watch(sources: Tree): void {
    for (const { tensor, path } of sourcesOf('watch', sources)) {
      if (!this.follows(tensor)) this.leaf(tensor, tensor instanceof Parameter ? 'parameter' : 'watched', path);
    }
  }

  /**
   * Runs `f` and records what it does with watched tensors. Returns what `f` returns.
   *
   * @throws TapegradError where `f` returns a promise.
   */
  record<T>(f: () => T): T {
    return recordWith('record', this, f);
  }

  /**
   * Runs `f` without this tape, where it records: to this tape, and to no other, the results are constants.
   *
   * ```ts
   * const w = scalar(3);
   * const tape = new Tape();
   * tape.watch(w);
   * const loss = tape.record(() => w.mul(tape.stopRecording(() => w.square()))); // w · 9
   * tape.gradient(loss, w).item(); // → 9
   * ```
   *
   * @throws TapegradError where `f` returns a promise.
   */
  stopRecording<T>(f: () => T): T {
    return recordWithout('stopRecording', [this], f);
  }

  /** @internal Follows `x` as a variable of its own, also where it is another name of one that is followed. */
  watchApart(x: Tensor): void {
    if (this.places.leafIndexOf(x) === undefined) this.leaf(x, 'watched');
  }

  /** @internal */
  nameOf(x: Tensor): string | undefined {
    return this.list.nodes[this.places.indexOf(x)]?.name;
  }

  /** @internal */
  rename(x: Tensor, name: string): void {
    const node = this.list.nodes[this.places.indexOf(x)];
    if (node !== undefined) node.name = name;
  }

  /** @internal Keeps the step if one of its operands depends on a watched tensor; other results are constants here. */
  onOp(op: OpEntry, inputs: readonly Tensor[], attrs: unknown, output: Tensor): void {
    const at = this.positionsOf(op.name, inputs);
    if (at !== null) this.append(new OpNode(this.list.nodes, op, at, attrs, inputs, output), inputs, output);
    else if (this.detectAnomaly !== false && !isAllFinite(output)) {
      const node = new OpNode(this.list.nodes, op, [], attrs, inputs, output);
      node.site = callingSite();
      if (requireFiniteConstant(this.reported(), node, inputs, output, this.detectAnomaly)) this.meant.add(output);
    }
  }

  /** @internal Keeps the step, as {@link Tape.onOp} does. */
  onStep(step: Step): void {
    const at = this.positionsOf(step.origin, step.inputs);
    if (at !== null) this.append(new StepNode(this, step, at), step.inputs, step.output);
  }

  /** @internal */
  sourceOf(x: Tensor): Tensor | undefined {
    if (!this.follows(x)) return undefined;
    let handle = x;
    while (handle.original !== undefined && this.places.ownIndexOf(handle) < 0) handle = handle.original.tensor;
    return handle;
  }

  /** The positions of operands, or null where none of them depends on a watched tensor. */
  private positionsOf(op: string, inputs: readonly Tensor[]): readonly number[] | null {
    const { nodes } = this.list;
    let followed = false;
    // Every operand is asked: asking is what puts a parameter on the tape.
    const at = inputs.map((x) => this.met(x));
    for (const index of at) {
      if (index >= 0 && nodes[index]!.origin !== 'constant') followed = true;
    }
    if (!followed) return null;
    for (let i = 0; i < at.length; i++) {
      const x = inputs[i]!;
      const node = nodes[at[i]!];
      if (node === undefined) at[i] = this.places.leafIndexOf(x) ?? this.leaf(x, 'constant');
      else requireCurrent(op, x, node instanceof LeafNode ? node.version : undefined);
    }
    return at;
  }

  private append(node: OpNode | StepNode, inputs: readonly Tensor[], output: Tensor): void {
    if (this.sites) {
      node.site = callingSite();
      // Constants come onto the tape with the step that uses them: one stack is enough for all.
      for (const at of node.inputs) {
        const operand = this.list.nodes[at]!;
        if (operand.origin === 'constant') operand.site ??= node.site;
      }
    }
    if (this.detectAnomaly !== false) {
      requireFiniteOutput(this.reported(), node, inputs, output, this.detectAnomaly);
    }
    this.places.put(output, this.list.append(node));
  }

  /** Whether gradients by `x`, or through it, are recorded. */
  protected follows(x: Tensor): boolean {
    const index = this.met(x);
    return index >= 0 && this.list.nodes[index]!.origin !== 'constant';
  }

  /** The position of `x`, or -1. A parameter is followed from the first time that it is met. */
  private met(x: Tensor): number {
    const index = this.places.indexOf(x);
    if (index >= 0 || !this.watchParameters) return index;
    let handle = x;
    while (handle.original !== undefined) handle = handle.original.tensor;
    return handle instanceof Parameter ? this.leaf(handle, 'parameter') : -1;
  }

  private leaf(x: Tensor, origin: Origin, path?: string): number {
    const node = new LeafNode(origin, x, x.name ?? (path || undefined));
    if (this.sites && origin !== 'constant') node.site = callingSite();
    const index = this.list.append(node);
    this.places.putLeaf(x, index);
    return index;
  }

  /** Whether `x`, or what it is a name of, is a constant whose infinities are meant. */
  private isMeant(x: Tensor): boolean {
    for (let handle: Tensor | undefined = x; handle !== undefined; handle = handle.original?.tensor) {
      if (this.meant.has(handle)) return true;
    }
    return false;
  }

  /** What stands for the nodes in formulas. */
  protected symbols(): (at: number) => Formula | undefined {
    return symbolsOf(this.nodes, this.places.leafValues());
  }

  /** This tape for the report of an anomaly. */
  protected reported(): Reported {
    return {
      nodes: this.nodes,
      formulaAt: (at) => formulaAt(this.nodes, at, this.symbols()).plain,
      isMeant: (x) => this.isMeant(x),
    };
  }
}

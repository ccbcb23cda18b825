// The tape: which tensors it follows, the list of what was done with them, and gradients out of that list.

import { type Adjoints, keepAdjoints } from './adjoints.ts';
import { ones } from './create.ts';
import { requireCurrent } from './current.ts';
import { isFloat } from './dtype.ts';
import { TapegradError } from './errors.ts';
import type { OpEntry } from './op-entry.ts';
import { type Differentiator, type Recorder, recordWith, recordWithout, type Step } from './recording.ts';
import { showShape } from './shape.ts';
import { LeafNode, OpNode, type Origin, StepNode, type TapeNode } from './tape-node.ts';
import { showNodes } from './tape-text.ts';
import { Parameter, Tensor } from './tensor.ts';
import { describe, type Leaf, type Like, nameOf, rebuild, sourcesOf, type Tree } from './tree.ts';
import { checkUnconnected, connected, type GradientOptions } from './unconnected.ts';
import { WengertList } from './wengert.ts';

/** What a {@link Tape} keeps, and what it follows. */
export interface TapeOptions {
  /** Whether {@link Tape.gradient} can be called more than once. Default: false, and what was saved is let go after the first. */
  readonly persistent?: boolean;
  /** Whether every parameter that is met is followed without a call of {@link Tape.watch}. Default: true. */
  readonly watchParameters?: boolean;
}

let nextId = 1;

/**
 * Records what is done with the tensors that it watches, and differentiates it.
 *
 * ```ts
 * const w = tensor([1, 2, 3]);
 * const tape = new Tape();
 * tape.watch({ w });
 * const loss = tape.record(() => w.square().sum());
 * tape.gradient(loss, { w }).w.toArray(); // → 2,4,6
 * ```
 */
export class Tape implements Differentiator {
  /** What the places of tensors on this tape go by. */
  private readonly id: number = nextId++;
  private readonly list: WengertList<Tensor, LeafNode | OpNode | StepNode> = new WengertList();
  /** Values from outside, by identity. Results of ops carry their place themselves, so that a tape keeps only what it saves. */
  private readonly leaves: Map<Tensor, number> = new Map();
  private readonly persistent: boolean;
  private readonly watchParameters: boolean;
  private spent = false;
  /** @internal */
  standsFor: Recorder | undefined;

  constructor(options: TapeOptions = {}) {
    this.persistent = options.persistent ?? false;
    this.watchParameters = options.watchParameters ?? true;
  }

  /** The recorded steps, in order. */
  get nodes(): readonly TapeNode[] {
    return this.list.nodes;
  }

  /**
   * How many bytes the tape keeps for backward: the stores of the values that its steps saved, each counted once and as a
   * whole, also where only a view of it was saved. What the closures of `customGradient` and `checkpoint` hold beside their
   * operands is not counted.
   *
   * ```ts
   * const w = tensor([1, 2, 3]);
   * const tape = new Tape();
   * tape.watch({ w });
   * const loss = tape.record(() => w.exp().sum()); // exp keeps its output, sum nothing
   * tape.keptBytes; // → 12
   * tape.gradient(loss, { w });
   * tape.keptBytes; // → 0
   * ```
   */
  get keptBytes(): number {
    const stores = new Set<ArrayBufferLike>();
    for (const node of this.list.nodes) for (const { array } of node.kept) stores.add(array.data.buffer);
    return [...stores].reduce((total, { byteLength }) => total + byteLength, 0);
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

  /**
   * The derivative of a recorded scalar by each source, in the same nesting. It is recorded itself where it is taken inside
   * `record`, on this tape (which must then be persistent) or an outer one; elsewhere it is a constant.
   *
   * ```ts
   * const w = scalar(2);
   * const tape = new Tape({ persistent: true });
   * tape.watch(w);
   * const penalty = tape.record(() => tape.gradient(w.pow(3), w).square()); // 9w⁴
   * tape.gradient(penalty, w).item(); // → 288
   * ```
   *
   * @throws TapegradError where the target is no scalar or was not recorded here, where a source is not on the tape or
   * does not lead to the target, where a parameter was assigned since, and at a second call on a tape that is not persistent.
   */
  gradient<S extends Tree>(target: Tensor, sources: S, options: GradientOptions = {}): Like<S> {
    return this.differentiate('gradient', target, sources, options);
  }

  /** @internal {@link Tape.gradient}, with errors in the name of the function that the user called. */
  differentiate<S extends Tree>(op: string, target: Tensor, sources: S, options: GradientOptions = {}): Like<S> {
    checkUnconnected(op, options);
    this.requireTarget(op, target);
    const leaves = sourcesOf(op, sources);
    for (const leaf of leaves) this.requireSource(op, leaf);
    const tensors = leaves.map(({ tensor }) => tensor);
    const adjoints = this.pull([target], [ones([], target.dtype)], tensors);
    const gradients = connected(op, adjoints, leaves, options);
    if (!this.persistent) this.letGo();
    return rebuild(sources, gradients);
  }

  /**
   * All that a backward sweep makes: the derivative of a recorded scalar by each node that depends on a watched tensor, and what
   * flowed along each edge. The tape can be asked again.
   *
   * ```ts
   * const w = scalar(3);
   * const tape = new Tape();
   * tape.watch({ w });
   * const loss = tape.record(() => w.mul(w)); // w is used twice
   * tape.adjoints(loss).edges.map(({ value }) => value.item()); // → 3,3
   * tape.adjoints(loss).ofNodes[0]?.item(); // → 6
   * ```
   *
   * @throws TapegradError where the target is no scalar or was not recorded here, and where the tape was used up.
   */
  adjoints(target: Tensor): Adjoints {
    this.requireTarget('adjoints', target);
    const sources = [...this.list.nodes.keys()].filter((at) => isSource(this.list.nodes[at]!));
    const targets = [this.indexOf(target)];
    if (targets[0]! < 0)
      throw new TapegradError(
        'adjoints',
        'the target was not recorded by this tape. Compute it inside record(), of watched tensors.',
      );
    return keepAdjoints(this.list, { targets, seeds: [ones([], target.dtype)], sources, add: (a, b) => a.add(b) });
  }

  /** The position of a recorded tensor in {@link Tape.nodes}; undefined where it is not on this tape. */
  positionOf(x: Tensor): number | undefined {
    const index = this.indexOf(x);
    return index < 0 ? undefined : index;
  }

  /**
   * @internal The vector-Jacobian product: from derivatives by the targets, `seeds`, those by the sources; undefined where no
   * target depends on a source.
   */
  pull(
    targets: readonly Tensor[],
    seeds: readonly Tensor[],
    sources: readonly Tensor[],
  ): readonly (Tensor | undefined)[] {
    return this.list.backward({
      targets: targets.map((target) => this.indexOf(target)),
      seeds,
      sources: sources.map((source) => this.indexOf(source)),
      add: (a, b) => a.add(b),
    });
  }

  /** @internal Follows `x` as a variable of its own, also where it is another name of one that is followed. */
  watchApart(x: Tensor): void {
    if (!this.leaves.has(x)) this.leaf(x, 'watched');
  }

  /** The list, one node a line: index, dtype and shape, op and inputs, name. */
  toString(): string {
    return showNodes(this.list.nodes);
  }

  /** @internal */
  nameOf(x: Tensor): string | undefined {
    return this.list.nodes[this.indexOf(x)]?.name;
  }

  /** @internal */
  rename(x: Tensor, name: string): void {
    const node = this.list.nodes[this.indexOf(x)];
    if (node !== undefined) node.name = name;
  }

  /** @internal Keeps the step if one of its operands depends on a watched tensor; other results are constants here. */
  onOp(op: OpEntry, inputs: readonly Tensor[], attrs: unknown, output: Tensor): void {
    const at = this.positionsOf(op.name, inputs);
    if (at !== null) this.append(new OpNode(this.list.nodes, op, at, attrs, inputs, output), output);
  }

  /** @internal Keeps the step, as {@link Tape.onOp} does. */
  onStep(step: Step): void {
    const at = this.positionsOf(step.origin, step.inputs);
    if (at !== null) this.append(new StepNode(this, step, at), step.output);
  }

  /** @internal */
  sourceOf(x: Tensor): Tensor | undefined {
    if (!this.follows(x)) return undefined;
    let handle = x;
    while (handle.original !== undefined && this.ownIndexOf(handle) < 0) handle = handle.original.tensor;
    return handle;
  }

  /** The positions of operands, or null where none of them depends on a watched tensor. */
  private positionsOf(op: string, inputs: readonly Tensor[]): readonly number[] | null {
    const { nodes } = this.list;
    const at: number[] = [];
    let followed = false;
    // Every operand is asked: asking is what puts a parameter on the tape.
    for (const x of inputs) {
      const index = this.met(x);
      at.push(index);
      if (index >= 0 && nodes[index]!.origin !== 'constant') followed = true;
    }
    if (!followed) return null;
    for (let i = 0; i < at.length; i++) {
      const x = inputs[i]!;
      const node = nodes[at[i]!];
      if (node === undefined) at[i] = this.leaves.get(x) ?? this.leaf(x, 'constant');
      else requireCurrent(op, x, node instanceof LeafNode ? node.version : undefined);
    }
    return at;
  }

  private append(node: OpNode | StepNode, output: Tensor): void {
    output.place = { tape: this.id, index: this.list.append(node), next: output.place };
  }

  /** The position under which the tape knows `x`, or -1. */
  private indexOf(x: Tensor): number {
    for (let handle: Tensor | undefined = x; handle !== undefined; handle = handle.original?.tensor) {
      const index = this.ownIndexOf(handle);
      if (index >= 0) return index;
    }
    return -1;
  }

  /** The same, of `x` itself and not of what it is a name of. */
  private ownIndexOf(x: Tensor): number {
    for (let place = x.place; place !== null; place = place.next) if (place.tape === this.id) return place.index;
    return this.leaves.get(x) ?? -1;
  }

  /** Whether gradients by `x`, or through it, are recorded. */
  private follows(x: Tensor): boolean {
    const index = this.met(x);
    return index >= 0 && this.list.nodes[index]!.origin !== 'constant';
  }

  /** {@link Tape.indexOf}. A parameter is followed from the first time that it is met. */
  private met(x: Tensor): number {
    const index = this.indexOf(x);
    if (index >= 0 || !this.watchParameters) return index;
    let handle = x;
    while (handle.original !== undefined) handle = handle.original.tensor;
    return handle instanceof Parameter ? this.leaf(handle, 'parameter') : -1;
  }

  private leaf(x: Tensor, origin: Origin, path?: string): number {
    const index = this.list.append(new LeafNode(origin, x, x.name ?? (path || undefined)));
    this.leaves.set(x, index);
    return index;
  }

  private requireTarget(op: string, target: Tensor): void {
    if (!(target instanceof Tensor)) {
      throw new TapegradError(op, `the target is ${describe(target)}. Expected a scalar tensor that was recorded.`);
    }
    if (target.rank > 0) {
      throw new TapegradError(
        op,
        `the target has shape ${showShape(target.shape)}. Reduce it to a scalar first, e.g. loss.mean().`,
      );
    }
    if (!isFloat(target.dtype)) {
      throw new TapegradError(
        op,
        `the target has dtype ${target.dtype}. Expected float32 or float64, which have gradients.`,
      );
    }
    if (this.spent) {
      throw new TapegradError(
        op,
        'the tape was used up by an earlier call. Make a new Tape for each step; new Tape({ persistent: true }) can be asked more than once.',
      );
    }
  }

  private requireSource(op: string, leaf: Leaf): void {
    if (this.follows(leaf.tensor)) return;
    throw new TapegradError(op, `${nameOf(leaf)} is not on the tape. Call tape.watch() with it before record().`);
  }

  private letGo(): void {
    this.spent = true;
    for (const node of this.list.nodes) node.letGo();
  }
}

/** Whether gradients can be taken by what came from outside. */
function isSource({ origin }: TapeNode): boolean {
  return origin === 'watched' || origin === 'parameter';
}

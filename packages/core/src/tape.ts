// The tape: which tensors it follows, the list of what was done with them, and gradients out of that list.

import { ones, zerosLike } from './create.ts';
import { isFloat } from './dtype.ts';
import { TapegradError } from './errors.ts';
import type { OpEntry } from './op-entry.ts';
import { type Recorder, recordWith } from './recording.ts';
import { showShape } from './shape.ts';
import { LeafNode, OpNode, type Origin, type TapeNode } from './tape-node.ts';
import { Parameter, Tensor } from './tensor.ts';
import { type Leaf, type Like, nameOf, rebuild, sourcesOf, type Tree } from './tree.ts';
import { WengertList } from './wengert.ts';

/** What a {@link Tape} keeps, and what it follows. */
export interface TapeOptions {
  /** Whether {@link Tape.gradient} can be called more than once. Default: false, and what was saved is let go after the first. */
  readonly persistent?: boolean;
  /** Whether every parameter that is met is followed without a call of {@link Tape.watch}. Default: true. */
  readonly watchParameters?: boolean;
}

/** What a gradient is where there is none. */
export interface GradientOptions {
  /** What a source gives that the target does not depend on: an error, or zeros. Default: `error`. */
  readonly unconnected?: 'error' | 'zero';
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
export class Tape implements Recorder {
  /** What the places of tensors on this tape go by. */
  private readonly id: number = nextId++;
  private readonly list: WengertList<Tensor, LeafNode | OpNode> = new WengertList();
  /** Values from outside, by identity. Results of ops carry their place themselves, so that a tape keeps only what it saves. */
  private readonly leaves: Map<Tensor, number> = new Map();
  private readonly persistent: boolean;
  private readonly watchParameters: boolean;
  private spent = false;

  constructor(options: TapeOptions = {}) {
    this.persistent = options.persistent ?? false;
    this.watchParameters = options.watchParameters ?? true;
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
    const { unconnected = 'error' } = options;
    if (unconnected !== 'error' && unconnected !== 'zero') {
      throw new TapegradError(op, `unconnected is ${String(unconnected)}. Expected error or zero.`);
    }
    this.requireTarget(op, target);
    const leaves = sourcesOf(op, sources);
    for (const leaf of leaves) this.requireSource(op, leaf);
    const adjoints = this.list.backward({
      target: this.indexOf(target),
      seed: ones([], target.dtype),
      sources: leaves.map(({ tensor }) => this.indexOf(tensor)),
      add: (a, b) => a.add(b),
    });
    const gradients = adjoints.map((adjoint, i) => {
      const leaf = leaves[i]!;
      if (adjoint === undefined && unconnected === 'error') throw notConnected(op, leaf);
      return adjoint ?? zerosLike(leaf.tensor);
    });
    if (!this.persistent) this.letGo();
    return rebuild(sources, gradients);
  }

  /** The list, one node a line: index, dtype and shape, op and inputs, name. */
  toString(): string {
    const rows = this.list.nodes.map((node, index) => [
      `%${index}`,
      `${node.dtype}${showShape(node.shape)}`,
      node.op === null
        ? node.origin
        : `${node.op.name}(${[...node.inputs.map((input) => `%${input}`), ...showAttrs(node.attrs)].join(', ')})`,
      node.name ?? '',
    ]);
    const widths = [0, 1, 2].map((column) => rows.reduce((width, row) => Math.max(width, row[column]!.length), 0));
    return rows
      .map((row) =>
        row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
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
    // Every operand is asked: asking is what puts a parameter on the tape.
    if (!inputs.map((x) => this.follows(x)).includes(true)) return;
    const at = inputs.map((x) => {
      const index = this.indexOf(x);
      if (index < 0) return this.leaf(x, 'constant');
      requireCurrent(op.name, x, this.list.nodes[index]!);
      return index;
    });
    const index = this.list.append(new OpNode(this.list.nodes, op, at, attrs, inputs, output));
    output.place = { tape: this.id, index, next: output.place };
  }

  /** The position under which the tape knows `x`, or -1. */
  private indexOf(x: Tensor): number {
    for (let handle: Tensor | undefined = x; handle !== undefined; handle = handle.original?.tensor) {
      for (let place = handle.place; place !== null; place = place.next) if (place.tape === this.id) return place.index;
      const leaf = this.leaves.get(handle);
      if (leaf !== undefined) return leaf;
    }
    return -1;
  }

  /** Whether gradients by `x`, or through it, are recorded. A parameter is followed from the first time that it is met. */
  private follows(x: Tensor): boolean {
    const index = this.indexOf(x);
    if (index >= 0) return this.list.nodes[index]!.origin !== 'constant';
    if (x.original !== undefined) return this.follows(x.original.tensor);
    if (!this.watchParameters || !(x instanceof Parameter)) return false;
    this.leaf(x, 'parameter');
    return true;
  }

  private leaf(x: Tensor, origin: Origin, path?: string): number {
    const index = this.list.append(new LeafNode(origin, x, x.name ?? (path || undefined)));
    this.leaves.set(x, index);
    return index;
  }

  private requireTarget(op: string, target: Tensor): void {
    if (!(target instanceof Tensor)) {
      throw new TapegradError(op, `the target is ${typeof target}. Expected a scalar tensor that was recorded.`);
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

function notConnected(op: string, leaf: Leaf): TapegradError {
  return new TapegradError(
    op,
    `the target does not depend on ${nameOf(leaf)}. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.`,
  );
}

/**
 * Refuses an operand whose gradient would be taken for that of another value: a parameter that was assigned since the tape met
 * it, or a name that it was given before it was assigned.
 */
function requireCurrent(op: string, x: Tensor, node: LeafNode | OpNode): void {
  if (x instanceof Parameter && node instanceof LeafNode && node.version !== x.version) {
    throw new TapegradError(
      op,
      `the parameter ${x.name} was assigned since the tape first met it. Record each value of it on a tape of its own.`,
    );
  }
  for (let handle = x; handle.original !== undefined; handle = handle.original.tensor) {
    const { tensor, version } = handle.original;
    if (!(tensor instanceof Parameter) || tensor.version === version) continue;
    throw new TapegradError(
      op,
      `${handle.name} is a name of the parameter ${tensor.name} from before it was assigned. Name it anew, inside record().`,
    );
  }
}

/** An op's arguments as the list shows them: `axes=[0]`, `keepDims=true`. */
function showAttrs(attrs: unknown): string[] {
  if (typeof attrs !== 'object' || attrs === null) return [];
  return Object.entries(attrs).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}

// The tape: what is done with the list of what was recorded. Gradients, formulas, explanations; how it is recorded is in
// `tape-recorder.ts`.

import { type Adjoints, keepAdjoints } from './adjoints.ts';
import { inSweep, requireFiniteEdge } from './anomaly.ts';
import { ones } from './create.ts';
import { TapegradError } from './errors.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { formulaAt } from './formula.ts';
import { leadingBack } from './reasons.ts';
import { noGrad } from './recording.ts';
import type { Formula } from './symbols.ts';
import { keptBytes } from './tape-node.ts';
import { TapeRecorder } from './tape-recorder.ts';
import { showNodes } from './tape-text.ts';
import { isSource, notRecorded, requireTarget, usedUp } from './targets.ts';
import type { Tensor } from './tensor.ts';
import { type Leaf, type Like, nameOf, rebuild, sourcesOf, type Tree } from './tree.ts';
import { checkUnconnected, connected, type GradientOptions } from './unconnected.ts';

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
export class Tape extends TapeRecorder {
  private spent = false;

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
    return keptBytes(this.list.nodes);
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
   * @throws AnomalyError on a tape with `detectAnomaly`, at the first derivative that is not finite.
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
    return this.sweep(
      'adjoints',
      target,
      [...this.nodes.keys()].filter((at) => isSource(this.nodes[at]!)),
    );
  }

  /**
   * What a backward sweep does, step by step: each derivative that it makes, as a formula and in numbers; and for each source why its
   * gradient is missing, zero or not finite, where it is. The tape can be asked again.
   *
   * ```ts
   * const w = scalar(3);
   * const tape = new Tape();
   * tape.watch({ w });
   * const loss = tape.record(() => w.square().named('s').neg());
   * const { steps } = tape.explain(loss, { w });
   * steps.map(({ symbol, formula }) => `${symbol.plain} = ${formula.plain}`); // → d%2 = 1,ds = −d%2,dw = ds ⊙ w ⊙ 2
   * ```
   *
   * @throws TapegradError where the target is no scalar or was not recorded here, where a source is not on the tape, and where the
   * tape was used up.
   */
  explain(target: Tensor, sources: Tree): Explanation {
    this.requireTarget('explain', target);
    const leaves = sourcesOf('explain', sources);
    for (const leaf of leaves) this.requireSource('explain', leaf);
    const at = leaves.map(({ tensor }) => this.places.indexOf(tensor));
    const adjoints = noGrad(() => this.sweep('explain', target, at));
    const named = leaves.map((leaf, i) => ({ name: nameOf(leaf), node: at[i]! }));
    const values = this.places.leafValues();
    return explain(this.nodes, this.places.indexOf(target), named, adjoints, this.symbols(), values, target);
  }

  /**
   * The formula of a recorded tensor, out of the entries of its ops: steps without a name are written out, named ones and what
   * came from outside are symbols. One that would be very long is given in terms of the step's own operands.
   *
   * ```ts
   * const [x, W] = [tensor([[1, 2]]), tensor([[3], [4]])];
   * const tape = new Tape();
   * tape.watch({ x, W });
   * const out = tape.record(() => x.matmul(W).add(1).sigmoid());
   * tape.formulaOf(out).plain; // → sigmoid(x · W + 1)
   * tape.formulaOf(out).tex; // → \sigma(x\, W + 1)
   * ```
   *
   * @throws TapegradError where the tensor is not on this tape.
   */
  formulaOf(x: Tensor): Formula {
    const at = this.positionOf(x);
    if (at === undefined) throw notRecorded('formulaOf', 'the tensor');
    return formulaAt(this.nodes, at, this.symbols());
  }

  /** The position of a recorded tensor in {@link Tape.nodes}; undefined where it is not on this tape. */
  positionOf(x: Tensor): number | undefined {
    const index = this.places.indexOf(x);
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
    const sweep = {
      targets: targets.map((target) => this.places.indexOf(target)),
      seeds,
      sources: sources.map((source) => this.places.indexOf(source)),
      add: (a: Tensor, b: Tensor) => a.add(b),
    };
    const kind = this.detectAnomaly;
    if (kind === false) return inSweep(() => this.list.backward(sweep));
    // What ends at a stopGradient reaches nobody: 0 · ∞ there does no harm.
    const leading = leadingBack(this.nodes, sweep.sources);
    const onEdge = (contribution: Tensor, at: number, position: number, g: Tensor): void => {
      if (!leading.has(this.nodes[at]!.inputs[position]!)) return;
      requireFiniteEdge(this.reported(), at, position, g, contribution, kind);
    };
    return inSweep(() => this.list.backward({ ...sweep, onEdge }));
  }

  /** The list, one node a line: index, dtype and shape, op and inputs, name. */
  override toString(): string {
    return showNodes(this.list.nodes);
  }

  /** A backward sweep of which everything is kept, recorded by nobody. */
  private sweep(op: string, target: Tensor, sources: readonly number[]): Adjoints {
    const at = this.places.indexOf(target);
    if (at < 0) throw notRecorded(op, 'the target');
    const seeds = [ones([], target.dtype)];
    try {
      return inSweep(() => keepAdjoints(this.list, { targets: [at], seeds, sources, add: (a, b) => a.add(b) }));
    } catch (error) {
      // Of values that are gone the nodes speak as of gradient.
      if (!(error instanceof TapegradError) || error.op !== 'gradient') throw error;
      throw new TapegradError(op, error.message.slice('gradient: '.length), { cause: error });
    }
  }

  private requireTarget(op: string, target: Tensor): void {
    requireTarget(op, target);
    if (this.spent) throw usedUp(op);
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

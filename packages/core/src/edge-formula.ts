// The formula of one edge of a tape: the op's rule, run on the values that were kept and written down.

import { contributionOf } from './edge.ts';
import { type Expressible, writtenOut } from './formula.ts';
import { alias } from './naming.ts';
import type { OpEntry } from './op-entry.ts';
import { noGrad, type Recorder, recordWith } from './recording.ts';
import { isNumber } from './summary.ts';
import { escaped, type Formula, numberSymbol } from './symbols.ts';
import type { TapeNode } from './tape-node.ts';
import { constantFormula } from './tape-symbols.ts';
import type { Tensor } from './tensor.ts';

/** Writes down every op that it hears: a tape without derivatives. */
class Transcript implements Recorder {
  readonly nodes: Expressible[] = [];
  private readonly symbols: Map<number, Formula> = new Map();
  private readonly places: Map<Tensor, number> = new Map();

  /** Tensors that have a symbol: what is made of the others alone is a number, and not written out. */
  private readonly symbolic: Set<Tensor> = new Set();

  /** A tensor that stands for itself. */
  symbol(x: Tensor, symbol: Formula): void {
    this.symbolic.add(x);
    this.symbols.set(this.leaf(x), symbol);
  }

  /** null where it would be too long. */
  formulaOf(x: Tensor): Formula | null {
    return writtenOut(this.nodes, this.at(x), (at) => this.symbols.get(at));
  }

  onOp(op: OpEntry, inputs: readonly Tensor[], attrs: unknown, output: Tensor): void {
    const { shape, dtype } = output;
    if (!inputs.some((x) => this.isSymbolic(x)) && isNumber(output)) return;
    this.symbolic.add(output);
    const at = inputs.map((x) => this.at(x));
    this.places.set(output, this.nodes.push({ op, origin: 'op', inputs: at, attrs, shape, dtype }) - 1);
  }

  nameOf(): undefined {}

  rename(): void {}

  private isSymbolic(x: Tensor): boolean {
    for (let handle: Tensor | undefined = x; handle !== undefined; handle = handle.original?.tensor) {
      if (this.symbolic.has(handle)) return true;
    }
    return false;
  }

  private at(x: Tensor): number {
    for (let handle: Tensor | undefined = x; handle !== undefined; handle = handle.original?.tensor) {
      const at = this.places.get(handle);
      if (at !== undefined) return at;
    }
    const at = this.leaf(x);
    this.symbols.set(at, constantFormula(x));
    return at;
  }

  private leaf(x: Tensor): number {
    const { shape, dtype } = x;
    const at = this.nodes.push({ op: null, origin: 'constant', inputs: [], attrs: undefined, shape, dtype }) - 1;
    this.places.set(x, at);
    return at;
  }
}

/**
 * What an op's rule makes of the derivative by its output, as a formula.
 *
 * @param g - the derivative by the node's value.
 * @param symbols - how the derivative, the operands in their order, and the node's value are called.
 */
export function edgeFormula(
  nodes: readonly TapeNode[],
  node: TapeNode,
  position: number,
  g: Tensor,
  symbols: { readonly g: Formula; readonly inputs: readonly Formula[]; readonly out: Formula },
): Formula {
  const { op, attrs, origin } = node;
  if (op === null) return adjointOf(origin, symbols.g);
  const transcript = new Transcript();
  // Handles of their own: an operand may be used twice, or be the derivative itself.
  const called = (x: Tensor, symbol: Formula): Tensor => {
    const handle = alias(x);
    transcript.symbol(handle, symbol);
    return handle;
  };
  const own = called(g, symbols.g);
  const saved: { [name: string]: Tensor } = {};
  const inputs = node.inputs.map((at) => nodes[at]!);
  for (const [name, value] of Object.entries(node.saved)) {
    const i = op.inputs.indexOf(name);
    const isPlain = inputs[i]?.origin === 'constant' && inputs[i].name === undefined && isNumber(value);
    saved[name] = isPlain ? value : called(value, i < 0 ? symbols.out : symbols.inputs[i]!);
  }
  const result = noGrad(() =>
    recordWith('explain', transcript, () => contributionOf(op, { attrs, inputs, position }, own, saved)),
  );
  if (result === null) return numberSymbol(0, node.dtype);
  return transcript.formulaOf(result) ?? adjointOf(op.name, symbols.g);
}

/** What cannot be written out: the transposed derivative of an op or a function, applied. */
function adjointOf(name: string, { plain, tex }: Formula): Formula {
  return { plain: `${name}ᵀ(${plain})`, tex: `\\operatorname{${escaped(name)}}^\\top(${tex})` };
}

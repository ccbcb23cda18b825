// What stands for the nodes of a tape in formulas: names, numbers, positions.

import { isNumber } from './summary.ts';
import { constantSymbol, type Formula, nameSymbol, nodeSymbol, numberSymbol } from './symbols.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';

/** A constant: the number that all its elements are, where they are one; others as `c` with their shape. */
export function constantFormula(x: Tensor): Formula {
  return isNumber(x) ? numberSymbol(x.toData()[0]!, x.dtype) : constantSymbol(x.shape);
}

/**
 * The symbols of the nodes that have one: a name, a leaf. Steps without a name have none.
 *
 * @param values - what came from outside, by position.
 */
export function symbolsOf(
  nodes: readonly TapeNode[],
  values: ReadonlyMap<number, Tensor>,
): (at: number) => Formula | undefined {
  const known = new Map<number, Formula>();
  const find = (at: number): Formula | undefined => {
    const { name, inputs, origin, shape } = nodes[at]!;
    if (name !== undefined) return nameSymbol(name);
    if (inputs.length > 0) return undefined;
    if (origin !== 'constant') return nodeSymbol(at);
    const value = values.get(at);
    return value === undefined ? constantSymbol(shape) : constantFormula(value);
  };
  return (at) => {
    const symbol = known.get(at) ?? find(at);
    if (symbol !== undefined) known.set(at, symbol);
    return symbol;
  };
}

/**
 * The same, where a name that several nodes have bears the position too, `Z%4`, as does a constant that is no single number.
 *
 * @param shown - the nodes that are to be told apart.
 */
export function symbolsApart(
  nodes: readonly TapeNode[],
  shown: Iterable<number>,
  symbolOf: (at: number) => Formula | undefined,
): (at: number) => Formula | undefined {
  const [met, shared] = [new Set<string>(), new Set<string>()];
  for (const at of shown) {
    const { name } = nodes[at]!;
    if (name === undefined) continue;
    if (met.has(name)) shared.add(name);
    met.add(name);
  }
  return (at) => {
    const { name, origin, shape } = nodes[at]!;
    if (name !== undefined) return shared.has(name) ? nameSymbol(`${name}%${at}`) : symbolOf(at);
    const symbol = symbolOf(at);
    return origin === 'constant' && symbol?.plain === constantSymbol(shape).plain ? nodeSymbol(at) : symbol;
  };
}

// What stands for the nodes of a tape in formulas: names, numbers, positions.

import { constantSymbol, type Formula, nameSymbol, nodeSymbol, numberSymbol } from './symbols.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';

/** A constant: the number that all its elements are, where they are one; others as `c` with their shape. */
export function constantFormula(x: Tensor): Formula {
  const [first, ...rest] = x.toData();
  const isNumber = first !== undefined && rest.every((element) => element === first);
  return isNumber ? numberSymbol(first, x.dtype) : constantSymbol(x.shape);
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
  return (at) => {
    const { name, inputs, origin, shape } = nodes[at]!;
    if (name !== undefined) return nameSymbol(name);
    if (inputs.length > 0) return undefined;
    if (origin !== 'constant') return nodeSymbol(at);
    const value = values.get(at);
    return value === undefined ? constantSymbol(shape) : constantFormula(value);
  };
}

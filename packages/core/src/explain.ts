// The explanation of a backward sweep: its derivatives with their formulas, out of a tape and what the sweep kept.

import type { Adjoints } from './adjoints.ts';
import { opOf, type Reported } from './anomaly-text.ts';
import { edgeFormula } from './edge-formula.ts';
import { type ExplainedConstant, type ExplainedSource, Explanation, type ExplanationStep } from './explanation.ts';
import { formulaAt, stepFormula, sumOf } from './formula.ts';
import { deadUnits, whyMissing, whyNotFinite, whyZero } from './reasons.ts';
import { isAllFinite, showNumber, summaryOf } from './summary.ts';
import { differential, type Formula, nodeSymbol } from './symbols.ts';
import type { TapeNode } from './tape-node.ts';
import { symbolsApart } from './tape-symbols.ts';
import type { Tensor } from './tensor.ts';

/** A source as it was asked for. */
export interface NamedSource {
  readonly name: string;
  readonly node: number;
}

/**
 * Explains what a sweep made.
 *
 * @param given - what nodes with a name, and leaves, are called.
 * @param values - what came from outside, by position.
 * @param result - the value of the target.
 */
export function explain(
  nodes: readonly TapeNode[],
  target: number,
  sources: readonly NamedSource[],
  adjoints: Adjoints,
  given: (at: number) => Formula | undefined,
  values: ReadonlyMap<number, Tensor>,
  result: Tensor,
): Explanation {
  const visited = nodes.flatMap(({ inputs }, at) => (adjoints.ofNodes[at] === undefined ? [] : [at, ...inputs]));
  const symbolOf = symbolsApart(nodes, new Set(visited), given);
  const symbol = (at: number): Formula => symbolOf(at) ?? nodeSymbol(at);
  const terms: Formula[][] = nodes.map((_, at) => (at === target ? [{ plain: '1', tex: '1' }] : []));
  for (const { node: at, position, input } of adjoints.edges) {
    const node = nodes[at]!;
    const symbols = { g: differential(symbol(at)), inputs: node.inputs.map(symbol), out: symbol(at) };
    terms[input]!.push(edgeFormula(nodes, node, position, adjoints.ofNodes[at]!, symbols));
  }
  const steps: ExplanationStep[] = [];
  for (let at = target; at >= 0; at--) {
    const value = adjoints.ofNodes[at];
    if (value === undefined) continue;
    const node = nodes[at]!;
    const { name, shape, dtype, scope, site } = node;
    steps.push({
      node: at,
      ...(name === undefined ? {} : { name }),
      op: opOf(node),
      shape,
      dtype,
      of: symbol(at),
      made: node.inputs.length === 0 ? null : stepFormula(nodes, at, symbolOf),
      symbol: differential(symbol(at)),
      formula: sumOf(terms[at]!),
      value: summaryOf(value),
      ...(scope === undefined ? {} : { scope }),
      ...(site === undefined ? {} : { site }),
    });
  }
  const tape = { nodes, formulaAt: (at: number) => formulaAt(nodes, at, symbolOf).plain, isMeant: () => false };
  const explained = sources.map((source) => explainSource(tape, target, source, adjoints));
  const constants = constantsOf(nodes, steps, values, symbolOf);
  const notes = [...notANumber(result), ...deadUnits(nodes, adjoints)];
  return new Explanation({ steps, sources: explained, constants, notes });
}

/** The constants that the formulas call by their positions. */
function constantsOf(
  nodes: readonly TapeNode[],
  steps: readonly ExplanationStep[],
  values: ReadonlyMap<number, Tensor>,
  symbolOf: (at: number) => Formula | undefined,
): ExplainedConstant[] {
  const used = new Set(steps.flatMap(({ node }) => nodes[node]!.inputs));
  return [...used]
    .sort((a, b) => a - b)
    .flatMap((node) => {
      const { origin, name, shape, dtype } = nodes[node]!;
      const value = values.get(node);
      if (origin !== 'constant' || name !== undefined || value === undefined) return [];
      const isShown = symbolOf(node)?.plain === nodeSymbol(node).plain;
      return isShown ? [{ node, shape, dtype, value: summaryOf(value) }] : [];
    });
}

function notANumber(target: Tensor): string[] {
  if (isAllFinite(target)) return [];
  const value = showNumber(target.item());
  return [
    `The target itself is ${value}, whatever its derivatives are: new Tape({ detectAnomaly: true }) stops where that began.`,
  ];
}

function explainSource(
  tape: Reported,
  target: number,
  { name, node }: NamedSource,
  adjoints: Adjoints,
): ExplainedSource {
  const { nodes } = tape;
  const gradient = adjoints.ofNodes[node];
  if (gradient === undefined) return { name, node, value: null, ...whyMissing(nodes, target, node) };
  const value = summaryOf(gradient);
  if (value.nans + value.infinities > 0) {
    return { name, node, state: 'not finite', value, reasons: whyNotFinite(tape, node, adjoints) };
  }
  if (value.size > 0 && value.zeros === value.size) {
    return { name, node, state: 'zero', value, reasons: whyZero(nodes, node, adjoints) };
  }
  return { name, node, state: 'fine', value, reasons: [] };
}

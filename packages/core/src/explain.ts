// The explanation of a backward sweep: its derivatives with their formulas, out of a tape and what the sweep kept.

import type { Adjoints } from './adjoints.ts';
import { opOf, type Reported } from './anomaly.ts';
import { edgeFormula } from './edge-formula.ts';
import { type ExplainedSource, Explanation, type ExplanationStep } from './explanation.ts';
import { formulaAt, sumOf } from './formula.ts';
import { deadUnits, whyMissing, whyNotFinite, whyZero } from './reasons.ts';
import { summaryOf } from './summary.ts';
import { differential, type Formula, nodeSymbol } from './symbols.ts';
import type { TapeNode } from './tape-node.ts';

/** A source as it was asked for. */
export interface NamedSource {
  readonly name: string;
  readonly node: number;
}

/**
 * Explains what a sweep made.
 *
 * @param symbolOf - what nodes with a name, and leaves, are called.
 */
export function explain(
  nodes: readonly TapeNode[],
  target: number,
  sources: readonly NamedSource[],
  adjoints: Adjoints,
  symbolOf: (at: number) => Formula | undefined,
): Explanation {
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
      symbol: differential(symbol(at)),
      formula: sumOf(terms[at]!),
      value: summaryOf(value),
      ...(scope === undefined ? {} : { scope }),
      ...(site === undefined ? {} : { site }),
    });
  }
  const tape = { nodes, formulaAt: (at: number) => formulaAt(nodes, at, symbolOf).plain };
  const explained = sources.map((source) => explainSource(tape, target, source, adjoints));
  return new Explanation(steps, explained, deadUnits(nodes, adjoints));
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

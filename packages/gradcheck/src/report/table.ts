// The overview: one row a gradient, in the order of the backward pass. Plain cells; the formats draw them.

import { showShape } from '@tapegrad/core';
import type { AuditReport, NumericOpinion, TermReport } from '../audit/audit-report.ts';
import type { Comparison } from '../comparison.ts';
import { showNumber } from './numbers.ts';
import { looks, verdictWords } from './verdicts.ts';
import { showName } from './visible.ts';

/** A column of the overview. */
export interface Column {
  readonly key: 'name' | 'shape' | 'verdict' | 'alone' | 'free' | 'numeric';
  /** In lines, for narrow columns. */
  readonly head: readonly string[];
  readonly align: 'left' | 'right';
}

/** The columns, after the one with the sign. */
export const columns: readonly Column[] = [
  { key: 'name', head: ['gradient', 'of'], align: 'left' },
  { key: 'shape', head: ['shape'], align: 'left' },
  { key: 'verdict', head: ['verdict'], align: 'left' },
  { key: 'alone', head: ['max diff', 'alone'], align: 'right' },
  { key: 'free', head: ['max diff', 'in chain'], align: 'right' },
  { key: 'numeric', head: ['numeric', 'agrees with'], align: 'left' },
];

/** What the two columns of differences mean, for below the table. */
export const columnNote: string =
  'alone: the formula on right input; in chain: on the gradients that the backward pass itself computed. Both beside autograd, ' +
  'times the factor of a convention.';

/** A row of the overview. */
export interface Row {
  readonly term: TermReport;
  readonly symbol: string;
  readonly cells: { readonly [K in Column['key']]: string };
}

/** The rows of the overview. */
export function rowsOf(report: AuditReport): Row[] {
  return report.terms.map((term) => ({
    term,
    symbol: looks[term.verdict].symbol,
    cells: {
      name: showName(term.name),
      shape: showShape(term.shape),
      verdict: verdictWords(report, term),
      alone: showDifference(term.alone),
      free: showDifference(term.free),
      numeric: term.numeric === null ? '—' : agreement[term.numeric.agreesWith],
    },
  }));
}

const agreement: { readonly [A in NumericOpinion['agreesWith']]: string } = {
  both: 'both',
  autograd: 'autograd',
  manual: 'manual',
  neither: 'neither',
  'cannot tell': 'cannot tell',
  'not differentiable here': 'kink here',
};

function showDifference(comparison: Comparison | null): string {
  if (comparison === null) return '—';
  return comparison.maxAbs === null ? 'not finite' : showNumber(comparison.maxAbs);
}

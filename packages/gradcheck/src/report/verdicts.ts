// What is said of a gradient in a sign and in a few words: the same in every format.

import type { AuditReport, TermReport, Verdict } from '../audit/audit-report.ts';
import { showFactor } from './numbers.ts';
import { showName } from './visible.ts';

/** How a verdict is shown. */
export interface VerdictLook {
  /** One column wide. */
  readonly symbol: string;
  /** What the colour says: all is well, worth knowing, to be mended, follows from something else, not there. */
  readonly tone: 'good' | 'note' | 'bad' | 'dim' | 'gap';
  /** For the legend: what it means. */
  readonly meaning: string;
  /** For counts: "2 right, 1 wrong". */
  readonly counted: string;
}

/** The look of each verdict. */
export const looks: { readonly [V in Verdict]: VerdictLook } = {
  right: { symbol: '✓', tone: 'good', meaning: 'right', counted: 'right' },
  approximate: {
    symbol: '≈',
    tone: 'note',
    meaning: 'right to single precision: what is left is rounding, or as small as an ε',
    counted: 'right to single precision',
  },
  scaled: {
    symbol: '∝',
    tone: 'note',
    meaning: 'right up to a factor that later formulas make up for: a convention',
    counted: 'right up to a factor',
  },
  regrouped: {
    symbol: '∘',
    tone: 'note',
    meaning: 'two steps derived as one: not the gradient itself, but what follows is right',
    counted: 'with two steps in one',
  },
  wrong: { symbol: '✗', tone: 'bad', meaning: 'wrong in itself, on right input', counted: 'wrong' },
  consequence: {
    symbol: '→',
    tone: 'dim',
    meaning: 'the formula is right, but works on what is wrong before it',
    counted: 'off only through others',
  },
  missing: { symbol: '?', tone: 'gap', meaning: 'never given', counted: 'not given' },
  unjudged: {
    symbol: '!',
    tone: 'gap',
    meaning: "the tape's own gradient is not finite: nothing to hold it against",
    counted: 'not judged',
  },
};

/** The verdict in words: `right up to ×32`, `only through Z2`. */
export function verdictWords(report: AuditReport, term: TermReport): string {
  switch (term.verdict) {
    case 'right':
      return 'right';
    case 'approximate':
      return 'right to single precision';
    case 'scaled': {
      const factor = term.carries !== 1 ? term.carries : term.factor;
      return factor === null || factor === 1 ? 'right up to a factor' : `right up to ${showFactor(factor)}`;
    }
    case 'regrouped':
      return 'two steps in one';
    case 'wrong':
      return 'wrong';
    case 'consequence': {
      const names = originsOf(report, term).map(showName);
      if (names.length === 0) return 'only through others';
      return `only through ${names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(', ')}`;
    }
    case 'missing':
      return 'not given';
    case 'unjudged':
      return 'not judged';
    default:
      return term.verdict satisfies never;
  }
}

/** The names of the wrong gradients from which this one has its error, the nearest first. */
export function originsOf(report: AuditReport, term: TermReport): string[] {
  const byName = new Map(report.terms.map((each) => [each.name, each]));
  const found: string[] = [];
  const seen = new Set([term.name]);
  const queue = [...term.uses];
  for (const name of queue) {
    if (seen.has(name)) continue;
    seen.add(name);
    const used = byName.get(name);
    if (used?.verdict === 'wrong' || used?.verdict === 'missing') found.push(name);
    else queue.push(...(used?.uses ?? []));
  }
  return found.length === 0 && report.firstWrong !== null ? [report.firstWrong] : found;
}

/** How many of each: `8 gradients: 1 right, 1 wrong, 6 off only through others`. */
export function tally({ terms }: AuditReport): string {
  const total = `${terms.length} ${terms.length === 1 ? 'gradient' : 'gradients'}`;
  const counts = Object.entries(looks)
    .map(([verdict, { counted }]) => ({ counted, count: terms.filter((term) => term.verdict === verdict).length }))
    .filter(({ count }) => count > 0);
  return counts.length === 0
    ? total
    : `${total}: ${counts.map(({ count, counted }) => `${count} ${counted}`).join(', ')}`;
}

/** The sign of the report as a whole. */
export function headSymbol({ ok }: AuditReport): string {
  return ok ? looks.right.symbol : looks.wrong.symbol;
}

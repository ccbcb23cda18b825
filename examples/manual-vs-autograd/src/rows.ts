// What the audit says of one formula, as a row of a table. The verdicts are the audit's; here they only become words.

import type { AuditReport, Cause, TermReport, UpdateQuantity, UpdateReport } from '@tapegrad/gradcheck';
import type { Combination } from './system.ts';

/** What rows are counted by. */
export type Kind = 'right' | 'convention' | 'wrong' | 'consequence' | 'open';

/** The sign of each kind. */
export const signs: { readonly [K in Kind]: string } = {
  right: '✓',
  convention: '∝',
  wrong: '✗',
  consequence: '→',
  open: '?',
};

/** One formula, judged. */
export interface Row {
  /** `dZ2`, `update of W`. */
  readonly name: string;
  /** As its author wrote it; empty where that is not known. */
  readonly formula: string;
  readonly kind: Kind;
  /** The verdict in words. */
  readonly verdict: string;
  /** Whether it is the first wrong one. */
  readonly first: boolean;
}

/** All formulas of a combination, in the order in which its author computes them. */
export function rowsOf({ report, formula = '' }: Combination): Row[] {
  return report.kind === 'backward' ? backwardRows(report) : updateRows(report, formula);
}

function backwardRows({ terms }: AuditReport): Row[] {
  return terms.map((term) => ({
    name: `d${term.name}`,
    formula: term.manual?.plain ?? '',
    first: term.first,
    ...judgement(term),
  }));
}

function judgement(term: TermReport): Pick<Row, 'kind' | 'verdict'> {
  switch (term.verdict) {
    case 'right':
      return { kind: 'right', verdict: `right${aside(term)}` };
    case 'approximate':
      return { kind: 'right', verdict: `right to single precision${aside(term)}` };
    case 'scaled': {
      const at = term.madeUpAt.map((name) => `d${name}`).join(', ');
      return {
        kind: 'convention',
        verdict: `right up to a constant: ${showFactor(term.carries)}${at === '' ? '' : `, made up for at ${at}`}`,
      };
    }
    case 'regrouped':
      return {
        kind: 'convention',
        verdict: `right only together with the next step, two steps derived as one${likely(term.causes)}`,
      };
    case 'wrong': {
      // Where it could be compared all the same, the shape is not what is wrong.
      const problem = term.problem === null || term.alone !== null ? '' : `: ${term.problem}`;
      const cancelled = term.free !== null && term.free.agreement !== 'different' && term.kind !== 'intermediate';
      const but = cancelled ? '; in the chain it comes out right, as an earlier mistake makes up for it' : '';
      return { kind: 'wrong', verdict: `wrong${problem}${likely(term.causes)}${but}` };
    }
    case 'consequence':
      return { kind: 'consequence', verdict: 'only a consequence: the formula is right' };
    case 'missing':
      return { kind: 'open', verdict: 'not given' };
    case 'unjudged':
      return { kind: 'open', verdict: 'not judged: the gradient of the tape is not finite' };
    default:
      return term.verdict satisfies never;
  }
}

/** Where a right formula stands in its author's convention about a constant. */
function aside({ carries, factor }: TermReport): string {
  if (carries !== 1) return `, passes ${showFactor(carries)} on`;
  return factor === null || factor === 1 ? '' : `, its ${showFactor(factor)} makes up for the constant`;
}

function likely(causes: readonly Cause[]): string {
  const [cause] = causes;
  return cause === undefined ? '' : `; likely: ${cause.text}`;
}

/** `×12`, `×1/12`. */
function showFactor(factor: number): string {
  const inverse = Math.round(1 / factor);
  const isFraction = Math.abs(inverse) > 1 && Math.abs(factor * inverse - 1) < 1e-6;
  return `×${isFraction ? `1/${inverse}` : Number(factor.toPrecision(4))}`;
}

function updateRows({ quantities, causes }: UpdateReport, formula: string): Row[] {
  return quantities.map((quantity) => ({
    name:
      quantity.quantity === 'update'
        ? `update of ${quantity.parameter}`
        : `${quantity.quantity} of ${quantity.parameter}`,
    formula: quantity.quantity === 'update' ? formula : '',
    first: quantity.first,
    ...stepJudgement(quantity, causes.find(({ parameters }) => parameters.includes(quantity.parameter))?.text),
  }));
}

function stepJudgement({ verdict }: UpdateQuantity, cause: string | undefined): Pick<Row, 'kind' | 'verdict'> {
  switch (verdict) {
    case 'right':
      return { kind: 'right', verdict: 'right' };
    case 'single':
      return { kind: 'right', verdict: 'right to single precision' };
    case 'wrong':
      return { kind: 'wrong', verdict: `wrong${cause === undefined ? '' : `; likely: ${cause}`}` };
    case 'consequence':
      return { kind: 'consequence', verdict: 'only a consequence: right for the slots that came with it' };
    case 'missing':
      return { kind: 'open', verdict: 'not given' };
    default:
      return verdict satisfies never;
  }
}

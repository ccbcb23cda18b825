// The report of an audited optimizer step for a terminal.

import { showShape } from '@tapegrad/core';
import { quantityName } from '../update/summary.ts';
import type { UpdateQuantity, UpdateReport, UpdateStepReport, UpdateVerdict } from '../update/update-report.ts';
import { painter, type Style, wantsColor } from './ansi.ts';
import { inColumns } from './columns.ts';
import { showIndex, showNumber } from './numbers.ts';
import { visible } from './visible.ts';

/** How {@link showUpdateAudit} writes. */
export interface ShowUpdateAuditOptions {
  /** Whether to use colours. By default on a terminal only, and not where the environment sets NO_COLOR. */
  readonly color?: boolean;
}

/** The columns of the overview. */
export const updateHead: readonly string[] = [
  ...['', 'quantity', 'shape', 'verdict', 'first off', 'max diff', 'where', 'manual', 'rule'],
];

/** Which of them are numbers. */
export const updateAlignments: readonly ('left' | 'right')[] = updateHead.map((_, column) =>
  [5, 7, 8].includes(column) ? 'right' : 'left',
);

const symbols: { readonly [V in UpdateVerdict]: readonly [symbol: string, words: string, style: Style] } = {
  right: ['✓', 'right', 'green'],
  single: ['≈', 'right to single precision', 'yellow'],
  wrong: ['✗', 'wrong', 'red'],
  consequence: ['→', 'only through its slots', 'dim'],
  missing: ['?', 'not handed back', 'cyan'],
};

/**
 * The report of {@link auditUpdate} as text: a sentence, a row for each slot and update with its first step that is off, likely causes, and
 * what else is to be known.
 *
 * ```ts
 * const report = auditUpdate({
 *   params: { w: [1, 2] },
 *   grads: { w: [3, 4] },
 *   reference: { rule: 'sgd', learningRate: 0.1 },
 *   manual: ({ params, grads }) => ({ params: { w: params.w.sub(grads.w.mul(0.1)) } }),
 * });
 * showUpdateAudit(report, { color: false }).split('\n')[0]; // → ✓ The step is that of gradient descent: right in all 5 steps.
 * ```
 */
export function showUpdateAudit(report: UpdateReport, options: ShowUpdateAuditOptions = {}): string {
  const paint = painter(options.color ?? wantsColor());
  const tone = report.ok ? 'green' : 'red';
  const table = inColumns(updateHead, report.quantities.map(updateCells), updateAlignments).split('\n');
  const lines = [
    paint('bold', paint(tone, `${report.ok ? '✓' : '✗'} ${visible(report.summary)}`)),
    paint('dim', ruleLine(report)),
    paint('dim', `  ${report.rule.source}`),
    ...(report.quantities.length === 0 ? [] : ['', table[0]!]),
    ...report.quantities.map(({ verdict }, i) => paint(symbols[verdict][2], table[i + 1]!)),
    ...section(causeLines(report)),
    ...section(report.problems.map((problem) => paint('red', `! ${visible(problem)}`))),
    ...section([...report.notes, drawnFrom(report)].map((note) => paint('dim', visible(note)))),
  ];
  return lines.join('\n');
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** `Adam: m ← …, with learningRate 0.001, …`. */
export function ruleLine({ rule }: UpdateReport): string {
  const numbers = Object.entries(rule.options).map(([name, value]) => `${name} ${showNumber(value ?? null)}`);
  return `  ${rule.formula}; ${numbers.join(', ')}`;
}

/** What the gradients after the first were drawn from. */
export function drawnFrom({ seed, precision }: UpdateReport): string {
  return `Gradients after the first are drawn from seed ${seed}; the step computed in ${precision}, the rule in float64.`;
}

/** The cells of a row of the overview. */
export function updateCells(quantity: UpdateQuantity): string[] {
  const [symbol, words] = symbols[quantity.verdict];
  const off = firstOff(quantity);
  const comparison = off?.comparison ?? null;
  const difference =
    comparison === null ? '—' : comparison.maxAbs === null ? 'not finite' : showNumber(comparison.maxAbs);
  return [
    quantity.first ? `▶ ${symbol}` : symbol,
    visible(quantityName(quantity)),
    showShape(quantity.shape),
    quantity.first ? `${words}, FIRST` : words,
    off === undefined ? '—' : stepName(off),
    difference,
    comparison?.where == null ? '—' : showIndex(comparison.where),
    showNumber(comparison?.actual ?? null),
    showNumber(comparison?.expected ?? null),
  ];
}

/** The first step with the verdict of the whole, where that is not `right`. */
function firstOff({ verdict, steps }: UpdateQuantity): UpdateStepReport | undefined {
  return verdict === 'right' ? undefined : steps.find((step) => step.verdict === verdict);
}

function stepName({ run, t }: UpdateStepReport): string {
  return run === 'given' ? `step ${t}` : `step ${t} (${run})`;
}

/** `likely: …` for each cause, and what none explains. */
export function causeLines(report: UpdateReport): string[] {
  const all = new Set(report.quantities.map(({ parameter }) => parameter)).size;
  const lines = report.causes.map(({ text, residual, parameters }, i) => {
    const whom = parameters.length === all ? '' : `, for ${parameters.map(visible).join(', ')}`;
    const fit = residual < 1e-9 ? 'fits exactly' : `leaves ${showNumber(residual)} of it unexplained`;
    return `${i === 0 ? 'likely' : 'also possible'}: ${text} (${fit}${whom})`;
  });
  const none = report.unexplained.map((parameter) => `${visible(parameter)}: no known cause fits`);
  return [...lines, ...none];
}

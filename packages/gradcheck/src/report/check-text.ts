// The report of a check as text.

import { showShape } from '@tapegrad/core';
import type { CheckEntry, CheckReport, NotDifferentiable } from '../check-report.ts';
import { inColumns } from './columns.ts';
import { showIndex, showNumber } from './numbers.ts';
import { visible } from './visible.ts';

/**
 * A report of {@link checkGradients} as text: a table with a row for each order and input, and below it what is not differentiable.
 *
 * ```ts
 * const square = (x: Tensor) => x.square().sum();
 * showCheck(checkGradients(square, tensor([1, 2], { dtype: 'float64' }))).startsWith('gradient check passed'); // → true
 * ```
 */
export function showCheck(report: CheckReport): string {
  const { ok, seed, relative, absolute, promoted, entries, problems } = report;
  const title = `gradient check ${ok ? 'passed' : 'failed'}: autograd against central differences in float64${promoted ? ' (inputs promoted from float32)' : ''}`;
  const head = ['input', 'order', 'shape', 'checked', 'max abs', 'max rel', 'where', 'autograd', 'numeric', 'verdict'];
  const alignments = head.map(
    (_, column) => ([1, 3, 4, 5, 7, 8].includes(column) ? 'right' : 'left') as 'right' | 'left',
  );
  const settings = `tolerance: ${showNumber(relative)} relative, ${showNumber(absolute)} of the largest derivative; seed ${seed}`;
  return [
    title,
    '',
    inColumns(head, entries.map(cellsOf), alignments),
    '',
    ...problems.map((problem) => `problem: ${visible(problem)}`),
    ...entries.flatMap(notesOf),
    settings,
  ].join('\n');
}

function cellsOf(entry: CheckEntry): string[] {
  const { name, order, shape, method, checked, maxAbs, maxRel, where, output, autograd, numeric, verdict } = entry;
  const part = output === null ? '' : ` of ${visible(output.name) || 'result'}${showIndex(output.index)}`;
  const place =
    where === null ? '—' : method === 'projections' ? `direction ${where[0]}` : `${showIndex(where)}${part}`;
  const difference = (value: number | null): string => (value === null ? 'not finite' : showNumber(value));
  return [
    visible(name),
    String(order),
    showShape(shape),
    method === 'projections' ? `${checked} directions` : String(checked),
    checked === 0 ? '—' : difference(maxAbs),
    checked === 0 ? '—' : difference(maxRel),
    place,
    showNumber(autograd),
    showNumber(numeric),
    verdict,
  ];
}

/** So many places are shown; the report has all. */
const shown = 5;

function notesOf({
  name,
  order,
  method,
  checked,
  wrong,
  undecided,
  numericError,
  verdict,
  notDifferentiable,
}: CheckEntry): string[] {
  const which = `${visible(name)}, order ${order}`;
  const notes: string[] = [];
  if (wrong > 0) notes.push(`${which}: ${wrong} of ${checked} wrong.`);
  if (undecided > 0) {
    const advice =
      verdict === 'undecided'
        ? ' Scale the function to the size of its change, or pass a larger relative tolerance.'
        : '';
    const precision = `differences are precise to ${showNumber(numericError)}`;
    notes.push(`${which}: ${undecided} of ${checked} hidden by rounding, ${precision}.${advice}`);
  }
  const places = notDifferentiable.slice(0, shown).map((place) => placeText(place, method === 'projections'));
  const more = notDifferentiable.length - places.length;
  if (places.length > 0) {
    notes.push(`${which}: not differentiable at ${places.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`);
  }
  return notes;
}

function placeText({ index, why, left, right }: NotDifferentiable, isDirection: boolean): string {
  const place = isDirection ? `direction ${index[0]}` : showIndex(index);
  const sides = why === 'kink' ? `: ${showNumber(left)} from below, ${showNumber(right)} from above` : '';
  return `${place} (${why}${sides})`;
}

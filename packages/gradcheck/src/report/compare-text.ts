// The report of a comparison as text.

import { showShape } from '@tapegrad/core';
import type { CompareReport, CompareRow } from '../compare-report.ts';
import { inColumns } from './columns.ts';
import { showIndex, showNumber } from './numbers.ts';
import { visible } from './visible.ts';

/**
 * A report of {@link compareGradients} as text: a table with a row for each input, and below it what could not be compared.
 *
 * ```ts
 * const report = compareGradients({
 *   forward: (x) => x.square().sum(),
 *   backward: (x) => x.mul(2),
 *   inputs: tensor([1, 2]),
 * });
 * showComparison(report).startsWith('backward agrees with autograd'); // → true
 * ```
 */
export function showComparison(report: CompareReport): string {
  const { ok, precision, seed, rows, problems } = report;
  const head = [
    'gradient of',
    'shape',
    'exact',
    'approximate',
    'max abs',
    'max rel',
    'where',
    'manual',
    'autograd',
    'verdict',
  ];
  const alignments = head.map((_, column) => ([4, 5, 7, 8].includes(column) ? 'right' : 'left') as 'right' | 'left');
  const lines = [`backward ${ok ? 'agrees' : 'does not agree'} with autograd, in ${precision}`];
  if (rows.length > 0) lines.push('', inColumns(head, rows.map(cellsOf), alignments));
  const notes = [
    ...problems.map((problem) => `problem: ${visible(problem)}`),
    ...rows
      .filter(({ problem }) => problem !== null)
      .map(({ name, problem }) => `${visible(name)}: ${visible(problem!)}`),
    ...(seed === null ? [] : [`cotangent of the result drawn from seed ${seed}`]),
  ];
  if (notes.length > 0) lines.push('', ...notes);
  return lines.join('\n');
}

function cellsOf({ name, shape, exact, approximate, comparison, verdict }: CompareRow): string[] {
  const yes = (value: boolean): string => (comparison === null ? '—' : value ? 'yes' : 'no');
  const difference = (value: number | null): string => (value === null ? 'not finite' : showNumber(value));
  return [
    visible(name),
    verdict === 'unknown' ? '—' : showShape(shape),
    yes(exact),
    yes(approximate),
    comparison === null ? '—' : difference(comparison.maxAbs),
    comparison === null ? '—' : difference(comparison.maxRel),
    comparison === null || comparison.where === null ? '—' : showIndex(comparison.where),
    showNumber(comparison?.actual ?? null),
    showNumber(comparison?.expected ?? null),
    verdict,
  ];
}

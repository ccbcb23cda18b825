// The report of an audited optimizer step as Markdown, for an issue or a pull request.

import type { UpdateReport } from '../update/update-report.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { causeLines, drawnFrom, ruleLine, updateAlignments, updateCells, updateHead } from './update-text.ts';

/**
 * The report of {@link auditUpdate} as Markdown, with all that {@link showUpdateAudit} says.
 *
 * ```ts
 * const report = auditUpdate({
 *   params: { w: [1, 2] },
 *   grads: { w: [3, 4] },
 *   reference: { rule: 'sgd', learningRate: 0.1 },
 *   manual: ({ params, grads }) => ({ params: { w: params.w.add(grads.w.mul(0.1)) } }),
 * });
 * updateMarkdown(report).includes('the sign of the update is wrong'); // → true
 * ```
 */
export function updateMarkdown(report: UpdateReport): string {
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${markdownText(line)}`).join('\n');
  const blocks = [
    `**${report.ok ? '✓' : '✗'} ${markdownText(report.summary)}**`,
    `${markdownText(ruleLine(report).trim())} (${markdownText(report.rule.source)})`,
    report.quantities.length === 0
      ? ''
      : markdownTable(
          updateHead,
          report.quantities.map((each) => updateCells(each).map(markdownText)),
          updateAlignments,
        ),
    list(causeLines(report)),
    list(report.problems.map((problem) => `problem: ${problem}`)),
    list([...report.notes, drawnFrom(report)]),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

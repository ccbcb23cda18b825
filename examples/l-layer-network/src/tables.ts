// What is printed: tables of at most 120 columns.

import Table from 'cli-table3';
import type { Audited } from './audits.ts';
import type { Way } from './optimisers.ts';
import type { EpochReport } from './training.ts';

/** A way to train with what came of it. */
export interface Outcome {
  readonly way: Way;
  readonly batchSize: number;
  readonly reports: readonly EpochReport[];
}

/** The accuracy that the write-up reached, and until which time and epoch are counted. */
export const goal = 0.97;

const style = { head: [], border: [] };

/** One row for each way to train. */
export function comparison(outcomes: readonly Outcome[]): string {
  const table = new Table({
    head: [
      ...['', 'rows in\na step', 'rate', 'epochs', 'steps', 'time of\nsteps', 'loss', 'test\nloss', 'test\naccuracy'],
      `above ${100 * goal} %\nafter`,
    ],
    colAligns: ['left', ...Array.from({ length: 9 }, () => 'right' as const)],
    style,
  });
  for (const { way, batchSize, reports } of outcomes) {
    const { epoch, seconds, loss, testLoss, testAccuracy } = reports.at(-1)!;
    const reached = reports.find((report) => report.testAccuracy >= goal);
    table.push([
      ...[way.name, batchSize.toLocaleString('en'), showRate(way.learningRate), epoch],
      ...[(epoch * stepsOf(outcomes, batchSize)).toLocaleString('en'), `${seconds.toFixed(1)} s`],
      ...[loss, testLoss, testAccuracy].map((value) => value.toFixed(4)),
      reached === undefined ? '–' : `${reached.epoch} epochs, ${reached.seconds.toFixed(1)} s`,
    ]);
  }
  return table.toString();
}

/** Steps in an epoch: a full batch is the largest one. */
function stepsOf(outcomes: readonly Outcome[], batchSize: number): number {
  return Math.ceil(Math.max(...outcomes.map((outcome) => outcome.batchSize)) / batchSize);
}

function showRate(rate: number): string {
  return rate < 1e-2 ? rate.toExponential() : String(rate);
}

/** What the audits found, a row each. */
export function verdicts(audits: readonly Audited[]): string {
  const table = new Table({ head: ['', 'audited', 'verdict'], colWidths: [3, 33, 80], wordWrap: true, style });
  for (const { title, report } of audits) table.push([report.ok ? '✓' : '✗', title, report.summary]);
  return table.toString();
}

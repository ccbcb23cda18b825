// What W1 and W2 share: networks trained by subjects, an epoch a run.

import { flopOfEpoch } from '../data.mjs';
import { agreement, show, subjectRows, table } from '../report/text.mjs';
import { tapegrad } from '../runners.mjs';

/** @type {(network: import('../data.mjs').Network, optimizer: 'sgd' | 'adam', settle: number) => import('../measure/measure.mjs').Case} */
export const epoch = (network, optimizer, settle) => ({
  key: optimizer,
  name: 'train',
  argument: { network, optimizer, unit: 'epoch' },
  settle,
});

/**
 * The table of an optimizer, and how far the losses are apart.
 * @param {readonly import('../measure/subject.mjs').Runner[]} runners
 * @param {import('../measure/figures.mjs').Figures} figures
 * @param {{ network: import('../data.mjs').Network, rows: number, optimizer: 'sgd' | 'adam', settle: number }} of
 */
export function trainingParts(runners, figures, { network, rows, optimizer, settle }) {
  const flop = flopOfEpoch(network, rows);
  const name = optimizer === 'sgd' ? 'SGD' : 'Adam';
  const after = `loss after ${settle} ${settle === 1 ? 'epoch' : 'epochs'}`;
  return [
    table(
      [name, 'ms an epoch', 'in times of ours', 'GFLOP/s', after],
      subjectRows(runners, figures, (subject) => [
        show(figures.ms(subject, optimizer)),
        show(figures.ratio(subject, tapegrad.compiled.name, optimizer)),
        show(flop / figures.ms(subject, optimizer) / 1e6),
        figures.result(subject, optimizer).toExponential(5),
      ]),
    ),
    agreement(`Losses (${name})`, runners, (name) => figures.result(name, optimizer)),
  ];
}

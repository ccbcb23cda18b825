// How an audit of a step is shown.

import { describe, expect, test } from 'vitest';
import { updateMarkdown } from '../../src/report/update-markdown.ts';
import { showUpdateAudit } from '../../src/report/update-text.ts';
import { auditUpdate } from '../../src/update/audit-update.ts';

const report = auditUpdate({
  params: { 'W|1': [1, 2] },
  grads: { 'W|1': [3, 4] },
  reference: { rule: 'sgd', learningRate: 0.1 },
  manual: ({ params, grads }) => ({ params: { 'W|1': params['W|1'].add(grads['W|1'].mul(0.1)) } }),
});

describe('showUpdateAudit', () => {
  test('says what is wrong, where, and why', () => {
    expect(showUpdateAudit(report, { color: false })).toBe(
      [
        '✗ Not the step of gradient descent: the first wrong one is the update of W|1, at step 1. Likely: the sign of the update is wrong: it is added where it should be subtracted.',
        '  w ← w − lr · g; learningRate 0.1, weightDecay 0',
        '  H. Robbins and S. Monro, A stochastic approximation method, 1951',
        '',
        '     quantity           shape  verdict       first off  max diff  where  manual  rule',
        '▶ ✗  the update of W|1  [2]    wrong, FIRST  step 1          0.8  [1]       0.4  -0.4',
        '',
        'likely: the sign of the update is wrong: it is added where it should be subtracted (fits exactly)',
        '',
        'Gradients after the first are drawn from seed 0; the step computed in float64, the rule in float64.',
      ].join('\n'),
    );
  });

  test('colours lines as wholes', () => {
    const plain = showUpdateAudit(report, { color: false });
    const coloured = showUpdateAudit(report, { color: true });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });
});

describe('updateMarkdown', () => {
  test('escapes what would be read as markup', () => {
    const lines = updateMarkdown(report).split('\n');
    expect(lines).toContain('|  | quantity | shape | verdict | first off | max diff | where | manual | rule |');
    expect(lines).toContain(
      '| ▶ ✗ | the update of W\\|1 | \\[2\\] | wrong, FIRST | step 1 | 0.8 | \\[1\\] | 0.4 | -0.4 |',
    );
  });
});

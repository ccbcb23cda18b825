// The chain as a document.

import { scalar, zeros } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { derivation } from '../../src/report/derivation.ts';
import { isBalancedTex } from '../../src/report/tex.ts';
import {
  emptyReport,
  namesReport,
  reports,
  rightReport,
  scaledReport,
  troubledReport,
  wrongReport,
} from '../support/reports.ts';
import { termOf } from '../support/sample-terms.ts';

describe.each(Object.entries(reports))('%s', (_, report) => {
  test('has only balanced TeX', () => {
    const pieces = derivation(report)
      .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
      .split('$$');
    expect(pieces.length % 2).toBe(1);
    for (const formula of pieces.filter((_, i) => i % 2 === 1))
      expect(isBalancedTex(formula.trim()), formula).toBe(true);
  });

  test('has a heading for each step, in order', () => {
    const headings = derivation(report).match(/^## .*$/gm) ?? [];
    expect(headings).toHaveLength(report.terms.length);
  });

  test('is the same after a way through JSON', () => {
    expect(derivation(JSON.parse(JSON.stringify(report)))).toBe(derivation(report));
  });
});

test('reads from top to bottom', () => {
  const text = derivation(rightReport);
  expect(text.startsWith('# The backward pass, step by step\n\n✓ The backward pass is right')).toBe(true);
  expect(text).toContain(
    '\nThe loss is $L = 1.023$. Each $dX$ below stands for $\\partial L / \\partial X$ and has the shape of $X$.',
  );
  expect(text.match(/^## .*$/gm)).toEqual([
    '## dA2',
    '## dZ2',
    '## dW2',
    '## db2',
    '## dA1',
    '## dZ1',
    '## dW1',
    '## db1',
  ]);
  expect(text).toContain(
    '\n## dW2\n\n✓ **right** · shape \\[3, 1\\] · from dZ2\n\nAutomatic and by hand:\n\n$$\n\\mathrm{d}W_{2} = A_1^{\\top}\\, dZ_2\n$$\n',
  );
  expect(text).toContain('\n## dA2\n\n✓ **right** · shape \\[32, 1\\] · straight from the loss\n');
});

test('fills in first elements, and goes on where there are more', () => {
  const text = derivation(wrongReport);
  expect(text).toContain(`|  | \\[0, 0\\] | \\[1, 0\\] | \\[2, 0\\] | \\[3, 0\\] |  |
| --- | ---: | ---: | ---: | ---: | --- |
| by hand | -0.03362 | -0.03623 | -0.03757 | -0.04193 | … |
| autograd | -0.002205 | -0.004297 | -0.005256 | -0.007957 | … |`);
  expect(text).toContain('|  | \\[0\\] |\n| --- | ---: |\n| by hand | 0.2941 |\n| autograd | 0.2941 |');
});

test('gives the index of an element for each rank', () => {
  const of = (x: Parameters<typeof termOf>[0]['expected']) =>
    derivation({ ...rightReport, terms: [termOf({ name: 'x', expected: x, given: x })] });
  expect(of(scalar(2))).toContain('|  | \\[\\] |\n');
  expect(of(zeros([2, 1, 2]))).toContain('|  | \\[0, 0, 0\\] | \\[0, 0, 1\\] |');
  expect(of(zeros([0, 3]))).toContain('It has no elements.');
});

test('tells verdict and cause, and where no formula was given', () => {
  expect(derivation(wrongReport)).toContain('\n✗ **wrong, the first wrong one** · shape \\[32, 1\\] · from dA2\n');
  expect(derivation(wrongReport)).toContain('\n- **likely:** the derivative of sigmoid is missing');
  const text = derivation(troubledReport);
  expect(text).toContain('\nBy hand it is written in plain numbers: no formula was given.\n');
  expect(text).toContain('\nThe loss $L$ is not finite.');
  expect(text).toContain('\n? **not given** · shape \\[1\\]\n');
  expect(text).toContain('| by hand | — | -2.891e-4 |');
});

test('says of a right formula which factor it makes up for', () => {
  const step = derivation(scaledReport).split('## dW2')[1]!.split('## ')[0]!;
  expect(step).toContain(
    'On right input the formula gives ×1/32 the gradient: it makes up for what its input carries.',
  );
  expect(derivation(rightReport)).not.toContain('On right input the formula gives');
});

test('puts nothing beside elements of another shape', () => {
  const step = derivation(troubledReport).split('## dW2')[1]!.split('## ')[0]!;
  expect(step).toContain('| autograd | -0.2359 |');
  expect(step).not.toContain('| by hand |');
});

test('escapes names in headings', () => {
  expect(derivation(namesReport)).toContain(
    '\n## d&lt;/td&gt;&lt;script&gt;alert("1")&lt;/script&gt;\\|\\`\\*\\_\\$&amp;\n',
  );
});

test('says that there are no steps', () => {
  expect(derivation(emptyReport)).toContain('\nThere are no steps: the backward pass handed in nothing.\n');
});

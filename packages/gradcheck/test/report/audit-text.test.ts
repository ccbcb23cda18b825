// The report for a terminal.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { showAudit } from '../../src/report/audit-text.ts';
import { columnsOf } from '../../src/report/visible.ts';
import {
  deepReport,
  emptyReport,
  reports,
  rightReport,
  scaledReport,
  troubledReport,
  wrongReport,
} from '../support/reports.ts';

const escapeCode = '\u001b[';

/** The text with its line breaks as spaces, for sentences that are wrapped. */
function flowing(text: string): string {
  return text.replace(/\s+/g, ' ');
}

describe.each(Object.entries(reports))('%s', (_, report) => {
  test.each([60, 72, 100, 120])('takes at most %i columns', (width) => {
    for (const line of showAudit(report, { color: false, width }).split('\n')) {
      expect(columnsOf(line), line).toBeLessThanOrEqual(width);
    }
  });

  test('is the same after a way through JSON', () => {
    expect(showAudit(JSON.parse(JSON.stringify(report)))).toBe(showAudit(report));
  });

  test('has escapes of its own only, and only in colour', () => {
    const plain = showAudit(report, { color: false, width: 100 });
    expect(plain).not.toContain('\u001b');
    const painted = showAudit(report, { color: true, width: 100 });
    expect(painted).toContain(escapeCode);
    expect(
      painted
        .split(escapeCode)
        .map((piece, i) => (i === 0 ? piece : piece.replace(/^\d+m/, '')))
        .join(''),
    ).toBe(plain);
  });
});

test('shows a right chain as a sentence and a table', () => {
  expect(showAudit(rightReport, { color: false, width: 120 })).toBe(
    `✓ The backward pass is right: every gradient is what the tape gives.
  8 gradients: 8 right · loss 1.023 · computed in float64

┌─────┬──────────┬─────────┬─────────┬──────────┬──────────┬─────────────┐
│     │ gradient │ shape   │ verdict │ max diff │ max diff │ numeric     │
│     │ of       │         │         │    alone │ in chain │ agrees with │
├─────┼──────────┼─────────┼─────────┼──────────┼──────────┼─────────────┤
│   ✓ │ A2       │ [32, 1] │ right   │        0 │        0 │ both        │
│   ✓ │ Z2       │ [32, 1] │ right   │        0 │        0 │ both        │
│   ✓ │ W2       │ [3, 1]  │ right   │        0 │        0 │ both        │
│   ✓ │ b2       │ [1]     │ right   │        0 │        0 │ both        │
│   ✓ │ A1       │ [32, 3] │ right   │        0 │        0 │ both        │
│   ✓ │ Z1       │ [32, 3] │ right   │        0 │        0 │ both        │
│   ✓ │ W1       │ [4, 3]  │ right   │        0 │        0 │ both        │
│   ✓ │ b1       │ [3]     │ right   │        0 │        0 │ both        │
└─────┴──────────┴─────────┴─────────┴──────────┴──────────┴─────────────┘
 alone: the formula on right input; in chain: on the gradients that the backward pass itself computed. Both beside
 autograd, times the factor of a convention.`,
  );
});

test('marks the first wrong gradient, and tells opinions, causes and formulas', () => {
  const text = showAudit(wrongReport, { color: false, width: 120 });
  expect(text).toContain('│ ▶ ✗ │ Z2       │ [32, 1] │ wrong, FIRST    │');
  expect(text).toContain('│   → │ W2       │ [3, 1]  │ only through Z2 │        0 │');
  expect(text).toContain(
    '▶ ✗ dZ2: wrong, the first wrong one\n  On right input the formula is off by up to 0.6914 at [6, 0],',
  );
  expect(flowing(text)).toContain(
    'Central differences (8 of 32 elements) agree with autograd: it is the formula that is wrong.',
  );
  expect(text).toContain('    at [10, 0]   manual  0.643   autograd 0.02973   numeric 0.02973\n');
  expect(text).toContain('  likely: the derivative of sigmoid is missing: multiply by A2 ⊙ (1 − A2) (fits exactly)\n');
  expect(text).toContain('  also possible: dA2 was handed in once more under another name (fits exactly)\n');
  expect(text).toContain('that of sigmoid (leaves 31% unexplained)\n');
  expect(text).toContain('  automatic  dZ2 = dA2 ⊙ A2 ⊙ (1 − A2)\n  manual     dZ2 = dA2\n');
  expect(text).toContain('→ dW2, db2, dA1, dZ1, dW1, db1 are off only through dZ2. Their formulas are right.');
});

test('says which factor a convention carries, and where it is made up for', () => {
  const text = showAudit(scaledReport, { color: false, width: 120 });
  expect(text).toContain('│   ∝ │ A1       │ [32, 3] │ right up to ×32 │');
  expect(text).toContain(
    '  On right input the formula gives ×32 the gradient. In the chain it is ×32 the gradient of the loss: a convention,',
  );
  expect(flowing(text)).toContain('That is made up for at W2, b2, W1 and b1.');
  expect(text).toContain('? dA2: not given\n  The backward pass never handed it in.');
});

test('tells each kind of trouble', () => {
  const text = flowing(showAudit(troubledReport, { color: false, width: 120 }));
  expect(text).toContain('! It threw a RangeError after b1: "too far" ! It handed in dQ: no value has the name Q.');
  expect(text).toContain('loss — · computed in float64');
  expect(text).toContain(
    '∘ dA2: two steps in one This is not the gradient of the loss by A2, but what is computed from it is right',
  );
  expect(text).toContain('Right as far as float32 goes: what is left is rounding, or as small as an ε.');
  expect(text).toContain('Its shape is [1, 3]. Expected [3, 1], that of W2.');
  expect(text).toContain('The loss is not differentiable here, so central differences cannot judge.');
  expect(text).toContain('at [0, 0] manual — autograd 0.25 numeric —');
  expect(text).toContain('│ not finite │ not finite │ kink here │');
  expect(text).toContain(
    "agree with the formula, not with autograd: suspect the tape's rule before the formula. No known cause fits.",
  );
  expect(text).toContain('→ db1 is off only through dZ1. Its formula is right.');
});

test('tells a formula that is wrong only with what this chain hands to it', () => {
  const [first] = scaledReport.terms;
  const [, , , b2] = rightReport.terms;
  const forgotten = { ...b2!, verdict: 'wrong' as const, free: first!.free };
  const text = flowing(showAudit({ ...scaledReport, terms: [first!, forgotten] }, { color: false }));
  expect(text).toContain(
    'On right input the formula gives what the tape gives, but not on what this chain hands to it. In the chain it is off by up to 0.9268',
  );
});

test('shows an empty chain without a table', () => {
  expect(showAudit(emptyReport, { color: false })).toBe(
    '✗ The backward pass handed in nothing.\n  0 gradients · loss — · computed in float64\n\n! It returned undefined.',
  );
});

test('has a row for each of forty gradients', () => {
  const text = showAudit(deepReport(10, 2), { color: false });
  expect(text.split('\n').filter((line) => /^│ [▶ ] [✓✗→] │/.test(line))).toHaveLength(40);
});

describe('on a terminal', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: false }, {}, false],
    [undefined, undefined, false],
  ])('with stdout %j and environment %j, colour is %s', (stdout, env, color) => {
    vi.stubGlobal('process', { stdout, env });
    expect(showAudit(wrongReport).includes(escapeCode)).toBe(color);
  });

  test('takes its width, at most 120 columns', () => {
    vi.stubGlobal('process', { stdout: { isTTY: true, columns: 70 }, env: { NO_COLOR: '1' } });
    expect(Math.max(...showAudit(wrongReport).split('\n').map(columnsOf))).toBeLessThanOrEqual(70);
    vi.stubGlobal('process', { stdout: { isTTY: true, columns: 400 }, env: { NO_COLOR: '1' } });
    expect(Math.max(...showAudit(wrongReport).split('\n').map(columnsOf))).toBeLessThanOrEqual(120);
  });

  test('works where there is no process', () => {
    vi.stubGlobal('process', undefined);
    expect(showAudit(rightReport)).toContain('8 gradients: 8 right');
  });
});

test.each([59, 80.5, Number.NaN])('refuses a width of %s', (width) => {
  expect(() => showAudit(rightReport, { width })).toThrow(
    `showAudit: the width is ${width}. Expected a whole number of columns, at least 60.`,
  );
});

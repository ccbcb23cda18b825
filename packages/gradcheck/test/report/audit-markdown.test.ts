// The report as Markdown.

import { describe, expect, test } from 'vitest';
import { auditMarkdown } from '../../src/report/audit-markdown.ts';
import { markdownCode, markdownFormula, markdownText } from '../../src/report/markdown.ts';
import { emptyReport, namesReport, reports, troubledReport, wrongReport } from '../support/reports.ts';

describe.each(Object.entries(reports))('%s', (_, report) => {
  test('has as many cells in each row of its tables', () => {
    const tables = auditMarkdown(report)
      .split('\n\n')
      .filter((block) => block.startsWith('|'));
    expect(tables.length > 0).toBe(report.terms.length > 0);
    for (const table of tables) {
      const cells = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(cells).size, table).toBe(1);
    }
  });

  test('is the same after a way through JSON', () => {
    expect(auditMarkdown(JSON.parse(JSON.stringify(report)))).toBe(auditMarkdown(report));
  });

  test('opens no HTML but its own', () => {
    const outsideOfCode = auditMarkdown(report).replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(outsideOfCode.replace(/<\/?sub>/g, '')).not.toMatch(/<[a-z/!]/i);
  });
});

test('tells headline, table, opinions, causes and formulas', () => {
  const text = auditMarkdown(wrongReport);
  expect(text.startsWith('## ✗ dZ2 is the first wrong gradient: the derivative of sigmoid is likely missing.')).toBe(
    true,
  );
  expect(text).toContain('\n| → | `W2` | \\[3, 1\\] | only through Z2 | 0 | 3.597 | both |\n');
  expect(text).toContain('\n| ▶ ✗ | **`Z2`** | **\\[32, 1\\]** | **wrong, first** |');
  expect(text).toContain(
    '\n### ✗ dZ2: wrong, the first wrong one\n\nOn right input the formula is off by up to 0.6914',
  );
  expect(text).toContain('\n| \\[10, 0\\] | 0.643 | 0.02973 | 0.02973 |\n');
  expect(text).toContain(
    '\n- **likely:** the derivative of sigmoid is missing: multiply by A2 ⊙ (1 − A2) (fits exactly)\n',
  );
  expect(text).toContain(
    '\nAutomatic:\n\n$$\ndZ_2 = dA_2 \\odot A_2 \\odot (1 - A_2)\n$$\n\nBy hand:\n\n$$\ndZ_2 = dA_2\n$$\n',
  );
});

test('lists what is wrong as a whole', () => {
  expect(auditMarkdown(troubledReport)).toContain('\n- **It handed in dQ: no value has the name Q.**\n');
  expect(auditMarkdown(emptyReport)).toBe(
    '## ✗ The backward pass handed in nothing.\n\n0 gradients · loss — · computed in float64\n\n- **It returned undefined.**\n',
  );
});

test('escapes names, and shows a formula as code where its TeX is not whole', () => {
  const text = auditMarkdown(namesReport);
  expect(text).toContain('| ✓ | ``</td><script>alert("1")</script>\\|`*_$&`` |');
  expect(text).toContain('### ✗ d&lt;b&gt;&amp;amp;&lt;/b&gt;: wrong');
  expect(text).toContain('```text\nd<b>&amp;</b> = xᵀ · dZ1 <script>\n```');
  expect(text).not.toMatch(/^\$\$/m);
  expect(text).not.toMatch(/^# heading/m);
});

test('escapes all that Markdown reads as markup', () => {
  expect(markdownText('a*b_c`d`[e](f)|~$#<g>&')).toBe('a\\*b\\_c\\`d\\`\\[e\\](f)\\|\\~\\$\\#&lt;g&gt;&amp;');
  expect(markdownCode('a`b``c')).toBe('```a`b``c```');
  expect(markdownCode('`')).toBe('`` ` ``');
  expect(markdownFormula({ plain: '```', tex: '}' })).toBe('````text\n```\n````');
});

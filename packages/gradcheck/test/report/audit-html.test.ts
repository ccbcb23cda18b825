// The report as one HTML file.

import { describe, expect, test } from 'vitest';
import { auditHtml } from '../../src/report/audit-html.ts';
import {
  deepReport,
  emptyReport,
  namesReport,
  reports,
  rightReport,
  scaledReport,
  troubledReport,
  wrongReport,
} from '../support/reports.ts';

/** The tags of a document that were opened and not closed, or closed and not opened. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, slash, name, rest] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (['meta', 'image', 'rect', 'path'].includes(name!) && (rest!.endsWith('/') || name === 'meta')) continue;
    if (slash === '') open.push(name!);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}

describe.each(Object.entries(reports))('%s', (_, report) => {
  const page = auditHtml(report);

  test('closes every tag', () => {
    expect(unbalanced(page)).toEqual([]);
  });

  test('loads nothing and runs nothing', () => {
    const references = [...page.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, target]) => target!);
    for (const target of references) expect(target).toMatch(/^(#term-\d+$|data:image\/png;base64,)/);
    expect(page).not.toMatch(/<(script|link|iframe|object|embed|img|foreignObject)\b/i);
    expect(page).not.toMatch(/@import|url\((?!#hatch-)/);
    expect(page.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\son[a-z]+=/i);
  });

  test('uses each id once, and links only to what is there', () => {
    const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/(?:href="|url\()#([^")]*)/g)) expect(ids).toContain(target);
  });

  test('has no number that is none', () => {
    expect(page.replace(/20 of its 96 elements are NaN/g, '')).not.toMatch(/NaN|Infinity|undefined(?!\.)/);
  });

  test('is the same after a way through JSON', () => {
    expect(auditHtml(JSON.parse(JSON.stringify(report)))).toBe(page);
  });
});

test('tells headline, table, causes, opinions and formulas', () => {
  const page = auditHtml(wrongReport);
  expect(page).toContain(
    '<h1>Backward audit</h1>\n<p class="summary"><span class="bad">✗</span> dZ2 is the first wrong',
  );
  expect(page).toContain('<a href="#term-2"><code>Z2</code></a>');
  expect(page).toContain('<strong>likely:</strong> the derivative of sigmoid is missing');
  expect(page).toContain('<td><code>[10, 0]</code></td><td class="number">0.643</td>');
  expect(page).toContain('<dt>by hand</dt><dd><pre>dZ2 = dA2</pre></dd>');
  expect(page).toContain('<dt>computed from</dt><dd><code>dA2</code></dd>');
});

test('has its title above all, and a link to the page that lists it', () => {
  const page = auditHtml(rightReport, { title: 'Net 2', index: 'all%20of%20them.html' });
  expect(page).toContain('<title>Net 2</title>');
  expect(page).toContain('<header>\n<nav><a href="all%20of%20them.html">← all audits</a></nav>\n<h1>Net 2</h1>\n');
  expect(page.match(/<h1/g)).toHaveLength(1);
  expect(unbalanced(page)).toEqual([]);
  expect(auditHtml(rightReport)).not.toContain('<nav>');
});

test('draws the chain: the first wrong one framed, consequences dimmed, errors carried along the edges', () => {
  const picture = auditHtml(wrongReport).match(/<svg class="chain"[\s\S]*?<\/svg>/)![0];
  expect(picture.match(/<a href/g)).toHaveLength(8);
  expect(picture).toContain('<a href="#term-2" class="is-bad is-first"><title>dZ2 [32, 1]: wrong</title>');
  expect(picture.match(/FIRST WRONG/g)).toHaveLength(1);
  expect(picture.match(/class="is-dim"/g)).toHaveLength(6);
  expect(picture.match(/class="edge off"/g)).toHaveLength(6);
  expect(picture.match(/class="edge"/g)).toHaveLength(2);
  expect(auditHtml(scaledReport)).toContain('>[32, 1] ×32</text>');
});

test('opens what is worth reading', () => {
  const page = auditHtml(wrongReport);
  expect(page).toContain('<details id="term-2" class="first" open>');
  expect(page).toContain('<details id="term-1">');
  expect(auditHtml(rightReport)).not.toContain(' open>');
});

test('draws maps on one scale for both opinions, and hatches what is not finite', () => {
  const page = auditHtml(troubledReport);
  expect(page).toContain('<div class="note">hatched: not finite</div>');
  expect(page).toContain('<pattern id="hatch-6-manual"');
  const terms = page.split('<details id="term-').find((part) => part.startsWith('7"'))!;
  expect(terms.match(/<span>0\.1567<\/span><\/div>/g)).toHaveLength(2);
});

test('escapes names and messages', () => {
  const page = auditHtml(namesReport, { title: '</title><script>', index: '"><script>' });
  expect(page).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>');
  expect(page).toContain('<h1>&lt;/title&gt;&lt;script&gt;</h1>');
  expect(page).toContain('<a href="&quot;&gt;&lt;script&gt;">');
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(page).toContain('<code>d&lt;b&gt;&amp;amp;&lt;/b&gt;</code>');
});

test('shows an empty chain without picture and table', () => {
  const page = auditHtml(emptyReport);
  expect(page).toContain('<li>It returned undefined.</li>');
  expect(page).not.toContain('<svg');
  expect(page).not.toContain('<table');
});

test('stays below a megabyte for 20 gradients of 64 × 64', () => {
  const report = deepReport(5, 64);
  expect(report.terms).toHaveLength(20);
  expect(auditHtml(report).length).toBeLessThan(1e6);
});

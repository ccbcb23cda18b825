// The audits as HTML: a page for each, and one with links to them.

import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { TapegradError } from '@tapegrad/core';
import { auditHtml, showUpdateAudit } from '@tapegrad/gradcheck';
import type { Audited } from './audited.ts';
import { type Kind, rowsOf, signs } from './rows.ts';
import type { Combination } from './system.ts';

interface Page {
  readonly file: string;
  readonly key: string;
  readonly combination: Combination;
}

/**
 * Writes `file`, and beside it a page for each audit: for `out.html` these are `out-a1.html`, `out-a2.html` and so on.
 *
 * @returns how many pages there are beside it.
 * @throws TapegradError where one cannot be written.
 */
export async function writeHtml(systems: readonly Audited[], file: string): Promise<number> {
  const stem = file.slice(0, -'.html'.length);
  const pages = systems.flatMap(({ system, combinations }) =>
    combinations.map(
      (combination, i): Page => ({ file: `${stem}-${system.key}${i + 1}.html`, key: system.key, combination }),
    ),
  );
  try {
    for (const page of pages) await writeFile(page.file, pageOf(page));
    await writeFile(file, indexOf(pages));
  } catch (cause) {
    throw new TapegradError(
      'writeHtml',
      `the pages cannot be written (${(cause as Error).message}). Expected a file in a folder that exists.`,
      { cause },
    );
  }
  return pages.length;
}

function pageOf({ key, combination: { title, report } }: Page): string {
  const heading = `${key.toUpperCase()}: ${title}`;
  if (report.kind === 'backward') return auditHtml(report, { title: heading });
  return plainPage(heading, `<pre>${escaped(showUpdateAudit(report, { color: false }))}</pre>`);
}

function indexOf(pages: readonly Page[]): string {
  const kinds = Object.keys(signs) as Kind[];
  const rows = pages.map(({ file, key, combination }) => {
    const all = rowsOf(combination);
    const first = all.find((row) => row.first);
    const counts = kinds.map((kind) => all.filter((row) => row.kind === kind).length || '');
    const link = `<a href="${encodeURIComponent(basename(file))}">${escaped(combination.title)}</a>`;
    const wrong = first === undefined ? '' : `<code>${escaped(`${first.name} = ${first.formula}`)}</code>`;
    return `<tr><td>${key.toUpperCase()}</td><td>${link}</td>${counts.map((count) => `<td>${count}</td>`).join('')}<td>${wrong}</td></tr>`;
  });
  const head = ['', 'combination', ...kinds, 'the first wrong formula'].map((text) => `<th>${text}</th>`).join('');
  return plainPage('By hand beside the tape', `<table>\n<tr>${head}</tr>\n${rows.join('\n')}\n</table>`);
}

const style = `:root { color-scheme: light dark; }
body { max-width: 1100px; margin: 0 auto; padding: 24px 20px; font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } table { display: block; overflow-x: auto; border-collapse: collapse; } pre { white-space: pre-wrap; }
th, td { padding: 5px 10px; border-bottom: 1px solid #8886; text-align: left; vertical-align: baseline; }`;

function plainPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${style}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;
}

const entities: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character]!);
}

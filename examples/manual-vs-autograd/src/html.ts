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
    for (const page of pages) await writeFile(page.file, pageOf(page, addressOf(file)));
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

/** The address of a page from one beside it. */
function addressOf(file: string): string {
  return encodeURIComponent(basename(file));
}

function pageOf({ key, combination: { title, report } }: Page, index: string): string {
  const heading = `${key.toUpperCase()}: ${title}`;
  if (report.kind === 'backward') return auditHtml(report, { title: heading, index });
  const blocks = showUpdateAudit(report, { color: false }).split('\n\n');
  return plainPage(heading, blocks.map(preformatted).join('\n'), `<nav><a href="${index}">← all audits</a></nav>\n`);
}

/** A block of a report as text: sentences are broken into lines on a narrow screen, the columns of a table are not. */
function preformatted(block: string): string {
  const isTable = block.split('\n').some((line) => /\S {2,}\S/.test(line));
  return `<pre${isTable ? ' class="table"' : ''}>${escaped(block)}</pre>`;
}

function indexOf(pages: readonly Page[]): string {
  const kinds = Object.keys(signs) as Kind[];
  const meanings = kinds.map((kind) => `<li><b>${signs[kind]}</b> ${words[kind]}</li>`).join('');
  const rows = pages.map(({ file, key, combination }) => {
    const all = rowsOf(combination);
    const first = all.find((row) => row.first);
    const counts = kinds.map((kind) => {
      const count = all.filter((row) => row.kind === kind).length;
      return `<td class="count" data-label="${signs[kind]} ${words[kind]}">${count || ''}</td>`;
    });
    const link = `<a href="${addressOf(file)}">${unbroken(escaped(combination.title))}</a>`;
    const wrong = first === undefined ? '' : `<code>${escaped(`${first.name} = ${first.formula}`)}</code>`;
    return `<tr><td class="key">${key.toUpperCase()}</td><td class="title">${link}</td>${counts.join('')}<td data-label="first wrong">${wrong}</td></tr>`;
  });
  const head = [
    '<th></th><th scope="col">combination</th>',
    ...kinds.map((kind) => `<th scope="col" class="count" title="${words[kind]}">${signs[kind]}</th>`),
    '<th scope="col">the first wrong formula</th>',
  ];
  return plainPage(
    'By hand beside the tape',
    `<ul class="legend">${meanings}</ul>
<table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`,
  );
}

/** What is counted, for the legend and for cards. */
const words: { readonly [K in Kind]: string } = {
  right: 'right',
  convention: 'right up to a convention',
  wrong: 'wrong',
  consequence: 'only a consequence',
  open: 'not given, or not judged',
};

/** The text with each `m = 12` in one piece. */
function unbroken(text: string): string {
  return text.replace(/\w+ = \S+/g, '<span class="whole">$&</span>');
}

// On a narrow screen each row is a card: its counts and its formula stand below one another, each behind what it is.
const style = `:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { max-width: 1100px; margin: 0 auto; padding: 24px 20px; font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } nav { font-size: .9rem; margin-bottom: 10px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; } pre.table { white-space: pre; overflow-x: auto; }
code { overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 6px 10px; border-bottom: 1px solid #8886; text-align: left; vertical-align: baseline; }
.count { text-align: right; white-space: nowrap; } .whole { white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 14px; padding: 0; list-style: none; font-size: .9rem; }
@media (max-width: 640px) {
  body { padding: 16px 12px; }
  thead, .legend { display: none; }
  table, tbody, tr, td { display: block; }
  tr { position: relative; margin: 0 0 12px; padding: 8px 12px; border: 1px solid #8886; border-radius: 8px; }
  td { padding: 2px 0; border: 0; } td:empty { display: none; }
  td.key { position: absolute; font-weight: 700; } td.title { padding-left: 1.6em; margin-bottom: 4px; }
  td.count { text-align: left; }
  td[data-label]::before { content: attr(data-label) ': '; opacity: .75; }
}`;

function plainPage(title: string, body: string, nav: string = ''): string {
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
${nav}<h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;
}

const entities: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character]!);
}

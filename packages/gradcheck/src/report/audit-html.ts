// The audit's report as one HTML file: readable without a script and without a network.

import { showShape } from '@tapegrad/core';
import type { AuditReport, TermReport } from '../audit/audit-report.ts';
import { chainPicture } from './chain-picture.ts';
import { heatMap, scaleOf } from './heat-map.ts';
import { html, htmlPage } from './html-page.ts';
import { showIndex, showNumber } from './numbers.ts';
import { isWorthReading, storyOf, type TermStory } from './story.ts';
import { columnNote, columns, rowsOf } from './table.ts';
import { headSymbol, looks, tally, type VerdictLook, verdictWords } from './verdicts.ts';
import { showName } from './visible.ts';

/** What {@link auditHtml} writes beside the report. */
export interface AuditHtmlOptions {
  /** The title of the page, above all of it too: which network this is. "Backward audit" by default. */
  readonly title?: string;
  /** The address of a page that lists this one among others, absolute or relative: a link to it stands above the title. */
  readonly index?: string;
}

/**
 * The report of an audit as one HTML file, with nothing loaded from elsewhere and no script: the chain as a picture, the table of all
 * gradients, and for each what is to be said of it, its formulas, and its elements as heat maps.
 *
 * ```ts
 * const report: AuditReport = {
 *   kind: 'backward', ok: true, summary: 'Nothing was handed in.', loss: 0.5, precision: 'float64',
 *   terms: [], firstWrong: null, problems: [],
 * };
 * auditHtml(report, { title: 'My network' }).includes('<title>My network</title>'); // → true
 * ```
 */
export function auditHtml(report: AuditReport, options: AuditHtmlOptions = {}): string {
  const { title = 'Backward audit', index } = options;
  const facts = [tally(report), `loss ${showNumber(report.loss)}`, `computed in ${report.precision}`].join(' · ');
  const back = index === undefined ? '' : `<nav><a href="${html(index)}">← all audits</a></nav>\n`;
  const blocks = [
    `<header>\n${back}<h1>${html(title)}</h1>\n<p class="summary"><span class="${report.ok ? 'good' : 'bad'}">${headSymbol(report)}</span> ${html(report.summary)}</p>\n<p class="facts">${html(facts)}</p>\n</header>`,
    problems(report),
  ];
  if (report.terms.length > 0) {
    blocks.push(
      `<section>\n<h2>The chain</h2>\n<div class="scroll">${chainPicture(report)}</div>\n${legend(report)}\n</section>`,
      `<section>\n<h2>All gradients</h2>\n${overview(report)}\n<p class="note">${html(columnNote)}</p>\n</section>`,
      `<section>\n<h2>One by one</h2>\n${report.terms.map((term, i) => details(report, term, i + 1)).join('\n')}\n</section>`,
    );
  }
  return htmlPage(title, blocks.filter((block) => block !== '').join('\n'));
}

/** The class that gives a tone its colour; `note` is taken by notes. */
function toneClass({ tone }: VerdictLook): string {
  return tone === 'note' ? 'note-tone' : tone;
}

function problems({ problems: all }: AuditReport): string {
  if (all.length === 0) return '';
  return `<ul class="problems">\n${all.map((problem) => `<li>${html(problem)}</li>`).join('\n')}\n</ul>`;
}

function legend({ terms }: AuditReport): string {
  const present = Object.entries(looks).filter(([verdict]) => terms.some((term) => term.verdict === verdict));
  const items = present.map(
    ([, look]) => `<li><b class="${toneClass(look)}">${look.symbol}</b> ${html(look.meaning)}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

/** Columns that a phone has no place for: the details tell them. */
const wideOnly: readonly string[] = ['shape', 'numeric'];

function overview(report: AuditReport): string {
  const classes = (key: string, align: string): string =>
    [key === 'name' ? 'name' : '', align === 'right' ? 'number' : '', wideOnly.includes(key) ? 'wide' : '']
      .filter((name) => name !== '')
      .join(' ');
  const head = columns.map(
    ({ key, align, head: lines }) => `<th scope="col" class="${classes(key, align)}">${lines.join(' ')}</th>`,
  );
  const rows = rowsOf(report).map(({ term, symbol, cells }, i) => {
    const tone = toneClass(looks[term.verdict]);
    const shown = columns.map(({ key, align }) => {
      const text = html(cells[key]);
      const cell = {
        name: `<a href="#term-${i + 1}"><code>${text}</code></a>`,
        verdict: `<span class="${tone}">${text}</span>${term.first ? ' <span class="tag">FIRST</span>' : ''}`,
        shape: `<code>${text}</code>`,
        alone: text,
        free: text,
        numeric: text,
      }[key];
      return `<td class="${classes(key, align)}">${cell}</td>`;
    });
    return `<tr${term.first ? ' class="first"' : ''}><td class="sign ${tone}">${symbol}</td>${shown.join('')}</tr>`;
  });
  return `<div class="scroll"><table class="overview">\n<thead><tr><th></th>${head.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
}

function details(report: AuditReport, term: TermReport, position: number): string {
  const look = looks[term.verdict];
  const tone = toneClass(look);
  const first = term.first ? ' <span class="tag">FIRST WRONG</span>' : '';
  const story = storyOf(term);
  const parts = [
    `<p>${html(story.sentences.join(' '))}</p>`,
    causes(story),
    opinions(story),
    formulas(term, story),
    maps(term, position),
  ];
  return `<details id="term-${position}"${term.first ? ' class="first"' : ''}${isWorthReading(term) ? ' open' : ''}>
<summary><span class="${tone}">${look.symbol}</span> <code>d${html(showName(term.name))}</code> <span class="${tone}">${html(verdictWords(report, term))}</span><code class="shape">${html(showShape(term.shape))}</code>${first}</summary>
<div class="body">
${parts.filter((part) => part !== '').join('\n')}
</div>
</details>`;
}

function causes({ causes: all }: TermStory): string {
  if (all.length === 0) return '';
  const items = all.map(
    ({ rank, text, fit }) => `<li><strong>${rank}:</strong> ${html(text)} <span class="fit">(${html(fit)})</span></li>`,
  );
  return `<ul class="causes">${items.join('')}</ul>`;
}

function opinions({ opinions: all }: TermStory): string {
  if (all.length === 0) return '';
  const rows = all.map(({ where, manual, autograd, numeric }) => {
    const numbers = [manual, autograd, numeric].map((value) => `<td class="number">${showNumber(value)}</td>`);
    return `<tr><td><code>${showIndex(where)}</code></td>${numbers.join('')}</tr>`;
  });
  const head = ['manual', 'autograd', 'numeric'].map((name) => `<th scope="col" class="number">${name}</th>`);
  return `<div class="scroll"><table><thead><tr><th scope="col">element</th>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function formulas({ uses }: TermReport, { formulas: all }: TermStory): string {
  const rows = all.flatMap(({ by, formula }) =>
    formula === null ? [] : [`<dt>${by === 'manual' ? 'by hand' : by}</dt><dd><pre>${html(formula.plain)}</pre></dd>`],
  );
  if (uses.length > 0) {
    const names = uses.map((name) => `<code>d${html(showName(name))}</code>`);
    rows.push(`<dt>computed from</dt><dd>${names.join(', ')}</dd>`);
  }
  return rows.length === 0 ? '' : `<dl class="formulas">${rows.join('')}</dl>`;
}

/** The three arrays; the formula's and the tape's on one scale. */
function maps({ elements: { manual, autograd, difference } }: TermReport, position: number): string {
  const shared = scaleOf(manual, autograd);
  const figures = [
    manual === null ? '' : heatMap('by hand', manual, shared, `hatch-${position}-manual`),
    heatMap('autograd', autograd, shared, `hatch-${position}-autograd`),
    difference === null ? '' : heatMap('difference', difference, scaleOf(difference), `hatch-${position}-difference`),
  ];
  return `<div class="maps">${figures.join('')}</div>`;
}

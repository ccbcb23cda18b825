// The pictures of a run as one page, which needs nothing beside itself.

import type { Picture } from './pictures.ts';

/** What stands above the pictures. */
export interface PageHead {
  readonly title: string;
  /** Sentences, each a paragraph. */
  readonly about: readonly string[];
  /** What was measured: a name and a figure each. */
  readonly figures: readonly (readonly [name: string, figure: string])[];
}

/** The page as HTML. */
export function pageOf({ title, about, figures }: PageHead, pictures: readonly Picture[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${about.map((sentence) => `<p>${escaped(sentence)}</p>`).join('\n')}
<dl>
${figures.map(([name, figure]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(figure)}</dd></div>`).join('\n')}
</dl>
<div class="pictures">
${pictures.map(section).join('\n')}
</div>
</main>
</body>
</html>
`;
}

function section({ name, title, caption, svg }: Picture): string {
  return `<section id="${name}">
<h2>${escaped(title)}</h2>
<p>${escaped(caption)}</p>
<div class="picture">${svg}</div>
</section>`;
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e9ed); --soft: light-dark(#57606a, #9aa4af); --paper: light-dark(#ffffff, #14171c); --line: light-dark(#d8dee4, #30363d); }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.75rem; }
h2 { font-size: 1.15rem; margin: 0; }
p { margin: 0.4rem 0; max-width: 44rem; color: var(--soft); }
dl { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.25rem 0 0; }
dl div { flex: 1 1 11rem; border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; }
dt { color: var(--soft); font-size: 0.85rem; }
dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 2rem 2.5rem; margin-top: 2rem; }
#tape { grid-column: 1 / -1; }
section { min-width: 0; }
.picture { margin-top: 0.75rem; }
.picture svg { display: block; max-width: 100%; height: auto; }
`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

// An HTML file that stands by itself: escaped text, and the page around a body. What the pages of reports look like is in html-style.ts.

import { pageStyle } from './html-style.ts';
import { visible } from './visible.ts';

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text as HTML shows it, between tags or in a quoted attribute. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A page with a title around a body that is HTML already; nothing in it is loaded from elsewhere. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(title)}</title>
<style>
${pageStyle}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

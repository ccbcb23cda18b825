// The page: everything in one file, and nothing of a text taken for markup.

import { expect, it } from 'vitest';
import { pageOf } from '../src/page.ts';

it('holds texts, figures and pictures, and needs nothing beside itself', () => {
  const picture = { name: 'loss', title: 'a < b', caption: '"quoted" & more', svg: '<svg id="one"></svg>' };
  const head = { title: '<b>', about: ['1 < 2'], figures: [['accuracy', '0.97']] as const };
  const page = pageOf(head, [picture]);
  expect(page).toContain('<title>&lt;b></title>');
  expect(page).toContain('<p>1 &lt; 2</p>');
  expect(page).toContain('<dt>accuracy</dt><dd>0.97</dd>');
  expect(page).toContain('<h2>a &lt; b</h2>\n<p>&quot;quoted&quot; &amp; more</p>');
  expect(page).toContain('<div class="picture"><svg id="one"></svg></div>');
  expect(page).not.toMatch(/<script|<link|src=|href=/);
});

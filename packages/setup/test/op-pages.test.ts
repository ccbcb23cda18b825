// The pages of docs/ops are what the table makes of them. `npx vitest run packages/setup -u` writes them; without -u a page that
// differs fails, and where CI is set also one that is missing. Their examples are run by docs.test.ts, like all of the documentation.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, entries } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Declarations } from '../src/docs/op-pages/declarations.ts';
import { opPages, pagesFolder } from '../src/docs/op-pages/pages.ts';
import { root } from '../src/workspace.mjs';

const folder = join(root, pagesFolder);
const pages = opPages();

function pageOf({ name }: Entry): string {
  return pages.find(({ file }) => file === `${name}.md`)!.text();
}

describe(pagesFolder, () => {
  for (const { file, text } of pages) {
    test(`${file} is what the table makes of it`, async () => {
      await expect(text()).toMatchFileSnapshot(join(folder, file));
    });
  }

  test('has no page of an op that is gone: delete those that are named here', () => {
    const files = existsSync(folder) ? readdirSync(folder) : [];
    expect(files.filter((file) => pages.every((page) => page.file !== file))).toEqual([]);
  });

  test('shows a gradient by example for every op that has one', () => {
    const lacking = entries.filter((entry) => entry.differentiable.length > 0 && !/\bgrad\(/.test(pageOf(entry)));
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });

  test('shows no NaN, infinity or missing value', () => {
    const odd = entries.filter((entry) => /→ .*(NaN|Infinity|undefined|null|\[object)/.test(pageOf(entry)));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  test('shows rules as they stand in the source, without names that the test runner puts there', () => {
    expect(entries.filter((entry) => pageOf(entry).includes('__')).map(({ name }) => name)).toEqual([]);
  });

  test('links to files that are there', () => {
    const links = pages.flatMap(({ text }) => Array.from(text().matchAll(/\]\(([^)#]+)\)/g), ([, link]) => link!));
    expect([...new Set(links)].filter((link) => !existsSync(join(folder, link)))).toEqual([]);
  });
});

test('declared types name the operands as the entries do', () => {
  const declarations = new Declarations();
  for (const { name, inputs } of entries) {
    const parameters = declarations.signatureOf(name).parameters.map((parameter) => parameter.name);
    expect([name, ...parameters.filter((parameter) => inputs.includes(parameter))]).toEqual([name, ...inputs]);
  }
});

// The rules of the table as text. A function's own text is its source without types; where it uses what its module imports, a test
// runner puts names of its own, which are taken back here. All are formatted in one go, since starting the formatter takes longer.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Entry, OpEntry } from '@tapegrad/core';
import { tools } from '../../tools.mjs';
import { root } from '../../workspace.mjs';
import type { Declarations } from './declarations.ts';

/** Whether the entry has rules of its own; otherwise the op is made of others. */
export function hasRules(entry: Entry): entry is OpEntry {
  return 'vjp' in entry;
}

/** The code of the rules of each op, with the comments above them. Ops without a rule are left out. */
export function ruleTexts(entries: readonly Entry[], declarations: Declarations): Map<string, string> {
  const withRules = entries.filter(hasRules).filter(({ differentiable }) => differentiable.length > 0);
  const texts = withRules.map((entry) => objectText(entry, declarations.commentsOf(entry.name)));
  const formatted = format(texts.join('\n'));
  const rules = new Map<string, string>();
  // one object an op, its name in front: `add = {`, its rules, `};`
  for (const [, name = '', body = ''] of formatted.matchAll(/^(\w+) = \{\n([\s\S]*?)^\};$/gm)) {
    rules.set(name, body.replace(/^ {2}/gm, '').trimEnd());
  }
  if (rules.size !== withRules.length)
    throw new Error(`the formatter gave ${rules.size} of ${withRules.length} rules.`);
  return rules;
}

function objectText({ name, inputs, vjp }: OpEntry, comments: ReadonlyMap<string, string>): string {
  const properties = inputs
    .filter((input) => typeof vjp[input] === 'function')
    .map((input) => {
      const text = withOwnNames(String(vjp[input]));
      return `${comments.get(input) ?? ''}${text.startsWith(`${input}(`) ? '' : `${input}: `}${text},\n`;
    });
  return `${name} = {\n${comments.get('vjp') ?? ''}${properties.join('')}};`;
}

/** `(0,__imports__.where)(…)` as `where(…)`. */
function withOwnNames(text: string): string {
  return text.replace(/\(0,\s*__\w+__\.(\w+)\)/g, '$1').replace(/\b__\w+__\.(\w+)/g, '$1');
}

function format(text: string): string {
  const args = ['format', '--stdin-file-path=rules.js', '--line-width=100'];
  const biome = spawnSync(process.execPath, [join(root, tools.biome), ...args], {
    cwd: root,
    encoding: 'utf8',
    input: text,
  });
  if (biome.status === 0) return biome.stdout;
  throw new Error(`the rules cannot be formatted:\n${biome.stderr}`);
}

// The pages of the docs that are made from the table: one for each op, and the list of all.

import { type Entry, entries } from '@tapegrad/core';
import { Declarations, kindOf } from './declarations.ts';
import { link, pageOf } from './page.ts';
import { ruleTexts } from './rules.ts';
import { firstSentence } from './text.ts';

/** The folder of the pages, relative to the root of the workspace. */
export const pagesFolder = 'docs/ops';

/** A file of the folder. */
export interface Page {
  readonly file: string;
  readonly text: () => string;
}

interface Kind {
  readonly name: string;
  readonly doc: string;
  readonly entries: Entry[];
}

/** All pages. Their texts are made when asked for, so that one that fails leaves the others. */
export function opPages(): Page[] {
  const declarations = new Declarations();
  const kinds = kindsOf(declarations);
  let rules: Map<string, string> | undefined;
  const pages = [...kinds.values()].flatMap((kind) =>
    kind.entries.map((entry) => ({
      file: `${entry.name}.md`,
      text: once(() => {
        rules ??= ruleTexts(entries, declarations);
        return pageOf(entry, { declarations, rules, neighbours: kind.entries.map(({ name }) => name) });
      }),
    })),
  );
  return [{ file: 'README.md', text: () => listOf([...kinds.values()]) }, ...pages];
}

function once(make: () => string): () => string {
  let text: string | undefined;
  return () => {
    text ??= make();
    return text;
  };
}

/** The entries by the file that declares them, in the order of the table. */
function kindsOf(declarations: Declarations): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const entry of entries) {
    const source = declarations.sourceOf(entry.name);
    const kind = kinds.get(source.file) ?? { ...kindOf(source), entries: [] };
    kind.entries.push(entry);
    kinds.set(source.file, kind);
  }
  return kinds;
}

function listOf(kinds: readonly Kind[]): string {
  const count = kinds.reduce((sum, kind) => sum + kind.entries.length, 0);
  const contents = kinds.map(({ name }) => `[${name}](#${name.toLowerCase().replaceAll(' ', '-')})`).join(' · ');
  const lists = kinds.map(({ name, doc, entries: ofKind }) => {
    const lines = ofKind.map((entry) => `- ${link(entry.name)}: ${firstSentence(entry.doc)}`);
    return `## ${name}\n\n${doc}\n\n${lines.join('\n')}`;
  });
  return `${[head(count), contents, ...lists].join('\n\n')}\n`;
}

function head(count: number): string {
  return `<!-- Made from the table of ops. Do not edit: npx vitest run packages/setup -u -->

# The ops

${count} ops, each of which is one entry of the table in [\`packages/core/src/ops\`](../../packages/core/src/ops). These pages are made from
the entries, and the tests run their examples and compare the pages with the table: \`npx vitest run packages/setup -u\` makes them anew.

How to read a page:

- An op is a function, and where its first operand is \`x\` also a method: \`add(x, y)\` is \`x.add(y)\`. A number as an operand takes the
  dtype beside it; float32 beside float64 is refused, int32 and bool take the float dtype beside them. **Dtypes** shows what operands of
  one dtype give, **Shapes** what shapes do, found by trying.
- Examples show what \`String(tensor)\` gives: dtype, shape, elements to six digits.
- **Gradient** is the op's rule as it stands in the source: for each operand a function of \`g\`, the derivative of the loss by the op's
  output, which gives that by the operand. What it takes besides was kept from the forward pass: operands by their names, \`out\` for the
  output. \`call\`, or its parts \`attrs\` and \`inputs\`, are the arguments, and the operands' shapes and dtypes. Functions that are not
  ops stand in the source file. Rules are made of ops, so that they have gradients too.
- An op without rules of its own is made of others; its page shows the tape of an example.
- Every gradient is compared with central differences at orders 1 and 2, on all the shapes of the entry's samples.`;
}

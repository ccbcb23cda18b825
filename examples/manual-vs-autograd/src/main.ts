// The example as a program: reads the options, audits the systems, prints what came of them.

import { type Audited, auditAll } from './audited.ts';
import { writeHtml } from './html.ts';
import { type Format, help, type Options, readOptions } from './options.ts';
import { printers } from './reports.ts';
import { overview } from './tables.ts';

const options = optionsOrExit(process.argv.slice(2));
if (options?.help) console.log(help);
else if (options) await run(options);

function optionsOrExit(args: readonly string[]): Options | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    fail(error);
    return undefined;
  }
}

function fail(error: unknown): void {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function run({ systems, format, html }: Options): Promise<void> {
  const all = [];
  for await (const audited of auditAll(systems)) {
    all.push(audited);
    printSystem(audited, format);
  }
  if (format === 'table') console.log(`\n── Overview\n\n${overview(all)}`);
  if (html === undefined) return;
  try {
    const pages = await writeHtml(all, html);
    console.log(`\nWrote ${html}, with links to ${pages} ${pages === 1 ? 'page' : 'pages'} beside it.`);
  } catch (error) {
    fail(error);
  }
}

function printSystem({ system, combinations }: Audited, format: Format): void {
  const isMarkdown = format === 'markdown' || format === 'derivation';
  const title = `${system.key.toUpperCase()}. ${system.title}`;
  console.log(isMarkdown ? `\n# ${title}` : `\n── ${title}`);
  for (const combination of combinations) {
    console.log(`\n${isMarkdown ? '## ' : ''}${combination.title}\n\n${printers[format](combination)}`);
  }
}

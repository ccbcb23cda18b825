// The example as a program: reads the options, audits the systems, prints what came of them.

import { runCommand } from '@tapegrad/command';
import { type Audited, auditAll } from './audited.ts';
import { writeHtml } from './html.ts';
import { chosenSystems, command, type Format, formatOf, htmlFile, type Options } from './options.ts';
import { printers } from './reports.ts';
import { overview } from './tables.ts';

await runCommand(command, run);

async function run(options: Options): Promise<void> {
  const [format, html] = [formatOf(options), htmlFile(options)];
  const all = [];
  for await (const audited of auditAll(chosenSystems(options), options.seed)) {
    all.push(audited);
    printSystem(audited, format);
  }
  if (format === 'table') console.log(`\n── Overview\n\n${overview(all)}`);
  if (html === undefined) return;
  const pages = await writeHtml(all, html);
  console.log(`\nWrote ${html}, with links to ${pages} ${pages === 1 ? 'page' : 'pages'} beside it.`);
}

function printSystem({ system, combinations }: Audited, format: Format): void {
  const isMarkdown = format === 'markdown' || format === 'derivation';
  const title = `${system.key.toUpperCase()}. ${system.title}`;
  console.log(isMarkdown ? `\n# ${title}` : `\n── ${title}`);
  for (const combination of combinations) {
    console.log(`\n${isMarkdown ? '## ' : ''}${combination.title}\n\n${printers[format](combination)}`);
  }
}

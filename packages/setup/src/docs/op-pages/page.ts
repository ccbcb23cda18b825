// The page of one op, made from its entry.

import { type Entry, ops, Tape, Tensor } from '@tapegrad/core';
import { differentiable, resultOf } from './calls.ts';
import type { Declarations, OptionText, ParameterText, Signature, Source } from './declarations.ts';
import { type Example, exampleOf } from './example.ts';
import { hasRules } from './rules.ts';
import { dtypesTable, shapesTable } from './tables.ts';
import { code, table } from './text.ts';

/** What the pages have in common. */
export interface Surroundings {
  readonly declarations: Declarations;
  /** The code of the rules, by op. */
  readonly rules: ReadonlyMap<string, string>;
  /** The ops of the same kind. */
  readonly neighbours: readonly string[];
}

/** The Markdown of an op's page. */
export function pageOf(entry: Entry, { declarations, rules, neighbours }: Surroundings): string {
  const source = declarations.sourceOf(entry.name);
  const signature = declarations.signatureOf(entry.name);
  const example = exampleOf(entry, signature);
  const links = neighbours.filter((name) => name !== entry.name).map(link);
  const sections = [
    `<!-- Made from ${source.file}. Do not edit: npx vitest run packages/setup -u -->`,
    `# ${entry.name}`,
    entry.doc,
    `$$\n${entry.tex}\n$$`,
    fenced('typescript', callForms(entry, signature, source, declarations)),
    parameterDocs(signature, source, declarations),
    '## Example',
    fenced('ts', example.code),
    '## Shapes',
    shapesTable(entry, example.sample),
    '## Dtypes',
    dtypesTable(entry),
    '## Gradient',
    gradientSection(entry, example, helpersIn(rules.get(entry.name) ?? '', source, declarations), rules),
    '## See also',
    `${[...links, '[all ops](README.md)'].join(' · ')}. Source: [${source.file.split('/').slice(-2).join('/')}](../../${source.file})`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** A link to the page of an op. */
export function link(name: string): string {
  return `[${name}](${name}.md)`;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** The function's type, and how it is called as a method. */
function callForms(entry: Entry, signature: Signature, source: Source, declarations: Declarations): string {
  const parameters = signature.parameters.map(({ name, mark, type }) => {
    const written = declarations.writtenOut(type, source);
    const text = mark === '?' ? written.replace(/ \| undefined$/, '') : written;
    return mark === '...' ? `...${name}: ${text}` : `${name}${mark}: ${text}`;
  });
  const oneLine = `${entry.name}(${parameters.join(', ')}): ${signature.result}`;
  const form =
    oneLine.length <= 100
      ? oneLine
      : `${entry.name}(\n${parameters.map((each) => `  ${each},\n`).join('')}): ${signature.result}`;
  if (!Object.hasOwn(Tensor.prototype, entry.name) || entry.inputs[0] !== 'x') return form;
  const rest = signature.parameters
    .slice(1)
    .map(({ name, mark }) => (mark === '...' ? `...${name}` : `${name}${mark}`));
  return `${form}\nx.${entry.name}(${rest.join(', ')}) // the same, as a method`;
}

/** The options, and the types that are too long to be written out. */
function parameterDocs({ parameters }: Signature, source: Source, declarations: Declarations): string {
  const blocks = parameters.map((parameter) => {
    const options = declarations.optionsOf(parameter.type, source);
    if (options.length > 0) return optionsTable(options, source, declarations);
    return longTypes(parameter, source, declarations);
  });
  return [...new Set(blocks.filter((block) => block !== ''))].join('\n\n');
}

function optionsTable(options: readonly OptionText[], source: Source, declarations: Declarations): string {
  const rows = options.map(({ name, isOptional, type, doc }) => [
    isOptional ? code(name) : `${code(name)} (required)`,
    code(declarations.writtenOut(type, source)),
    doc,
  ]);
  return table(['option', 'type', ''], rows);
}

/** What a name in a parameter's type means, where it still stands there; and so on for the names in that. */
function longTypes({ type }: ParameterText, source: Source, declarations: Declarations): string {
  const lines = new Map<string, string>();
  const explain = (text: string): void => {
    for (const [name] of declarations.writtenOut(text, source).matchAll(/\b(?!Tensor\b)[A-Z]\w+\b/g)) {
      const alias = declarations.alias(name, source);
      if (alias === undefined || lines.has(name)) continue;
      lines.set(name, `- ${code(name)}: ${code(declarations.writtenOut(alias.type, source))}. ${alias.doc}`.trimEnd());
      explain(alias.type);
    }
  };
  explain(type);
  return [...lines.values()].join('\n');
}

/** What the functions do that rules call and that are not ops. */
function helpersIn(rule: string, source: Source, declarations: Declarations): string {
  const called = new Set(Array.from(rule.matchAll(/(?<![.\w])([a-z]\w*)\(/g), ([, name]) => name!));
  const lines = [...called].flatMap((name) => {
    const doc = name in ops ? undefined : declarations.functionDoc(name, source);
    return doc === undefined ? [] : [`- ${code(name)}: ${doc}`];
  });
  return lines.join('\n');
}

function gradientSection(entry: Entry, example: Example, helpers: string, rules: ReadonlyMap<string, string>): string {
  if (entry.differentiable.length === 0) {
    return 'Not differentiable: no gradient flows through it to any operand.';
  }
  const closed = entry.inputs.filter((input) => !entry.differentiable.includes(input));
  const none = closed.length === 0 ? '' : `By ${listed(closed)}: not differentiable.`;
  if (!hasRules(entry)) return [compositeSection(entry, example), none].filter((part) => part !== '').join('\n\n');
  const kept = `Kept for backward: ${entry.saves.length === 0 ? 'nothing' : listed(entry.saves)}`;
  const broadcast = entry.broadcasts
    ? ' Operands broadcast; the gradient of one that was broadcast is summed back to its shape.'
    : '';
  const parts = [fenced('js', rules.get(entry.name)!), helpers, none, `${kept}.${broadcast}`];
  return parts.filter((part) => part !== '').join('\n\n');
}

function listed(names: readonly string[]): string {
  return names.map(code).join(', ');
}

/** What an op is made of that has no rules of its own: the tape of the example's first call. */
function compositeSection(entry: Entry, { sample, operands }: Example): string {
  const positions = differentiable(entry, sample);
  const tape = new Tape();
  tape.watch(Object.fromEntries(positions.map((i) => [operands[i]!.name, operands[i]!.value])));
  tape.record(() => {
    const result = resultOf(
      entry,
      operands.map(({ value }) => value),
      sample.args,
    );
    // several results are recorded, one is returned
    return result instanceof Tensor ? result : result[0]!;
  });
  const names = [...new Set(tape.nodes.flatMap(({ op }) => op?.name ?? []))].filter((name) => name in ops);
  if (names.length === 0) return 'Made of other ops, and differentiated by their rules.';
  return `Made of ${names.map(link).join(', ')}, and differentiated by their rules. The example's first call on a tape:\n\n${fenced('text', String(tape))}`;
}

// Pieces of Markdown and of TypeScript: tables, shapes, values as code, lists split at their commas.

import { newAxis, type Shape } from '@tapegrad/core';

/** A Markdown table. A `|` inside of a cell is escaped, in code too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Text between backticks, more of them where it has some itself. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** `[2, 3]`. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** A value as the TypeScript that makes it; undefined where there is none, as for a generator of random numbers. */
export function literal(value: unknown): string | undefined {
  if (value === newAxis) return 'newAxis';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return typeof value === 'symbol' ? undefined : String(value);
  const parts = Array.isArray(value)
    ? value.map(literal)
    : Object.entries(value).map(([name, each]) => prefixed(`${name}: `, literal(each)));
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain || parts.includes(undefined)) return undefined;
  if (Array.isArray(value)) return `[${parts.join(', ')}]`;
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function prefixed(prefix: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : prefix + text;
}

/** The parts of a list of TypeScript, split at the commas that no bracket encloses. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{<'.includes(text[i]!)) depth++;
    // the > of an arrow closes nothing
    else if (')]}'.includes(text[i]!) || (text[i] === '>' && text[i - 1] !== '=')) depth--;
    if (text[i] !== ',' || depth > 0) continue;
    parts.push(text.slice(start, i));
    start = i + 1;
  }
  return [...parts, text.slice(start)].map((part) => part.trim()).filter((part) => part !== '');
}

/** The position of the bracket that closes the one at `open`. */
export function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if ('([{<'.includes(text[i]!)) depth++;
    else if (')]}'.includes(text[i]!) || (text[i] === '>' && text[i - 1] !== '=')) depth--;
    if (depth === 0) return i;
  }
  return text.length;
}

/** The first sentence of a text. */
export function firstSentence(text: string): string {
  return /^.*?[.](?= [A-Z]|$)/s.exec(text)?.[0] ?? text;
}

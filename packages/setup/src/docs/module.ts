// Turns a block into the text of a module that a test can import. Every line keeps the number it has in its file,
// so that errors and stack traces point into the documentation.

import type { Block } from './blocks.ts';

/** A name that a package exports. */
export interface ExportedName {
  readonly name: string;
  readonly from: string;
  readonly isType: boolean;
}

/**
 * The module of a block, which holds also the blocks that it continues.
 * @param names in TSDoc, those that the block uses without declaring them are imported.
 */
export function moduleText(block: Block, names: readonly ExportedName[]): string {
  const lines: string[] = [];
  for (let part: Block | undefined = block; part; part = part.continues) {
    const { file, line } = part;
    part.code.forEach((text, i) => {
      lines[line + i] = withCheck(text, `${file}:${line + i + 1}`);
    });
  }
  const imports = [`import { check as __check } from '#check';`];
  if (block.file.endsWith('.ts')) imports.push(...missingImports(lines.join('\n'), names));
  // The first line is free: no code stands above the opening fence of a file's first block.
  lines[0] = imports.join(' ');
  return Array.from(lines, (line) => line ?? '').join('\n');
}

/** `expression; // → text` as a call of `check`. */
function withCheck(line: string, at: string): string {
  const [before, expected] = splitOnce(line, '// →');
  if (expected === undefined) return line;
  const expression = /^(\s*)(.*\S);\s*$/.exec(before);
  if (!expression) throw new Error(`${at}: "// →" must follow an expression statement that ends in ";" on its line.`);
  return `${expression[1]}__check(${expression[2]}, ${JSON.stringify(expected.trim())}, ${JSON.stringify(at)});`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function missingImports(code: string, names: readonly ExportedName[]): string[] {
  const used = new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  const declared = declaredNames(code);
  const missing = names.filter(({ name }) => used.has(name) && !declared.has(name));
  return missing.map(({ name, from, isType }) => `import { ${isType ? 'type ' : ''}${name} } from '${from}';`);
}

/** The names that declarations and imports of the code make, as far as its text shows without parsing it. */
function declaredNames(code: string): Set<string> {
  const simple = code.matchAll(/\b(?:const|let|var|function\*?|class|interface|type)\s+([\w$]+)/g);
  const grouped = code.matchAll(/\b(?:(?:const|let|var)\s*([[{][^=;]*?)=|import\s+([^;]*?)\bfrom\b)/g);
  const groups = Array.from(grouped, ([, pattern, clause]) => pattern ?? clause ?? '');
  // In `{ W: dW }` and `{ W as dW }` only the new name counts.
  const inGroups = groups.flatMap((group) => group.replace(/[\w$]+\s*(?::|\bas\b)/g, '').match(/[\w$]+/g) ?? []);
  return new Set([...Array.from(simple, ([, name]) => name!), ...inGroups]);
}

// Finds the ```ts blocks of a Markdown file or of the TSDoc comments of a source file. What a block becomes: module.ts.

/** A ```ts block, with where it stands. */
export interface Block {
  /** The file, relative to the root of the workspace. */
  readonly file: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  /** The code, without the fences and their indentation. */
  readonly code: readonly string[];
  /** The block that this one continues: its fence is marked `ts continue`. */
  readonly continues: Block | undefined;
  /** Whether the block is run (`false` for `ts no-run` and what continues it) or only type-checked. */
  readonly runs: boolean;
}

const fence = /^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$/;

/**
 * The ```ts blocks of a text, in order.
 * @param file the name, relative to the root; in a `.ts` file only TSDoc comments count.
 * @throws if a fence is never closed, or is marked with a word that is neither `continue` nor `no-run`.
 */
export function findBlocks(file: string, text: string): Block[] {
  const lines = (file.endsWith('.ts') ? onlyTsDoc(text) : text).split(/\r?\n/);
  const blocks: Block[] = [];
  for (let start = 0; start < lines.length; start++) {
    const [, indent = '', ticks, info = ''] = fence.exec(lines[start]!) ?? [];
    if (ticks === undefined) continue;
    const end = lines.findIndex((line, i) => i > start && isClosing(line, ticks));
    if (end < 0) throw new Error(`${file}:${start + 1}: this code fence is never closed.`);
    const [language, ...marks] = info.split(/\s+/);
    if (language === 'ts') {
      const code = lines.slice(start + 1, end).map((line) => withoutIndent(line, indent));
      blocks.push({ file, line: start + 1, code, ...readMarks(marks, blocks.at(-1), `${file}:${start + 1}`) });
    }
    start = end;
  }
  return blocks;
}

function readMarks(marks: string[], previous: Block | undefined, at: string): Pick<Block, 'continues' | 'runs'> {
  const unknown = marks.find((mark) => mark !== 'continue' && mark !== 'no-run');
  if (unknown !== undefined) throw new Error(`${at}: "${unknown}" is neither "continue" nor "no-run".`);
  const continues = marks.includes('continue') ? previous : undefined;
  if (marks.includes('continue') && !continues) throw new Error(`${at}: there is no earlier block to continue.`);
  return { continues, runs: !marks.includes('no-run') && continues?.runs !== false };
}

/** A closing fence repeats the opening one's character at least as often, and nothing else. */
function isClosing(line: string, ticks: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= ticks.length && trimmed === ticks[0]!.repeat(trimmed.length);
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}

/** The text with all but the insides of its TSDoc comments blanked: every line keeps its number. */
function onlyTsDoc(text: string): string {
  let inside = false;
  return text
    .split('\n')
    .map((line) => {
      const opens = /^\s*\/\*\*/.test(line);
      if (!inside && !opens) return '';
      inside = !line.includes('*/');
      return line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, '').replace(/\s*\*\/.*/, '');
    })
    .join('\n');
}

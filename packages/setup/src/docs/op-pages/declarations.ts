// What the sources of core declare and its values no longer know: the types of the ops, the options that these name, the comments
// above rules, and which file holds what. Read as text: the formatter sees to it that declarations start and end at a line's start.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../workspace.mjs';
import { closingBracket, splitList } from './text.ts';

/** A source file of core. */
export interface Source {
  /** Relative to the root of the workspace. */
  readonly file: string;
  readonly text: string;
}

/** A parameter of an op: an operand or an argument. */
export interface ParameterText {
  readonly name: string;
  /** `?` where it may be left out, `...` where there may be any number. */
  readonly mark: '' | '?' | '...';
  readonly type: string;
}

/** The type of an op's function. */
export interface Signature {
  readonly parameters: readonly ParameterText[];
  readonly result: string;
}

/** A property of an options object. */
export interface OptionText {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
  readonly doc: string;
}

/** A type with a name. */
export interface Alias {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

const folder = 'packages/core/src';
const tsDoc = String.raw`(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?`;
const aliasText = new RegExp(String.raw`${tsDoc}^(?:export )?type (\w+) =\s*([\s\S]*?);$`, 'gm');
const memberText = new RegExp(String.raw`${tsDoc}readonly (\w+)(\?)?: ([^;]+);`, 'g');
const interfaceText = /^(?:export )?interface (\w+)(?: extends ([\w, ]+))? \{\n([\s\S]*?)^\}/gm;

/** The declarations of core, op by op. */
export class Declarations {
  private readonly files: readonly Source[];

  constructor() {
    this.files = [`${folder}/ops`, folder, `${folder}/kernels`].flatMap((path) =>
      readdirSync(join(root, path))
        .filter((file) => file.endsWith('.ts'))
        .sort()
        .map((file) => ({ file: `${path}/${file}`, text: readFileSync(join(root, path, file), 'utf8') })),
    );
  }

  /** The file that declares an op. */
  sourceOf(op: string): Source {
    return this.declarationOf(op).source;
  }

  /** The type of an op's function. */
  signatureOf(op: string): Signature {
    const { source, text } = this.declarationOf(op);
    let [, type = ''] = /:\s([\s\S]*?)\s=(?!>)/.exec(text) ?? [];
    // Unary, then Op<…>, then what is in it, which may again be a name
    for (let alias = this.alias(type, source); alias !== undefined || type.startsWith('Op<'); ) {
      type = alias?.type ?? type.slice('Op<'.length, closingBracket(type, 'Op'.length)).trim();
      alias = this.alias(type, source);
    }
    if (!type.startsWith('(')) throw new Error(`${op}: its type is "${type}". Expected a function, or a name for one.`);
    const end = closingBracket(type, 0);
    return {
      parameters: splitList(type.slice(1, end)).map(readParameter),
      result: oneLine(type.slice(end + 1).replace(/^\s*=>/, '')),
    };
  }

  /** A type with the names written out that stand for short ones. */
  writtenOut(type: string, source: Source): string {
    return type.replace(/\b(?<![.'])([A-Z]\w*)\b(\[\])?/g, (text, name: string, list: string | undefined) => {
      const alias = this.alias(name, source);
      const isShort = alias !== undefined && alias.type.length <= 70 && !/[{`]|\btypeof\b/.test(alias.type);
      if (!isShort || new RegExp(String.raw`\b${name}\b`).test(alias.type)) return text;
      const inner = this.writtenOut(alias.type, source);
      return list === undefined ? inner : `${/[ |]/.test(inner) ? `(${inner})` : inner}[]`;
    });
  }

  /** The options in an object of a type, those of the types that it extends first; none where it is not an interface. */
  optionsOf(type: string, source: Source): OptionText[] {
    const found = this.near(source).flatMap(({ text }) => [...text.matchAll(interfaceText)]);
    const [, , bases = '', body = ''] = found.find(([, name]) => name === type) ?? [];
    const inherited = splitList(bases).flatMap((base) => this.optionsOf(base, source));
    const own = Array.from(body.matchAll(memberText), ([, doc = '', name = '', mark, member = '']) => ({
      name,
      isOptional: mark === '?',
      type: oneLine(member),
      doc: readDoc(doc),
    }));
    return [...inherited.filter(({ name }) => own.every((option) => option.name !== name)), ...own];
  }

  /** A type by its name: that of the file itself, otherwise the first of any file. */
  alias(name: string, source: Source): Alias | undefined {
    for (const { text } of this.near(source)) {
      const match = [...text.matchAll(aliasText)].find(([, , found]) => found === name);
      if (match) return { name, doc: readDoc(match[1] ?? ''), type: oneLine(match[3]!.replace(/^\s*\|/, '')) };
    }
    return undefined;
  }

  /** What the TSDoc of a function says that is declared at the start of a line; undefined where there is none. */
  functionDoc(name: string, source: Source): string | undefined {
    const declared = new RegExp(String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:export )?(?:function|const) ${name}\b`);
    for (const { text } of this.near(source)) {
      const doc = declared.exec(text)?.[1];
      if (doc !== undefined) return readDoc(doc);
    }
    return undefined;
  }

  /** The comments that stand above an op's rules: by operand, and under `vjp` what is said of all. */
  commentsOf(op: string): Map<string, string> {
    const comments = this.declarationOf(op).text.matchAll(/((?:^[ \t]*\/\/.*\n)+)[ \t]*(\w+): /gm);
    return new Map(Array.from(comments, ([, comment = '', name = '']) => [name, comment.replace(/^[ \t]+/gm, '')]));
  }

  /** The text from an op's name to the end of what is assigned to it, and its file. */
  private declarationOf(op: string): { readonly source: Source; readonly text: string } {
    for (const source of this.files) {
      // some have another name in their file: `export { isNaNOp as isNaN }`
      const [, local] = new RegExp(String.raw`^export \{[^}]*?\b(\w+) as ${op}\b`, 'm').exec(source.text) ?? [];
      const name = new RegExp(local === undefined ? `^export const ${op}:` : `^const ${local}:`, 'm');
      const start = name.exec(source.text)?.index;
      if (start === undefined || source.file === `${folder}/index.ts`) continue;
      const text = source.text.slice(start);
      return { source, text: text.slice(0, /\n(?=\S)(?![}\])>])/.exec(text)?.index) };
    }
    throw new Error(`${op}: no file of ${folder}/ops declares it. Expected a line "export const ${op}: …".`);
  }

  /** The file first, then all. */
  private near(source: Source): readonly Source[] {
    return [source, ...this.files];
  }
}

/** What the first lines of a file say that it holds, without what they say about other files. */
export function kindOf({ file, text }: Source): { readonly name: string; readonly doc: string } {
  const head = /^(?:\/\/.*\n)+/.exec(text)?.[0] ?? '';
  const sentences = head
    .replace(/^\/\/ ?/gm, '')
    .replace(/\s+/g, ' ')
    .split(/(?<=\.) (?=[A-Z])/);
  const kept = sentences.filter((each) => !/\.ts\b|^An op is one entry|^One op\b/.test(each));
  const name = file.split('/').at(-1)!.replace('.ts', '');
  return { name: name[0]!.toUpperCase() + name.slice(1).replace(/(\d)d$/, ' $1d'), doc: kept.join(' ').trim() };
}

function readParameter(text: string): ParameterText {
  const [, dots, name = '', optional, type = ''] = /^(\.\.\.)?(\w+)(\?)?:\s*([\s\S]*)$/.exec(text) ?? [];
  return { name, mark: dots === '...' ? '...' : optional === '?' ? '?' : '', type: oneLine(type) };
}

function readDoc(comment: string): string {
  const [text = ''] = comment.replace(/^\s*\*( |$)/gm, '').split(/\n```|(?<!^)@\w+ (?!\d)/);
  return oneLine(text.replace(/\{@link ([\w.]+)\}/g, '`$1`'));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

// From functions to the bytes of a module: those that are exported, with all that they call.

import { bodyOf, emitFunction } from './emit.ts';
import { Bytes } from './encoding.ts';
import type { DefinedFunction, FunctionSource, ImportedFunction } from './expression.ts';
import { signatureOf } from './function.ts';
import { typeCodes, type ValueType } from './types.ts';

/** The one memory of a module, in pages of 64 KiB: its own, or one that it is given. */
export interface MemorySource {
  readonly pages: number;
  readonly maximum?: number;
  /** For threads; needs a maximum. */
  readonly shared?: boolean;
  /** Where it comes from: `imports[module][name]`. Its own if left out. */
  readonly from?: { readonly module: string; readonly name: string };
  /** The name under which it is exported, if it is. */
  readonly as?: string;
}

/** A module: what it exports, and the memory that its functions work on. */
export interface ModuleSource {
  readonly exports: { readonly [name: string]: DefinedFunction };
  readonly memory?: MemorySource;
}

const sections = { type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10, custom: 0 } as const;
const kinds = { function: 0, memory: 2 } as const;
const functionType = 0x60;

/**
 * The bytes of a module: what `WebAssembly.Module` takes. Functions that exported ones call need not be listed.
 *
 * ```ts
 * const x = local('i32');
 * const next = defineFunction({ name: 'next', params: [x], result: i32.add(x, 1) });
 * assemble({ exports: { next } }).length < 60; // → true
 * ```
 */
export function assemble({ exports, memory }: ModuleSource): Uint8Array<ArrayBuffer> {
  const functions = reachable(Object.values(exports));
  const imported = functions.filter((source): source is ImportedFunction => source.kind === 'imported');
  const defined = functions.filter((source): source is DefinedFunction => source.kind === 'defined');
  const numbers = new Map<FunctionSource, number>([...imported, ...defined].map((source, number) => [source, number]));
  const types = new TypeList();
  const own = memory?.from === undefined && memory !== undefined ? [memory] : [];
  const outside = memory?.from === undefined ? [] : [memory];

  const code = new Bytes().section(sections.code, defined, (source, to) => {
    to.sized((body) => emitFunction(source, numbers, body));
  });
  const imports = new Bytes().section(sections.import, [...imported, ...outside], (source, to) => {
    if ('kind' in source) {
      to.name(source.module).name(source.name).byte(kinds.function).unsigned(types.numberOf(source));
    } else {
      to.name(source.from!.module).name(source.from!.name).byte(kinds.memory);
      writeLimits(source, to);
    }
  });
  const signatures = new Bytes().section(sections.function, defined, (source, to) => {
    to.unsigned(types.numberOf(source));
  });
  const exported = [
    ...Object.entries(exports).map(([name, source]) => [name, kinds.function, numbers.get(source)!] as const),
    ...(memory?.as === undefined ? [] : [[memory.as, kinds.memory, 0] as const]),
  ];
  const bytes = new Bytes().raw([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  types.write(bytes);
  bytes.raw(imports.toUint8Array()).raw(signatures.toUint8Array()).section(sections.memory, own, writeLimits);
  bytes.section(sections.export, exported, ([name, kind, number], to) => to.name(name).byte(kind).unsigned(number));
  bytes.raw(code.toUint8Array());
  writeNames([...imported, ...defined], bytes);
  return bytes.toUint8Array();
}

/** These functions and all that they call, directly or not. */
function reachable(roots: readonly DefinedFunction[]): FunctionSource[] {
  const found = new Set<FunctionSource>(roots);
  // a set goes on to what is added while it is walked
  for (const source of found) {
    if (source.kind === 'imported') continue;
    for (const callee of bodyOf(source).callees) found.add(callee);
  }
  return [...found];
}

/** The types of functions, each listed once. */
class TypeList {
  readonly #types = new Map<string, Pick<ImportedFunction, 'takes' | 'gives'>>();

  numberOf(source: FunctionSource): number {
    const type = signatureOf(source);
    const key = `${type.takes.join(' ')} -> ${type.gives}`;
    if (!this.#types.has(key)) this.#types.set(key, type);
    return [...this.#types.keys()].indexOf(key);
  }

  write(bytes: Bytes): void {
    bytes.section(sections.type, [...this.#types.values()], ({ takes, gives }, to) => {
      writeTypes(takes, to.byte(functionType));
      writeTypes(gives === 'none' ? [] : [gives], to);
    });
  }
}

function writeTypes(types: readonly ValueType[], to: Bytes): void {
  to.list(types, (type) => to.byte(typeCodes[type]));
}

function writeLimits({ pages, maximum, shared = false }: MemorySource, to: Bytes): void {
  to.byte((maximum === undefined ? 0 : 1) + (shared ? 2 : 0)).unsigned(pages);
  if (maximum !== undefined) to.unsigned(maximum);
}

/** The section that debuggers and profilers read. */
function writeNames(functions: readonly FunctionSource[], bytes: Bytes): void {
  const functionNames = 1;
  bytes.byte(sections.custom).sized((to) =>
    to
      .name('name')
      .byte(functionNames)
      .sized((names) =>
        names.list([...functions.entries()], ([number, { name }]) => names.unsigned(number).name(name)),
      ),
  );
}

// WebAssembly as the engine offers it: typed here, since it is no part of the language; absent in some engines.

import { local } from './assembler/control.ts';
import { f32x4 } from './assembler/families.ts';
import { defineFunction } from './assembler/function.ts';
import { assemble } from './assembler/module.ts';

/** A memory of the engine. `buffer` is another one after it grew; of a shared memory it is a `SharedArrayBuffer`. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A module that is compiled, and can be started several times, also by other threads. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

/** A running module: its functions by their names. */
export interface WasmInstance {
  readonly exports: { readonly [name: string]: (...operands: (number | bigint)[]) => number | bigint | undefined };
}

interface Engine {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
}

/** What a module is given: functions and memories, by module and name. */
export interface WasmImports {
  readonly [module: string]: { readonly [name: string]: WasmMemory | ((...operands: number[]) => unknown) };
}

const engine: Engine | undefined = (globalThis as { WebAssembly?: Engine }).WebAssembly;

/** Compiles a module at once. @throws Error where the engine has no WebAssembly, or the module is not valid. */
export function compileModule(bytes: Uint8Array): WasmModule {
  if (engine === undefined) throw new Error('compileModule: this engine has no WebAssembly. Ask supportsSimd() first.');
  return new engine.Module(bytes);
}

/** Starts a module, or the bytes of one, at once. @throws Error where the engine has no WebAssembly, or the module is not valid. */
export function instantiate(source: Uint8Array | WasmModule, imports: WasmImports = {}): WasmInstance {
  if (engine === undefined) throw new Error('instantiate: this engine has no WebAssembly. Ask supportsSimd() first.');
  return new engine.Instance(source instanceof Uint8Array ? compileModule(source) : source, imports);
}

/**
 * A new memory of so many pages of 64 KiB. With a `maximum` it is shared: several threads can work on it, in modules that import it as a
 * shared one, and it grows to that many pages at most.
 *
 * @throws RangeError where there is not so much. @throws Error where the engine has no WebAssembly, or cannot share memory.
 */
export function newMemory(pages: number, maximum?: number): WasmMemory {
  if (engine === undefined) throw new Error('newMemory: this engine has no WebAssembly. Ask supportsSimd() first.');
  return new engine.Memory(maximum === undefined ? { initial: pages } : { initial: pages, maximum, shared: true });
}

/** Whether the engine accepts a module. */
export function validates(bytes: Uint8Array): boolean {
  return engine?.validate(bytes) ?? false;
}

/** Whether modules with 128-bit vectors run here. */
export function supportsSimd(): boolean {
  const x = local('v128');
  // a function of vectors cannot be exported to JavaScript's use, but it can be compiled
  return validates(
    assemble({ exports: { probe: defineFunction({ name: 'probe', params: [x], result: f32x4.add(x, x) }) } }),
  );
}

/** Whether modules with relaxed SIMD run here: products and sums in one rounding. */
export function supportsRelaxedSimd(): boolean {
  const x = local('v128');
  const result = f32x4.relaxed_madd(x, x, x);
  return validates(assemble({ exports: { probe: defineFunction({ name: 'probe', params: [x], result }) } }));
}

/**
 * Switches relaxed SIMD on in a Node.js whose V8 has it behind a flag (Node.js 20; later ones have it on), and says whether
 * modules with it run now. It changes a flag of the whole process, which Node.js advises against once the engine runs; so
 * no function of this package calls it (the compiler does). This flag is read whenever a module is compiled: call it before the first product. The safer way
 * is `node --experimental-wasm-relaxed-simd`.
 */
export function enableRelaxedSimd(): boolean {
  if (supportsRelaxedSimd()) return true;
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const v8 = process?.getBuiltinModule?.('node:v8') as { setFlagsFromString(flags: string): void } | undefined;
  v8?.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return supportsRelaxedSimd();
}

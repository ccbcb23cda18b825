// Everything that @tapegrad/compiler exports.

export { type Compiled, type CompiledResult, type CompileOptions, compile } from './compile.ts';
export { findNativeGemm } from './native/find.ts';
export type { NativeGemm, NativeProduct } from './native/gemm.ts';
export type { Plan } from './plan.ts';
export type { PlanStats } from './plan-text.ts';
export type { ProgramStats, WasmProgram } from './wasm/program.ts';
export { ProgramMemory } from './wasm/program-memory.ts';

// Everything that @tapegrad/wasm exports.

export {
  block,
  branch,
  branchIf,
  countUp,
  exit,
  increase,
  type Locals,
  local,
  locals,
  loop,
  set,
  tee,
  when,
} from './assembler/control.ts';
export type {
  DefinedFunction,
  Expression,
  FunctionSource,
  ImportedFunction,
  Label,
  Local,
  Statement,
} from './assembler/expression.ts';
export {
  atomic,
  drop,
  type Family,
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  memory,
  type Operand,
  select,
  v128,
} from './assembler/families.ts';
export {
  call,
  callFor,
  defineFunction,
  importFunction,
} from './assembler/function.ts';
export { assemble, type MemorySource, type ModuleSource } from './assembler/module.ts';
export { Steps } from './assembler/steps.ts';
export type { Type, ValueType } from './assembler/types.ts';
export {
  compileModule,
  enableRelaxedSimd,
  instantiate,
  newMemory,
  supportsRelaxedSimd,
  supportsSimd,
  validates,
  type WasmImports,
  type WasmInstance,
  type WasmMemory,
  type WasmModule,
} from './engine.ts';
export { type GemmOptions, gemmFunction, gemmModule, gemmPieces, gemmScratchBytes } from './gemm/gemm.ts';
export { loadQuad, storeQuad } from './loops/access.ts';
export {
  type BinaryName,
  binaryQuad,
  type ComparisonName,
  compareQuads,
  hasArithmetic,
  type LogicalName,
  logicalQuad,
  multiplyAddQuad,
  notQuad,
  selectQuad,
  shiftQuad,
  type UnaryName,
  unaryQuad,
  xorQuads,
} from './loops/arithmetic.ts';
export { type Axis, simplified } from './loops/axes.ts';
export { type FlatAccess, type FlatLoopSource, flatLoopFunction } from './loops/flat.ts';
export { loopFunction } from './loops/loop.ts';
export {
  constantQuad,
  convertQuad,
  type ElementType,
  elementBytes,
  keepQuad,
  laneOf,
  loadElement,
  type Quad,
  splatQuad,
  storeElement,
} from './loops/quad.ts';
export type { CombineName } from './loops/reduction.ts';
export type { BodyResult, LoopAccess, LoopReduction, LoopSource } from './loops/source.ts';
export { evenestSplit, type Part, type PartRange, partRange, type TurnRange } from './loops/split.ts';
export type { MathKind } from './math/ieee.ts';
export {
  type InlineBinary,
  type InlineUnary,
  inlineMath,
  type MathName,
  mathArity,
  mathFunction,
} from './math/math.ts';

// What a compiler needs of this package, beside what users do: `@tapegrad/core/compiling`.

export { copyOf, isContiguous, type NdArray, reshapedView, toData, wrap } from './arrays.ts';
export { type DType, isFloat, newData, type TypedData } from './dtype.ts';
export type { ElementFormula, ElementwiseKernel, Scalar } from './kernels/elementwise.ts';
export { positionsOf } from './kernels/gather.ts';
export type { ScanPath } from './kernels/scan.ts';
export { parity, rotations, rounds } from './kernels/threefry.ts';
export type { Combine, Lower, Lowering, Piece } from './lowering.ts';
export { checkValue } from './op.ts';
export type { Abstract, OpEntry } from './op-entry.ts';
export { activeRecorders } from './recording.ts';
export { reducedShape, rowMajorStrides, type Shape, sameShape, showShape, sizeOf } from './shape.ts';
export { callingSite } from './site.ts';
export { abstractArray, activeTracer, isAbstract, type Tracer, traceWith } from './tracing.ts';
export { describe, type Leaf, type Like, leavesOf, rebuild, type Tree } from './tree.ts';

// Everything that `@tapegrad/core` offers.

import './methods.ts';

export type { NdArray, Nested, NestedArray } from './arrays.ts';
export {
  fromData,
  full,
  ones,
  onesLike,
  scalar,
  type TensorData,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from './create.ts';
export type { DType, FloatDType, TypedData } from './dtype.ts';
export { nearestName, TapegradError } from './errors.ts';
export { type ElementwiseKernel, elementwise } from './kernels/elementwise.ts';
export type { OpMethods } from './methods.ts';
export { defineOp, type Op } from './op.ts';
export type { Abstract, Call, Edge, OpDefinition, OpEntry, Sample, SampleInput, VjpRule } from './op-entry.ts';
export {
  type Binary,
  type BinaryDefinition,
  binary,
  type ElementwiseDefinition,
  type ReduceOptions,
  type Reduction,
  type Unary,
  type UnaryDefinition,
  unary,
} from './ops/builders.ts';
export {
  abs,
  add,
  asType,
  div,
  equal,
  exp,
  greater,
  greaterEqual,
  identity,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  relu,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
  where,
} from './ops/elementwise.ts';
export { matmul } from './ops/linalg.ts';
export { argmax, logSoftmax, logSumExp, max, mean, softmax, sum } from './ops/reductions.ts';
export { broadcastTo, concat, reshape, type SliceOptions, slice, transpose, unslice } from './ops/structure.ts';
export { entries, type OpTable, ops } from './ops/table.ts';
export { RandomGenerator } from './random.ts';
export { noGrad } from './recording.ts';
export { type Axes, type Shape, type Shapes, showShape } from './shape.ts';
export { type GradientOptions, Tape, type TapeOptions } from './tape.ts';
export type { Origin, TapeNode } from './tape-node.ts';
export { Parameter, Tensor, type TensorLike } from './tensor.ts';
export { grad, valueAndGrad } from './transforms.ts';
export type { Like, Tree } from './tree.ts';
export { WengertList, type WengertNode } from './wengert.ts';

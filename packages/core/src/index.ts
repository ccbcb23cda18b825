// Everything that `@tapegrad/core` offers.

import './methods.ts';

export type { Adjoints, EdgeContribution } from './adjoints.ts';
export type { NdArray, Nested, NestedArray } from './arrays.ts';
export type { Categories } from './categories.ts';
export {
  type EyeOptions,
  eye,
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
export { AnomalyError, nearestName, TapegradError, TracingError } from './errors.ts';
export type { ExplainedConstant, ExplainedSource, Explanation, ExplanationStep } from './explanation.ts';
export { type ElementwiseKernel, elementwise } from './kernels/elementwise.ts';
export type { OpMethods } from './methods.ts';
export { interceptNames } from './naming.ts';
export { defineComposite, defineOp, type Op } from './op.ts';
export type {
  Abstract,
  Call,
  CompositeDefinition,
  Edge,
  Entry,
  Notation,
  NotationOf,
  OpDefinition,
  OpEntry,
  Sample,
  SampleInput,
  VjpRule,
} from './op-entry.ts';
export { type GeluOptions, gelu, logSigmoid, mish, sigmoid, silu, softplus } from './ops/activations.ts';
export {
  type AddcmulOptions,
  abs,
  add,
  addcmul,
  div,
  lerp,
  mul,
  neg,
  reciprocal,
  sign,
  squaredDifference,
  sub,
} from './ops/arithmetic.ts';
export { expandDims, type FlattenOptions, flatten, moveAxis, squeeze, swapAxes } from './ops/axes.ts';
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
export { equal, greater, greaterEqual, less, lessEqual, notEqual, where } from './ops/choice.ts';
export {
  type ConvolutionOptions,
  conv2d,
  conv2dKernelAdjoint,
  convTranspose2d,
  type KernelAdjointOptions,
  type TransposedConvolutionOptions,
} from './ops/convolution.ts';
export {
  type Convolution1dOptions,
  conv1d,
  convTranspose1d,
  type TransposedConvolution1dOptions,
} from './ops/convolution1d.ts';
export { all, any, countNonzero } from './ops/counting.ts';
export { cholesky, inv, solve, solveTriangular, type TriangularOptions } from './ops/decompositions.ts';
export { cofactor, cofactorDerivative, det, detSign, logAbsDet, logdet, slogdet } from './ops/determinants.ts';
export { type DiagonalOptions, diag, diagonal, trace, tril, triu, undiagonal } from './ops/diagonals.ts';
export { type DropoutOptions, dropout } from './ops/dropout.ts';
export { einsum } from './ops/einsum.ts';
export { embedding } from './ops/embedding.ts';
export { exp, exp2, expm1, log, log1p, log2, log10, logAddExp } from './ops/exponential.ts';
export { clip, maximum, minimum } from './ops/extremes.ts';
export { gather, indexAdd, type OneHotOptions, oneHot, scatterAdd, take, takeAlongAxis } from './ops/gathering.ts';
export { at, type Index, newAxis, type Range, type RangeText, ravelMultiIndex } from './ops/indexing.ts';
export type { Indices } from './ops/indices.ts';
export { concat, split, stack, unstack } from './ops/joining.ts';
export { matmul } from './ops/linalg.ts';
export { isFinite, isNaN, logicalAnd, logicalNot, logicalOr, logicalXor } from './ops/logical.ts';
export {
  type ClassOptions,
  type HuberOptions,
  huber,
  sigmoidCrossEntropy,
  smoothLabels,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
} from './ops/losses.ts';
export {
  type BatchNormOptions,
  batchNorm,
  batchNormInference,
  type LayerNormOptions,
  layerNorm,
  rmsNorm,
} from './ops/normalization.ts';
export { type PadOptions, type PadWidths, pad, padConstant } from './ops/padding.ts';
export { asType, identity, stopGradient } from './ops/passing.ts';
export {
  averagePool2d,
  averagePool2dAdjoint,
  maxPool2d,
  maxPool2dAdjoint,
  maxPool2dTangent,
  type PoolingAdjointOptions,
  type PoolingOptions,
} from './ops/pooling.ts';
export { averagePool1d, maxPool1d, type Pooling1dOptions } from './ops/pooling1d.ts';
export { argmax, argmin, type Position } from './ops/positions.ts';
export { cbrt, hypot, pow, rsqrt, sqrt, square } from './ops/powers.ts';
export { type ContractedAxes, dot, kron, outer, tensordot } from './ops/products.ts';
export { randomBits } from './ops/random-bits.ts';
export { flip, roll } from './ops/rearranging.ts';
export {
  celu,
  type EluOptions,
  elu,
  hardSigmoid,
  hardSwish,
  type LeakyReluOptions,
  leakyRelu,
  relu,
  relu6,
  selu,
  softsign,
} from './ops/rectifiers.ts';
export { logSumExp, max, mean, min, prod, sum, sumTo } from './ops/reductions.ts';
export { type MeshgridOptions, meshgrid, repeat, tile } from './ops/repeating.ts';
export { ceil, floor, floorDiv, mod, round, trunc } from './ops/rounding.ts';
export {
  type Cumulative,
  type CumulativeOptions,
  cummax,
  cummin,
  cumprod,
  cumsum,
  linearRecurrence,
  type Running,
  type RunningOptions,
} from './ops/scans.ts';
export { type SliceOptions, slice, unslice } from './ops/slicing.ts';
export { logSoftmax, softmax } from './ops/softmax.ts';
export { argsort, type SortOptions, sort, type TopkOptions, topk } from './ops/sorting.ts';
export { digamma, erf, erfc, lgamma, polygamma } from './ops/special.ts';
export {
  center,
  type NormOptions,
  norm,
  type Spread,
  standardDeviation,
  type VarianceOptions,
  variance,
} from './ops/statistics.ts';
export { broadcastTo, reshape, transpose } from './ops/structure.ts';
export { entries, type OpTable, ops } from './ops/table.ts';
export {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  sin,
  sinh,
  tan,
  tanh,
} from './ops/trigonometric.ts';
export type { Padding, Padding1d, PerAxis } from './ops/windows.ts';
export { print, type ShowTensorOptions, showTensor } from './print.ts';
export { type ChoiceOptions, RandomGenerator, type TruncatedNormalOptions } from './random.ts';
export { type ArangeOptions, arange, type LinspaceOptions, linspace } from './ranges.ts';
export { noGrad } from './recording.ts';
export { inScope } from './scope.ts';
export { type Axes, type Shape, type Shapes, showShape } from './shape.ts';
export type { Summary } from './summary.ts';
export type { Formula } from './symbols.ts';
export { Tape } from './tape.ts';
export type { Origin, TapeNode } from './tape-node.ts';
export type { TapeOptions } from './tape-recorder.ts';
export { Parameter, Tensor, type TensorLike } from './tensor.ts';
export { checkpoint } from './transforms/checkpoint.ts';
export { customGradient, type GradientsOf, type ValueWithVjp } from './transforms/custom-gradient.ts';
export { type ArgumentNumbers, type GradientBy, type GradOptions, grad, valueAndGrad } from './transforms/gradient.ts';
export { batchJacobian, hessian, type JacobianOf, jacobian } from './transforms/jacobian.ts';
export { hvp, jvp, type LikeAll, linearize, type Pullback, type Pushforward, vjp } from './transforms/products.ts';
export type { Like, Tree } from './tree.ts';
export type { GradientOptions } from './unconnected.ts';
export { WengertList, type WengertNode } from './wengert.ts';

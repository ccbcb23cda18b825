// Losses of predictions against targets, one for each element or row: nothing is summed over a batch. From logits, so that
// saturated predictions have finite losses. The names are those of Optax and TensorFlow. An op is one entry.

import { wrap } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { crossEntropyAt, crossEntropyOver, crossEntropyTerm } from '../kernels/cross-entropy.ts';
import { elementwise, elementwiseWith } from '../kernels/elementwise.ts';
import { checkedLabels } from '../kernels/labels.ts';
import { finish } from '../kernels/reduce.ts';
import { asTensor, defineComposite, defineOp, floatResult, type Op } from '../op.ts';
import type { Abstract, Sample } from '../op-entry.ts';
import { normalizeAxis, reducedShape, type Shape, type Shapes, sameShape, showShape } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { checkOptions, checkShare, numberOption } from './arguments.ts';
import { sub } from './arithmetic.ts';
import { computedBy } from './builders.ts';
import { oneHot } from './gathering.ts';
import { counted, logSoftmaxOf } from './lowered.ts';

/** A loss element by element. */
type ElementLoss = Op<(logits: TensorLike, labels: TensorLike) => Tensor>;

const elementSamples: readonly Sample<[]>[] = [
  { inputs: [{ shape: [] }, { shape: [], low: 0, high: 1 }] },
  { inputs: [{ shape: [2, 3] }, { shape: [2, 3], low: 0, high: 1 }] },
  { inputs: [{ shape: [3] }, { shape: [], low: 0, high: 1 }] },
  { inputs: [{ shape: [2] }, { shape: [2], dtype: 'bool' }] },
  { inputs: [{ shape: [0, 2] }, { shape: [0, 2] }] },
];

/** The shape of two that are equal, or one of them a scalar: [n] beside [n, 1], which would broadcast to [n, n], is a mistake. */
function commonShape(op: string, names: readonly [string, string], [x, y]: Shapes): Shape {
  if (sameShape(x!, y!) || y!.length === 0) return x!;
  if (x!.length === 0) return y!;
  throw new TapegradError(
    op,
    `${names[0]} have the shape ${showShape(x!)}, ${names[1]} ${showShape(y!)}. Expected equal shapes, or a scalar.`,
  );
}

/** `x` in the dtype of a derivative, where that is another float. */
function like(g: Abstract, x: Tensor): Tensor {
  return x.dtype === g.dtype ? x : x.asType(g.dtype);
}

// −y ln σ(z) − (1 − y) ln σ(−z), by z ≥ 0 or not, so that nothing large is subtracted from its like; and no 0 · ∞.
const sigmoidTerm = elementwise(
  'sigmoidCrossEntropy',
  ['z', 'y'],
  '(z<0?(y===0?0:-y*z):(y===1?0:(1-y)*z))+Math.log1p(Math.exp(-Math.abs(z)))',
);

export const sigmoidCrossEntropy: ElementLoss = defineOp({
  name: 'sigmoidCrossEntropy',
  doc: "The cross-entropy of labels from 0 to 1 with the sigmoid of logits, element by element: PyTorch's binary_cross_entropy_with_logits without a reduction. Exact for any logits.",
  tex: '-y \\ln \\sigma(z) - (1 - y) \\ln(1 - \\sigma(z))',
  inputs: ['logits', 'labels'],
  elementwise: true,
  broadcasts: true,
  shape: (shapes) => commonShape('sigmoidCrossEntropy', ['logits', 'labels'], shapes),
  dtype: floatResult('sigmoidCrossEntropy'),
  ...computedBy(() => sigmoidTerm),
  saves: ['logits', 'labels'],
  vjp: {
    // σ(z) − y, as (1 − y) σ(z) − y σ(−z): where σ(z) rounds to y the difference would be 0
    logits: (g, { logits, labels }) => {
      const [z, y] = [like(g, logits), like(g, labels)];
      return g.mul(sub(1, y).mul(z.sigmoid()).sub(y.mul(z.neg().sigmoid())));
    },
    labels: (g, { logits }) => g.mul(like(g, logits)).neg(),
  },
  samples: elementSamples,
});

/** Along which axis the classes are. */
export interface ClassOptions {
  /** Default: the last. */
  readonly axis?: number;
}

function classAxis(op: string, logits: Shape, options: ClassOptions | undefined): { readonly axis: number } {
  checkOptions(op, options, ['axis']);
  return { axis: normalizeAxis(op, options?.axis ?? -1, logits.length) };
}

/** What came for the rows, as large as the logits. */
function perClass(g: Tensor, logits: Abstract, axis: number): Tensor {
  return g.reshape(reducedShape(logits.shape, [axis], true));
}

export const softmaxCrossEntropy: Op<(logits: TensorLike, labels: TensorLike, options?: ClassOptions) => Tensor> =
  defineOp({
    name: 'softmaxCrossEntropy',
    doc: 'The cross-entropy of labels, a distribution over the classes (one-hot, for example), with the softmax of logits, for each row. Exact for any logits; a class of logit -∞ and label 0 adds nothing.',
    tex: '-\\sum_i y_i \\ln \\operatorname{softmax}(z)_i',
    inputs: ['logits', 'labels'],
    attributes: ([logits, labels]: Shapes, options?: ClassOptions) => {
      if (!sameShape(logits!, labels!)) {
        throw new TapegradError(
          'softmaxCrossEntropy',
          `logits have the shape ${showShape(logits!)}, labels ${showShape(labels!)}. Expected equal shapes; ` +
            'labels that are the numbers of classes go to sparseSoftmaxCrossEntropy.',
        );
      }
      return classAxis('softmaxCrossEntropy', logits!, options);
    },
    shape: ([logits], { axis }) => reducedShape(logits!, [axis], false),
    dtype: floatResult('softmaxCrossEntropy'),
    forward: ([logits, labels], { attrs, dtype, shape }) =>
      finish(crossEntropyOver(logits!, labels!, attrs.axis), dtype, shape),
    lower: (to, [logits, labels], { attrs: { axis }, dtype, shape }) => {
      const whole = { shape: to.of(logits!).shape, dtype };
      const terms = to.map(crossEntropyTerm, [labels!, logSoftmaxOf(to, logits!, axis, whole)], whole);
      return to.reshape(to.reduce('sum', terms, [axis], dtype), shape);
    },
    saves: ['logits', 'labels'],
    vjp: {
      // softmax(z) Σy − y; where labels do not sum to 1 the first term is not softmax(z) alone
      logits: (g, { logits, labels }, { attrs: { axis } }) => {
        const [z, y] = [like(g, logits), like(g, labels)];
        return perClass(g, z, axis).mul(
          z
            .softmax(axis)
            .mul(y.sum(axis, { keepDims: true }))
            .sub(y),
        );
      },
      labels: (g, { logits }, { attrs: { axis } }) =>
        perClass(g, logits, axis).mul(like(g, logits).logSoftmax(axis)).neg(),
    },
    samples: [
      { inputs: [{ shape: [3] }, { shape: [3], low: 0, high: 1 }] },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3], low: 0, high: 1 }] },
      { inputs: [{ shape: [2, 3, 2] }, { shape: [2, 3, 2], low: 0, high: 1 }], args: [{ axis: 1 }] },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3], dtype: 'bool' }] },
      { inputs: [{ shape: [0, 3] }, { shape: [0, 3] }] },
    ],
  });

const sparseLabels = checkedLabels('sparseSoftmaxCrossEntropy');
const sparseTerm = elementwise('sparseTerm', ['label', 'place', 'logarithm'], 'label===place?-logarithm:0');

export const sparseSoftmaxCrossEntropy: Op<(logits: TensorLike, labels: TensorLike, options?: ClassOptions) => Tensor> =
  defineOp({
    name: 'sparseSoftmaxCrossEntropy',
    doc: "The cross-entropy of labels, the numbers of the classes, with the softmax of logits, for each row: PyTorch's cross_entropy without a reduction. Labels have the shape of the logits without the axis of the classes. Exact for any logits.",
    tex: '-\\ln \\operatorname{softmax}(z)_y',
    inputs: ['logits', 'labels'],
    typedBy: ['logits'],
    attributes: ([logits, labels]: Shapes, options?: ClassOptions) => {
      const attrs = classAxis('sparseSoftmaxCrossEntropy', logits!, options);
      const expected = reducedShape(logits!, [attrs.axis], false);
      if (sameShape(labels!, expected)) return attrs;
      throw new TapegradError(
        'sparseSoftmaxCrossEntropy',
        `labels have the shape ${showShape(labels!)}. Expected ${showShape(expected)}, that of the logits ` +
          `${showShape(logits!)} without axis ${attrs.axis}; a distribution over the classes goes to softmaxCrossEntropy.`,
      );
    },
    shape: (shapes) => shapes[1]!,
    dtype: floatResult('sparseSoftmaxCrossEntropy'),
    forward: ([logits, labels], { attrs: { axis }, dtype, shape }) =>
      finish(wrap(crossEntropyAt('sparseSoftmaxCrossEntropy', logits!, labels!, axis), shape), dtype, shape),
    lower: (to, [logits, labels], { attrs: { axis }, dtype, shape }) => {
      const whole = { shape: to.of(logits!).shape, dtype };
      const classes = whole.shape[axis]!;
      const checked = to.map(sparseLabels(classes), [labels!, counted(to, shape)], { shape, dtype: 'int32' });
      const chosen = to.reshape(checked, reducedShape(whole.shape, [axis], true));
      const places = counted(
        to,
        whole.shape.map((length, i) => (i === axis ? length : 1)),
      );
      const terms = to.map(sparseTerm, [chosen, places, logSoftmaxOf(to, logits!, axis, whole)], whole);
      return to.reshape(to.reduce('sum', terms, [axis], dtype), shape);
    },
    saves: ['logits', 'labels'],
    vjp: {
      logits: (g, { logits, labels }, { attrs: { axis } }) => {
        const z = like(g, logits);
        const last = oneHot(labels, z.shape[axis]!, { dtype: g.dtype });
        const chosen = last.transpose(z.shape.map((_, i) => (i < axis ? i : i === axis ? z.rank - 1 : i - 1)));
        return perClass(g, z, axis).mul(z.softmax(axis).sub(chosen));
      },
      labels: 'not differentiable',
    },
    samples: [
      { inputs: [{ shape: [3] }, { shape: [], dtype: 'int32', low: 0, high: 3 }] },
      { inputs: [{ shape: [4, 3] }, { shape: [4], dtype: 'int32', low: 0, high: 3 }] },
      { inputs: [{ shape: [2, 3, 2] }, { shape: [2, 2], dtype: 'int32', low: 0, high: 3 }], args: [{ axis: 1 }] },
      { inputs: [{ shape: [0, 3] }, { shape: [0], dtype: 'int32' }] },
    ],
  });

/** Where the squared error of {@link huber} ends. */
export interface HuberOptions {
  /** Errors beyond it count in proportion, no longer squared. Default: 1. */
  readonly delta?: number;
}

// <= is false for NaN, which the other formula passes on
const huberTerm = elementwiseWith(
  'huber',
  ['x', 'y'],
  ['delta'],
  'Math.abs(x-y)<=delta?(x-y)*(x-y)/2:delta*(Math.abs(x-y)-delta/2)',
);

export const huber: Op<(predictions: TensorLike, targets: TensorLike, options?: HuberOptions) => Tensor> = defineOp({
  name: 'huber',
  doc: "The Huber loss, element by element: half the squared error up to delta, from there on in proportion to the error (Optax's huber_loss, PyTorch's huber_loss without a reduction). Its gradient is continuous; at an error of delta its second derivative, a jump, is 1/2.",
  tex: '\\begin{cases} \\frac{1}{2} e^2 & |e| \\le \\delta \\\\ \\delta (|e| - \\frac{\\delta}{2}) & \\text{otherwise} \\end{cases},\\quad e = x - y',
  inputs: ['predictions', 'targets'],
  elementwise: true,
  broadcasts: true,
  attributes: (_shapes: Shapes, options?: HuberOptions) => {
    const delta = numberOption('huber', options, 'delta', 1);
    if (delta > 0) return { delta };
    throw new TapegradError('huber', `delta is ${delta}. Expected a number above 0.`);
  },
  shape: (shapes) => commonShape('huber', ['predictions', 'targets'], shapes),
  dtype: floatResult('huber'),
  ...computedBy<Required<HuberOptions>>(({ attrs }) => huberTerm(attrs.delta)),
  saves: ['predictions', 'targets'],
  vjp: {
    predictions: (g, { predictions, targets }, { attrs: { delta } }) =>
      g.mul(boundedError(g, predictions, targets, delta)),
    targets: (g, { predictions, targets }, { attrs: { delta } }) => g.mul(boundedError(g, targets, predictions, delta)),
  },
  samples: [
    { inputs: [{ shape: [] }, { shape: [] }] },
    { inputs: [{ shape: [2, 3] }, { shape: [2, 3] }], args: [{ delta: 0.5 }] },
    { inputs: [{ shape: [3] }, { shape: [] }], args: [{ delta: 2 }] },
    { inputs: [{ shape: [0, 2] }, { shape: [0, 2] }] },
  ],
});

function boundedError(g: Abstract, x: Tensor, y: Tensor, delta: number): Tensor {
  return like(g, x).sub(like(g, y)).minimum(delta).maximum(-delta);
}

export const smoothLabels: Op<(labels: TensorLike, smoothing: number, options?: ClassOptions) => Tensor> =
  defineComposite({
    name: 'smoothLabels',
    doc: "Labels moved towards equal ones: a share `smoothing` of each is spread evenly over the classes (Optax's smooth_labels; Keras's and PyTorch's label smoothing).",
    tex: '(1 - \\alpha)\\, y + \\frac{\\alpha}{n}',
    inputs: ['labels'],
    compute: (labels: TensorLike, smoothing: number, options?: ClassOptions): Tensor => {
      const y = asTensor('smoothLabels', 'labels', labels);
      const { axis } = classAxis('smoothLabels', y.shape, options);
      checkShare('smoothLabels', 'smoothing', smoothing);
      return y.mul(1 - smoothing).add(smoothing / y.shape[axis]!);
    },
    samples: [
      { inputs: [{ shape: [2, 3], low: 0, high: 1 }], args: [0.1] },
      { inputs: [{ shape: [2, 3], low: 0, high: 1 }], args: [0.3, { axis: 0 }] },
    ],
  });

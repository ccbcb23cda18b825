// Loss functions, each one entry: the formula, what labels it takes, which accuracy goes with it. Nothing about training.

import {
  logSoftmax,
  maximum,
  minimum,
  type Shape,
  showShape,
  softplus,
  sub,
  TapegradError,
  type Tensor,
  type TypedData,
  tensor,
  where,
} from '@tapegrad/core';
import { logitsOf } from './activations.ts';
import { requireBoolean, requireKnownOptions, requireTensor } from './checks.ts';
import { type BadLabel, firstNoClass, firstNoDistribution, firstOutOfUnit, requireClasses } from './labels.ts';
import { byName, show, snakeCase } from './registry.ts';

export type { BadLabel } from './labels.ts';

/** The mean loss of a batch, a scalar, from labels and predictions. Any function of tensors will do. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

export interface LossOptions {
  /** Whether predictions are logits: before the sigmoid or softmax. Default: false. */
  readonly fromLogits?: boolean;
}

/** What training must know of a loss beside its value. */
export interface LossEntry {
  readonly name: string;
  /** Whether predictions are logits. */
  readonly fromLogits: boolean;
  /** Which accuracy the metric `accuracy` stands for; null: decided by the shapes of labels and predictions. */
  readonly accuracy: 'binary' | 'categorical' | 'sparse' | null;
  /** The shape of a row of labels for a row of predictions of this shape. */
  readonly labelShape: (predictions: Shape) => Shape;
  /** What to do with labels in another shape; nothing where only they can be wrong. */
  readonly otherLabels?: string;
  /**
   * The first label that `fit` and `evaluate` refuse; `classes` is the last length of the predictions. A call of the loss itself may
   * have weighted labels, for example, and refuses only what has no meaning.
   */
  readonly badLabel: (labels: TypedData, classes: number) => BadLabel | undefined;
}

/** A loss of this library: a function that carries what training must know of it. */
export interface Loss {
  (yTrue: Tensor, yPred: Tensor, options?: LossOptions): Tensor;
  readonly entry: LossEntry;
  /**
   * The same loss with other options, to compile a model with.
   *
   * ```ts
   * const model = new Sequential([new Dense(1, { inputShape: [2] })]);
   * model.compile({ optimizer: 'sgd', loss: binaryCrossentropy.with({ fromLogits: true }) });
   * ```
   */
  with(options: LossOptions): Loss;
}

type Formula = (yTrue: Tensor, yPred: Tensor, fromLogits: boolean) => Tensor;

function defineLoss(entry: Omit<LossEntry, 'fromLogits'>, formula: Formula, fromLogits: boolean = false): Loss {
  const { name, labelShape } = entry;
  const choice = (options: LossOptions): boolean => {
    requireKnownOptions(name, options, ['fromLogits']);
    const { fromLogits: chosen = fromLogits } = options;
    requireBoolean(name, 'fromLogits', chosen);
    return chosen;
  };
  const loss = (yTrue: Tensor, yPred: Tensor, options: LossOptions = {}): Tensor =>
    formula(aligned(name, labelShape, yTrue, yPred), yPred, choice(options));
  Object.defineProperty(loss, 'name', { value: name });
  return Object.assign(loss, {
    entry: { ...entry, fromLogits },
    with: (options: LossOptions) => defineLoss(entry, formula, choice(options)),
  });
}

// Keras's epsilon: how near to 0 and 1 a probability may come inside a logarithm.
const epsilon = 1e-7;

function clipped(probabilities: Tensor): Tensor {
  return minimum(maximum(probabilities, epsilon), 1 - epsilon);
}

function likePredictions(predictions: Shape): Shape {
  return predictions;
}

function withoutClasses(predictions: Shape): Shape {
  return predictions.slice(0, -1);
}

/**
 * −mean(y ln p + (1 − y) ln(1 − p)) over all elements, for labels y in [0, 1] and probabilities p, both `[rows, outputs]`.
 *
 * For predictions out of a sigmoid activation, and with `fromLogits`, it is computed as mean(softplus(z) − y z) from the
 * logits z, finite for any z. Other predictions are clipped to [1e-7, 1 − 1e-7], as in Keras.
 *
 * ```ts
 * const loss = binaryCrossentropy(tensor([[1], [0]]), tensor([[0.9], [0.2]]));
 * loss.item().toFixed(4); // → 0.1643
 * ```
 *
 * @throws TapegradError where labels and predictions differ in shape; labels `[rows]` are taken for `[rows, 1]`.
 */
export const binaryCrossentropy: Loss = defineLoss(
  {
    name: 'binaryCrossentropy',
    accuracy: 'binary',
    labelShape: likePredictions,
    badLabel: firstOutOfUnit,
  },
  (y, predictions, fromLogits) => {
    const z = fromLogits ? predictions : logitsOf(predictions, 'sigmoid');
    // −y ln σ(z) − (1 − y) ln σ(−z) = y softplus(−z) + (1 − y) softplus(z) = softplus(z) − y z
    if (z !== undefined) return softplus(z).sub(z.mul(y)).mean();
    const p = clipped(predictions);
    return p
      .log()
      .mul(y)
      .add(sub(1, p).log().mul(sub(1, y)))
      .mean()
      .neg();
  },
);

/**
 * −mean over rows of Σ y ln p along the last axis, for labels y of shape `[rows, classes]`, each row a distribution (one-hot, for
 * example), and probabilities p of the same shape.
 *
 * Rows of labels may have another sum, where they are weighted; `fit` and `evaluate` expect distributions.
 *
 * For predictions out of a softmax activation, and with `fromLogits`, ln p is logSoftmax of the logits. Other predictions are
 * divided by their sum and clipped to [1e-7, 1 − 1e-7], as in Keras.
 *
 * ```ts
 * categoricalCrossentropy(tensor([[0, 1]]), tensor([[0.5, 0.5]])).item().toFixed(4); // → 0.6931
 * ```
 *
 * @throws TapegradError where labels and predictions differ in shape.
 */
export const categoricalCrossentropy: Loss = defineLoss(
  {
    name: 'categoricalCrossentropy',
    accuracy: 'categorical',
    labelShape: likePredictions,
    otherLabels: 'For class numbers use sparseCategoricalCrossentropy.',
    badLabel: firstNoDistribution,
  },
  (y, predictions, fromLogits) => logProbabilities(predictions, fromLogits).mul(y).sum(-1).mean().neg(),
);

/**
 * −mean of ln p[label], for labels 0 … classes − 1 of shape `[rows]` or `[rows, 1]` and probabilities p of shape `[rows, classes]`.
 * Logits are used as in {@link categoricalCrossentropy}.
 *
 * ```ts
 * sparseCategoricalCrossentropy(tensor([1]), tensor([[0.5, 0.5]])).item().toFixed(4); // → 0.6931
 * ```
 *
 * @throws TapegradError where labels and predictions do not fit in shape, and for a label that is no class.
 */
export const sparseCategoricalCrossentropy: Loss = defineLoss(
  {
    name: 'sparseCategoricalCrossentropy',
    accuracy: 'sparse',
    labelShape: withoutClasses,
    otherLabels: 'For one-hot rows use categoricalCrossentropy.',
    badLabel: firstNoClass,
  },
  (y, predictions, fromLogits) => {
    const classes = predictions.shape.at(-1)!;
    requireClasses('sparseCategoricalCrossentropy', y, classes);
    const isLabel = y.reshape([...y.shape, 1]).equal(tensor(Int32Array.from({ length: classes }, (_, i) => i)));
    // not a product with a one-hot: 0 · −∞ is NaN
    return where(isLabel, logProbabilities(predictions, fromLogits), 0).sum(-1).mean().neg();
  },
);

/**
 * The mean of (y − p)² over all elements, both `[rows, outputs]`.
 *
 * ```ts
 * meanSquaredError(tensor([[1], [2]]), tensor([[1], [4]])).item(); // → 2
 * ```
 *
 * @throws TapegradError where labels and predictions differ in shape; labels `[rows]` are taken for `[rows, 1]`.
 */
export const meanSquaredError: Loss = defineLoss(
  { name: 'meanSquaredError', accuracy: null, labelShape: likePredictions, badLabel: () => undefined },
  (y, predictions) => predictions.sub(y).square().mean(),
);

/** The losses that have a name; `mse` is Keras's short form. */
export type LossName =
  | 'binaryCrossentropy'
  | 'categoricalCrossentropy'
  | 'sparseCategoricalCrossentropy'
  | 'meanSquaredError'
  | 'mse';

const losses: { readonly [N in LossName]: Loss } = {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  meanSquaredError,
  mse: meanSquaredError,
};

/** Under which names losses report, where they are metrics. */
export const lossLogNames: readonly string[] = Object.keys(losses).map(snakeCase);

/**
 * The loss of this name, or the function itself.
 *
 * @throws TapegradError for an unknown name.
 */
export function toLoss(op: string, identifier: LossName | LossFunction): LossFunction {
  if (typeof identifier === 'function') return identifier;
  if (typeof identifier === 'string') return byName<Loss>(op, 'loss', identifier, losses);
  throw new TapegradError(op, `loss is ${show(identifier)}. Expected a name or a function.`);
}

/** The entry of one of our losses; undefined for a function of the user's. */
export function entryOf(loss: LossFunction): LossEntry | undefined {
  return (loss as Partial<Loss>).entry;
}

function logProbabilities(predictions: Tensor, fromLogits: boolean): Tensor {
  const z = fromLogits ? predictions : logitsOf(predictions, 'softmax');
  if (z !== undefined) return logSoftmax(z);
  return clipped(predictions.div(predictions.sum(-1, { keepDims: true }))).log();
}

/** Labels in the shape that the loss wants, where they differ from it by an axis of length 1; as Keras does. */
function aligned(op: string, labelShape: LossEntry['labelShape'], yTrue: Tensor, yPred: Tensor): Tensor {
  requireTensor(op, 'labels', yTrue);
  requireTensor(op, 'predictions', yPred);
  const expected = labelShape(yPred.shape);
  const labels = fitLabels(yTrue.shape, expected);
  // Without this check [rows] and [rows, 1] would broadcast to [rows, rows].
  if (labels === undefined) {
    throw new TapegradError(
      op,
      `labels of shape ${showShape(yTrue.shape)} do not fit predictions of shape ${showShape(yPred.shape)}. ` +
        `Expected labels of shape ${showShape(expected)}.`,
    );
  }
  return labels === yTrue.shape ? yTrue : yTrue.reshape(labels);
}

/** `expected`, where `shape` is that but for a last axis of length 1; `shape` itself where they agree; else undefined. */
export function fitLabels(shape: Shape, expected: Shape): Shape | undefined {
  const [is, wanted] = [showShape(shape), showShape(expected)];
  if (is === wanted) return shape;
  return is === showShape([...expected, 1]) || wanted === showShape([...shape, 1]) ? expected : undefined;
}

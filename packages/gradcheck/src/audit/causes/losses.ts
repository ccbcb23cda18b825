// Right for another loss: the gradients of the losses that formulas are usually derived for, tried on every value that may be the labels.

import { type FloatDType, grad, logSoftmax, maximum, softplus, stopGradient, sub, type Tensor } from '@tapegrad/core';
import { type Hypothesis, type Suspect, sameShape } from './suspect.ts';

interface KnownLoss {
  readonly name: string;
  /** Summed over everything: batches and halves are factors. */
  readonly of: (prediction: Tensor, label: Tensor) => Tensor;
}

const knownLosses: readonly KnownLoss[] = [
  { name: 'squared error', of: (p, y) => p.sub(y).square().sum() },
  {
    name: 'binary cross-entropy',
    of: (p, y) =>
      p
        .log()
        .mul(y)
        .add(sub(1, p).log().mul(sub(1, y)))
        .sum()
        .neg(),
  },
  { name: 'cross-entropy', of: (p, y) => p.log().mul(y).sum().neg() },
  { name: 'absolute error', of: (p, y) => p.sub(y).abs().sum() },
  { name: 'binary cross-entropy on logits', of: (z, y) => softplus(z).sub(z.mul(y)).sum() },
  { name: 'softmax cross-entropy on logits', of: (z, y) => logSoftmax(z).mul(y).sum().neg() },
  { name: 'hinge loss', of: (p, y) => maximum(sub(1, p.mul(y)), 0).sum() },
  { name: 'Poisson loss', of: (p, y) => p.sub(y.mul(p.log())).sum() },
];

export function* losses(suspect: Suspect): Iterable<Hypothesis> {
  const { region, expected, name, pass } = suspect;
  if (!region.fromLoss) return;
  const prediction = pass.values.get(name)!;
  const labels = labelsFor(suspect, prediction);
  const actual = lossOf(pass.loss, prediction, labels, expected);
  for (const known of knownLosses) {
    if (known === actual) continue;
    for (const label of labels) {
      yield {
        kind: 'loss',
        text: `this is the gradient of ${known.name}${actual === undefined ? ', not of this loss' : `, not of ${actual.name}`}`,
        value: () => gradientOf(known, prediction, label),
        cost: 1,
      };
    }
  }
}

function labelsFor(suspect: Suspect, prediction: Tensor): Tensor[] {
  const dtype = prediction.dtype as FloatDType;
  return [...suspect.pass.values]
    .filter(([name, value]) => name !== suspect.name && sameShape(value, prediction))
    .map(([, value]) => (value.dtype === dtype ? value : value.asType(dtype)));
}

/** Which loss the forward pass has: its gradient and its value are those of a known one, up to the same factor. */
function lossOf(loss: Tensor, prediction: Tensor, labels: readonly Tensor[], expected: Tensor): KnownLoss | undefined {
  return knownLosses.find((known) =>
    labels.some((label) => {
      const factor = ratioOf(gradientOf(known, prediction, label), expected);
      const value = known.of(prediction, label).item() * (factor ?? Number.NaN);
      return Math.abs(value - loss.item()) <= 1e-6 * Math.abs(loss.item());
    }),
  );
}

function gradientOf({ of }: KnownLoss, prediction: Tensor, label: Tensor): Tensor {
  return grad((p: Tensor) => of(p, stopGradient(label)))(prediction);
}

/** The factor c in b = c · a, the same for each element; undefined where there is none. By their norms, one large element would decide. */
function ratioOf(a: Tensor, b: Tensor): number | undefined {
  const [x, y] = [a.toData(), b.toData()];
  const ratios = Array.from(x, (element, i) => y[i]! / element).filter((ratio) => !Number.isNaN(ratio));
  const [first] = ratios;
  return ratios.every((ratio) => Math.abs(ratio / first! - 1) < 1e-6) ? first : undefined;
}

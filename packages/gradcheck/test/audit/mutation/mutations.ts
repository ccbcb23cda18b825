// Single mistakes that people make in hand-written backward passes, each as a replacement of one formula.

import { sigmoid, sub, type Tensor, tanh } from '@tapegrad/core';
import type { CauseKind } from '../../../src/index.ts';
import { type Activation, type Formulas, f, type Network, type Place, rightFormulas, slope } from './network.ts';

export interface Mutation {
  readonly name: string;
  readonly formula: keyof Formulas;
  /** Where it can be made. */
  readonly applies: (network: Network, l: number) => boolean;
  readonly wrong: (p: Place) => Tensor;
  /** The kinds of cause that name the mistake truly. */
  readonly kinds: readonly CauseKind[];
  /** What a cause must say, to be the true one. */
  readonly says: RegExp;
  /** The factor that it must give, where the mistake is one. */
  readonly factor?: (network: Network) => number;
}

type Applies = Mutation['applies'];

const always: Applies = () => true;
const last: Applies = ({ sizes }, l) => l === sizes.length - 1;
const not =
  (...no: readonly Applies[]): Applies =>
  (network, l) =>
    !no.some((applies) => applies(network, l));
const and =
  (...all: readonly Applies[]): Applies =>
  (network, l) =>
    all.every((applies) => applies(network, l));
const lossIs =
  (loss: Network['loss']): Applies =>
  (network) =>
    network.loss === loss;
const softmaxLayer: Applies = and(last, lossIs('cross-entropy'));
const active =
  (...names: readonly Activation[]): Applies =>
  (network, l) =>
    !softmaxLayer(network, l) && names.includes(network.activations[l - 1]!);
const nonlinear = active('sigmoid', 'tanh', 'relu', 'softplus', 'elu');
const skips: Applies = ({ skips: list }, l) => list[l - 1]!;
const noSkip = not(skips);
const squareWeights: Applies = ({ sizes }, l) => sizes[l - 1] === sizes[l];
const meanInLoss: Applies = ({ meanAt }) => meanAt === 'loss';
const meanAtWeights: Applies = ({ meanAt }) => meanAt === 'weights';
/** Whether another layer has weights, or pre-activations, of the same shape. */
const otherWeights: Applies = ({ sizes }, l) =>
  otherLayer(sizes, l, (k) => sizes[k - 1] === sizes[l - 1] && sizes[k] === sizes[l]) > 0;
const otherUnits: Applies = ({ sizes }, l) => otherLayer(sizes, l, (k) => sizes[k] === sizes[l]) > 0;

function otherLayer(sizes: readonly number[], l: number, fits: (k: number) => boolean): number {
  for (let k = sizes.length - 1; k >= 1; k--) if (k !== l && fits(k)) return k;
  return 0;
}

/** What the author of this network multiplies the loss's derivative by. */
function meanOf({ network, m }: Place): number {
  return network.meanAt === 'loss' ? 1 / m : 1;
}

function activationOf({ network, l }: Place): Activation {
  return network.activations[l - 1]!;
}

/** A formula that is off by a factor, or by its sign. */
function times(
  formula: keyof Formulas,
  what: string,
  factor: (sizes: { readonly m: number; readonly outputs: number }) => number,
  kinds: readonly CauseKind[] = ['factor'],
  applies: Applies = always,
): Mutation {
  return {
    name: `${formula}: ${what}`,
    formula,
    // A factor 1/m that turns "the mean at the weights" into "the mean in the loss" leaves this formula right, and those at the
    // weights wrong.
    applies: (network, l) =>
      applies(network, l) &&
      !(formula === 'A' && network.meanAt === 'weights' && factor(sizesOf(network)) === 1 / network.rows),
    wrong: (p) => rightFormulas[formula](p).mul(factor({ m: p.m, outputs: p.v.Y!.shape[1]! })),
    kinds,
    says: kinds[0] === 'sign' ? /^the sign is wrong$/ : /times what it should be|mean over axis 0/,
    factor: (network) => factor(sizesOf(network)),
  };
}

function sizesOf({ rows, sizes }: Network): { m: number; outputs: number } {
  return { m: rows, outputs: sizes.at(-1)! };
}

/** A formula in which one of its values is another. */
function swapped(
  formula: keyof Formulas,
  what: string,
  change: (p: Place) => Partial<Place>,
  kinds: readonly CauseKind[],
  says: RegExp,
  applies: Applies,
): Mutation {
  return {
    name: `${formula}: ${what}`,
    formula,
    applies,
    wrong: (p) => rightFormulas[formula]({ ...p, ...change(p) }),
    kinds,
    says,
  };
}

/** dA times something else than the derivative of the activation. */
function derivative(
  what: string,
  of: (p: Place) => Tensor,
  says: RegExp,
  applies: Applies,
  kinds: readonly CauseKind[] = ['activation'],
): Mutation {
  return { name: `Z: ${what}`, formula: 'Z', applies, wrong: (p) => p.dA.mul(of(p)), kinds, says };
}

const slopeAt = (p: Place, z: Tensor, a: Tensor): Tensor => slope[activationOf(p)](z, a);

export const mutations: readonly Mutation[] = [
  times('A', '1/m is missing', ({ m }) => m, ['factor'], meanInLoss),
  times('A', 'a factor 2 too much', () => 2),
  times('A', 'half of it', () => 0.5),
  times('A', 'the sign is wrong', () => -1, ['sign']),
  times('A', 'the mean over the outputs too', ({ outputs }) => 1 / outputs),
  {
    name: 'A: squared error for binary cross-entropy',
    formula: 'A',
    applies: lossIs('binary cross-entropy'),
    wrong: ({ A, v }) => A.sub(v.Y!),
    kinds: ['loss', 'misplaced'],
    says: /squared error|gradient by Z/,
  },
  {
    name: 'A: binary cross-entropy for squared error',
    formula: 'A',
    applies: and(lossIs('squared error'), active('sigmoid')),
    wrong: ({ A, v }) => A.sub(v.Y!).div(A.mul(sub(1, A))),
    kinds: ['loss'],
    says: /gradient of binary cross-entropy/,
  },
  {
    name: 'A: absolute error for squared error',
    formula: 'A',
    applies: lossIs('squared error'),
    wrong: (p) => p.A.sub(p.v.Y!).sign().mul(meanOf(p)),
    kinds: ['loss'],
    says: /absolute error/,
  },
  {
    name: 'A: the path of 1 − y is missing',
    formula: 'A',
    applies: lossIs('binary cross-entropy'),
    wrong: (p) => p.v.Y!.div(p.A).mul(-meanOf(p)),
    kinds: ['path', 'loss'],
    says: /path through .* is missing|of cross-entropy/,
  },
  {
    name: 'A: binary cross-entropy for cross-entropy',
    formula: 'A',
    applies: lossIs('cross-entropy'),
    wrong: (p) =>
      p.A.sub(p.v.Y!)
        .div(p.A.mul(sub(1, p.A)))
        .mul(meanOf(p)),
    kinds: ['loss'],
    says: /gradient of binary cross-entropy/,
  },
  {
    name: 'A: an ε in the denominators',
    formula: 'A',
    applies: lossIs('binary cross-entropy'),
    wrong: ({ A, v, m, network }) =>
      sub(1, v.Y!)
        .div(sub(1, A).add(1e-4))
        .sub(v.Y!.div(A.add(1e-4)))
        .div(network.meanAt === 'loss' ? m : 1),
    kinds: ['epsilon'],
    says: /ε of 1e-4/,
  },
  {
    name: 'A: probabilities clipped',
    formula: 'A',
    applies: lossIs('cross-entropy'),
    wrong: (p) => rightFormulas.A({ ...p, A: p.A.clip(0.1, 0.9) }),
    kinds: ['epsilon'],
    says: /clipped .* 1e-1/,
  },
  derivative('the derivative is missing', ({ Z }) => Z.mul(0).add(1), /is missing|gradient by A/, nonlinear, [
    'activation',
    'misplaced',
  ]),
  derivative(
    'the derivative twice',
    (p) => slopeAt(p, p.Z, p.H).square(),
    /taken twice/,
    active('sigmoid', 'tanh', 'softplus', 'elu'),
  ),
  derivative(
    "f'(a) for f'(z)",
    (p) => slopeAt(p, p.H, f[activationOf(p)](p.H)),
    /is taken at (its output )?A\d/,
    and(active('sigmoid', 'tanh', 'softplus', 'elu'), noSkip),
  ),
  derivative(
    'the formula for a, with z',
    (p) => slopeAt(p, p.Z, p.Z),
    /not for Z|Z\d stands where A\d/,
    active('sigmoid', 'tanh'),
  ),
  derivative(
    'the derivative of tanh',
    (p) => slope.tanh(p.Z, tanh(p.Z)),
    /derivative of tanh/,
    active('sigmoid', 'relu', 'softplus', 'elu'),
  ),
  derivative(
    'the derivative of sigmoid',
    (p) => slope.sigmoid(p.Z, sigmoid(p.Z)),
    /derivative of sigmoid/,
    active('tanh', 'relu', 'softplus', 'elu'),
  ),
  derivative(
    'the derivative of relu',
    (p) => slope.relu(p.Z, p.H),
    /derivative of (relu|leakyRelu|elu)/,
    active('sigmoid', 'tanh', 'softplus', 'elu'),
  ),
  derivative('the activation for its derivative', ({ H }) => H, /stands where its derivative belongs/, nonlinear),
  derivative('z for the derivative', ({ Z }) => Z, /Z\d itself stands|output of relu/, nonlinear),
  derivative('z for the derivative of no activation', ({ Z }) => Z, /by Z\d itself/, active('linear')),
  derivative(
    'divided by the derivative',
    (p) => slopeAt(p, p.Z, p.H).reciprocal(),
    /divided by the derivative/,
    active('sigmoid', 'tanh', 'softplus'),
  ),
  swapped(
    'Z',
    'the derivative at the z of another layer',
    ({ network: { sizes }, l, v, network }) => {
      const Z = v[`Z${otherLayer(sizes, l, (k) => sizes[k] === sizes[l])}`]!;
      return { Z, H: f[network.activations[l - 1]!](Z) };
    },
    ['activation', 'operand'],
    /is taken at Z\d|[ZA]\d stands where/,
    and(nonlinear, otherUnits),
  ),
  derivative('1 − a for a(1 − a)', ({ H }) => sub(1, H), /1 − (A|sigmoid)|other factor/, active('sigmoid')),
  times('Z', 'the sign is wrong', () => -1, ['sign']),
  // Of two rows, with the mean at the weights, nobody can tell whose 2 is the batch's.
  times(
    'Z',
    'a factor 2',
    () => 2,
    ['factor'],
    ({ rows, meanAt }) => rows !== 2 || meanAt === 'loss',
  ),
  {
    name: 'Z: softmax without the other classes',
    formula: 'Z',
    applies: softmaxLayer,
    wrong: ({ A, dA }) => dA.mul(A).mul(sub(1, A)),
    kinds: ['activation'],
    says: /A\d\(1 − A\d\)/,
  },
  {
    name: 'Z: softmax without the sum',
    formula: 'Z',
    applies: softmaxLayer,
    wrong: ({ A, dA }) => dA.mul(A),
    kinds: ['path', 'activation'],
    says: /output of softmax/,
  },
  {
    name: 'W: transposed',
    formula: 'W',
    applies: always,
    wrong: (p) => rightFormulas.W(p).transpose(),
    kinds: ['transpose'],
    says: /transpose of the gradient/,
  },
  {
    name: 'W: the input is not transposed',
    formula: 'W',
    applies: ({ rows, sizes }, l) => rows === sizes[l - 1],
    wrong: ({ before, dZ, share }) => before.matmul(dZ).mul(share),
    kinds: ['transpose'],
    says: /rows and columns exchanged/,
  },
  swapped(
    'W',
    'z for a',
    ({ l, v }) => ({ before: v[`Z${l - 1}`]! }),
    ['operand'],
    /Z\d stands where A\d/,
    (_network, l) => l > 1,
  ),
  swapped('W', 'the output for the input', ({ A }) => ({ before: A }), ['operand'], /A\d stands where/, squareWeights),
  swapped(
    'W',
    'dA for dZ',
    ({ dA }) => ({ dZ: dA }),
    ['operand', 'activation'],
    /gradient by A\d|is missing/,
    nonlinear,
  ),
  times('W', '1/m is missing', ({ m }) => m, ['factor'], meanAtWeights),
  times('W', '1/m too much', ({ m }) => 1 / m),
  times('W', 'a factor 2', () => 2),
  times('W', 'the sign is wrong', () => -1, ['sign']),
  times('b', 'the mean for the sum', ({ m }) => 1 / m, ['factor', 'reduction']),
  {
    name: 'b: over the wrong axis',
    formula: 'b',
    applies: always,
    wrong: ({ dZ, share }) => dZ.sum(1).mul(share),
    kinds: ['reduction'],
    says: /over axis 1/,
  },
  {
    name: 'b: not reduced',
    formula: 'b',
    applies: always,
    wrong: ({ dZ, share }) => dZ.mul(share),
    kinds: ['reduction'],
    says: /not reduced/,
  },
  {
    name: 'b: the mean of every element',
    formula: 'b',
    applies: always,
    wrong: ({ dZ }) => dZ.mean(),
    kinds: ['reduction'],
    says: /mean over every element/,
  },
  {
    name: 'b: the sum of every element',
    formula: 'b',
    applies: always,
    wrong: ({ dZ, share }) => dZ.sum().mul(share),
    kinds: ['reduction'],
    says: /sum over every element/,
  },
  swapped(
    'b',
    'dA for dZ',
    ({ dA }) => ({ dZ: dA }),
    ['operand', 'activation'],
    /gradient by A\d|is missing/,
    nonlinear,
  ),
  times('b', 'the sign is wrong', () => -1, ['sign']),
  swapped(
    'below',
    'the weights are not transposed',
    ({ W }) => ({ W: W.transpose() }),
    ['transpose'],
    /rows and columns exchanged/,
    squareWeights,
  ),
  swapped(
    'below',
    'the weights of another layer',
    ({ network: { sizes }, l, v }) => ({
      W: v[`W${otherLayer(sizes, l, (k) => sizes[k - 1] === sizes[l - 1] && sizes[k] === sizes[l])}`]!,
    }),
    ['operand'],
    /W\d stands where W\d/,
    otherWeights,
  ),
  swapped(
    'below',
    'dA for dZ',
    ({ dA }) => ({ dZ: dA }),
    ['operand', 'activation'],
    /gradient by A\d|is missing/,
    nonlinear,
  ),
  times('below', '1/m too much', ({ m }) => 1 / m),
  times('below', 'the sign is wrong', () => -1, ['sign']),
  {
    name: 'below: multiplied by the activation',
    formula: 'below',
    applies: always,
    wrong: (p) => rightFormulas.below(p).mul(p.before),
    kinds: ['activation'],
    says: /multiplied by/,
  },
  {
    name: 'below: the skip is missing',
    formula: 'below',
    applies: skips,
    wrong: ({ dZ, W }) => dZ.matmul(W.transpose()),
    kinds: ['path'],
    says: /path through .* is missing/,
  },
  {
    name: 'below: only the skip',
    formula: 'below',
    applies: skips,
    wrong: ({ dA }) => dA.mul(1),
    kinds: ['path', 'misplaced'],
    says: /path through .* is (missing|followed)|gradient by A/,
  },
  {
    name: 'below: the skip twice',
    formula: 'below',
    applies: skips,
    wrong: ({ dZ, W, dA }) => dZ.matmul(W.transpose()).add(dA.mul(2)),
    kinds: ['path'],
    says: /counts 2 times/,
  },
  {
    name: 'below: the skip with the wrong sign',
    formula: 'below',
    applies: skips,
    wrong: ({ dZ, W, dA }) => dZ.matmul(W.transpose()).sub(dA),
    kinds: ['path', 'sign'],
    says: /wrong sign/,
  },
  {
    name: 'below: the skip behind the activation',
    formula: 'below',
    applies: and(skips, nonlinear),
    wrong: ({ dZ, W }) => dZ.matmul(W.transpose()).add(dZ),
    kinds: ['operand', 'activation'],
    says: /gradient by Z\d stands where|derivative of/,
  },
];

// Single mistakes that people make in hand-written backward passes, each as a replacement of one formula.

import { elu, relu, sigmoid, softplus, sub, type Tensor, tanh } from '@tapegrad/core';
import type { CauseKind } from '../../../src/index.ts';
import { type Activation, type Formulas, type Network, type Place, rightFormulas, slope } from './network.ts';

export interface Mutation {
  readonly name: string;
  readonly formula: keyof Formulas;
  /** Where it can be made. */
  readonly applies: (network: Network, l: number) => boolean;
  readonly wrong: (p: Place) => Tensor;
  /** The kinds of cause that name the mistake truly. */
  readonly kinds: readonly CauseKind[];
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

const f: { readonly [A in Activation]: (x: Tensor) => Tensor } = {
  sigmoid,
  tanh,
  relu,
  softplus,
  elu: (x) => elu(x),
  linear: (x) => x,
};

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
  applies: Applies,
): Mutation {
  return {
    name: `${formula}: ${what}`,
    formula,
    applies,
    wrong: (p) => rightFormulas[formula]({ ...p, ...change(p) }),
    kinds,
  };
}

/** dA times something else than the derivative of the activation. */
function derivative(
  what: string,
  of: (p: Place) => Tensor,
  applies: Applies,
  kinds: readonly CauseKind[] = ['activation'],
): Mutation {
  return { name: `Z: ${what}`, formula: 'Z', applies, wrong: (p) => p.dA.mul(of(p)), kinds };
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
  },
  {
    name: 'A: binary cross-entropy for squared error',
    formula: 'A',
    applies: and(lossIs('squared error'), active('sigmoid')),
    wrong: ({ A, v }) => A.sub(v.Y!).div(A.mul(sub(1, A))),
    kinds: ['loss'],
  },
  {
    name: 'A: absolute error for squared error',
    formula: 'A',
    applies: lossIs('squared error'),
    wrong: (p) => p.A.sub(p.v.Y!).sign().mul(meanOf(p)),
    kinds: ['loss'],
  },
  {
    name: 'A: the path of 1 − y is missing',
    formula: 'A',
    applies: lossIs('binary cross-entropy'),
    wrong: (p) => p.v.Y!.div(p.A).mul(-meanOf(p)),
    kinds: ['path', 'loss'],
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
  },
  {
    name: 'A: probabilities clipped',
    formula: 'A',
    applies: lossIs('cross-entropy'),
    wrong: (p) => rightFormulas.A({ ...p, A: p.A.clip(0.1, 0.9) }),
    kinds: ['epsilon'],
  },
  derivative('the derivative is missing', ({ Z }) => Z.mul(0).add(1), nonlinear, ['activation', 'misplaced']),
  derivative(
    'the derivative twice',
    (p) => slopeAt(p, p.Z, p.H).square(),
    active('sigmoid', 'tanh', 'softplus', 'elu'),
  ),
  derivative(
    "f'(a) for f'(z)",
    (p) => slopeAt(p, p.H, f[activationOf(p)](p.H)),
    and(active('sigmoid', 'tanh', 'softplus', 'elu'), noSkip),
  ),
  derivative('the formula for a, with z', (p) => slopeAt(p, p.Z, p.Z), active('sigmoid', 'tanh')),
  derivative('the derivative of tanh', (p) => slope.tanh(p.Z, tanh(p.Z)), active('sigmoid', 'relu', 'softplus', 'elu')),
  derivative(
    'the derivative of sigmoid',
    (p) => slope.sigmoid(p.Z, sigmoid(p.Z)),
    active('tanh', 'relu', 'softplus', 'elu'),
  ),
  derivative('the derivative of relu', (p) => slope.relu(p.Z, p.H), active('sigmoid', 'tanh', 'softplus', 'elu')),
  derivative('the activation for its derivative', ({ H }) => H, nonlinear),
  derivative('z for the derivative', ({ Z }) => Z, nonlinear),
  derivative('z for the derivative of no activation', ({ Z }) => Z, active('linear')),
  derivative(
    'divided by the derivative',
    (p) => slopeAt(p, p.Z, p.H).reciprocal(),
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
    and(nonlinear, otherUnits),
  ),
  derivative('1 − a for a(1 − a)', ({ H }) => sub(1, H), active('sigmoid')),
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
  },
  {
    name: 'Z: softmax without the sum',
    formula: 'Z',
    applies: softmaxLayer,
    wrong: ({ A, dA }) => dA.mul(A),
    kinds: ['path', 'activation'],
  },
  {
    name: 'W: transposed',
    formula: 'W',
    applies: always,
    wrong: (p) => rightFormulas.W(p).transpose(),
    kinds: ['transpose'],
  },
  {
    name: 'W: the input is not transposed',
    formula: 'W',
    applies: ({ rows, sizes }, l) => rows === sizes[l - 1],
    wrong: ({ before, dZ, share }) => before.matmul(dZ).mul(share),
    kinds: ['transpose'],
  },
  swapped(
    'W',
    'z for a',
    ({ l, v }) => ({ before: v[`Z${l - 1}`]! }),
    ['operand'],
    (_network, l) => l > 1,
  ),
  swapped('W', 'the output for the input', ({ A }) => ({ before: A }), ['operand'], squareWeights),
  swapped('W', 'dA for dZ', ({ dA }) => ({ dZ: dA }), ['operand', 'activation'], nonlinear),
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
  },
  {
    name: 'b: not reduced',
    formula: 'b',
    applies: always,
    wrong: ({ dZ, share }) => dZ.mul(share),
    kinds: ['reduction'],
  },
  {
    name: 'b: the mean of every element',
    formula: 'b',
    applies: always,
    wrong: ({ dZ }) => dZ.mean(),
    kinds: ['reduction'],
  },
  {
    name: 'b: the sum of every element',
    formula: 'b',
    applies: always,
    wrong: ({ dZ, share }) => dZ.sum().mul(share),
    kinds: ['reduction'],
  },
  swapped('b', 'dA for dZ', ({ dA }) => ({ dZ: dA }), ['operand', 'activation'], nonlinear),
  times('b', 'the sign is wrong', () => -1, ['sign']),
  swapped('below', 'the weights are not transposed', ({ W }) => ({ W: W.transpose() }), ['transpose'], squareWeights),
  swapped(
    'below',
    'the weights of another layer',
    ({ network: { sizes }, l, v }) => ({
      W: v[`W${otherLayer(sizes, l, (k) => sizes[k - 1] === sizes[l - 1] && sizes[k] === sizes[l])}`]!,
    }),
    ['operand'],
    otherWeights,
  ),
  swapped('below', 'dA for dZ', ({ dA }) => ({ dZ: dA }), ['operand', 'activation'], nonlinear),
  times('below', '1/m too much', ({ m }) => 1 / m),
  times('below', 'the sign is wrong', () => -1, ['sign']),
  {
    name: 'below: multiplied by the activation',
    formula: 'below',
    applies: always,
    wrong: (p) => rightFormulas.below(p).mul(p.before),
    kinds: ['activation'],
  },
  {
    name: 'below: the skip is missing',
    formula: 'below',
    applies: skips,
    wrong: ({ dZ, W }) => dZ.matmul(W.transpose()),
    kinds: ['path'],
  },
  {
    name: 'below: only the skip',
    formula: 'below',
    applies: skips,
    wrong: ({ dA }) => dA.mul(1),
    kinds: ['path', 'misplaced'],
  },
  {
    name: 'below: the skip twice',
    formula: 'below',
    applies: skips,
    wrong: ({ dZ, W, dA }) => dZ.matmul(W.transpose()).add(dA.mul(2)),
    kinds: ['path'],
  },
  {
    name: 'below: the skip with the wrong sign',
    formula: 'below',
    applies: skips,
    wrong: ({ dZ, W, dA }) => dZ.matmul(W.transpose()).sub(dA),
    kinds: ['path', 'sign'],
  },
  {
    name: 'below: the skip behind the activation',
    formula: 'below',
    applies: and(skips, nonlinear),
    wrong: ({ dZ, W }) => dZ.matmul(W.transpose()).add(dZ),
    kinds: ['operand', 'activation'],
  },
];

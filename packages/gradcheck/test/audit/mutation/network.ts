// Random multilayer perceptrons with a backward pass derived by hand, in which any one formula can be replaced.

import {
  elu,
  type RandomGenerator,
  relu,
  sigmoid,
  softmax,
  softplus,
  sub,
  type Tensor,
  tanh,
  zerosLike,
} from '@tapegrad/core';
import type { Given } from '../../../src/index.ts';

export type Activation = 'sigmoid' | 'tanh' | 'relu' | 'softplus' | 'elu' | 'linear';
export type LossName = 'squared error' | 'binary cross-entropy' | 'cross-entropy';

/** Where the author takes the mean over the batch: in the loss's derivative, or at the weights. */
export type MeanAt = 'loss' | 'weights';

export interface Network {
  readonly rows: number;
  /** Features, then the units of each layer. */
  readonly sizes: readonly number[];
  /** Of each layer; the last one is decided by the loss. */
  readonly activations: readonly Activation[];
  readonly loss: LossName;
  /** Whether layer l (counted from 1) adds its input to its output. */
  readonly skips: readonly boolean[];
  readonly meanAt: MeanAt;
  readonly inputs: { readonly X: Tensor; readonly Y: Tensor };
  readonly params: { readonly [name: string]: Tensor };
}

type Values = { readonly [name: string]: Tensor };

/** The activations. */
export const f: { readonly [A in Activation]: (x: Tensor) => Tensor } = {
  sigmoid,
  tanh,
  relu,
  softplus,
  elu: (x) => elu(x),
  linear: (x) => x,
};

/** f′ at z, where a = f(z): the formulas that authors write. */
export const slope: { readonly [A in Activation]: (z: Tensor, a: Tensor) => Tensor } = {
  sigmoid: (_z, a) => a.mul(sub(1, a)),
  tanh: (_z, a) => sub(1, a.square()),
  relu: (z) => z.greater(0).asType('float64'),
  softplus: (z) => sigmoid(z),
  elu: (z, a) =>
    z
      .greater(0)
      .asType('float64')
      .add(z.lessEqual(0).asType('float64').mul(a.add(1))),
  linear: (z) => zerosLike(z).add(1),
};

/** A network with 1 to 4 layers of 2 to 6 units, and a finite loss. Widths repeat often, so that values can be taken for one another. */
export function randomNetwork(random: RandomGenerator): Network {
  for (;;) {
    const network = drawNetwork(random);
    if (Number.isFinite(forwardOf(network)({ ...network.inputs, ...network.params }).item())) return network;
  }
}

function drawNetwork(random: RandomGenerator): Network {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
  const layers = 1 + Math.floor(random.next() * 4);
  const width = 2 + Math.floor(random.next() * 5);
  const size = (): number => (random.next() < 0.6 ? width : 2 + Math.floor(random.next() * 5));
  const rows = random.next() < 0.3 ? width : 2 + Math.floor(random.next() * 7);
  const sizes = Array.from({ length: layers + 1 }, size);
  const loss = pick(['squared error', 'binary cross-entropy', 'cross-entropy'] as const);
  const hidden = Array.from({ length: layers - 1 }, () =>
    pick(['sigmoid', 'tanh', 'relu', 'softplus', 'elu'] as const),
  );
  const last = loss === 'squared error' ? pick(['linear', 'sigmoid', 'tanh'] as const) : 'sigmoid';
  const skips = sizes.slice(1).map((units, l) => l < layers - 1 && units === sizes[l] && random.next() < 0.5);
  const params: { [name: string]: Tensor } = {};
  for (let l = 1; l <= layers; l++) {
    params[`W${l}`] = random.normal([sizes[l - 1]!, sizes[l]!], 0, 0.8, 'float64');
    params[`b${l}`] = random.uniform([sizes[l]!], -0.5, 0.5, 'float64');
  }
  const X = random.uniform([rows, sizes[0]!], -1.5, 1.5, 'float64');
  const draws = random.uniform([rows, sizes[layers]!], 0, 1, 'float64');
  const Y =
    loss === 'squared error'
      ? draws
      : loss === 'binary cross-entropy'
        ? draws.greater(0.5).asType('float64')
        : softmax(draws.mul(3));
  return {
    rows,
    sizes,
    activations: [...hidden, last],
    loss,
    skips,
    meanAt: random.next() < 0.5 ? 'loss' : 'weights',
    inputs: { X, Y },
    params,
  };
}

/** The loss, with every Z and A named. */
export function forwardOf(network: Network): (values: Values) => Tensor {
  const layers = network.sizes.length - 1;
  return (v) => {
    let A = v.X!;
    for (let l = 1; l <= layers; l++) {
      const Z = A.matmul(v[`W${l}`]!).add(v[`b${l}`]!).named(`Z${l}`);
      const isLast = l === layers;
      const H = isLast && network.loss === 'cross-entropy' ? softmax(Z) : f[network.activations[l - 1]!](Z);
      A = (network.skips[l - 1] ? H.add(A) : H).named(`A${l}`);
    }
    return lossOf(network, A, v.Y!).sum().div(network.rows);
  };
}

function lossOf({ loss }: Network, A: Tensor, Y: Tensor): Tensor {
  if (loss === 'squared error') return A.sub(Y).square();
  if (loss === 'cross-entropy') return A.log().mul(Y).neg();
  return A.log()
    .mul(Y)
    .add(sub(1, A).log().mul(sub(1, Y)))
    .neg();
}

/** All that a formula of layer l may use. `H` is the activation before what a skip adds. */
export interface Place {
  readonly network: Network;
  readonly l: number;
  readonly v: Values;
  readonly m: number;
  /** The factor that a formula at the weights has by convention. */
  readonly share: number;
  /** A_{l−1}, Z_l, f(Z_l), A_l, W_l. */
  readonly before: Tensor;
  readonly Z: Tensor;
  readonly H: Tensor;
  readonly A: Tensor;
  readonly W: Tensor;
  /** The gradients that are known by then. */
  readonly dA: Tensor;
  readonly dZ: Tensor;
}

/** The formulas of a backward pass. `A` is that of the output; `below` gives the gradient by A_{l−1}. */
export interface Formulas {
  readonly A: (p: Place) => Tensor;
  readonly Z: (p: Place) => Tensor;
  readonly W: (p: Place) => Tensor;
  readonly b: (p: Place) => Tensor;
  readonly below: (p: Place) => Tensor;
}

export const rightFormulas: Formulas = {
  A: ({ network, A, v, m }) => {
    const Y = v.Y!;
    const mean = network.meanAt === 'loss' ? 1 / m : 1;
    if (network.loss === 'squared error') return A.sub(Y).mul(2 * mean);
    if (network.loss === 'cross-entropy') return Y.div(A).mul(-mean);
    return A.sub(Y)
      .div(A.mul(sub(1, A)))
      .mul(mean);
  },
  Z: ({ network, l, Z, H, A, dA }) => {
    if (l === network.sizes.length - 1 && network.loss === 'cross-entropy') {
      return A.mul(dA.sub(dA.mul(A).sum(1, { keepDims: true })));
    }
    return dA.mul(slope[network.activations[l - 1]!](Z, H));
  },
  W: ({ before, dZ, share }) => before.transpose().matmul(dZ).mul(share),
  b: ({ dZ, share }) => dZ.sum(0).mul(share),
  below: ({ network, l, W, dZ, dA }) => {
    const back = dZ.matmul(W.transpose());
    return network.skips[l - 1] ? back.add(dA) : back;
  },
};

/** The backward pass in these formulas. `replace` may put another formula in the place of one. */
export function backwardOf(
  network: Network,
  replace: (formula: keyof Formulas, l: number) => ((p: Place) => Tensor) | undefined = () => undefined,
): (values: Values, given: Given<Tensor>) => { [name: string]: Tensor } {
  const layers = network.sizes.length - 1;
  const formula = (which: keyof Formulas, l: number) => replace(which, l) ?? rightFormulas[which];
  return (v, given) => {
    const gradients: { [name: string]: Tensor } = {};
    const m = network.rows;
    const share = network.meanAt === 'loss' ? 1 : 1 / m;
    const place = (l: number, dA?: Tensor, dZ?: Tensor): Place => {
      const Z = v[`Z${l}`]!;
      const A = v[`A${l}`]!;
      const before = l === 1 ? v.X! : v[`A${l - 1}`]!;
      const H = network.skips[l - 1] ? A.sub(before) : A;
      return { network, l, v, m, share, before, Z, H, A, W: v[`W${l}`]!, dA: dA!, dZ: dZ! };
    };
    let dA = given(`A${layers}`, formula('A', layers)(place(layers)));
    for (let l = layers; l >= 1; l--) {
      const dZ = given(`Z${l}`, formula('Z', l)(place(l, dA)));
      gradients[`W${l}`] = given(`W${l}`, formula('W', l)(place(l, dA, dZ)));
      gradients[`b${l}`] = given(`b${l}`, formula('b', l)(place(l, dA, dZ)));
      if (l > 1) dA = given(`A${l - 1}`, formula('below', l)(place(l, dA, dZ)));
    }
    return gradients;
  };
}

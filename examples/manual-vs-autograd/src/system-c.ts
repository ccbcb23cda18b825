// System C: a digit recogniser, derived for one example, a column. Losses and activations are chosen by name; one of the activations is
// none.

import type { NdArray, Tensor } from '@tapegrad/core';
import { type AuditReport, auditBackward, auditUpdate, type UpdateReport } from '@tapegrad/gradcheck';
import { dot, isPositive, minus, over, sigmoid, softmax, times, transpose, zeros } from './arrays.ts';
import { oneHotColumns, seedOf, someDigits, weights } from './data.ts';
import type { System } from './system.ts';

/** How an author's formula reads, as text and as TeX, with the names of a layer's values put in. */
type Written = (l: number) => { readonly formula: string; readonly tex: string };

interface Activation {
  readonly forward: (Z: Tensor) => Tensor;
  /** dZ from dA, by the layer's pre-activation. */
  readonly backward: (dA: NdArray, Z: NdArray) => NdArray;
  readonly written: Written;
}

const activations = {
  ReLU: {
    forward: (Z) => Z.relu(),
    backward: (dA, Z) => times(isPositive(Z), dA),
    written: (l) => ({ formula: `1[Z${l} > 0] ⊙ dA${l}`, tex: `1[Z_${l} > 0] \\odot \\mathrm{d}A_${l}` }),
  },
  sigmoid: {
    forward: (Z) => Z.sigmoid(),
    backward: (dA, Z) => times(times(sigmoid(Z), minus(1, sigmoid(Z))), dA),
    written: (l) => ({
      formula: `σ(Z${l})(1 − σ(Z${l})) ⊙ dA${l}`,
      tex: `\\sigma(Z_${l})(1 - \\sigma(Z_${l})) \\odot \\mathrm{d}A_${l}`,
    }),
  },
  softmax: {
    forward: (Z) => Z.softmax(0),
    backward: (dA, Z) => eachColumn(dA, Z, (g, z) => dot(softmaxJacobian(z), g)),
    written: (l) => ({
      formula: `s_i(δ_ij − s_j) · dA${l}`,
      tex: `J\\, \\mathrm{d}A_${l},\\quad J_{ij} = s_i(\\delta_{ij} - s_j)`,
    }),
  },
  // The derivative of no activation, as the author has it, is its input.
  none: {
    forward: (Z) => Z,
    backward: (dA, Z) => times(Z, dA),
    written: (l) => ({ formula: `Z${l} ⊙ dA${l}`, tex: `Z_${l} \\odot \\mathrm{d}A_${l}` }),
  },
} as const satisfies { readonly [name: string]: Activation };

/** s_i(δ_ij − s_j) of one column. */
function softmaxJacobian(z: NdArray): NdArray {
  const size = z.shape[0]!;
  const s = softmax(Array.from({ length: size }, (_, i) => z.get(i, 0)));
  const J = zeros([size, size]);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) J.set(i, j, s[i]! * (Number(i === j) - s[j]!));
  }
  return J;
}

/** What a formula for one column gives for each. */
function eachColumn(a: NdArray, b: NdArray, f: (a: NdArray, b: NdArray) => NdArray): NdArray {
  const out = zeros(a.shape);
  const column = (x: NdArray, k: number): NdArray => x.lo(0, k).hi(x.shape[0]!, 1);
  for (let k = 0; k < a.shape[1]!; k++) {
    const result = f(column(a, k), column(b, k));
    for (let i = 0; i < a.shape[0]!; i++) out.set(i, k, result.get(i, 0));
  }
  return out;
}

interface Loss {
  readonly forward: (A: Tensor, Y: Tensor) => Tensor;
  readonly backward: (A: NdArray, Y: NdArray) => NdArray;
  readonly written: Written;
}

const losses = {
  // −Σ y log ŷ
  'cross-entropy': {
    forward: (A, Y) => Y.mul(A.log()).sum().neg(),
    backward: (A, Y) => times(-1, over(Y, A)),
    written: (l) => ({ formula: `−Y / A${l}`, tex: `-\\frac{Y}{A_${l}}` }),
  },
  // Σ (ŷ − y)²
  'squared error': {
    forward: (A, Y) => A.sub(Y).square().sum(),
    backward: (A, Y) => times(2, minus(A, Y)),
    written: (l) => ({ formula: `2(A${l} − Y)`, tex: `2(A_${l} - Y)` }),
  },
} as const satisfies { readonly [name: string]: Loss };

/** A net: an activation for each layer, and a loss. */
interface Net {
  readonly layers: readonly (keyof typeof activations)[];
  readonly loss: keyof typeof losses;
  readonly examples: number;
}

const sizes = [64, 8, 7, 10] as const;

const nets: readonly Net[] = [
  { layers: ['ReLU', 'ReLU', 'softmax'], loss: 'cross-entropy', examples: 1 },
  { layers: ['ReLU', 'ReLU', 'softmax'], loss: 'squared error', examples: 1 },
  { layers: ['sigmoid', 'sigmoid', 'sigmoid'], loss: 'cross-entropy', examples: 1 },
  { layers: ['sigmoid', 'sigmoid', 'sigmoid'], loss: 'squared error', examples: 1 },
  { layers: ['ReLU', 'none', 'softmax'], loss: 'cross-entropy', examples: 1 },
  { layers: ['ReLU', 'ReLU', 'none'], loss: 'squared error', examples: 1 },
  { layers: ['ReLU', 'ReLU', 'softmax'], loss: 'cross-entropy', examples: 12 },
];

/** Every activation and both losses, example by example; a whole batch at once; and the step of gradient descent. */
export const systemC: System = {
  key: 'c',
  title: 'A digit recogniser with a page to draw on',
  audit: async (seed) => {
    const { x, y } = await someDigits(12);
    return [
      ...nets.map((net) => ({
        title: `${sizes.join('–')}, ${net.layers.join(', ')}; ${net.loss}; m = ${net.examples}`,
        report: auditNet(net, x.slice(0, net.examples).transpose(), oneHotColumns(y.slice(0, net.examples), 10), seed),
      })),
      {
        title: 'the step of gradient descent with L2',
        formula: 'lr · (ΣdW / batch) + lr · (λ/n) · W',
        report: auditStep(seed),
      },
    ];
  },
};

function auditNet({ layers, loss }: Net, X: Tensor, Y: Tensor, seed: number): AuditReport {
  const last = layers.length;
  return auditBackward({
    as: 'ndarray',
    inputs: { X, Y },
    // N(0, 1) / √(fan_in / 2)
    params: weights(sizes, (fanIn) => 1 / Math.sqrt(fanIn / 2), seedOf(seed, 5)),

    forward: (values) => {
      let A = values.X;
      layers.forEach((activation, i) => {
        const Z = values[`W${i + 1}`]!.matmul(A)
          .add(values[`b${i + 1}`]!)
          .named(`Z${i + 1}`);
        A = activations[activation].forward(Z).named(`A${i + 1}`);
      });
      return losses[loss].forward(A, values.Y);
    },

    backward: (values, given) => {
      const { X, Y } = values;
      let dA = given(`A${last}`, losses[loss].backward(values[`A${last}`]!, Y), losses[loss].written(last));
      for (let l = last; l >= 1; l--) {
        const { backward, written } = activations[layers[l - 1]!];
        const prev = l === 1 ? X : values[`A${l - 1}`]!;
        const [prevName, prevTex] = l === 1 ? ['X', 'X'] : [`A${l - 1}`, `A_${l - 1}`];
        const dZ = given(`Z${l}`, backward(dA, values[`Z${l}`]!), written(l));
        given(`W${l}`, dot(dZ, transpose(prev)), {
          formula: `dZ${l} ${prevName}ᵀ`,
          tex: `\\mathrm{d}Z_${l}\\, ${prevTex}^\\top`,
        });
        given(`b${l}`, dZ, { formula: `dZ${l}`, tex: `\\mathrm{d}Z_${l}` });
        if (l === 1) break;
        dA = given(`A${l - 1}`, dot(transpose(values[`W${l}`]!), dZ), {
          formula: `W${l}ᵀ dZ${l}`,
          tex: `W_${l}^\\top\\, \\mathrm{d}Z_${l}`,
        });
      }
    },
  });
}

/** W −= lr·(ΣdW/batch) + lr·(λ/n)·W, beside gradient descent whose weights decay by λ/n. */
function auditStep(seed: number): UpdateReport {
  const [learningRate, lambda, n, batch] = [0.1, 5, 50_000, 12];
  const { W1: W } = weights([4, 3], (fanIn) => 1 / Math.sqrt(fanIn / 2), seedOf(seed, 6));
  const { W1: mean } = weights([4, 3], () => 0.1, seedOf(seed, 7));
  return auditUpdate({
    params: { W: W! },
    grads: { W: mean },
    reference: { rule: 'sgd', learningRate, weightDecay: lambda / n },
    manual: ({ params, grads }) => {
      const sumOfdW = grads.W.mul(batch);
      const byGradient = sumOfdW.div(batch).mul(learningRate);
      const byDecay = params.W.mul(learningRate * (lambda / n));
      return { params: { W: params.W.sub(byGradient.add(byDecay)) } };
    },
  });
}

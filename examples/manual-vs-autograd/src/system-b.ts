// System B: a network of any number of layers. ReLU in the hidden ones, one example a column; three pairs of output and loss, and Adam
// without its square root.

import { sub, type Tensor } from '@tapegrad/core';
import { type AuditReport, auditBackward, auditUpdate, type UpdateReport } from '@tapegrad/gradcheck';
import { dot, isPositive, minus, sumOver, times, transpose } from './arrays.ts';
import { labelRow, oneHotColumns, seedOf, someDigits, someTumours, weights } from './data.ts';
import type { System } from './system.ts';

/** An output layer with its loss. */
interface Pair {
  readonly output: 'sigmoid' | 'softmax';
  readonly loss: (A: Tensor, Y: Tensor, m: number) => Tensor;
}

const epsilon = 1e-8;

// −(1/m) Σ (Y log P + (1 − Y) log(1 − P)), with P the predictions clipped to [ε, 1 − ε]
const sigmoidWithEntropy: Pair = {
  output: 'sigmoid',
  loss: (A, Y, m) => {
    const P = A.clip(epsilon, 1 - epsilon);
    return Y.mul(P.log())
      .add(sub(1, Y).mul(sub(1, P).log()))
      .sum()
      .div(-m);
  },
};

// (1/2m) Σ (A − Y)²
const sigmoidWithSquares: Pair = {
  output: 'sigmoid',
  loss: (A, Y, m) =>
    A.sub(Y)
      .square()
      .sum()
      .div(2 * m),
};

// −(1/m) Σ Y log A
const softmaxWithEntropy: Pair = {
  output: 'softmax',
  loss: (A, Y, m) => Y.mul(A.log()).sum().div(-m),
};

/** The three pairs of the write-up, each on two hidden layers, and its step of Adam. */
export const systemB: System = {
  key: 'b',
  title: 'An L-layer network, three optimisers',
  audit: async (seed) => {
    const [tumours, images] = [await someTumours(12), await someDigits(12)];
    const [T, benign] = [tumours.x.transpose(), labelRow(tumours.y, 1)];
    const [D, kinds] = [images.x.transpose(), oneHotColumns(images.y, 10)];
    return [
      {
        title: '30–8–5–1, ReLU, sigmoid; binary cross-entropy, clipped; m = 12',
        report: auditNet([30, 8, 5, 1], sigmoidWithEntropy, T, benign, seed),
      },
      {
        title: '30–8–5–1, ReLU, sigmoid; squared error; m = 12',
        report: auditNet([30, 8, 5, 1], sigmoidWithSquares, T, benign, seed),
      },
      {
        title: '64–8–5–10, ReLU, softmax; cross-entropy; m = 12',
        report: auditNet([64, 8, 5, 10], softmaxWithEntropy, D, kinds, seed),
      },
      { title: 'the step of Adam', formula: 'lr · m̂ / (v̂ + ε)', report: auditAdam(seed) },
    ];
  },
};

function auditNet(sizes: readonly number[], pair: Pair, X: Tensor, Y: Tensor, seed: number): AuditReport {
  const last = sizes.length - 1;
  return auditBackward({
    as: 'ndarray',
    inputs: { X, Y },
    // He: N(0, 1) · √(2 / fan_in)
    params: weights(sizes, (fanIn) => Math.sqrt(2 / fanIn), seedOf(seed, 2)),

    forward: (values) => {
      let A = values.X;
      for (let l = 1; l <= last; l++) {
        const Z = values[`W${l}`]!.matmul(A).add(values[`b${l}`]!).named(`Z${l}`);
        const activated = l < last ? Z.relu() : pair.output === 'sigmoid' ? Z.sigmoid() : Z.softmax(0);
        A = activated.named(`A${l}`);
      }
      return pair.loss(A, values.Y, values.Y.shape[1]!);
    },

    backward: (values, given) => {
      const { X, Y } = values;
      const m = Y.shape[1]!;
      let dA = given(`A${last}`, minus(values[`A${last}`]!, Y), {
        formula: `A${last} − Y`,
        tex: `A_${last} - Y`,
      });
      for (let l = last; l >= 1; l--) {
        const [A, Z] = [values[`A${l}`]!, values[`Z${l}`]!];
        const prev = l === 1 ? X : values[`A${l - 1}`]!;
        const [prevName, prevTex] = l === 1 ? ['X', 'X'] : [`A${l - 1}`, `A_${l - 1}`];
        const dZ =
          l < last
            ? given(`Z${l}`, times(dA, isPositive(Z)), {
                formula: `dA${l} ⊙ 1[Z${l} > 0]`,
                tex: `\\mathrm{d}A_${l} \\odot 1[Z_${l} > 0]`,
              })
            : pair.output === 'sigmoid'
              ? given(`Z${l}`, times(dA, times(A, minus(1, A))), {
                  formula: `dA${l} ⊙ A${l}(1 − A${l})`,
                  tex: `\\mathrm{d}A_${l} \\odot A_${l}(1 - A_${l})`,
                })
              : given(`Z${l}`, dA, { formula: `dA${l}`, tex: `\\mathrm{d}A_${l}` });
        given(`W${l}`, times(1 / m, dot(dZ, transpose(prev))), {
          formula: `(1/m) dZ${l} ${prevName}ᵀ`,
          tex: `\\frac{1}{m}\\, \\mathrm{d}Z_${l}\\, ${prevTex}^\\top`,
        });
        given(`b${l}`, times(1 / m, sumOver(dZ, 1)), {
          formula: `(1/m) Σ dZ${l}`,
          tex: `\\frac{1}{m} \\sum \\mathrm{d}Z_${l}`,
        });
        if (l === 1) break;
        dA = given(`A${l - 1}`, dot(transpose(values[`W${l}`]!), dZ), {
          formula: `W${l}ᵀ dZ${l}`,
          tex: `W_${l}^\\top\\, \\mathrm{d}Z_${l}`,
        });
      }
    },
  });
}

/** The step as its author wrote it, β₁ 0.9, β₂ 0.999, with bias correction. */
function auditAdam(seed: number): UpdateReport {
  const { W1: W, b1: b } = weights([4, 3], (fanIn) => Math.sqrt(2 / fanIn), seedOf(seed, 3));
  const { W1: dW, b1: db } = weights([4, 3], () => 0.1, seedOf(seed, 4));
  const [learningRate, beta1, beta2] = [0.001, 0.9, 0.999];
  return auditUpdate({
    params: { W: W!, b: b! },
    grads: { W: dW, b: db },
    reference: { rule: 'adam', learningRate, beta1, beta2, epsilon },
    manual: ({ params, grads, state, step }) => {
      const next = (name: 'W' | 'b') => {
        const m = state.m[name].mul(beta1).add(grads[name].mul(1 - beta1));
        const v = state.v[name].mul(beta2).add(grads[name].square().mul(1 - beta2));
        const [mHat, vHat] = [m.div(1 - beta1 ** step), v.div(1 - beta2 ** step)];
        return { w: params[name].sub(mHat.mul(learningRate).div(vHat.add(epsilon))), m, v };
      };
      const [onW, onB] = [next('W'), next('b')];
      return {
        params: { W: onW.w, b: onB.w },
        state: { m: { W: onW.m, b: onB.m }, v: { W: onW.v, b: onB.v } },
      };
    },
  });
}

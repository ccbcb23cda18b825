// System D: a modular classifier. Dense layers, ReLU, softmax; one example a row; categorical cross-entropy on integer labels.

import type { NdArray, Tensor } from '@tapegrad/core';
import { type AuditReport, auditBackward } from '@tapegrad/gradcheck';
import { dot, isPositive, softmax, sumOver, times, transpose, zeros } from './arrays.ts';
import { seedOf, someDigits, weights } from './data.ts';
import type { System } from './system.ts';

const sizes = [64, 8, 7, 10] as const;

/** The net of the write-up, on 8 × 8 pixels. */
export const systemD: System = {
  key: 'd',
  title: 'A modular classifier',
  audit: async (seed) => {
    const { x, y } = await someDigits(12);
    return [{ title: `${sizes.join('–')}, ReLU, softmax; integer labels; m = 12`, report: auditNet(x, y, seed) }];
  },
};

/** Weights as the author lays them out: `[inputs, outputs]`, a bias as a row. */
function rowWeights(seed: number): { readonly [name: string]: Tensor } {
  const columns = weights(sizes, () => 0.1, seedOf(seed, 8));
  return Object.fromEntries(Object.entries(columns).map(([name, W]) => [name, W.transpose()]));
}

function auditNet(X: Tensor, labels: Tensor, seed: number): AuditReport {
  const last = sizes.length - 1;
  return auditBackward({
    as: 'ndarray',
    inputs: { X, labels },
    params: rowWeights(seed),

    forward: (values) => {
      let A = values.X;
      for (let l = 1; l < last; l++) {
        const Z = A.matmul(values[`W${l}`]!).add(values[`b${l}`]!).named(`Z${l}`);
        A = Z.relu().named(`A${l}`);
      }
      const Z = A.matmul(values[`W${last}`]!).add(values[`b${last}`]!).named(`Z${last}`);
      return Z.softmax(1)
        .takeAlongAxis(values.labels.reshape([-1, 1]), 1)
        .log()
        .neg()
        .mean();
    },

    backward: (values, given) => {
      // The write-up derives the dense layers. What comes into them, through softmax and ReLU, stands in from the textbook.
      let dZ = given(`Z${last}`, fromSoftmax(values[`Z${last}`]!, values.labels), {
        formula: '(softmax(Z3) − one-hot) / m (textbook)',
        tex: `\\frac{1}{m}(\\mathrm{softmax}(Z_${last}) - \\mathrm{onehot})\\quad\\text{(textbook)}`,
      });
      for (let l = last; l >= 1; l--) {
        const inputs = l === 1 ? values.X : values[`A${l - 1}`]!;
        const [name, tex] = l === 1 ? ['X', 'X'] : [`A${l - 1}`, `A_${l - 1}`];
        given(`W${l}`, dot(transpose(inputs), dZ), {
          formula: `${name}ᵀ dZ${l}`,
          tex: `${tex}^\\top\\, \\mathrm{d}Z_${l}`,
        });
        given(`b${l}`, sumOver(dZ, 0), { formula: `Σ dZ${l}, kept as a row`, tex: `\\sum \\mathrm{d}Z_${l}` });
        const dX = given(name, dot(dZ, transpose(values[`W${l}`]!)), {
          formula: `dZ${l} W${l}ᵀ`,
          tex: `\\mathrm{d}Z_${l}\\, W_${l}^\\top`,
        });
        if (l === 1) break;
        dZ = given(`Z${l - 1}`, times(dX, isPositive(values[`Z${l - 1}`]!)), {
          formula: `dA${l - 1} ⊙ 1[Z${l - 1} > 0] (textbook)`,
          tex: `\\mathrm{d}A_${l - 1} \\odot 1[Z_${l - 1} > 0]\\quad\\text{(textbook)}`,
        });
      }
    },
  });
}

/** (softmax(Z) − one-hot labels) / m, row by row. */
function fromSoftmax(Z: NdArray, labels: NdArray): NdArray {
  const [m, classes] = Z.shape as [number, number];
  const out = zeros([m, classes]);
  for (let i = 0; i < m; i++) {
    const s = softmax(Array.from({ length: classes }, (_, j) => Z.get(i, j)));
    for (let j = 0; j < classes; j++) out.set(i, j, (s[j]! - Number(labels.get(i) === j)) / m);
  }
  return out;
}

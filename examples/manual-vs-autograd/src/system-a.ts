// System A: sevens against eights. Sigmoid in every layer, binary cross-entropy, one example a column.

import { sub, type Tensor } from '@tapegrad/core';
import { type AuditReport, auditBackward } from '@tapegrad/gradcheck';
import { dot, minus, over, sumOver, times, transpose } from './arrays.ts';
import { labelRow, seedOf, someDigits, weights } from './data.ts';
import type { System } from './system.ts';

/** The two nets of the write-up, on 8 × 8 pixels in place of 28 × 28. */
export const systemA: System = {
  key: 'a',
  title: 'Sevens against eights',
  audit: async (seed) => {
    const { x, y } = await someDigits(12, [7, 8]);
    const [X, Y] = [x.transpose(), labelRow(y, 7)];
    return [
      [64, 10, 5, 1],
      [64, 1],
    ].map((sizes) => ({
      title: `${sizes.join('–')}, sigmoid; binary cross-entropy; m = ${X.shape[1]}`,
      report: auditNet(sizes, X, Y, seed),
    }));
  },
};

function auditNet(sizes: readonly number[], X: Tensor, Y: Tensor, seed: number): AuditReport {
  const last = sizes.length - 1;
  return auditBackward({
    as: 'ndarray',
    inputs: { X, Y },
    params: weights(sizes, () => 0.1, seedOf(seed, 1)),

    // L = −(1/m) Σ (Y log A + (1 − Y) log(1 − A))
    forward: (values) => {
      let A = values.X;
      for (let l = 1; l <= last; l++) {
        const Z = values[`W${l}`]!.matmul(A).add(values[`b${l}`]!).named(`Z${l}`);
        A = Z.sigmoid().named(`A${l}`);
      }
      const m = values.Y.shape[1]!;
      return values.Y.mul(A.log())
        .add(sub(1, values.Y).mul(sub(1, A).log()))
        .sum()
        .div(-m);
    },

    backward: (values, given) => {
      const { X, Y } = values;
      const m = Y.shape[1]!;
      const output = values[`A${last}`]!;
      let dA = given(`A${last}`, over(minus(output, Y), times(output, minus(1, output))), {
        formula: `(A${last} − Y) / (A${last}(1 − A${last}))`,
        tex: `\\frac{A_${last} - Y}{A_${last}(1 - A_${last})}`,
      });
      for (let l = last; l >= 1; l--) {
        const A = values[`A${l}`]!;
        const prev = l === 1 ? X : values[`A${l - 1}`]!;
        const [prevName, prevTex] = l === 1 ? ['X', 'X'] : [`A${l - 1}`, `A_${l - 1}`];
        const dZ = given(`Z${l}`, times(dA, times(A, minus(1, A))), {
          formula: `dA${l} ⊙ A${l}(1 − A${l})`,
          tex: `\\mathrm{d}A_${l} \\odot A_${l}(1 - A_${l})`,
        });
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

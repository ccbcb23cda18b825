// System E: a Keras-style API on breast-cancer data. Activations by name, one example a column; a bias gets the mean over every element.

import { type NdArray, sub, type Tensor } from '@tapegrad/core';
import { type AuditReport, auditBackward } from '@tapegrad/gradcheck';
import { atLeast, dot, magnitude, meanOfAll, minus, over, plus, sigmoid, times, transpose } from './arrays.ts';
import { labelRow, seedOf, someTumours, weights } from './data.ts';
import type { System } from './system.ts';

interface Activation {
  readonly forward: (Z: Tensor) => Tensor;
  /** f′(Z), as its author has it. */
  readonly slope: (Z: NdArray) => NdArray;
  readonly formula: (Z: string) => string;
  readonly tex: (Z: string) => string;
}

const activations = {
  relu: {
    forward: (Z) => Z.relu(),
    slope: (Z) => atLeast(over(Z, magnitude(plus(Z, 1e-12))), 0),
    formula: (Z) => `max(${Z}/|${Z} + 1e-12|, 0)`,
    tex: (Z) => `\\max\\left(\\frac{${Z}}{|${Z} + 10^{-12}|}, 0\\right)`,
  },
  sigmoid: {
    forward: (Z) => Z.sigmoid(),
    slope: (Z) => times(sigmoid(Z), sigmoid(times(-1, Z))),
    formula: (Z) => `σ(${Z})σ(−${Z})`,
    tex: (Z) => `\\sigma(${Z})\\,\\sigma(-${Z})`,
  },
  linear: {
    forward: (Z) => Z,
    slope: (Z) => Z,
    formula: (Z) => Z,
    tex: (Z) => Z,
  },
} as const satisfies { readonly [name: string]: Activation };

interface Net {
  readonly sizes: readonly number[];
  readonly layers: readonly (keyof typeof activations)[];
}

const nets: readonly Net[] = [
  { sizes: [30, 9, 7, 5, 1], layers: ['relu', 'relu', 'relu', 'sigmoid'] },
  { sizes: [30, 9, 7, 1], layers: ['relu', 'linear', 'sigmoid'] },
];

/** The network of the write-up, in small; and one with a linear layer. */
export const systemE: System = {
  key: 'e',
  title: 'A Keras-style API on breast-cancer data',
  audit: async (seed) => {
    const { x, y } = await someTumours(16);
    return nets.map((net) => ({
      title: `${net.sizes.join('–')}, ${net.layers.join(', ')}; m = 16`,
      report: auditNet(net, x.transpose(), labelRow(y, 1), seed),
    }));
  },
};

function auditNet({ sizes, layers }: Net, X: Tensor, Y: Tensor, seed: number): AuditReport {
  const last = layers.length;
  return auditBackward({
    as: 'ndarray',
    inputs: { X, Y },
    // √(2 / (in + out))
    params: weights(sizes, (fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut)), seedOf(seed, 9)),

    // −mean(y log p + (1 − y) log(1 − p)), with 1e-12 inside the logarithms
    forward: (values) => {
      let A = values.X;
      layers.forEach((activation, i) => {
        const Z = values[`W${i + 1}`]!.matmul(A)
          .add(values[`b${i + 1}`]!)
          .named(`Z${i + 1}`);
        A = activations[activation].forward(Z).named(`A${i + 1}`);
      });
      const likelihood = values.Y.mul(A.add(1e-12).log()).add(sub(1, values.Y).mul(sub(1, A).add(1e-12).log()));
      return likelihood.mean().neg();
    },

    backward: (values, given) => {
      const { X, Y } = values;
      const p = values[`A${last}`]!;
      let dprev = given(`A${last}`, over(minus(p, Y), times(p, minus(1, p))), {
        formula: `(A${last} − Y) / (A${last}(1 − A${last}))`,
        tex: `\\frac{A_${last} - Y}{A_${last}(1 - A_${last})}`,
      });
      for (let l = last; l >= 1; l--) {
        const { slope, formula, tex } = activations[layers[l - 1]!];
        const prev = l === 1 ? X : values[`A${l - 1}`]!;
        const [prevName, prevTex] = l === 1 ? ['X', 'X'] : [`A${l - 1}`, `A_${l - 1}`];
        const dZ = given(`Z${l}`, times(dprev, slope(values[`Z${l}`]!)), {
          formula: `dA${l} ⊙ ${formula(`Z${l}`)}`,
          tex: `\\mathrm{d}A_${l} \\odot ${tex(`Z_${l}`)}`,
        });
        given(`W${l}`, dot(dZ, transpose(prev)), {
          formula: `dZ${l} ${prevName}ᵀ`,
          tex: `\\mathrm{d}Z_${l}\\, ${prevTex}^\\top`,
        });
        given(`b${l}`, meanOfAll(dZ), {
          formula: `the mean over every element of dZ${l}`,
          tex: `\\operatorname{mean}(\\mathrm{d}Z_${l})`,
        });
        if (l === 1) break;
        dprev = given(`A${l - 1}`, dot(transpose(values[`W${l}`]!), dZ), {
          formula: `W${l}ᵀ dZ${l}`,
          tex: `W_${l}^\\top\\, \\mathrm{d}Z_${l}`,
        });
      }
    },
  });
}

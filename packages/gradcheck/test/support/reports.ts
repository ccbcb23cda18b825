// Sample reports: a chain of two layers, right and with mistakes; and reports that are hard to draw.

import { RandomGenerator, type Tensor, tensor } from '@tapegrad/core';
import type { AuditReport, FormulaText, TermReport, ThreeOpinions } from '../../src/audit/audit-report.ts';
import { backward, m, net, rightStep, sampleOf, type TermSpec, termOf } from './sample-terms.ts';

const formulas: { readonly [name: string]: FormulaText } = {
  A2: { plain: '(A2 − y) ⊙ 1/(A2 ⊙ (1 − A2)) · 1/32', tex: '\\frac{1}{32}\\,\\frac{A_2 - y}{A_2 \\odot (1 - A_2)}' },
  Z2: { plain: 'dZ2 = dA2 ⊙ A2 ⊙ (1 − A2)', tex: 'dZ_2 = dA_2 \\odot A_2 \\odot (1 - A_2)' },
  W2: { plain: 'A1ᵀ · dZ2', tex: 'A_1^{\\top}\\, dZ_2' },
  b2: { plain: 'sum(dZ2, axes=[0])', tex: '\\sum_{i} dZ_{2,i}' },
  A1: { plain: 'dZ2 · W2ᵀ', tex: 'dZ_2\\, W_2^{\\top}' },
  Z1: { plain: 'dA1 ⊙ (1 − A1²)', tex: 'dA_1 \\odot (1 - A_1^2)' },
  W1: { plain: 'xᵀ · dZ1', tex: 'x^{\\top}\\, dZ_1' },
  b1: { plain: 'sum(dZ1, axes=[0])', tex: '\\sum_{i} dZ_{1,i}' },
};

const uses: { readonly [name: string]: readonly string[] } = {
  A2: [],
  Z2: ['A2'],
  W2: ['Z2'],
  b2: ['Z2'],
  A1: ['Z2'],
  Z1: ['A1'],
  W1: ['Z1'],
  b1: ['Z1'],
};

/** The chain with what differs by name. */
function chain(differences: { readonly [name: string]: Partial<TermSpec> }): TermReport[] {
  const right = backward();
  return Object.keys(right).map((name) =>
    termOf({
      name,
      expected: right[name]!,
      given: right[name]!,
      kind: /^[Wb]/.test(name) ? 'param' : 'intermediate',
      uses: uses[name]!,
      automatic: formulas[name]!,
      manual: formulas[name]!,
      ...differences[name],
    }),
  );
}

function reportOf(terms: readonly TermReport[], rest: Partial<AuditReport>): AuditReport {
  return {
    kind: 'backward',
    ok: true,
    summary: 'The backward pass is right: every gradient is what the tape gives.',
    loss: net.loss,
    precision: 'float64',
    terms,
    firstWrong: null,
    problems: [],
    ...rest,
  };
}

/** All is right. */
export const rightReport: AuditReport = reportOf(chain({}), {});

/** Three opinions, the largest difference first. */
function opinions(given: Tensor, expected: Tensor, count = 3): ThreeOpinions[] {
  const [a, b] = [given.toData(), expected.toData()];
  const columns = expected.shape.at(-1) ?? 1;
  return [...b]
    .map((autograd, i) => ({
      where: [Math.floor(i / columns), i % columns],
      manual: a[i]!,
      autograd,
      numeric: autograd + 3e-11,
    }))
    .sort((p, q) => Math.abs(q.manual - q.autograd) - Math.abs(p.manual - p.autograd))
    .slice(0, count);
}

const wrongStep = backward((dA2) => dA2);
const behind = (name: string): Partial<TermSpec> => ({ verdict: 'consequence', chained: wrongStep[name]! });

/** The derivative of sigmoid is missing at Z2, and all that follows is off. */
export const wrongReport: AuditReport = reportOf(
  chain({
    Z2: {
      verdict: 'wrong',
      first: true,
      factor: null,
      given: wrongStep.Z2!,
      manual: { plain: 'dZ2 = dA2', tex: 'dZ_2 = dA_2' },
      numeric: { agreesWith: 'autograd', tried: 8, of: m, elements: opinions(wrongStep.Z2!, backward().Z2!) },
      causes: [
        {
          kind: 'activation',
          text: 'the derivative of sigmoid is missing: multiply by A2 ⊙ (1 − A2).',
          residual: 2e-16,
          factor: 1,
        },
        { kind: 'path', text: 'dA2 was handed in once more under another name', residual: 3e-16, factor: 1 },
        {
          kind: 'activation',
          text: 'the derivative of tanh stands in for that of sigmoid',
          residual: 0.31,
          factor: 1 / m,
        },
      ],
    },
    ...Object.fromEntries(['W2', 'b2', 'A1', 'Z1', 'W1', 'b1'].map((name) => [name, behind(name)])),
  }),
  {
    ok: false,
    firstWrong: 'Z2',
    summary:
      'dZ2 is the first wrong gradient: the derivative of sigmoid is likely missing. Six others are off only because of it.',
  },
);

const convention = backward((dA2) => rightStep(dA2).mul(m), m);
const loud = (name: string, factor: number): Partial<TermSpec> => ({
  verdict: 'scaled',
  factor,
  carries: m,
  madeUpAt: name === 'Z2' ? ['W2', 'b2', 'W1', 'b1'] : ['W1', 'b1'],
  given: name === 'Z2' ? convention.Z2! : backward()[name]!,
  chained: convention[name]!,
});

/** dZ2 = A2 − y, and 1/m only at the weights: right as a whole. */
export const scaledReport: AuditReport = reportOf(
  chain({
    A2: { verdict: 'missing', given: undefined, chained: undefined, numeric: null, manual: null },
    Z2: { ...loud('Z2', m), uses: [], manual: { plain: 'A2 − y', tex: 'A_2 - y' } },
    A1: loud('A1', 1),
    Z1: loud('Z1', 1),
    ...Object.fromEntries(['W2', 'b2', 'W1', 'b1'].map((name) => [name, { factor: 1 / m }])),
  }).sort((a, b) => Number(a.verdict === 'missing') - Number(b.verdict === 'missing')),
  {
    summary: 'The backward pass is right: dZ2, dA1 and dZ1 carry a factor of 32, which is made up for at the weights.',
  },
);

/** Every other verdict and every kind of problem, in one. */
export const troubledReport: AuditReport = reportOf(
  chain({
    A2: {
      verdict: 'regrouped',
      factor: null,
      given: backward().Z2!.mul(m),
      chained: backward().Z2!.mul(m),
      madeUpAt: ['Z2'],
      manual: { plain: 'A2 − y', tex: 'A_2 - y' },
      numeric: { agreesWith: 'neither', tried: 8, of: m, elements: opinions(backward().Z2!, backward().A2!, 2) },
    },
    Z2: {
      verdict: 'approximate',
      given: backward().Z2!.add(1e-8),
      causes: [{ kind: 'epsilon', text: 'an ε of 1e-8 stands in the denominator', residual: 0.04, factor: 1 }],
    },
    W2: {
      verdict: 'wrong',
      first: true,
      factor: null,
      given: undefined,
      problem: 'its shape is [1, 3]. Expected [3, 1], that of W2',
      numeric: null,
      causes: [{ kind: 'transpose', text: 'it is transposed: hand in its transpose', residual: 0, factor: 1 }],
      elements: { manual: sampleOf(backward().W2!.transpose()), autograd: sampleOf(backward().W2!), difference: null },
    },
    b2: { verdict: 'missing', given: undefined, numeric: null, manual: null, uses: [] },
    Z1: {
      verdict: 'wrong',
      factor: null,
      given: tensor(
        [...backward().Z1!.toData()].map((value, i) => (i % 5 === 0 ? Number.NaN : value)),
        { dtype: 'float64', shape: [m, 3] },
      ),
      problem: '20 of its 96 elements are NaN, the first at [0, 0]',
      numeric: {
        agreesWith: 'not differentiable here',
        tried: 4,
        of: 96,
        elements: [{ where: [0, 0], manual: null, autograd: 0.25, numeric: null }],
      },
    },
    W1: {
      verdict: 'wrong',
      factor: null,
      given: backward().W1!.mul(-1.5),
      manual: null,
      numeric: {
        agreesWith: 'manual',
        tried: 12,
        of: 12,
        elements: opinions(backward().W1!.mul(-1.5), backward().W1!),
      },
    },
    b1: { verdict: 'consequence', chained: wrongStep.b1! },
  }),
  {
    ok: false,
    loss: null,
    firstWrong: 'W2',
    summary: 'dW2 is the first wrong gradient: it is transposed.',
    problems: ['It threw a RangeError after b1: "too far"', 'It handed in dQ: no value has the name Q.'],
  },
);

const evil = '</td><script>alert("1")</script>|`*_$&';

/** Names that are long, in other scripts, or markup. */
export const namesReport: AuditReport = reportOf(
  chain({
    A2: { name: evil },
    Z2: { name: 'encoder.layers.11.attention.self.query_key_value.projection.weight', uses: [evil] },
    W2: { name: 'δ_∇L/∂θ̂', uses: ['encoder.layers.11.attention.self.query_key_value.projection.weight'] },
    b2: { name: '重み・バイアス', uses: ['encoder.layers.11.attention.self.query_key_value.projection.weight'] },
    A1: { name: '🙂 with spaces', uses: ['encoder.layers.11.attention.self.query_key_value.projection.weight'] },
    Z1: { name: '\u001b[31mred\u202e\n# heading', uses: ['🙂 with spaces'] },
    W1: {
      name: '<b>&amp;</b>',
      uses: ['\u001b[31mred\u202e\n# heading'],
      verdict: 'wrong',
      first: true,
      given: backward().W1!.mul(2),
      factor: 2,
      causes: [{ kind: 'factor', text: `a factor of 2 | in ${evil}`, residual: 0, factor: 2 }],
      manual: { plain: '<i>2</i> · `x`ᵀ $$ dZ1', tex: '2 } x $$ \\text{' },
      automatic: { plain: 'xᵀ · dZ1 <script>', tex: 'x^{\\top' },
      problem: 'it is <img src=x onerror=alert(1)> | `odd`',
    },
    b1: { name: '', uses: ['\u001b[31mred\u202e\n# heading'] },
  }),
  { ok: false, firstWrong: '<b>&amp;</b>', summary: `A name is odd: ${evil}`, problems: [`about ${evil}`] },
);

/** Nothing was handed in. */
export const emptyReport: AuditReport = reportOf([], {
  ok: false,
  summary: 'The backward pass handed in nothing.',
  loss: null,
  problems: ['It returned undefined.'],
});

/** Ten layers: 40 gradients, of up to `size` × `size` elements, with a path around two layers and the fifth from the end wrong. */
export function deepReport(layers = 10, size = 64): AuditReport {
  const random = new RandomGenerator(3);
  const terms: TermReport[] = [];
  const add = (name: string, layer: number, shape: number[], from: string[]): void => {
    const expected = random.normal(shape, 0, 1, 'float64');
    const given = layer === 6 && name.startsWith('Z') ? expected.mul(expected.abs()) : expected;
    const verdict =
      given !== expected ? 'wrong' : layer < 6 || (layer === 6 && !name.startsWith('A')) ? 'consequence' : 'right';
    terms.push(
      termOf({
        name,
        expected,
        given,
        chained: verdict === 'consequence' ? expected.mul(1.5) : given,
        verdict,
        first: verdict === 'wrong',
        kind: /^[Wb]/.test(name) ? 'param' : 'intermediate',
        uses: from,
        automatic: {
          plain: `f(${from.join(', ')})`,
          tex: `f(${from.map((each) => `d${each[0]}_{${each.slice(1)}}`).join(', ')})`,
        },
      }),
    );
  };
  for (let layer = layers; layer >= 1; layer--) {
    const behindIt = layer === layers ? [] : [`Z${layer + 1}`, ...(layer === 3 ? ['A6'] : [])];
    add(`A${layer}`, layer, [size, size], behindIt);
    add(`Z${layer}`, layer, [size, size], [`A${layer}`]);
    add(`W${layer}`, layer, [size, size], [`Z${layer}`]);
    add(`b${layer}`, layer, [size], [`Z${layer}`]);
  }
  return reportOf(terms, {
    ok: false,
    firstWrong: layers >= 6 ? 'Z6' : null,
    summary: 'dZ6 is the first wrong gradient; no known cause fits. What comes after it is off only because of it.',
  });
}

/** All sample reports by name. */
export const reports: { readonly [name: string]: AuditReport } = {
  right: rightReport,
  wrong: wrongReport,
  scaled: scaledReport,
  troubled: troubledReport,
  names: namesReport,
  empty: emptyReport,
  deep: deepReport(),
};

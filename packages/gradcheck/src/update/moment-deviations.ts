// What is done wrong in m, v, their corrections and what is made of them: Adam, RMSprop, Adagrad.

import { type Deviation, withConstants, withParts } from './deviation.ts';
import type { RuleName } from './rules.ts';

const adams: readonly RuleName[] = ['adam', 'adamW'];
const rooted: readonly RuleName[] = ['rmsprop', 'adagrad', 'adam', 'adamW'];

/** The deviations of rules with a mean of squares, the plainer ones first. */
export const momentDeviations: readonly Deviation[] = [
  {
    id: 'no-root',
    text: 'there is no square root in the denominator: lr · m̂ / (v̂ + ε) where it should be lr · m̂ / (√v̂ + ε)',
    rules: adams,
    apply: withParts(() => ({ denominator: ({ vHat, epsilon }) => vHat + epsilon })),
  },
  {
    id: 'no-root',
    text: 'there is no square root in the denominator: lr · g / (v + ε) where it should be lr · g / (√v + ε)',
    rules: ['rmsprop', 'adagrad'],
    apply: withParts(() => ({ denominator: ({ v, epsilon }) => v + epsilon })),
  },
  {
    id: 'no-correction',
    text: 'the bias of m and v is not corrected: m and √v stand where m̂ = m / (1 − β₁ᵗ) and √v̂, v̂ = v / (1 − β₂ᵗ), should',
    rules: adams,
    apply: withParts(() => ({ mHat: ({ m }) => m, vHat: ({ v }) => v })),
  },
  {
    id: 'no-correction-m',
    text: 'the bias of m is not corrected: m stands where m̂ = m / (1 − β₁ᵗ) should',
    rules: adams,
    apply: withParts(() => ({ mHat: ({ m }) => m })),
  },
  {
    id: 'no-correction-v',
    text: 'the bias of v is not corrected: v stands where v̂ = v / (1 − β₂ᵗ) should',
    rules: adams,
    apply: withParts(() => ({ vHat: ({ v }) => v })),
  },
  {
    id: 't-from-0',
    text: 'the steps are counted from 0: 1 − βᵗ is taken with t − 1, which divides by 0 at the first step',
    rules: adams,
    apply: withParts(() => ({ count: ({ t }) => t - 1 })),
  },
  {
    id: 't-ahead',
    text: 'the steps are counted one too far: 1 − βᵗ is taken with t + 1',
    rules: adams,
    apply: withParts(() => ({ count: ({ t }) => t + 1 })),
  },
  {
    id: 't-stays-1',
    text: 'the corrections do not count the steps: 1 − β stands where 1 − βᵗ should',
    rules: adams,
    apply: withParts(() => ({ count: () => 1 })),
  },
  {
    id: 'correction-multiplies',
    text: 'the corrections of bias multiply, where they should divide: m · (1 − β₁ᵗ) and v · (1 − β₂ᵗ)',
    rules: adams,
    apply: withParts(() => ({
      mHat: ({ m, beta1, count }) => m * (1 - beta1 ** count),
      vHat: ({ v, beta2, count }) => v * (1 - beta2 ** count),
    })),
  },
  {
    id: 'correction-after-root',
    text: 'the correction of v comes after the root: √v / (1 − β₂ᵗ) where it should be √(v / (1 − β₂ᵗ))',
    rules: adams,
    apply: withParts(() => ({
      denominator: ({ v, beta2, count, epsilon }) => Math.sqrt(v) / (1 - beta2 ** count) + epsilon,
    })),
  },
  {
    id: 'correction-kept',
    text: 'the corrected m̂ and v̂ are kept for the next step, where m and v should be: they are corrected again and again',
    rules: adams,
    apply: withParts(() => ({ mKept: ({ mHat }) => mHat, vKept: ({ vHat }) => vHat })),
  },
  {
    id: 'epsilon-inside',
    text: 'ε stands inside the root: √(v + ε) where it should be √v + ε (Keras writes RMSprop and Adagrad so)',
    rules: rooted,
    apply: withParts((base) => ({
      denominator: (q) => Math.sqrt((base.vHat === undefined ? q.v : q.vHat) + q.epsilon),
    })),
  },
  {
    id: 'epsilon-missing',
    text: 'ε is missing in the denominator: a gradient of 0 gives 0 / 0',
    rules: rooted,
    apply: withConstants(() => ({ epsilon: 0 })),
  },
  {
    id: 'epsilon-hat',
    text: 'ε is added to √v before the correction of bias, where it should be added to √v̂ (Keras’s form: the "epsilon hat" of section 2 of the paper)',
    rules: adams,
    apply: withParts(() => ({
      denominator: ({ v, beta2, count, epsilon }) => (Math.sqrt(v) + epsilon) / Math.sqrt(1 - beta2 ** count),
    })),
  },
  {
    id: 'betas-swapped',
    text: 'β₁ and β₂ are swapped',
    rules: adams,
    apply: withConstants(({ beta1, beta2 }) => ({ beta1: beta2, beta2: beta1 })),
  },
  {
    id: 'not-squared',
    text: 'the gradient is not squared in v',
    rules: adams,
    apply: withParts(() => ({ v: ({ beta2, vOld, gradient }) => beta2 * vOld + (1 - beta2) * gradient })),
  },
  {
    id: 'not-squared',
    text: 'the gradient is not squared in v',
    rules: ['rmsprop'],
    apply: withParts(() => ({ v: ({ rho, vOld, gradient }) => rho * vOld + (1 - rho) * gradient })),
  },
  {
    id: 'not-squared',
    text: 'the gradient is not squared in v',
    rules: ['adagrad'],
    apply: withParts(() => ({ v: ({ vOld, gradient }) => vOld + gradient })),
  },
  {
    id: 'm-squared',
    text: 'v is computed from m, where it should be from the gradient: (1 − β₂) · m² stands where (1 − β₂) · g² should',
    rules: adams,
    apply: withParts(() => ({ v: ({ beta2, vOld, m }) => beta2 * vOld + (1 - beta2) * m ** 2 })),
  },
  {
    id: 'm-without-1-beta',
    text: '(1 − β₁) is missing in m: β₁ · m + g where it should be β₁ · m + (1 − β₁) · g',
    rules: adams,
    apply: withParts(() => ({ m: ({ beta1, mOld, gradient }) => beta1 * mOld + gradient })),
  },
  {
    id: 'v-without-1-beta',
    text: '(1 − β₂) is missing in v: β₂ · v + g² where it should be β₂ · v + (1 − β₂) · g²',
    rules: adams,
    apply: withParts(() => ({ v: ({ beta2, vOld, gradient }) => beta2 * vOld + gradient ** 2 })),
  },
  {
    id: 'v-without-1-rho',
    text: '(1 − ρ) is missing in v: ρ · v + g² where it should be ρ · v + (1 − ρ) · g²',
    rules: ['rmsprop'],
    apply: withParts(() => ({ v: ({ rho, vOld, gradient }) => rho * vOld + gradient ** 2 })),
  },
  {
    id: 'v-not-summed',
    text: 'v is an average, where it should be the sum of all squares: (v + g²) / 2 where it should be v + g²',
    rules: ['adagrad'],
    apply: withParts(() => ({ v: ({ vOld, gradient }) => (vOld + gradient ** 2) / 2 })),
  },
  {
    id: 'm-weights-swapped',
    text: 'the weights in m are exchanged: (1 − β₁) · m + β₁ · g where it should be β₁ · m + (1 − β₁) · g',
    rules: adams,
    apply: withParts(() => ({ m: ({ beta1, mOld, gradient }) => (1 - beta1) * mOld + beta1 * gradient })),
  },
  {
    id: 'v-weights-swapped',
    text: 'the weights in v are exchanged: (1 − β₂) · v + β₂ · g² where it should be β₂ · v + (1 − β₂) · g²',
    rules: adams,
    apply: withParts(() => ({ v: ({ beta2, vOld, gradient }) => (1 - beta2) * vOld + beta2 * gradient ** 2 })),
  },
  {
    id: 'v-weights-swapped',
    text: 'the weights in v are exchanged: (1 − ρ) · v + ρ · g² where it should be ρ · v + (1 − ρ) · g²',
    rules: ['rmsprop'],
    apply: withParts(() => ({ v: ({ rho, vOld, gradient }) => (1 - rho) * vOld + rho * gradient ** 2 })),
  },
  {
    id: 'state-ignored',
    text: 'the state of the step before is not used: each step begins with m = 0 and v = 0',
    rules: adams,
    apply: withParts(({ m, v }) => ({ m: (q) => m!({ ...q, mOld: 0 }), v: (q) => v!({ ...q, vOld: 0 }) })),
  },
  {
    id: 'state-ignored',
    text: 'the state of the step before is not used: each step begins with v = 0',
    rules: ['rmsprop', 'adagrad'],
    apply: withParts(({ v }) => ({ v: (q) => v!({ ...q, vOld: 0 }) })),
  },
  {
    id: 'm-not-updated',
    text: 'm is not kept: what is handed back is the m of the step before',
    rules: adams,
    apply: withParts(() => ({ mKept: ({ mOld }) => mOld })),
  },
  {
    id: 'v-not-updated',
    text: 'v is not kept: what is handed back is the v of the step before',
    rules: rooted,
    apply: withParts(() => ({ vKept: ({ vOld }) => vOld })),
  },
  {
    id: 'parameter-first',
    text: 'the parameter is changed before m and v are: by those of the step before',
    rules: adams,
    apply: withParts(({ mHat, vHat }) => ({
      mHat: (q) => mHat!({ ...q, m: q.mOld }),
      vHat: (q) => vHat!({ ...q, v: q.vOld }),
    })),
  },
  {
    id: 'parameter-first',
    text: 'the parameter is changed before v is: by that of the step before',
    rules: ['rmsprop', 'adagrad'],
    apply: withParts(({ denominator }) => ({ denominator: (q) => denominator!({ ...q, v: q.vOld }) })),
  },
  {
    id: 'm-unused',
    text: 'the step is taken along the gradient, where it should be along m̂',
    rules: adams,
    apply: withParts(() => ({ mHat: ({ gradient }) => gradient })),
  },
  {
    id: 'v-unused',
    text: 'the step is not divided by √v̂ + ε',
    rules: adams,
    apply: withParts(() => ({ denominator: () => 1 })),
  },
  {
    id: 'v-unused',
    text: 'the step is not divided by √v + ε',
    rules: ['rmsprop', 'adagrad'],
    apply: withParts(() => ({ denominator: () => 1 })),
  },
];

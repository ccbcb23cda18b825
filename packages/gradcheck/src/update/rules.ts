// The published rules, each written once. How a step is taken by one is in rule.ts.

import type { ConstantName, Constants, Parts, SlotName } from './rule.ts';

/** The rules that have a name. */
export type RuleName = 'sgd' | 'momentum' | 'nesterov' | 'rmsprop' | 'adagrad' | 'adam' | 'adamW';

/** Who keeps a velocity how: Keras with the learning rate in it, PyTorch without. */
export type Convention = 'keras' | 'pytorch';

/** A rule, as it was published. */
export interface Rule {
  readonly title: string;
  /** The step in one line. */
  readonly formula: string;
  readonly source: string;
  readonly slots: readonly SlotName[];
  /** What it is set by, and what that is by default. */
  readonly defaults: { readonly [C in ConstantName]?: number };
  readonly parts: Parts;
}

const coupled: Parts = { gradient: ({ g, w, weightDecay }) => g + weightDecay * w };
const decoupled: Parts = { decay: ({ w, learningRate, weightDecay }) => learningRate * weightDecay * w };

/** The formula of a rule, with the weight decay that is coupled to the gradient, where there is any. */
export function formulaOf({ formula, parts }: Rule, { weightDecay }: Pick<Constants, 'weightDecay'>): string {
  return parts.gradient === coupled.gradient && weightDecay !== 0 ? `g ← g + λ · w, ${formula}` : formula;
}

const moments: Parts = {
  m: ({ beta1, mOld, gradient }) => beta1 * mOld + (1 - beta1) * gradient,
  v: ({ beta2, vOld, gradient }) => beta2 * vOld + (1 - beta2) * gradient ** 2,
  mHat: ({ m, beta1, count }) => m / (1 - beta1 ** count),
  vHat: ({ v, beta2, count }) => v / (1 - beta2 ** count),
  denominator: ({ vHat, epsilon }) => Math.sqrt(vHat) + epsilon,
  step: ({ learningRate, mHat, denominator }) => (learningRate * mHat) / denominator,
};

const kerasVelocity: Parts = {
  velocity: ({ momentum, velocityOld, learningRate, gradient }) => momentum * velocityOld - learningRate * gradient,
};

const pytorchVelocity: Parts = {
  // The first velocity is the gradient itself: dampening begins with the second.
  velocity: ({ momentum, velocityOld, dampening, gradient, t }) =>
    t === 1 && velocityOld === 0 ? gradient : momentum * velocityOld + (1 - dampening) * gradient,
};

const sutskever = 'I. Sutskever et al., On the importance of initialization and momentum, ICML 2013';
const velocityDefaults = { learningRate: 0.01, momentum: 0.9, weightDecay: 0 };

/** The rules with a velocity in both conventions. */
export const velocityRules: { readonly [R in 'momentum' | 'nesterov']: { readonly [C in Convention]: Rule } } = {
  momentum: {
    keras: {
      title: 'gradient descent with momentum (as Keras has it)',
      formula: 'velocity ← μ · velocity − lr · g, w ← w + velocity',
      source: `${sutskever}, eq. 1 and 2`,
      slots: ['velocity'],
      defaults: velocityDefaults,
      parts: { ...coupled, ...kerasVelocity, step: ({ velocity }) => -velocity },
    },
    pytorch: {
      title: 'gradient descent with momentum (as PyTorch has it)',
      formula: 'velocity ← μ · velocity + (1 − dampening) · g, w ← w − lr · velocity',
      source: 'PyTorch, torch.optim.SGD',
      slots: ['velocity'],
      defaults: { ...velocityDefaults, dampening: 0 },
      parts: { ...coupled, ...pytorchVelocity, step: ({ learningRate, velocity }) => learningRate * velocity },
    },
  },
  nesterov: {
    keras: {
      title: 'Nesterov’s momentum (as Keras has it)',
      formula: 'velocity ← μ · velocity − lr · g, w ← w + μ · velocity − lr · g',
      source: `${sutskever}, eq. 3 and 4`,
      slots: ['velocity'],
      defaults: velocityDefaults,
      parts: {
        ...coupled,
        ...kerasVelocity,
        step: ({ learningRate, gradient, momentum, velocity }) => learningRate * gradient - momentum * velocity,
      },
    },
    pytorch: {
      title: 'Nesterov’s momentum (as PyTorch has it)',
      formula: 'velocity ← μ · velocity + (1 − dampening) · g, w ← w − lr · (g + μ · velocity)',
      source: 'PyTorch, torch.optim.SGD with nesterov=True',
      slots: ['velocity'],
      defaults: { ...velocityDefaults, dampening: 0 },
      parts: {
        ...coupled,
        ...pytorchVelocity,
        step: ({ learningRate, gradient, momentum, velocity }) => learningRate * (gradient + momentum * velocity),
      },
    },
  },
};

const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const root: Parts = {
  denominator: ({ v, epsilon }) => Math.sqrt(v) + epsilon,
  step: ({ learningRate, gradient, denominator }) => (learningRate * gradient) / denominator,
};

/** The rules by name; those with a velocity as Keras has them. */
export const rules: { readonly [R in RuleName]: Rule } = {
  sgd: {
    title: 'gradient descent',
    formula: 'w ← w − lr · g',
    source: 'H. Robbins and S. Monro, A stochastic approximation method, 1951',
    slots: [],
    defaults: { learningRate: 0.01, weightDecay: 0 },
    parts: { ...coupled, step: ({ learningRate, gradient }) => learningRate * gradient },
  },
  momentum: velocityRules.momentum.keras,
  nesterov: velocityRules.nesterov.keras,
  rmsprop: {
    title: 'RMSprop',
    formula: 'v ← ρ · v + (1 − ρ) · g², w ← w − lr · g / (√v + ε)',
    source: 'T. Tieleman and G. Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012',
    slots: ['v'],
    defaults: { learningRate: 0.001, rho: 0.9, epsilon: 1e-7, weightDecay: 0 },
    parts: { ...coupled, v: ({ rho, vOld, gradient }) => rho * vOld + (1 - rho) * gradient ** 2, ...root },
  },
  adagrad: {
    title: 'Adagrad',
    formula: 'v ← v + g², w ← w − lr · g / (√v + ε)',
    source: 'J. Duchi, E. Hazan and Y. Singer, JMLR 12 (2011), p. 2121',
    slots: ['v'],
    defaults: { learningRate: 0.001, epsilon: 1e-7, weightDecay: 0 },
    parts: { ...coupled, v: ({ vOld, gradient }) => vOld + gradient ** 2, ...root },
  },
  adam: {
    title: 'Adam',
    formula: 'm ← β₁ · m + (1 − β₁) · g, v ← β₂ · v + (1 − β₂) · g², w ← w − lr · m̂ / (√v̂ + ε)',
    source: 'D. P. Kingma and J. Ba, arXiv:1412.6980, Algorithm 1',
    slots: ['m', 'v'],
    defaults: { ...adam, weightDecay: 0 },
    parts: { ...coupled, ...moments },
  },
  adamW: {
    title: 'AdamW',
    formula: 'm and v as Adam has them, w ← w − lr · (m̂ / (√v̂ + ε) + λ · w)',
    // The paper multiplies λ by a schedule η_t alone; with lr, as PyTorch and Keras have it, is the same for η_t = lr.
    source: 'I. Loshchilov and F. Hutter, arXiv:1711.05101, Algorithm 2',
    slots: ['m', 'v'],
    defaults: { ...adam, weightDecay: 0.004 },
    parts: { gradient: ({ g }) => g, ...moments, ...decoupled },
  },
};

// The mistakes that are made in the rules of optimizers, all of them: those that any rule can have are here. Which of them fits is found
// out in causes.ts.

import { type Deviation, withConstants, withParts } from './deviation.ts';
import { momentDeviations } from './moment-deviations.ts';
import { type Convention, type RuleName, rules } from './rules.ts';
import { velocityDeviations } from './velocity-deviations.ts';

const all = Object.keys(rules) as RuleName[];
// Not gradient descent: there coupled and decoupled decay are the same.
const coupled: readonly RuleName[] = ['momentum', 'nesterov', 'rmsprop', 'adagrad', 'adam'];

const commonDeviations: readonly Deviation[] = [
  {
    id: 'sign',
    text: 'the sign of the update is wrong: it is added where it should be subtracted',
    rules: all,
    apply: withParts(({ step, decay = () => 0 }) => ({ step: (q) => -step!(q), decay: (q) => -decay(q) })),
  },
  {
    id: 'not-changed',
    text: 'the parameter is not changed: what is handed back is that of the step before',
    rules: all,
    apply: withParts(() => ({ step: () => 0, decay: () => 0 })),
  },
  {
    id: 'rate-missing',
    text: 'the learning rate is missing',
    rules: all,
    apply: withConstants(() => ({ learningRate: 1 })),
  },
  {
    id: 'rate-twice',
    text: 'the learning rate is applied twice',
    rules: all,
    apply: withConstants(({ learningRate }) => ({ learningRate: learningRate ** 2 })),
  },
];

const decayDeviations: readonly Deviation[] = [
  {
    id: 'decay-missing',
    text: 'the weight decay is missing',
    rules: all,
    apply: withConstants(() => ({ weightDecay: 0 })),
  },
  {
    id: 'decay-decoupled',
    text: 'the weight decay is decoupled, as in AdamW: λ · w is subtracted from the parameter, where it should be added to the gradient',
    rules: coupled,
    apply: withParts(() => ({
      gradient: ({ g }) => g,
      decay: ({ learningRate, weightDecay, w }) => learningRate * weightDecay * w,
    })),
  },
  {
    id: 'decay-coupled',
    text: 'the weight decay is coupled: λ · w is added to the gradient, where it should be subtracted from the parameter',
    rules: ['adamW'],
    apply: withParts(() => ({ gradient: ({ g, weightDecay, w }) => g + weightDecay * w, decay: () => 0 })),
  },
  {
    id: 'decay-sign',
    text: 'the sign of the weight decay is wrong: the parameters grow by it',
    rules: all,
    apply: withConstants(({ weightDecay }) => ({ weightDecay: -weightDecay })),
  },
  {
    id: 'decay-without-rate',
    text: 'the weight decay is not multiplied by the learning rate (the paper’s form, where the schedule η is 1)',
    rules: ['adamW'],
    apply: withParts(() => ({ decay: ({ weightDecay, w }) => weightDecay * w })),
  },
  {
    id: 'decay-doubled',
    text: 'the weight decay is taken twice: 2 λ · w, as the derivative of λ · w² gives it',
    rules: all,
    apply: withConstants(({ weightDecay }) => ({ weightDecay: 2 * weightDecay })),
  },
];

/** All known deviations: of several that fit, the earlier is the likelier. */
export const deviations: readonly Deviation[] = [
  ...commonDeviations,
  ...momentDeviations,
  ...velocityDeviations,
  ...decayDeviations,
];

/** The deviations that a rule can have. */
export function deviationsOf(rule: RuleName, convention: Convention): readonly Deviation[] {
  return deviations.filter((each) => each.rules.includes(rule) && (each.convention ?? convention) === convention);
}

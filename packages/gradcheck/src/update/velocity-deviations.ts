// What is done wrong with the velocity of momentum.

import { type Deviation, withConstants, withParts } from './deviation.ts';
import { velocityRules } from './rules.ts';

const withVelocity = ['momentum', 'nesterov'] as const;

/** The deviations of rules with a velocity, the plainer ones first. */
export const velocityDeviations: readonly Deviation[] = [
  {
    id: 'state-ignored',
    text: 'the state of the step before is not used: each step begins with a velocity of 0, so there is no momentum',
    rules: withVelocity,
    apply: withParts(({ velocity }) => ({ velocity: (q) => velocity!({ ...q, velocityOld: 0 }) })),
  },
  {
    id: 'velocity-not-updated',
    text: 'the velocity is not kept: what is handed back is that of the step before',
    rules: withVelocity,
    apply: withParts(() => ({ velocityKept: ({ velocityOld }) => velocityOld })),
  },
  {
    id: 'parameter-first',
    text: 'the parameter is changed before the velocity is: by that of the step before',
    rules: withVelocity,
    apply: withParts(({ step }) => ({ step: (q) => step!({ ...q, velocity: q.velocityOld }) })),
  },
  {
    id: 'rate-twice-velocity',
    text: 'the learning rate is applied twice: in the velocity, and again where that is added: w + lr · velocity',
    rules: withVelocity,
    convention: 'keras',
    apply: withParts(({ step }) => ({ step: (q) => q.learningRate * step!(q) })),
  },
  {
    id: 'momentum-sign',
    text: 'the sign of the momentum is wrong: the velocity of the step before is subtracted',
    rules: withVelocity,
    apply: withConstants(({ momentum }) => ({ momentum: -momentum })),
  },
  {
    id: 'velocity-sign',
    text: 'the gradient enters the velocity with the wrong sign: the velocity runs uphill',
    rules: withVelocity,
    apply: withParts(({ velocity }) => ({ velocity: (q) => velocity!({ ...q, gradient: -q.gradient }) })),
  },
  {
    id: 'nesterov-missing',
    text: 'there is no looking ahead: this is plain momentum, not Nesterov’s',
    rules: ['nesterov'],
    convention: 'keras',
    apply: withParts(() => ({ step: velocityRules.momentum.keras.parts.step! })),
  },
  {
    id: 'nesterov-missing',
    text: 'there is no looking ahead: this is plain momentum, not Nesterov’s',
    rules: ['nesterov'],
    convention: 'pytorch',
    apply: withParts(() => ({ step: velocityRules.momentum.pytorch.parts.step! })),
  },
  {
    id: 'nesterov-instead',
    text: 'the step looks ahead: this is Nesterov’s momentum, not the plain one',
    rules: ['momentum'],
    convention: 'keras',
    apply: withParts(() => ({ step: velocityRules.nesterov.keras.parts.step! })),
  },
  {
    id: 'nesterov-instead',
    text: 'the step looks ahead: this is Nesterov’s momentum, not the plain one',
    rules: ['momentum'],
    convention: 'pytorch',
    apply: withParts(() => ({ step: velocityRules.nesterov.pytorch.parts.step! })),
  },
  {
    id: 'dampening',
    text: 'the gradient enters the velocity times 1 − μ (dampening), where it should enter whole',
    rules: withVelocity,
    apply: withParts(({ velocity }) => ({
      velocity: (q) => velocity!({ ...q, gradient: (1 - q.momentum) * q.gradient }),
    })),
  },
  {
    id: 'dampening-missing',
    text: 'there is no dampening: the gradient enters the velocity whole',
    rules: withVelocity,
    convention: 'pytorch',
    apply: withConstants(() => ({ dampening: 0 })),
  },
  {
    id: 'dampening-first',
    text: 'dampening begins at the first step, where the velocity should be the whole gradient',
    rules: withVelocity,
    convention: 'pytorch',
    apply: withParts(() => ({
      velocity: ({ momentum, velocityOld, dampening, gradient }) => momentum * velocityOld + (1 - dampening) * gradient,
    })),
  },
  ...withVelocity.flatMap((name) => [
    {
      id: 'pytorch-velocity',
      text: 'the velocity is kept without the learning rate, as PyTorch has it: the same steps while the learning rate stays, another state',
      rules: [name],
      convention: 'keras' as const,
      apply: withParts(() => velocityRules[name].pytorch.parts),
    },
    {
      id: 'keras-velocity',
      text: 'the velocity is kept with the learning rate and the sign in it, as Keras has it: the same steps while the learning rate stays, another state',
      rules: [name],
      convention: 'pytorch' as const,
      apply: withParts(() => velocityRules[name].keras.parts),
    },
  ]),
];

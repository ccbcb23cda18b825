// Expressions without a network: a long chain on few numbers, and a short expression on a million.

import { Parameter, Tape, valueAndGrad, zeros } from '@tapegrad/core';
import { chain as sizes } from '../data.mjs';
import { load } from './floats.mjs';
import { inMode } from './mode.mjs';

/** @typedef {import('@tapegrad/core').Tensor} Tensor */

/**
 * The chain forward, and its gradient by x.
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function chain() {
  const [x, a, b] = [load('chain', 'x'), load('chain', 'a'), load('chain', 'b')];
  const f = inMode((/** @type {Tensor} */ x, /** @type {Tensor} */ a, /** @type {Tensor} */ b) => {
    const tape = new Tape();
    tape.watch({ x });
    const sum = tape.record(() => {
      let value = x;
      for (let i = 0; i < sizes.repeats; i++) value = value.mul(a).add(b).tanh();
      return value.sum();
    });
    return { sum, gradient: tape.gradient(sum, { x }).x };
  });
  let sum = Number.NaN;
  return {
    run: () => {
      sum = f(x, a, b).sum.item();
    },
    result: () => sum,
  };
}

const sumOfActivations = (/** @type {Tensor} */ x) => x.sigmoid().mul(x).add(x.tanh()).sum();

/**
 * sum(sigmoid(x) · x + tanh(x)) and its gradient: x is brought in and the gradient handed out, each time.
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function activations() {
  const x = load('activations', 'x');
  const f = inMode((/** @type {Tensor} */ x) => valueAndGrad(sumOfActivations)(x));
  let sum = Number.NaN;
  return {
    run: () => {
      sum = f(x)[0].item();
    },
    result: () => sum,
  };
}

/**
 * The same where x and its gradient stay where the program computes, as the weights of a network do.
 * @returns {import('../measure/serve.mjs').Prepared}
 */
export function residentActivations() {
  const x = new Parameter(load('activations', 'x'), 'x');
  const gradient = new Parameter(zeros(x.shape), 'gradient');
  const f = inMode(() => {
    const tape = new Tape();
    const sum = tape.record(() => sumOfActivations(x));
    gradient.assign(tape.gradient(sum, { x }).x);
    return sum;
  });
  let sum = Number.NaN;
  return {
    run: () => {
      sum = f().item();
    },
    result: () => sum,
  };
}

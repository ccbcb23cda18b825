// Gradients cut to a length, compiled and op by op.

import { compile } from '@tapegrad/compiler';
import { Parameter, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Adam, AdamW, type ClippingOptions, RMSprop, SGD } from '../../src/index.ts';
import { mistake } from '../support/errors.ts';

/** What is left of the gradients [3, 4] and [12]: by steps of rate 1 from zero, the other way round. */
function left(options: ClippingOptions, jit: boolean): readonly (readonly number[])[] {
  const [a, b] = [[0, 0], [0]].map((zeros, i) => new Parameter(tensor(zeros, { dtype: 'float64' }), `p${i}`));
  const optimizer = new SGD({ learningRate: 1, ...options });
  const step = (x: Tensor, y: Tensor): void => optimizer.step([x, y], [a!, b!]);
  const gradients = [tensor([3, 4], { dtype: 'float64' }), tensor([12], { dtype: 'float64' })] as const;
  if (jit) compile(step)(...gradients);
  else step(...gradients);
  return [a!, b!].map((parameter) => Array.from(parameter.toData(), (value) => -value));
}

describe.each([true, false])('with jit: %s', (jit) => {
  test.each<[ClippingOptions, number[][]]>([
    [{}, [[3, 4], [12]]],
    [{ clipnorm: 1 }, [[0.6, 0.8], [1]]],
    [{ clipnorm: 5 }, [[3, 4], [5]]],
    [{ clipnorm: 7.3 }, [[3, 4], [7.3]]],
    // the length of [3, 4, 12] is 13
    [{ globalClipnorm: 6.5 }, [[1.5, 2], [6]]],
    [{ globalClipnorm: 13 }, [[3, 4], [12]]],
    [{ globalClipnorm: 1000 }, [[3, 4], [12]]],
    [{ clipvalue: 3.5 }, [[3, 3.5], [3.5]]],
  ])('%j', (options, expected) => {
    left(options, jit).forEach((values, i) => {
      values.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[i]![j]!, 14);
      });
    });
  });

  test('a gradient that is short enough keeps every bit', () => {
    expect(left({ clipnorm: 12.3 }, jit)).toEqual([[3, 4], [12]]);
    expect(left({ globalClipnorm: 49.1 }, jit)).toEqual([[3, 4], [12]]);
  });
});

test('comes before the moments: Adam takes the same first step, whatever the length', () => {
  const w = new Parameter(tensor([1, 1], { dtype: 'float64' }), 'w');
  new Adam({ learningRate: 0.5, epsilon: 0, clipvalue: 1e-3 }).step([tensor([1e9, -1e-9], { dtype: 'float64' })], [w]);
  const [first, second] = w.toData();
  expect(first).toBeCloseTo(0.5, 12);
  expect(second).toBeCloseTo(1.5, 12);
});

test('weights decay by their own size all the same', () => {
  const w = new Parameter(tensor([2]), 'w');
  new SGD({ learningRate: 0.5, weightDecay: 0.5, clipnorm: 1 }).step([tensor([100])], [w]);
  expect(w.item()).toBe(1);
});

test.each([
  [() => new SGD({ clipnorm: 0 }), 'SGD: clipnorm is 0. Expected a number > 0.'],
  [() => new RMSprop({ clipvalue: -1 }), 'RMSprop: clipvalue is -1. Expected a number > 0.'],
  [
    () => new AdamW({ clipnorm: 1, globalClipnorm: 2 }),
    'AdamW: clipnorm is 1, globalClipnorm is 2. Expected at most one of clipnorm, globalClipnorm, clipvalue.',
  ],
  [() => new AdamW(3 as unknown as object), 'AdamW: the options are 3. Expected an object of options.'],
  [
    () => new SGD({ clipNorm: 1 } as object),
    'SGD: no option clipNorm. Did you mean clipnorm? Known: learningRate, momentum, nesterov, weightDecay, clipnorm, globalClipnorm, clipvalue.',
  ],
])('%s', (make, message) => {
  expect(make).toThrow(mistake(message));
});

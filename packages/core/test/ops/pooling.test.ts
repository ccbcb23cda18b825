// What golden/networks.json leaves open of pooling: dtypes, layouts in memory, errors.

import { describe, expect, it } from 'vitest';
import {
  averagePool1d,
  averagePool2d,
  averagePool2dAdjoint,
  maxPool1d,
  maxPool2d,
  maxPool2dAdjoint,
  maxPool2dTangent,
  type PerAxis,
  type PoolingOptions,
  RandomGenerator,
  tensor,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const x = new RandomGenerator(5).normal([2, 5, 4, 3]);

describe('dtypes', () => {
  const whole = tensor([[[-4], [-2], [-3]]], { dtype: 'int32' });

  it.each([
    ['the largest of whole numbers is whole', maxPool1d(whole, 2), 'int32[1, 1, 1] [[[-2]]]'],
    ['the mean of whole numbers is float32', averagePool1d(whole, 2), 'float32[1, 1, 1] [[[-3]]]'],
    ['float64 stays', maxPool1d(whole.asType('float64'), 3), 'float64[1, 1, 1] [[[-2]]]'],
    ['of booleans, the largest counts as 1', maxPool1d(whole.less(-3), 3), 'int32[1, 1, 1] [[[1]]]'],
  ])('%s', (_title, pooled, shown) => {
    expect(String(pooled)).toBe(shown);
  });
});

describe('views', () => {
  it('are pooled like their copies', () => {
    const view = x.transpose([0, 2, 1, 3]).slice(undefined, undefined, { axis: 2, step: -1 });
    const copy = view.add(0);
    const g = tensor([1, 2]).reshape([2, 1, 1, 1]).broadcastTo([2, 2, 2, 3]);
    const all = (images: typeof x, incoming: typeof x) => [
      maxPool2d(images, 2).toArray(),
      averagePool2d(images, 2).toArray(),
      maxPool2dAdjoint(incoming, images, 2).toArray(),
      averagePool2dAdjoint(incoming, 2, { imageSize: [4, 5] }).toArray(),
      maxPool2dTangent(images, images, 2).toArray(),
    ];
    expect(all(view, g)).toEqual(all(copy, g.add(0)));
  });
});

describe('the derivative of the largest', () => {
  it('along the images themselves is the largest', () => {
    expect(maxPool2dTangent(x, x, 2).toArray()).toEqual(maxPool2d(x, 2).toArray());
  });
});

describe('refused', () => {
  it.each<[PerAxis, PoolingOptions | undefined, string]>([
    [0, undefined, 'size is 0. Expected a whole number >= 1, or 2 of them.'],
    [undefined as unknown as number, undefined, 'size is undefined. Expected a whole number >= 1, or 2 of them.'],
    [2, { stride: 0 }, 'stride is 0. Expected a whole number >= 1, or 2 of them.'],
    [2, { poolSize: 1 } as object, 'no option poolSize. Expected { stride: …, padding: … }.'],
    [
      [6, 1],
      undefined,
      'a window of size 6 and dilation 1 is 6 long, axis 1 of x [2, 5, 4, 3] with padding [0, 0] is 5. Expected a window that fits: make it smaller, or pad more.',
    ],
    [
      2,
      { padding: 2 },
      'padding [2, 2] of axis 1 with windows of 2 would make windows that hold nothing of x [2, 5, 4, 3]. Expected padding smaller than the window.',
    ],
  ])('are windows of %j with %j', (size, options, message) => {
    expect(() => maxPool2d(x, size, options)).toThrow(refusal(`maxPool2d: ${message}`));
    expect(() => averagePool2d(x, size, options)).toThrow(refusal(`averagePool2d: ${message}`));
  });

  it('are shapes of other ranks', () => {
    expect(() => maxPool2d(zeros([5, 4, 3]), 2)).toThrow(
      refusal(
        'maxPool2d: x has the shape [5, 4, 3]. Expected [batch, height, width, channels]; add a missing axis by reshape.',
      ),
    );
    expect(() => averagePool1d(zeros([4, 3]), 2)).toThrow(
      refusal(
        'averagePool1d: x has the shape [4, 3]. Expected [batch, length, channels]; add a missing axis by reshape.',
      ),
    );
  });

  it('are derivatives of another shape than the results', () => {
    expect(() => maxPool2dAdjoint(zeros([2, 5, 4, 3]), x, 2)).toThrow(
      refusal('maxPool2dAdjoint: g has the shape [2, 5, 4, 3]. Expected [2, 2, 2, 3], that of x [2, 5, 4, 3] pooled.'),
    );
    expect(() => averagePool2dAdjoint(zeros([2, 2, 2, 3]), 2, { imageSize: [7, 4] })).toThrow(
      refusal(
        'averagePool2dAdjoint: g has the shape [2, 2, 2, 3]. Expected [2, 3, 2, 3], that of x [2, 7, 4, 3] pooled.',
      ),
    );
    expect(() => averagePool2dAdjoint(zeros([]), 2, { imageSize: [7, 4] })).toThrow(
      refusal('averagePool2dAdjoint: g has the shape []. Expected [batch, height, width, channels].'),
    );
    expect(() => maxPool2dTangent(zeros([2, 5, 4, 1]), x, 2)).toThrow(
      refusal('maxPool2dTangent: u has the shape [2, 5, 4, 1], x [2, 5, 4, 3]. Expected equal shapes.'),
    );
  });
});

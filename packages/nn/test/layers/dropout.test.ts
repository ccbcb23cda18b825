// Dropout: its statistics, seeds and gradient.

import { grad, ones, type Tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dropout } from '../../src/index.ts';

describe('Dropout', () => {
  const x = ones([100, 200]);

  test('drops the given share and scales the rest so that the mean stays', () => {
    const out = Array.from(new Dropout(0.25, { seed: 4 }).apply(x, { training: true }).toData());
    const dropped = out.filter((value) => value === 0).length / out.length;
    // 20,000 draws: five standard deviations of their share are 0.0153.
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.0153);
    expect(new Set(out)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  });

  test('draws anew at each call, and the same for the same seed', () => {
    const drop = (layer: Dropout) => layer.apply(x, { training: true }).toData();
    const [a, b] = [new Dropout(0.5, { seed: 1 }), new Dropout(0.5, { seed: 1 })];
    const first = drop(a);
    expect(drop(b)).toEqual(first);
    expect(drop(a)).not.toEqual(first);
  });

  test('is the identity outside of training, and at rate 0', () => {
    expect(new Dropout(0.5).apply(x)).toBe(x);
    expect(new Dropout(0).apply(x, { training: true })).toBe(x);
  });

  test('lets gradients through where it keeps values', () => {
    const layer = new Dropout(0.5, { seed: 3 });
    let out: Tensor | undefined;
    const gradient = grad((z: Tensor) => {
      out = layer.apply(z, { training: true });
      return out.sum();
    })(ones([4, 5]));
    expect(gradient.toArray()).toEqual(out!.toArray());
  });

  test.each([1, -0.1, 1.5, Number.NaN])('refuses a rate of %s', (rate) => {
    expect(() => new Dropout(rate)).toThrow(`Dropout: rate is ${rate}. Expected a number >= 0 and < 1.`);
  });
});

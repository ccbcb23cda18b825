// What golden/networks.json leaves open of normalisation: precision, dtypes, errors.

import { describe, expect, it } from 'vitest';
import {
  batchNorm,
  batchNormInference,
  grad,
  layerNorm,
  RandomGenerator,
  rmsNorm,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const random = new RandomGenerator(6);

function largestDifference(a: Tensor, b: Tensor): number {
  return a.asType('float64').sub(b.asType('float64')).abs().max().item();
}

describe('a mean far larger than the deviation', () => {
  // multiples of 1/16 around 2^18: exact in float32, where the square of the mean has no digit left for them
  const small = random.normal([64, 8], 0, 32, 'float64').asType('int32').asType('float64').div(16);
  const large = small.add(2 ** 18).asType('float32');

  it('costs no digits of float32', () => {
    expect(largestDifference(layerNorm(large), layerNorm(small))).toBeLessThan(2e-7);
    expect(largestDifference(batchNorm(large)[0], batchNorm(small)[0])).toBeLessThan(3e-7);
    expect(largestDifference(batchNorm(large)[2], batchNorm(small)[2])).toBeLessThan(1e-6);
  });

  it('nor of the gradient', () => {
    const direction = random.normal([64, 8], 0, 1, 'float64');
    const slope = (x: Tensor): Tensor => grad((y: Tensor) => layerNorm(y).mul(direction.asType(y.dtype)).sum())(x);
    expect(largestDifference(slope(large), slope(small))).toBeLessThan(2e-6);
  });
});

describe('the result', () => {
  it('has mean 0 and variance 1 where it is meant to', () => {
    const x = random.normal([6, 5, 4], 3, 2, 'float64');
    const normalized = layerNorm(x, undefined, undefined, { axes: [0, 1], epsilon: 0 });
    expect(largestDifference(normalized.mean([0, 1]), zeros([4]))).toBeLessThan(1e-14);
    expect(largestDifference(normalized.variance([0, 1]), zeros([4]).add(1))).toBeLessThan(1e-14);
  });

  it('of inference, by the statistics of the batch, is that of training', () => {
    const x = random.normal([6, 5, 4], 3, 2, 'float64');
    const [scale, offset] = [random.normal([4], 0, 1, 'float64'), random.normal([4], 0, 1, 'float64')];
    const [out, mean, variance] = batchNorm(x, scale, offset, { epsilon: 1e-5 });
    const inferred = batchNormInference(x, mean, variance, scale, offset, { epsilon: 1e-5 });
    expect(largestDifference(inferred, out)).toBeLessThan(1e-13);
  });

  it('takes numbers for scale and offset, and whole numbers for x', () => {
    const x = tensor([[1, 3]], { dtype: 'int32' });
    expect(String(layerNorm(x, 2, 1, { epsilon: 0 }))).toBe('float32[1, 2] [[-1, 3]]');
    expect(String(rmsNorm(tensor([3, 4, 50000], { dtype: 'int32' }).slice(0, 2), 5, { epsilon: 0 }))).toBe(
      'float32[2] [4.24264, 5.65685]',
    );
    expect(String(batchNorm(x.transpose())[1])).toBe('float32[1] [2]');
  });
});

describe('refused', () => {
  const x = zeros([2, 3, 4]);

  it('are scales and offsets of other lengths', () => {
    expect(() => layerNorm(x, zeros([3]))).toThrow(
      refusal('layerNorm: scale has the shape [3], x [2, 3, 4]. Expected [4], the lengths of x along axes [2].'),
    );
    expect(() => layerNorm(x, undefined, zeros([4]), { axes: [1, 2] })).toThrow(
      refusal('layerNorm: offset has the shape [4], x [2, 3, 4]. Expected [3, 4], the lengths of x along axes [1, 2].'),
    );
    expect(() => batchNorm(x, zeros([4, 1]))).toThrow(
      refusal('batchNorm: scale has the shape [4, 1], x [2, 3, 4]. Expected [4], the lengths of x along axes [2].'),
    );
    expect(() => batchNormInference(x, zeros([3]), zeros([4]))).toThrow(
      refusal(
        'batchNormInference: mean has the shape [3], x [2, 3, 4]. Expected [4], the lengths of x along axes [2].',
      ),
    );
    expect(() => rmsNorm(x, {} as Tensor)).toThrow(
      refusal('rmsNorm: scale is an object. Expected a tensor or a number.'),
    );
  });

  it('are options that there are not, and an epsilon below 0', () => {
    expect(() => layerNorm(x, undefined, undefined, { axis: 1 } as object)).toThrow(
      refusal('layerNorm: no option axis. Expected axes.'),
    );
    expect(() => batchNorm(x, undefined, undefined, { epsilon: -1 })).toThrow(
      refusal('batchNorm: epsilon is -1. Expected a number >= 0.'),
    );
    expect(() => batchNorm(x, undefined, undefined, { axis: 3 })).toThrow(
      refusal('batchNorm: axis 3 does not exist in a tensor of rank 3. Expected a whole number from -3 to 2.'),
    );
  });
});

// What golden/networks.json leaves open of convolution: sizes, dtypes, layouts in memory, errors.

import { describe, expect, it } from 'vitest';
import {
  type ConvolutionOptions,
  concat,
  conv1d,
  conv2d,
  conv2dKernelAdjoint,
  convTranspose1d,
  convTranspose2d,
  ones,
  RandomGenerator,
  type Shape,
  scalar,
  type Tensor,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const random = new RandomGenerator(4);

/** Σ a · b, in float64. */
function inner(a: Tensor, b: Tensor): number {
  return a.asType('float64').mul(b.asType('float64')).sum().item();
}

describe('sizes', () => {
  it.each<[number, number, ConvolutionOptions, number]>([
    [5, 3, {}, 3],
    [5, 3, { stride: 2 }, 2],
    [6, 3, { stride: 2 }, 2],
    [5, 2, { dilation: 4 }, 1],
    [5, 3, { padding: 'same' }, 5],
    [5, 2, { padding: 'same', stride: 2 }, 3],
    [5, 2, { padding: 'same', stride: 7 }, 1],
    [5, 3, { padding: 2 }, 7],
    [1, 3, { padding: 1 }, 1],
  ])('of length %i, a kernel of %i with %j leaves %i', (length, size, options, expected) => {
    const x = zeros([1, length, length, 1]);
    const kernel = zeros([size, size, 1, 2]);
    expect(conv2d(x, kernel, options).shape).toEqual([1, expected, expected, 2]);
    // and the way back
    const back = convTranspose2d(conv2d(x, kernel, options), kernel, { ...options, outputSize: [length, length] });
    expect(back.shape).toEqual(x.shape);
  });

  it.each<[number, ConvolutionOptions, number]>([
    [3, {}, 6],
    [3, { stride: 2 }, 9],
    [2, { stride: 3 }, 12],
    [3, { stride: 2, padding: 'same' }, 8],
    [3, { stride: 2, padding: 1 }, 7],
    [3, { stride: 2, dilation: 2 }, 11],
  ])('of length 4, a transposed kernel of %i with %j makes %i', (size, options, expected) => {
    const made = convTranspose2d(zeros([1, 4, 4, 1]), zeros([size, size, 2, 1]), options);
    expect(made.shape).toEqual([1, expected, expected, 2]);
  });
});

describe('the three convolutions', () => {
  const cases: readonly [Shape, Shape, ConvolutionOptions][] = [
    [[2, 9, 7, 3], [3, 2, 3, 5], {}],
    [[3, 8, 8, 4], [3, 3, 2, 6], { groups: 2, padding: 'same', stride: 2 }],
    [[1, 6, 9, 1], [2, 3, 1, 7], { dilation: 2, padding: 1 }],
  ];

  // <conv(x, k), g> = <x, convTranspose(g, k)> = <k, kernelAdjoint(x, g)>
  it.each(cases)('are adjoint to each other in float32: %j, kernel %j, %j', (shape, kernelShape, options) => {
    const [x, kernel] = [random.normal(shape), random.normal(kernelShape)];
    const out = conv2d(x, kernel, options);
    const g = random.normal(out.shape);
    const back = convTranspose2d(g, kernel, { ...options, outputSize: [shape[1]!, shape[2]!] });
    const byKernel = conv2dKernelAdjoint(x, g, { ...options, kernelSize: [kernelShape[0]!, kernelShape[1]!] });
    expect([out.dtype, back.dtype, byKernel.dtype]).toEqual(['float32', 'float32', 'float32']);
    const expected = inner(out, g);
    // sums of some thousand products of size 1, each with an error of 1e-7
    expect(Math.abs(inner(x, back) - expected)).toBeLessThan(1e-3);
    expect(Math.abs(inner(kernel, byKernel) - expected)).toBeLessThan(1e-3);
  });

  it('take large batches in parts, which fit together', () => {
    // 3 × 900 windows of 100 elements: several parts, whose limits lie within images
    const [x, kernel] = [random.normal([3, 34, 34, 4]), random.normal([5, 5, 4, 2])];
    const g = random.normal([3, 30, 30, 2]);
    const size = { kernelSize: [5, 5] } as const;
    const images = [0, 1, 2].map((i) => x.slice(i, i + 1));
    const gradients = [0, 1, 2].map((i) => g.slice(i, i + 1));
    expect(
      conv2d(x, kernel)
        .sub(concat(images.map((image) => conv2d(image, kernel))))
        .abs()
        .max()
        .item(),
    ).toBe(0);
    const back = concat(gradients.map((gradient) => convTranspose2d(gradient, kernel)));
    expect(convTranspose2d(g, kernel).sub(back).abs().max().item()).toBe(0);
    const byKernel = images.map((image, i) => conv2dKernelAdjoint(image, gradients[i]!, size));
    const whole = conv2dKernelAdjoint(x, g, size);
    expect(
      whole
        .sub(byKernel.reduce((a, b) => a.add(b)))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-4);
    // and one of the results by hand
    const window = x.slice(1, 2).slice(29, 34, { axis: 1 }).slice(17, 22, { axis: 2 }).reshape([100]);
    const filter = kernel.slice(1, 2, { axis: 3 }).reshape([100]);
    expect(
      conv2d(x, kernel)
        .slice(1, 2)
        .slice(29, 30, { axis: 1 })
        .slice(17, 18, { axis: 2 })
        .slice(1, 2, { axis: 3 })
        .item(),
    ).toBeCloseTo(window.mul(filter).sum().item(), 4);
  });

  it('take views as they lie', () => {
    const x = random.normal([4, 3, 2, 5]).transpose(); // [5, 2, 3, 4]
    const kernel = random.normal([3, 4, 2, 1]).slice(0, 2).transpose([3, 2, 1, 0]); // [1, 2, 4, 2]
    const copies = [x, kernel].map((view) => view.add(0)) as [Tensor, Tensor];
    expect(conv2d(x, kernel).toArray()).toEqual(conv2d(...copies).toArray());
    const g = ones([2, 1, 2, 5]).transpose(); // [5, 2, 1, 2], as it comes from sum(): strides of 0 too
    const spread = g.slice(0, 1).broadcastTo([5, 2, 2, 2]);
    expect(convTranspose2d(spread, kernel).toArray()).toEqual(convTranspose2d(spread.add(0), copies[1]).toArray());
    const size = { kernelSize: [1, 2] } as const;
    expect(conv2dKernelAdjoint(x, spread, size).toArray()).toEqual(
      conv2dKernelAdjoint(copies[0], spread.add(0), size).toArray(),
    );
  });

  it('make float32 of whole numbers, and keep float64 beside them', () => {
    const whole = ones([1, 2, 2, 1], 'int32');
    expect(String(conv2d(whole, whole.reshape([2, 2, 1, 1])))).toBe('float32[1, 1, 1, 1] [[[[4]]]]');
    expect(String(conv2d(whole, ones([2, 2, 1, 1], 'float64')))).toBe('float64[1, 1, 1, 1] [[[[4]]]]');
    expect(String(conv2d(ones([1, 2, 2, 1], 'float64'), ones([2, 2, 1, 1], 'bool')))).toBe(
      'float64[1, 1, 1, 1] [[[[4]]]]',
    );
  });
});

describe('refused', () => {
  const x = zeros([2, 5, 4, 6]);
  const kernel = zeros([3, 3, 6, 8]);

  it('are shapes of other ranks', () => {
    expect(() => conv2d(zeros([5, 4, 6]), kernel)).toThrow(
      refusal(
        'conv2d: x has the shape [5, 4, 6], the kernel [3, 3, 6, 8]. Expected [batch, height, width, channels] and a ' +
          'kernel of 4 axes, the first two its height and width, at least 1.',
      ),
    );
    expect(() => conv1d(zeros([5, 6]), zeros([3, 6, 8]))).toThrow(
      refusal(
        'conv1d: x has the shape [5, 6], the kernel [3, 6, 8]. Expected [batch, length, channels] and a kernel of 3 ' +
          'axes, the first its length, at least 1.',
      ),
    );
    expect(() => conv2d(scalar(1), 2)).toThrow('conv2d: x has the shape [], the kernel [].');
    expect(() => conv2d(x, zeros([0, 3, 6, 8]))).toThrow(
      'conv2d: x has the shape [2, 5, 4, 6], the kernel [0, 3, 6, 8].',
    );
  });

  it.each<[number, Shape, string]>([
    [1, [3, 3, 5, 8], '[3, 3, 6, outChannels]'],
    [2, [3, 3, 6, 8], '[3, 3, 3, outChannels]'],
    [3, [3, 3, 2, 8], '[3, 3, 2, outChannels]'],
    [4, [3, 3, 1, 8], '[3, 3, 1.5, outChannels]'],
  ])('are channels that do not fit in %i groups with kernel %j', (groups, shape, expected) => {
    expect(() => conv2d(x, zeros(shape), { groups })).toThrow(
      refusal(
        `conv2d: channels do not fit: x [2, 5, 4, 6], kernel [${shape.join(', ')}], groups ${groups}. Expected a ` +
          `kernel ${expected}, and groups that divide both numbers of channels.`,
      ),
    );
  });

  it('are channels that do not fit a transposed kernel', () => {
    expect(() => convTranspose2d(x, kernel)).toThrow(
      refusal(
        'convTranspose2d: channels do not fit: x [2, 5, 4, 6], kernel [3, 3, 6, 8], groups 1. Expected a kernel ' +
          '[3, 3, outChannels / groups, 6], and groups that divide both numbers of channels.',
      ),
    );
  });

  it('are kernels larger than the image', () => {
    expect(() =>
      conv2d(x, kernel, {
        dilation: [1, 2],
        padding: [
          [0, 0],
          [0, 0],
        ],
      }),
    ).toThrow(
      // biome-ignore format: one line
      refusal(
        'conv2d: a window of size 3 and dilation 2 is 5 long, axis 2 of x [2, 5, 4, 6] with padding [0, 0] is 4. ' +
          'Expected a window that fits: make it smaller, or pad more.',
      ),
    );
  });

  it.each<[object, string]>([
    [{ stride: 0 }, 'stride is 0. Expected a whole number >= 1, or 2 of them.'],
    [{ stride: [1, 2, 3] }, 'stride is [1,2,3]. Expected a whole number >= 1, or 2 of them.'],
    [{ dilation: 1.5 }, 'dilation is 1.5. Expected a whole number >= 1, or 2 of them.'],
    [{ stride: '2' }, 'stride is "2". Expected a whole number >= 1, or 2 of them.'],
    [{ groups: 0 }, 'groups is 0. Expected a whole number >= 1.'],
    [
      { padding: 'full' },
      'padding is "full". Expected valid, same, a whole number >= 0, or [[before, after], [before, after]].',
    ],
    [
      { padding: -1 },
      'padding is -1. Expected valid, same, a whole number >= 0, or [[before, after], [before, after]].',
    ],
    [
      { padding: [1, 1] },
      'padding is [1,1]. Expected valid, same, a whole number >= 0, or [[before, after], [before, after]].',
    ],
    [{ strides: 2 }, 'no option strides. Expected stride.'],
  ])('are options %j', (options, message) => {
    expect(() => conv2d(x, kernel, options as ConvolutionOptions)).toThrow(refusal(`conv2d: ${message}`));
  });

  it('are the options of two axes for one', () => {
    const call = (options: object) => () => conv1d(zeros([1, 5, 2]), zeros([3, 2, 2]), options);
    expect(call({ stride: [1, 1] })).toThrow(refusal('conv1d: stride is [1,1]. Expected a whole number >= 1.'));
    expect(call({ padding: [[1, 1]] })).toThrow(
      refusal('conv1d: padding is [[1,1]]. Expected valid, same, a whole number >= 0, or [before, after].'),
    );
  });

  it('are sizes that no convolution reduces to those of x', () => {
    const options = { stride: 2, outputSize: [13, 9] } as const;
    expect(() => convTranspose2d(x, zeros([3, 3, 1, 6]), options)).toThrow(
      refusal(
        'convTranspose2d: a result of size [13, 9] would be reduced to [6, 4] by the convolution, x has the shape ' +
          '[2, 5, 4, 6]. Expected an outputSize that is reduced to [5, 4].',
      ),
    );
    expect(() => convTranspose1d(zeros([1, 1, 1]), zeros([1, 1, 1]), { padding: 1 })).toThrow(
      refusal('convTranspose1d: padding [1, 1] of axis 1 leaves a result of length -1. Expected less padding.'),
    );
  });

  it('are derivatives of another shape than the results', () => {
    expect(() => conv2dKernelAdjoint(x, zeros([2, 4, 2, 8]), { kernelSize: [3, 3] })).toThrow(
      refusal(
        'conv2dKernelAdjoint: g has the shape [2, 4, 2, 8]. Expected [2, 3, 2, 8], that of the convolution of x ' +
          '[2, 5, 4, 6] with a kernel [3, 3, 6, 8].',
      ),
    );
    expect(() => conv2dKernelAdjoint(x, scalar(1), { kernelSize: [3, 3] })).toThrow(
      refusal(
        'conv2dKernelAdjoint: x has the shape [2, 5, 4, 6], g []. Expected [batch, height, width, channels] for both.',
      ),
    );
  });
});

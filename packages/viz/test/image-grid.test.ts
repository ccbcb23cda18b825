import { arange, full, RandomGenerator, TapegradError, type Tensor, tensor, zeros } from '@tapegrad/core';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { type ImageGridOptions, imageGrid } from '../src/index.ts';
import { all, sizeOf, texts } from './support/xml.ts';

/** The pixels of each image. */
const pixelsOf = (svg: string) =>
  all(svg, 'image').map((image) => {
    const { width, height, channels, data } = decode(Buffer.from(image.getAttribute('href')!.split(',')[1]!, 'base64'));
    return { size: [height, width], channels, data: Array.from(data) };
  });

describe('imageGrid', () => {
  it('draws grays from the least value of all to the greatest', () => {
    const images = pixelsOf(
      imageGrid(
        tensor([
          [
            [0, 1],
            [2, 3],
          ],
          [
            [4, 5],
            [10, 0],
          ],
        ]),
      ),
    );
    expect(images).toEqual([
      { size: [2, 2], channels: 1, data: [0, 26, 51, 77] },
      { size: [2, 2], channels: 1, data: [102, 128, 255, 0] },
    ]);
  });

  it('draws weights in red below 0 and blue above, symmetric around a light 0', () => {
    const svg = imageGrid(tensor([[-1, 0, 0.5]]), { colors: 'diverging', value: { label: 'weight', unit: '1/px' } });
    const [image, bar] = pixelsOf(svg);
    const [negative, zero, positive] = [0, 3, 6].map((at) => image!.data.slice(at, at + 3));
    expect(negative![0]).toBeGreaterThan(negative![2]! + 50);
    expect(positive![2]).toBeGreaterThan(positive![0]! + 50);
    expect(Math.min(...zero!)).toBeGreaterThan(235);
    expect(Math.max(...zero!) - Math.min(...zero!)).toBeLessThan(6);
    expect(bar!.size).toEqual([1, 256]);
    expect(bar!.data.slice(0, 3)).toEqual(negative);
    expect(texts(svg)).toEqual(['−1.0', '−0.5', '0', '0.5', '1.0', 'weight (1/px)']);
  });

  it('has its white in the middle of a range', () => {
    const [image] = pixelsOf(imageGrid(tensor([[0, 0.5, 1]]), { colors: 'diverging', range: [0, 1] }));
    const [lowest, middle, highest] = [0, 3, 6].map((at) => image!.data.slice(at, at + 3));
    expect(lowest![0]).toBeGreaterThan(lowest![2]! + 50);
    expect(Math.min(...middle!)).toBeGreaterThan(235);
    expect(highest![2]).toBeGreaterThan(highest![0]! + 50);
  });

  it('cuts values off at a range', () => {
    expect(pixelsOf(imageGrid(tensor([[-5, 0, 1, 9]]), { range: [0, 2] }))[0]!.data).toEqual([0, 0, 128, 255]);
  });

  it.each([
    [full([1, 2], 3), [255, 255]],
    [full([1, 2], -3), [0, 0]],
    [zeros([1, 2]), [0, 0]],
  ])('draws what is the same everywhere', (image, expected) => {
    expect(pixelsOf(imageGrid(image))[0]!.data).toEqual(expected);
  });

  it('puts images side by side, with their captions, sharp', () => {
    const captions = ['a', 'b < c', 'd'];
    const svg = imageGrid(arange(0, 3 * 4 * 6).reshape([3, 4, 6]), {
      columns: 2,
      scale: 10,
      captions,
      title: 'Images',
    });
    const places = all(svg, 'image').map((image) =>
      ['x', 'y', 'width', 'height'].map((name) => Number(image.getAttribute(name))),
    );
    const [first, second, third] = places;
    expect(places.map(([, , width, height]) => [width, height])).toEqual(Array(3).fill([60, 40]));
    expect([second![0]! > first![0]! + 60, second![1], third![0], third![1]! > first![1]! + 40]).toEqual([
      true,
      first![1],
      first![0],
      true,
    ]);
    expect(texts(svg)).toEqual(['Images', ...captions]);
    expect(all(svg, 'image')[0]!.getAttribute('style')).toBe('image-rendering:pixelated');
  });

  it('takes a list, any float or integer dtype, bool, and views', () => {
    const image = tensor(
      [
        [0, 1],
        [1, 1],
      ],
      { dtype: 'int32' },
    );
    const [a, b, c] = pixelsOf(imageGrid([image, image.transpose(), image.greater(0)]));
    expect([a!.data, b!.data, c!.data]).toEqual(Array(3).fill([0, 255, 255, 255]));
  });

  it('is small: twenty images of 28 × 28 weights', () => {
    const svg = imageGrid(new RandomGenerator(1).normal([20, 28, 28]), { colors: 'diverging' });
    expect(svg.length).toBeLessThan(80_000);
    expect(sizeOf(svg)[0]).toBeLessThan(640);
  });

  it.each([
    [
      zeros([4]),
      {},
      'the tensor has shape [4]. Expected [n, height, width] or [height, width]; reshape it, e.g. x.reshape([-1, 28, 28]).',
    ],
    [
      [zeros([1, 2, 2])],
      {},
      'images[0] has shape [1, 2, 2]. Expected [height, width]; reshape it, e.g. x.reshape([-1, 28, 28]).',
    ],
    [[zeros([2, 2]), zeros([2, 3])], {}, 'images[0] has shape [2, 2] and images[1] [2, 3]. Expected one size.'],
    [zeros([0, 2, 2]), {}, 'the tensor has shape [0, 2, 2], which has no elements. Expected at least one.'],
    [[], {}, 'the images are a list of 0. Expected a tensor [n, height, width] or a list of tensors.'],
    [[[1]], {}, 'images[0] is a list of 1. Expected a tensor.'],
    [
      tensor([[[0, 1]], [[0, Number.NaN]]]),
      {},
      'image 1 of the tensor is NaN in row 0, column 1. Expected finite numbers.',
    ],
    [zeros([2, 2, 2]), { captions: ['a'] }, 'captions is a list of 1. Expected 2, one for each image.'],
    [zeros([2, 2]), { captions: [''] }, 'captions[0] is "". Expected a text that is not empty.'],
    [zeros([2, 2]), { range: [1, 1] }, 'range is [1, 1]. Expected two finite numbers, the smaller one first.'],
    [zeros([2, 2]), { colors: 'rainbow' }, 'colors is "rainbow". Expected "gray" or "diverging".'],
    [zeros([2, 2]), { scale: 0 }, 'scale is 0. Expected a finite number of at least 0.1.'],
    [zeros([2, 2]), { columns: 1.5 }, 'columns is 1.5. Expected a whole number of at least 1.'],
    [zeros([2, 2]), { value: { lable: 'x' } }, 'value has no option lable. Did you mean label? Known: label, unit.'],
    [zeros([2, 2]), { colorBar: 'yes' }, 'colorBar is "yes". Expected true or false.'],
  ])('refuses case %#', (images, options, message) => {
    expect(() => imageGrid(images as Tensor, options as ImageGridOptions)).toThrow(
      new TapegradError('imageGrid', message),
    );
  });
});

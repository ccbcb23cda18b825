// Tensors as images beside each other: samples, weights, filters.

import { showShape, TapegradError, Tensor } from '@tapegrad/core';
import { type AxisOptions, axisTitle, layOut } from './axis.ts';
import {
  type OptionNames,
  requireAtLeast,
  requireCount,
  requireOneOf,
  requireOptions,
  requireRange,
  requireText,
  show,
} from './checks.ts';
import { checkFigure, type FigureOptions, figure, figureOptions, titleHeight, titleText } from './figure.ts';
import { axis as axisPaint, ink, muted } from './paint.ts';
import { type ColorMap, pngAddress } from './pixels.ts';
import { element, fitted, rounded, textAt, textWidth } from './svg.ts';

/** What {@link imageGrid} takes. */
export interface ImageGridOptions extends FigureOptions {
  /** How many images stand beside each other; by default about a square, at most 10. */
  readonly columns?: number;
  /** A text below each image. */
  readonly captions?: readonly string[];
  /** `gray` (default): from black to white. `diverging`, for weights: white in the middle of the range, red below it, blue above. */
  readonly colors?: ColorMap;
  /** What the first and last colour stand for; by default the extremes of all images, for `diverging` such that 0 is in the middle. */
  readonly range?: readonly [number, number];
  /** How large a value is drawn, in pixels; by default such that an image is about 84 pixels wide. */
  readonly scale?: number;
  /** What the values are: the label of the colour bar. */
  readonly value?: Pick<AxisOptions, 'label' | 'unit'>;
  /** Whether there is a colour bar; by default for `diverging`, and where `value` is given. */
  readonly colorBar?: boolean;
}

const known: OptionNames<ImageGridOptions> = {
  ...figureOptions,
  ...{ columns: true, captions: true, colors: true, range: true, scale: true, value: true, colorBar: true },
};

/** Images of one size, checked. */
interface Images {
  readonly values: readonly ArrayLike<number>[];
  readonly height: number;
  readonly width: number;
}

const gap = 10;
const margin = 16;

/**
 * Images side by side on one scale of colours, each value a sharp square.
 *
 * ```ts
 * const weights = tensor([[[0.5, -1], [0, 0.25]], [[1, 0], [-0.5, 0]]]); // two images of 2 × 2
 * const svg = imageGrid(weights, { colors: 'diverging', captions: ['unit 0', 'unit 1'], value: { label: 'weight' } });
 * svg.split('<image ').length - 1; // → 3
 * ```
 *
 * The third is the colour bar.
 *
 * @param images `[n, height, width]`, one image `[height, width]`, or a list of such of one size.
 * @throws TapegradError for other shapes, for values that are not finite, and for options that are not known or do not fit.
 */
export function imageGrid(images: Tensor | readonly Tensor[], options: ImageGridOptions = {}): string {
  const op = 'imageGrid';
  requireOptions(op, 'the options', options, known);
  const read = readImages(op, images);
  const { values, height, width } = read;
  const count = values.length;
  const {
    columns = Math.min(10, Math.ceil(Math.sqrt(count))),
    captions,
    colors = 'gray',
    range: given,
    ...others
  } = options;
  const { scale = Math.max(1, Math.round(84 / width)), value, colorBar, ...figureRest } = others;
  const withBar = colorBar ?? (colors === 'diverging' || value !== undefined);
  checkFigure(op, figureRest);
  requireCount(op, 'columns', columns, 1);
  requireOneOf(op, 'colors', colors, ['gray', 'diverging']);
  requireOneOf(op, 'colorBar', withBar, [true, false]);
  requireAtLeast(op, 'scale', scale, 0.1);
  if (captions !== undefined) checkCaptions(op, captions, count);
  if (value !== undefined) checkValue(op, value);
  if (given !== undefined) requireRange(op, 'range', given);
  const range = given ?? rangeOf(read, colors);

  const across = Math.min(columns, count);
  const rows = Math.ceil(count / across);
  const [w, h] = [width * scale, height * scale];
  const caption = captions === undefined ? 0 : 18;
  const barWidth = 200;
  const content = across * (w + gap) - gap;
  const figureWidth =
    Math.max(content, withBar ? barWidth + 40 : 0, figureRest.title === undefined ? 0 : 160) + 2 * margin;
  const [left, top] = [(figureWidth - content) / 2, (figureRest.title === undefined ? 0 : titleHeight) + margin - 4];
  const tiles = values.flatMap((pixels, i) => {
    const x = left + (i % across) * (w + gap);
    const y = top + Math.floor(i / across) * (h + caption + gap);
    return [
      imageAt(x, y, w, h, pngAddress(pixels, [height, width], colors, range)),
      frame(x, y, w, h),
      ...(captions === undefined
        ? []
        : [
            textAt(x + w / 2, y + h + 11, fitted(captions[i]!, w + gap - 2, 11), {
              'text-anchor': 'middle',
              'font-size': 11,
              fill: ink.light,
            }),
          ]),
    ];
  });
  const bottom = top + rows * (h + caption + gap) - gap + 4;
  const bar = withBar ? drawBar((figureWidth - barWidth) / 2, bottom + 8, barWidth, colors, range, value) : [];
  const picture = {
    ...{ width: figureWidth, height: bottom + (withBar ? (value === undefined ? 42 : 60) : 0) + margin - 8 },
    name: count === 1 ? 'Image' : `${count} images`,
    description: `${count} of ${height} × ${width} values, in colours from ${text(range[0])} to ${text(range[1])}${
      captions === undefined ? '' : `: ${captions.join(', ')}`
    }.`,
    body: [...(figureRest.title === undefined ? [] : [titleText(figureRest.title, figureWidth)]), ...tiles, ...bar],
  };
  return figure(op, picture, figureRest);
}

function readImages(op: string, images: Tensor | readonly Tensor[]): Images {
  const list: readonly unknown[] = images instanceof Tensor ? [images] : Array.isArray(images) ? images : [];
  if (list.length === 0) {
    throw new TapegradError(
      op,
      `the images are ${show(images)}. Expected a tensor [n, height, width] or a list of tensors.`,
    );
  }
  const single = images instanceof Tensor;
  let size: readonly number[] | undefined;
  const values = list.flatMap((image, at) => {
    const name = single ? 'the tensor' : `images[${at}]`;
    if (!(image instanceof Tensor)) throw new TapegradError(op, `${name} is ${show(image)}. Expected a tensor.`);
    const { rank, shape } = image;
    if (rank !== 2 && !(single && rank === 3)) {
      const expected = single ? '[n, height, width] or [height, width]' : '[height, width]';
      throw new TapegradError(
        op,
        `${name} has shape ${showShape(shape)}. Expected ${expected}; reshape it, e.g. x.reshape([-1, 28, 28]).`,
      );
    }
    if (image.size === 0) {
      throw new TapegradError(
        op,
        `${name} has shape ${showShape(shape)}, which has no elements. Expected at least one.`,
      );
    }
    const [height, width] = shape.slice(-2) as [number, number];
    size ??= [height, width];
    if (size[0] !== height || size[1] !== width) {
      throw new TapegradError(
        op,
        `images[0] has shape ${showShape(size)} and ${name} ${showShape(shape)}. Expected one size.`,
      );
    }
    const data = image.toData();
    const wrong = data.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      const [row, column] = [Math.floor(wrong / width) % height, wrong % width];
      const where = rank === 3 ? `image ${Math.floor(wrong / (height * width))} of ${name}` : name;
      throw new TapegradError(
        op,
        `${where} is ${data[wrong]} in row ${row}, column ${column}. Expected finite numbers.`,
      );
    }
    return Array.from({ length: data.length / (height * width) }, (_, i) =>
      data.subarray(i * height * width, (i + 1) * height * width),
    );
  });
  return { values, height: size![0]!, width: size![1]! };
}

function checkCaptions(op: string, captions: unknown, count: number): void {
  if (!Array.isArray(captions) || captions.length !== count) {
    throw new TapegradError(op, `captions is ${show(captions)}. Expected ${count}, one for each image.`);
  }
  captions.forEach((caption, i) => {
    requireText(op, `captions[${i}]`, caption);
  });
}

function checkValue(op: string, value: Pick<AxisOptions, 'label' | 'unit'>): void {
  requireOptions(op, 'value', value, { label: true, unit: true });
  requireText(op, 'value.label', value.label);
  if (value.unit !== undefined) requireText(op, 'value.unit', value.unit);
}

function rangeOf({ values }: Images, colors: ColorMap): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const image of values) {
    for (let i = 0; i < image.length; i++) {
      low = Math.min(low, image[i]!);
      high = Math.max(high, image[i]!);
    }
  }
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  if (colors === 'diverging') return [-largest, largest];
  return low < high ? [low, high] : [Math.min(low, 0), Math.max(low, 0) || 1];
}

function imageAt(x: number, y: number, width: number, height: number, href: string): string {
  // `pixelated` for browsers; other renderers know the attribute's older value.
  const sharp = { style: 'image-rendering:pixelated', 'image-rendering': 'optimizeSpeed' };
  return element('image', { x, y, width, height, preserveAspectRatio: 'none', ...sharp, href });
}

function frame(x: number, y: number, width: number, height: number): string {
  return element('rect', { x, y, width, height, fill: 'none', stroke: axisPaint.light, 'stroke-width': 0.75 });
}

function drawBar(
  left: number,
  top: number,
  width: number,
  colors: ColorMap,
  range: readonly [number, number],
  value: ImageGridOptions['value'],
): string[] {
  const levels = Array.from({ length: 256 }, (_, i) => range[0] + ((range[1] - range[0]) * i) / 255);
  const { at, ticks } = layOut(range, [left, left + width], { label: '' }, 4);
  const marks = ticks.flatMap(({ at: level, text: label }) => [
    element('line', { x1: at(level), x2: at(level), y1: top + 12, y2: top + 16, stroke: axisPaint.light }),
    textAt(at(level), top + 25, label, { 'text-anchor': 'middle', 'font-size': 11, fill: muted.light }),
  ]);
  const label = value === undefined ? '' : axisTitle(value);
  return [
    imageAt(left, top, width, 12, pngAddress(levels, [1, 256], colors, range)),
    frame(left, top, width, 12),
    ...marks,
    ...(label === ''
      ? []
      : [
          textAt(left + width / 2, top + 43, fitted(label, Math.max(width, textWidth('weight'))), {
            'text-anchor': 'middle',
            fill: ink.light,
          }),
        ]),
  ];
}

function text(value: number): string {
  return rounded(Number(value.toPrecision(4)) * 100) === '0'
    ? value.toPrecision(3)
    : String(Number(value.toPrecision(4)));
}

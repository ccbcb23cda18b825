// Numbers as pixels of a canvas: the image that the network sees, and the weights of its first layer.

import { side } from './mnist-image.ts';

/** Pixels between two images of a grid. */
const gap = 1;

/** Draws the 28 × 28 values from 0 to 1 in the text colour of the canvas; where they are 0, its background shows. */
export function showImage(canvas: HTMLCanvasElement, image: ArrayLike<number>): void {
  const [red, green, blue] = colorOf(getComputedStyle(canvas).color);
  const pixels = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    pixels.data.set([red, green, blue, Math.round(255 * image[i]!)], 4 * i);
  }
  fit(canvas, side, side).putImageData(pixels, 0, 0);
}

/** The two colours of weights. */
export interface WeightColors {
  readonly positive: string;
  readonly negative: string;
}

/**
 * Draws the incoming weights of each unit as an image, beside and below each other; 0 is transparent.
 *
 * @param kernel - `[784, units]`, row by row.
 */
export function showWeights(
  canvas: HTMLCanvasElement,
  kernel: ArrayLike<number>,
  columns: number,
  colors: WeightColors,
): void {
  const units = kernel.length / (side * side);
  const [width, height] = [columns * (side + gap) - gap, Math.ceil(units / columns) * (side + gap) - gap];
  const [positive, negative] = [colorOf(colors.positive), colorOf(colors.negative)];
  const strong = strength(kernel);
  const pixels = new ImageData(width, height);
  for (let unit = 0; unit < units; unit++) {
    const [left, top] = [(unit % columns) * (side + gap), Math.floor(unit / columns) * (side + gap)];
    for (let i = 0; i < side * side; i++) {
      const weight = kernel[i * units + unit]!;
      const [red, green, blue] = weight < 0 ? negative : positive;
      const at = (top + Math.floor(i / side)) * width + left + (i % side);
      pixels.data.set([red, green, blue, Math.round(255 * Math.min(1, Math.abs(weight) / strong))], 4 * at);
    }
  }
  fit(canvas, width, height).putImageData(pixels, 0, 0);
}

/** The size of weight that gets the full colour: few are larger. Weights that hardly differ from 0 are shown as that. */
function strength(kernel: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < kernel.length; i++) squares += kernel[i]! ** 2;
  return Math.max(0.02, 4 * Math.sqrt(squares / kernel.length));
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return canvas.getContext('2d')!;
}

const probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;

/** Red, green and blue of any colour that a style can have. */
function colorOf(color: string): readonly [red: number, green: number, blue: number] {
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return [red!, green!, blue!];
}

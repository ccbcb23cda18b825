import { fromData } from '@tapegrad/core';
import { mnist } from '@tapegrad/datasets';
import { describe, expect, it } from 'vitest';
import { centreOfMass, mnistImage, side } from '../../page/mnist-image.ts';
import type { Stroke } from '../../page/strokes.ts';
import { loadNetwork } from '../../src/weights.ts';
import { traceStrokes } from '../support/trace-strokes.ts';

function line(...points: readonly (readonly [x: number, y: number])[]): Stroke {
  return points.map(([x, y]) => ({ x, y }));
}

const seven = [line([0.2, 0.2], [0.8, 0.25], [0.4, 0.9])];

function moved(strokes: readonly Stroke[], scale: number, dx: number, dy: number): readonly Stroke[] {
  return strokes.map((stroke) => stroke.map(({ x, y }) => ({ x: scale * x + dx, y: scale * y + dy })));
}

/** How many pixels the ink takes, in width and height; pixels that are hardly touched do not count. */
function extent(image: ArrayLike<number>): readonly [width: number, height: number] {
  const dark = Array.from(image, (value, i) => ({ value, i })).filter(({ value }) => value >= 0.5);
  const [columns, rows] = [dark.map(({ i }) => i % side), dark.map(({ i }) => Math.floor(i / side))];
  return [Math.max(...columns) - Math.min(...columns) + 1, Math.max(...rows) - Math.min(...rows) + 1];
}

function expectAlike(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(Math.max(...Array.from(actual, (value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(tolerance);
}

describe('mnistImage', () => {
  it('is blank where nothing is drawn', () => {
    expect(mnistImage([])).toEqual(new Float32Array(784));
  });

  it('makes the longer side 20 pixels, pen included', () => {
    const upright = mnistImage([line([0.5, 0.1], [0.5, 0.3])]);
    const column = Array.from({ length: side }, (_, row) => upright[row * side + 14]!);
    expect(column.reduce((sum, ink) => sum + ink)).toBeCloseTo(20, 4);
    const flat = mnistImage([line([0.1, 0.5], [0.9, 0.5])]);
    expect(flat.slice(14 * side, 15 * side).reduce((sum, ink) => sum + ink)).toBeCloseTo(20, 4);
    // 20 pixels, wherever between whole pixels they begin
    for (const size of extent(mnistImage([line([0.1, 0.1], [0.9, 0.9], [0.1, 0.85])]))) {
      expect(Math.abs(size - 20)).toBeLessThanOrEqual(1);
    }
  });

  it('puts the centre of mass into the middle of pixel 14', () => {
    const { x, y } = centreOfMass(mnistImage(seven));
    expect(x).toBeCloseTo(14.5, 1);
    expect(y).toBeCloseTo(14.5, 1);
  });

  it('does not depend on where and how large something is drawn', () => {
    const image = mnistImage(seven);
    expectAlike(mnistImage(moved(seven, 1, -0.15, 0.05)), image, 1e-4);
    expectAlike(mnistImage(moved(seven, 0.3, 0.5, 0.6)), image, 1e-4);
  });

  it('does not depend on how many points a stroke has', () => {
    const dense = seven.map((stroke) =>
      stroke.flatMap((point, i) => {
        const next = stroke[i + 1] ?? point;
        return Array.from({ length: 50 }, (_, k) => ({
          x: point.x + ((next.x - point.x) * k) / 50,
          y: point.y + ((next.y - point.y) * k) / 50,
        }));
      }),
    );
    expectAlike(mnistImage(dense), mnistImage(seven), 0.1);
  });

  it('keeps a dot a dot', () => {
    const image = mnistImage([line([0.1, 0.9])]);
    expect(extent(image)).toEqual([3, 3]);
    expect(image[14 * side + 14]).toBe(1);
  });

  it('goes from 0 to 1, with soft edges', () => {
    const image = mnistImage(seven);
    expect(Math.min(...image)).toBe(0);
    expect(Math.max(...image)).toBe(1);
    expect(image.filter((value) => value > 0.1 && value < 0.9).length).toBeGreaterThan(20);
  });

  it('has as much ink as MNIST for strokes traced in its images, at the same centre', { timeout: 60_000 }, async () => {
    const { x } = await mnist({ part: 'train', limit: 300 });
    const pixels = x.toData();
    let [inkOfMnist, ink] = [0, 0];
    for (let i = 0; i < 300; i++) {
      const image = pixels.subarray(i * 784, (i + 1) * 784);
      const { x: column, y: row } = centreOfMass(image);
      expect(Math.abs(column - 14.5)).toBeLessThan(0.6); // whole pixels were moved there
      expect(Math.abs(row - 14.5)).toBeLessThan(0.6);
      inkOfMnist += Array.from(image).reduce((sum, value) => sum + value / 255, 0);
      ink += mnistImage(traceStrokes(image)).reduce((sum, value) => sum + value, 0);
    }
    expect(Math.abs(ink / inkOfMnist - 1)).toBeLessThan(0.08);
  });

  it('is read as well as MNIST’s own images are, but for a few, where their strokes are drawn', {
    timeout: 60_000,
  }, async () => {
    const count = 500;
    const { x, y } = await mnist({ part: 'test', limit: count });
    const pixels = x.toData();
    const drawn = new Float32Array(count * 784);
    for (let i = 0; i < count; i++) {
      drawn.set(mnistImage(traceStrokes(pixels.subarray(i * 784, (i + 1) * 784))), i * 784);
    }
    const model = await loadNetwork(new URL('../../page/public/model.json', import.meta.url).pathname);
    const answers = (await model.predict(fromData(drawn, [count, 784], 'float32'))).argmax(-1);
    expect(answers.equal(y).mean().item()).toBeGreaterThan(0.93);
  });
});

import { describe, expect, it } from 'vitest';
import { rocCurve, rocCurvePlot } from '../src/index.ts';
import { all, texts } from './support/xml.ts';

const curve = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);

describe('rocCurvePlot', () => {
  it('names each curve with its area, and draws the diagonal', () => {
    const svg = rocCurvePlot({ network: curve, chance: rocCurve([0, 1], [1, 1]) });
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['network, AUC 0.750', 'chance, AUC 0.500', 'false positive rate', 'true positive rate']),
    );
    const lines = all(svg, 'path').map((path) =>
      path
        .getAttribute('d')!
        .slice(1)
        .split('L')
        .map((point) => point.split(',').map(Number)),
    );
    const diagonal = all(svg, 'line').find((line) => line.getAttribute('stroke-dasharray') === '4 4')!;
    const ends = ['x1', 'y1', 'x2', 'y2'].map((name) => Number(diagonal.getAttribute(name)));
    const chance = lines[1]!;
    expect([...chance[0]!, ...chance.at(-1)!].map((value, i) => Math.abs(value - ends[i]!) < 0.1)).toEqual(
      Array(4).fill(true),
    );
  });

  it('refuses what is no curve', () => {
    expect(() => rocCurvePlot({})).toThrow(
      'rocCurvePlot: the curves are an instance of Object. Expected e.g. { model: rocCurve(labels, scores) }.',
    );
    expect(() => rocCurvePlot({ network: [1] as never })).toThrow(
      'rocCurvePlot: the curve "network" is a list of 1. Expected what rocCurve(labels, scores) returns.',
    );
    expect(() => rocCurvePlot({ network: curve }, { width: 10 })).toThrow(
      'rocCurvePlot: width is 10. Expected a finite number of at least 220.',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { confusionMatrixPlot } from '../src/index.ts';
import { all, sizeOf, texts } from './support/xml.ts';

describe('confusionMatrixPlot', () => {
  it('shows counts and shares of rows, names of classes and axes, and the accuracy', () => {
    const svg = confusionMatrixPlot([0, 0, 0, 1], [0, 0, 1, 1], {
      classNames: ['<malignant>', 'benign'],
      title: 'Test set',
    });
    expect(texts(svg)).toEqual([
      ...['Test set', '2', '66.7 %', '1', '33.3 %', '0', '1', '100 %'],
      ...['<malignant>', 'benign', '<malignant>', 'benign', 'true class', 'predicted class', 'accuracy 75.0 % · n = 4'],
    ]);
    expect(all(svg, 'desc')[0]!.textContent).toContain('<malignant>: 2 as <malignant>, 1 as benign; benign: 0 as');
  });

  it('the stronger the colour, the larger the share', () => {
    const cells = all(confusionMatrixPlot([0, 0, 0, 1], [0, 0, 1, 1], { theme: 'light' }), 'rect').slice(1);
    const green = cells.map((cell) => Number.parseInt(cell.getAttribute('fill')!.slice(3, 5), 16));
    expect([...green.keys()].sort((a, b) => green[a]! - green[b]!)).toEqual([3, 0, 1, 2]);
  });

  it('turns and cuts long names, within the picture', () => {
    const classNames = ['a', 'the name of a class that is longer than any class should be called', 'c', 'd', 'e'];
    const svg = confusionMatrixPlot([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], { classNames });
    expect(texts(svg).filter((text) => text.startsWith('the name') && text.endsWith('…')).length).toBe(2);
    expect(svg).toContain('rotate(-90)');
    const [width, height] = sizeOf(svg);
    for (const cell of all(svg, 'rect')) {
      expect(Number(cell.getAttribute('x')) + Number(cell.getAttribute('width'))).toBeLessThanOrEqual(width);
      expect(Number(cell.getAttribute('y')) + Number(cell.getAttribute('height'))).toBeLessThanOrEqual(height);
    }
  });

  it('refuses what the counts refuse, in its own name', () => {
    expect(() => confusionMatrixPlot([0], [2], { classNames: ['a'] })).toThrow(
      'confusionMatrixPlot: predictions is 2 at position 0. Expected the index of a class from 0 to 0, one of the 1 classNames.',
    );
    expect(() => confusionMatrixPlot([0], [0], { width: 3 } as object)).toThrow(
      'confusionMatrixPlot: the options has no option width.',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Drawing } from '../../page/strokes.ts';

const [a, b, c] = [
  { x: 0.1, y: 0.2 },
  { x: 0.3, y: 0.4 },
  { x: 0.5, y: 0.6 },
] as const;

describe('Drawing', () => {
  it('shows the stroke that is being drawn', () => {
    const drawing = new Drawing();
    drawing.begin(a);
    drawing.add(b);
    expect(drawing.strokes).toEqual([[a, b]]);
    drawing.end();
    expect(drawing.strokes).toEqual([[a, b]]);
  });

  it('ignores movements while the pen is up', () => {
    const drawing = new Drawing();
    drawing.add(a);
    drawing.begin(a);
    drawing.end();
    drawing.add(b);
    expect(drawing.strokes).toEqual([[a]]);
  });

  it('takes strokes back one by one, also one that is not done', () => {
    const drawing = new Drawing();
    for (const point of [a, b]) {
      drawing.begin(point);
      drawing.end();
    }
    drawing.begin(c);
    drawing.undo();
    expect(drawing.strokes).toEqual([[a], [b]]);
    drawing.undo();
    expect(drawing.strokes).toEqual([[a]]);
    drawing.undo();
    drawing.undo();
    expect(drawing.strokes).toEqual([]);
  });

  it('is empty once it was cleared, and goes on', () => {
    const drawing = new Drawing();
    drawing.begin(a);
    drawing.clear();
    drawing.add(b);
    expect(drawing.strokes).toEqual([]);
    drawing.begin(c);
    expect(drawing.strokes).toEqual([[c]]);
  });
});

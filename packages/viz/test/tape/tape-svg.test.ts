import { Tape } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { tapeSvg, withTheme } from '../../src/index.ts';
import { network } from '../support/tapes.ts';
import { all, sizeOf, texts } from '../support/xml.ts';

describe('tapeSvg', () => {
  it('draws every node with name, op, dtype and shape, and tells its line where it is pointed at', async () => {
    const { tape, loss } = network();
    const svg = await tapeSvg(tape, { target: loss, title: 'Loss & layers' });
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Loss & layers',
        'W_dense_1',
        'parameter',
        'float32[30, 8]',
        'loss',
        'mean',
        'model',
        'dense_2',
      ]),
    );
    const titles = all(svg, 'title').map(({ textContent }) => textContent ?? '');
    expect(titles[0]).toBe('Loss & layers');
    expect(titles.filter((title) => title.startsWith('%')).length).toBe(tape.nodes.length);
    expect(titles).toContainEqual(
      expect.stringMatching(
        /^%2 = matmul\(%1, %0\): float32\[16, 8\]\nZ_dense_1\nmodel\/dense_1\n.*tapes\.ts:\d+:\d+$/,
      ),
    );
  });

  it('leaves no ids and links behind, which would collide with those of other pictures', async () => {
    const svg = await tapeSvg(network().tape);
    expect(svg).not.toMatch(/ id="|xlink|<a |url\(#/);
  });

  it('keeps nodes within the picture, and texts in the middle of nodes', async () => {
    const svg = await tapeSvg(network().tape, { direction: 'right' });
    const [width, height] = sizeOf(svg);
    expect(width).toBeGreaterThan(height);
    for (const node of all(svg, 'g').filter((group) => group.getAttribute('class') === 'node')) {
      const [ellipse] = Array.from(node.getElementsByTagName('ellipse'));
      const xs = Array.from(node.getElementsByTagName('text'), (text) => Number(text.getAttribute('x')));
      expect(new Set(xs).size).toBe(1);
      if (ellipse) expect(xs[0]).toBeCloseTo(Number(ellipse.getAttribute('cx')), 1);
    }
  });

  it('draws in the colours of themes alone', async () => {
    const { tape, loss } = network();
    const [auto, dark] = [await tapeSvg(tape, { target: loss }), await tapeSvg(tape, { target: loss, theme: 'dark' })];
    expect(withTheme(auto, 'dark')).toBe(dark);
    const colors = Array.from(
      auto.split('</style>')[1]!.matchAll(/(?:fill|stroke)="(?!none|transparent)([^"]*)"/g),
      ([, color]) => color!,
    );
    for (const color of new Set(colors)) expect(auto.split('</style>')[0]).toContain(`="${color}"]`);
  });

  it('rejects what tapeDot refuses', async () => {
    await expect(tapeSvg(new Tape())).rejects.toThrow('tapeSvg: the tape is empty.');
    await expect(tapeSvg(network().tape, { theme: 'night' as 'dark' })).rejects.toThrow('tapeSvg: theme is "night".');
  });
});

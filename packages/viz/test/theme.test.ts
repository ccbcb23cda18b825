import { describe, expect, it } from 'vitest';
import { curves, type Theme, withTheme } from '../src/index.ts';
import { parse } from './support/xml.ts';

const draw = (theme?: Theme, title = 'A "fill="#1f2328" title') =>
  curves([{ name: 'loss', y: [3, 2, 1] }], {
    title,
    x: { label: 'epoch' },
    y: { label: 'loss' },
    ...(theme && { theme }),
  });

describe('themes', () => {
  it('auto is light with rules for dark pages, of the picture alone', () => {
    const svg = draw();
    expect(parse(svg).getAttribute('class')).toBe('tapegrad-auto');
    const style = /<style>@media \(prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg)![1]!;
    expect(
      style
        .split('}')
        .filter(Boolean)
        .every((rule) => /^\.tapegrad-auto \[(fill|stroke)="#[0-9a-f]{6}"\]\{\1:#[0-9a-f]{6}$/.test(rule)),
    ).toBe(true);
    expect(style).toContain('.tapegrad-auto [fill="#1f2328"]{fill:#e6edf3}');
  });

  it('every colour of an auto picture has its dark one', () => {
    const [style, body] = draw().split('</style>');
    for (const [use] of body!.matchAll(/(?<= )(fill|stroke)="#[0-9a-f]{6}"/g)) expect(style).toContain(`[${use}]`);
  });

  it.each(['light', 'dark'] as const)('withTheme makes of it what theme: %s draws', (theme) => {
    expect(withTheme(draw(), theme)).toBe(draw(theme));
    expect(withTheme(draw(theme), 'light')).toBe(draw(theme)); // what is fixed stays
    expect(draw(theme)).not.toContain('<style>');
  });

  it('dark changes no text that looks like a colour', () => {
    expect(draw('dark')).toContain('A &quot;fill=&quot;#1f2328&quot; title');
  });

  it('refuses what is no theme and no SVG', () => {
    expect(() => draw('night' as Theme)).toThrow('curves: theme is "night". Expected "auto" or "light" or "dark".');
    expect(() => withTheme(draw(), 'auto' as 'light')).toThrow(
      'withTheme: theme is "auto". Expected "light" or "dark".',
    );
    expect(() => withTheme('<p>', 'dark')).toThrow(
      'withTheme: the picture is "<p>". Expected the text of an SVG, as curves() and its like return it.',
    );
  });
});

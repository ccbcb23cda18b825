// Light and dark. A picture is drawn in light colours; what makes it dark is told by colour alone, so any SVG in our colours will do.

import { TapegradError } from '@tapegrad/core';
import { requireOneOf, show } from './checks.ts';
import { allPaints } from './paint.ts';

/** Light, dark, or as the reader's system is set (`prefers-color-scheme`). */
export type Theme = 'auto' | 'light' | 'dark';

const automatic = 'tapegrad-auto';
const darkOf: ReadonlyMap<string, string> = new Map(allPaints.map(({ light, dark }) => [light, dark]));

/** Attributes that hold colours, with one of ours in them. User text cannot look like one: its quotes are escaped. */
const painted = /(?<= )(fill|stroke)="(#[0-9a-f]{6})"/g;

/** A picture in light colours, with a description, under a theme. @throws TapegradError for what is no theme. */
export function inTheme(op: string, svg: string, theme: Theme): string {
  requireOneOf(op, 'theme', theme, ['auto', 'light', 'dark']);
  if (theme === 'light') return svg;
  if (theme === 'dark') return svg.replace(painted, (_, name, color) => `${name}="${darkOf.get(color) ?? color}"`);
  // Rules of a style sheet go before attributes. They hold in pictures with this class only, and in each of them they are the same.
  const uses = new Set(Array.from(svg.matchAll(painted), ([use]) => use));
  const rules = Array.from(uses, (use) => {
    const [, name, color] = /^(\w+)="(.*)"$/.exec(use)!;
    return `.${automatic} [${use}]{${name}:${darkOf.get(color!) ?? color}}`;
  });
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
  return svg.replace('<svg ', `<svg class="${automatic}" `).replace('</desc>', `</desc>${style}`);
}

/**
 * A picture that was made with the theme `auto` as one that is always light or always dark, e.g. for a page with a switch of its own.
 *
 * ```ts
 * const svg = curves([{ name: 'loss', y: [3, 2, 1] }], { x: { label: 'epoch' }, y: { label: 'loss' } });
 * withTheme(svg, 'dark').includes('prefers-color-scheme'); // → false
 * ```
 *
 * @throws TapegradError unless the theme is `light` or `dark` and the text is an SVG.
 */
export function withTheme(svg: string, theme: 'light' | 'dark'): string {
  requireOneOf('withTheme', 'theme', theme, ['light', 'dark']);
  requireSvg('withTheme', svg);
  const start = `<svg class="${automatic}" `;
  if (!svg.startsWith(start)) return svg;
  return inTheme('withTheme', svg.replace(start, '<svg ').replace(/<style>.*?<\/style>/, ''), theme);
}

/** @throws TapegradError unless the text is an SVG. */
export function requireSvg(op: string, svg: unknown): asserts svg is string {
  if (typeof svg === 'string' && svg.includes('<svg')) return;
  const shown = typeof svg === 'string' && svg.length > 60 ? `${svg.slice(0, 60)}…` : svg;
  throw new TapegradError(
    op,
    `the picture is ${show(shown)}. Expected the text of an SVG, as curves() and its like return it.`,
  );
}

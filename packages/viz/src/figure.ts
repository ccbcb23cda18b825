// The frame of every picture: its size, title, description for those who do not see it, background and theme.

import { type OptionNames, requireAtLeast, requireOneOf, requireText } from './checks.ts';
import { background, ink } from './paint.ts';
import { element, escapeXml, fitted, textAt } from './svg.ts';
import { inTheme, type Theme } from './theme.ts';

/** What every picture takes. */
export interface FigureOptions {
  /** Stands above the picture, and names it for screen readers. */
  readonly title?: string;
  /** What is to be seen, for screen readers; by default a sentence with the picture's main numbers. */
  readonly description?: string;
  /** `auto` (default): as the reader's system is set. */
  readonly theme?: Theme;
  /** Whether the picture brings its own background (default), or lies on the page's. */
  readonly background?: boolean;
}

/** The names of {@link FigureOptions}. */
export const figureOptions: OptionNames<FigureOptions> = {
  title: true,
  description: true,
  theme: true,
  background: true,
};

/** Fonts that pages and renderers are asked for, in this order. */
export const fontFamily = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

/** @throws TapegradError for options that are no {@link FigureOptions}. */
export function checkFigure(
  op: string,
  { title, description, theme = 'auto', background = true }: FigureOptions,
): void {
  if (title !== undefined) requireText(op, 'title', title);
  if (description !== undefined) requireText(op, 'description', description);
  requireOneOf(op, 'theme', theme, ['auto', 'light', 'dark']);
  requireOneOf(op, 'background', background, [true, false]);
}

/** A size as the user names it, what it is, and what the picture needs. */
export type Size = readonly [name: string, value: unknown, least: number];

/** @throws TapegradError unless each size is a number of at least what the picture needs. */
export function checkSizes(op: string, ...sizes: readonly Size[]): void {
  for (const [name, value, least] of sizes) requireAtLeast(op, name, value, Math.ceil(least));
}

/** What a picture needs to know of itself to be framed. */
export interface Framed {
  readonly width: number;
  readonly height: number;
  /** What it is called where the user gave no title. */
  readonly name: string;
  /** What it is described as where the user gave no description. */
  readonly description: string;
  readonly body: readonly string[];
}

/** How much the title takes above a picture. */
export const titleHeight = 34;

/** The title, centred, cut where it is wider than the picture; its full text is what screen readers get. */
export function titleText(title: string, width: number): string {
  const size = 15;
  return textAt(width / 2, titleHeight / 2 + 3, fitted(title, width - 24, size), {
    ...{ 'text-anchor': 'middle', 'font-size': size, 'font-weight': 600, fill: ink.light },
  });
}

/** The whole SVG. */
export function figure(op: string, picture: Framed, options: FigureOptions): string {
  const { width, height, name, body } = picture;
  const {
    title = name,
    description = picture.description,
    theme = 'auto',
    background: withBackground = true,
  } = options;
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...{
        width,
        height,
        viewBox: `0 0 ${Math.round(width * 100) / 100} ${Math.round(height * 100) / 100}`,
        role: 'img',
      },
      ...{ 'font-family': fontFamily, 'font-size': 12 },
    },
    element('title', {}, escapeXml(title)),
    element('desc', {}, escapeXml(description)),
    ...(withBackground ? [element('rect', { width, height, fill: background.light })] : []),
    ...body,
  );
  return inTheme(op, svg, theme);
}

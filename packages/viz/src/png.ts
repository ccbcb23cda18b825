// Pictures as PNG, in Node only: resvg draws them, with a font of its own, so that they look the same on every machine.

import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { TapegradError } from '@tapegrad/core';
import { requireAtLeast, requireOneOf, requireOptions } from './checks.ts';
import { requireSvg, withTheme } from './theme.ts';

/** What {@link toPng} takes. */
export interface PngOptions {
  /** Pixels of the image for each pixel of the picture; 2 by default. */
  readonly scale?: number;
  /** For pictures that follow the reader's system; `light` by default. */
  readonly theme?: 'light' | 'dark';
  /** A CSS colour below pictures that bring no background; none by default, so that they are transparent. */
  readonly background?: string;
  /** Whether fonts of the system help out with signs that Inter lacks, such as Chinese ones; not by default. */
  readonly systemFonts?: boolean;
}

const require = createRequire(import.meta.url);
const fontFiles = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

/** resvg knows only the attribute that stands beside it, and a style would go before that. */
const pixelated = 'style="image-rendering:pixelated" ';

/**
 * Draws an SVG of this package as a PNG file. Text is set in Inter, which is installed with the package.
 *
 * ```ts no-run
 * import { writeFileSync } from 'node:fs';
 * import { toPng } from '@tapegrad/viz/png';
 *
 * const svg = curves([{ name: 'loss', y: [3, 2, 1] }], { x: { label: 'epoch' }, y: { label: 'loss' } });
 * writeFileSync('loss.png', toPng(svg, { scale: 3, theme: 'dark' }));
 * ```
 *
 * @throws TapegradError for what is no SVG, and for options that are not known or that have no meaning.
 */
export function toPng(svg: string, options: PngOptions = {}): Uint8Array {
  requireOptions('toPng', 'the options', options, { scale: true, theme: true, background: true, systemFonts: true });
  const { scale = 2, theme = 'light', background, systemFonts = false } = options;
  requireSvg('toPng', svg);
  requireAtLeast('toPng', 'scale', scale, 0.1);
  requireOneOf('toPng', 'theme', theme, ['light', 'dark']);
  requireOneOf('toPng', 'systemFonts', systemFonts, [true, false]);
  try {
    const drawing = new Resvg(withTheme(svg, theme).replaceAll(pixelated, ''), {
      fitTo: { mode: 'zoom', value: scale },
      font: {
        loadSystemFonts: systemFonts,
        fontFiles: fontFiles.map((file) => require.resolve(`@expo-google-fonts/inter/${file}`)),
        defaultFontFamily: 'Inter',
        sansSerifFamily: 'Inter',
      },
      ...(background !== undefined && { background }),
    });
    return new Uint8Array(drawing.render().asPng());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TapegradError(
      'toPng',
      `the picture cannot be drawn: ${reason}. Expected an SVG, and a CSS colour as background.`,
      { cause },
    );
  }
}

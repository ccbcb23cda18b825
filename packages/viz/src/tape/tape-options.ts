// What a picture of a tape can be asked for.

import type { Tensor } from '@tapegrad/core';
import { type OptionNames, requireCount, requireOneOf, requireOptions, requireText } from '../checks.ts';
import { type FigureOptions, figureOptions } from '../figure.ts';

/** What {@link tapeDot} takes. */
export interface TapeDotOptions {
  /** The name of the graph. */
  readonly title?: string;
  /** A recorded value: only what leads to it is shown, and it stands out. By default all is shown. */
  readonly target?: Tensor;
  /** Which way the computation goes; `down` by default. */
  readonly direction?: 'down' | 'right';
  /** Whether constants are shown (default). */
  readonly constants?: boolean;
  /** Whether what a layer does is one node, with its number of steps; by default its nodes stand in a frame. */
  readonly collapse?: boolean;
  /** How many nodes the picture may have before it is refused; 200 by default. */
  readonly maxNodes?: number;
}

/** What {@link tapeSvg} takes. */
export interface TapeSvgOptions extends TapeDotOptions, FigureOptions {}

const known: OptionNames<TapeDotOptions> = {
  ...{ title: true, target: true, direction: true, constants: true, collapse: true, maxNodes: true },
};

/** @throws TapegradError for options that are no {@link TapeDotOptions}, and where `withFigure` no {@link TapeSvgOptions}. */
export function checkTapeOptions(op: string, options: TapeSvgOptions, withFigure: boolean): void {
  if (withFigure) requireOptions(op, 'the options', options, { ...known, ...figureOptions });
  else requireOptions<TapeDotOptions>(op, 'the options', options, known);
  const { title, direction = 'down', constants = true, collapse = false, maxNodes = 200 } = options;
  if (title !== undefined) requireText(op, 'title', title);
  requireOneOf(op, 'direction', direction, ['down', 'right']);
  requireOneOf(op, 'constants', constants, [true, false]);
  requireOneOf(op, 'collapse', collapse, [true, false]);
  requireCount(op, 'maxNodes', maxNodes, 1);
}

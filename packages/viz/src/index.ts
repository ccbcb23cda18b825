// Everything that `@tapegrad/viz` offers in Node and in pages.

export type { AxisOptions } from './axis.ts';
export type { Numbers } from './checks.ts';
export { type ConfusionMatrix, type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.ts';
export { type ConfusionMatrixPlotOptions, confusionMatrixPlot } from './confusion-matrix-plot.ts';
export {
  type CurveGridOptions,
  type CurvePanel,
  type CurvesOptions,
  curveGrid,
  curves,
  type HistoryCurvesOptions,
  historyCurves,
} from './curves.ts';
export type { FigureOptions } from './figure.ts';
export { type ImageGridOptions, imageGrid } from './image-grid.ts';
export type { ColorMap } from './pixels.ts';
export { type RocCurve, rocCurve } from './roc-curve.ts';
export { type RocCurvePlotOptions, rocCurvePlot } from './roc-curve-plot.ts';
export type { Series } from './series.ts';
export { tapeDot } from './tape/tape-dot.ts';
export type { TapeDotOptions, TapeSvgOptions } from './tape/tape-options.ts';
export { tapeSvg } from './tape/tape-svg.ts';
export { type Theme, withTheme } from './theme.ts';

// The comparison as a picture: loss and test accuracy, each over epochs and over time.

import { type AxisOptions, type CurvePanel, curveGrid } from '@tapegrad/viz';
import type { Outcome } from './tables.ts';
import type { EpochReport } from './training.ts';

/** An SVG of four plots. */
export function picture(outcomes: readonly Outcome[]): string {
  const epochs: AxisOptions = { label: 'epochs', scale: 'log' };
  const time: AxisOptions = { label: 'time of steps', unit: 's', scale: 'log' };
  const loss: AxisOptions = { label: 'training loss', unit: 'nats', scale: 'log' };
  // Where all comes down to the last few per cent, these are what is shown.
  const best = Math.max(...outcomes.map(({ reports }) => reports.at(-1)!.testAccuracy));
  const accuracy: AxisOptions = { label: 'test accuracy', ...(best > 0.95 && { domain: [0.8, 1] }) };
  const panel = (key: 'loss' | 'testAccuracy', over: 'epoch' | 'seconds', y: AxisOptions): CurvePanel => ({
    series: outcomes.map(({ way, reports }) => {
      const values = (of: keyof EpochReport) => reports.map((report) => report[of]);
      return { name: way.name, x: values(over), y: values(key), markers: false };
    }),
    ...{ x: over === 'epoch' ? epochs : time, y },
  });
  return curveGrid(
    [
      panel('loss', 'epoch', loss),
      panel('loss', 'seconds', loss),
      panel('testAccuracy', 'epoch', accuracy),
      panel('testAccuracy', 'seconds', accuracy),
    ],
    { title: 'Four ways to train the same network on MNIST', panelWidth: 480 },
  );
}

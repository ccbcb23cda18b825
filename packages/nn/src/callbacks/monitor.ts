// Which way a log goes when a model gets better: what several callbacks watch.

import { TapegradError } from '@tapegrad/core';
import type { Logs } from '../callbacks.ts';
import { requireNumber } from '../checks.ts';
import { lossLogNames } from '../losses.ts';
import { show } from '../registry.ts';

/** `min`: less is better. `auto`: the name of the log says it. */
export type MonitorMode = 'auto' | 'min' | 'max';

/** One log, and when it has improved. */
export interface Monitor {
  /** Worse than any value. */
  readonly worst: number;
  /** Whether `value` is better than `other`, by more than `minDelta`. NaN is never better. */
  isImprovement(value: number, other: number): boolean;
  /** The value among the logs; where it is missing, undefined, and a warning, the first time after `reset`. */
  read(logs: Logs): number | undefined;
  reset(): void;
}

/**
 * @param op - the callback that watches.
 * @throws TapegradError for options that make no sense, and where the name does not say which way is better.
 */
export function monitorOf(op: string, name: string, mode: MonitorMode, minDelta: number): Monitor {
  if (typeof name !== 'string' || name === '') {
    throw new TapegradError(op, `monitor is ${show(name)}. Expected the name of a log, e.g. 'val_loss'.`);
  }
  if (!['auto', 'min', 'max'].includes(mode)) {
    throw new TapegradError(op, `mode is ${show(mode)}. Expected 'auto', 'min' or 'max'.`);
  }
  requireNumber(op, 'minDelta', minDelta, '>= 0', (value) => value >= 0);
  const isLess = (mode === 'auto' ? directionOf(op, name) : mode) === 'min';
  let warned = false;
  return {
    worst: isLess ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    isImprovement: (value, other) => (isLess ? value + minDelta < other : value - minDelta > other),
    read: (logs) => {
      if (Object.hasOwn(logs, name)) return logs[name];
      const validation = name.startsWith('val_') ? ' Give fit validationData or validationSplit.' : '';
      if (!warned) console.warn(`${op}: there is no log ${name}, only ${Object.keys(logs).join(', ')}.${validation}`);
      warned = true;
      return undefined;
    },
    reset: () => {
      warned = false;
    },
  };
}

/** Keras asks its metrics; ours are known by their log names. */
function directionOf(op: string, name: string): 'min' | 'max' {
  const metric = name.replace(/^val_/, '');
  if (metric === 'loss' || lossLogNames.includes(metric)) return 'min';
  if (/^(|(binary|categorical|sparse_categorical)_)accuracy$/.test(metric)) return 'max';
  throw new TapegradError(
    op,
    `monitor is ${show(name)}, whose name does not say whether less is better or more. Say so: mode: 'min' or mode: 'max'.`,
  );
}

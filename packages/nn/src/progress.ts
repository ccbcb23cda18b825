// What `fit` shows of its progress: lines that stay, and on a terminal a live one. How a terminal is driven: `#terminal`.

import { TapegradError } from '@tapegrad/core';
import { isInteractive, liveBar, terminalWidth } from '#terminal';
import type { Logs } from './callbacks.ts';
import { requireWhole } from './checks.ts';
import { show } from './registry.ts';
import type { Trend } from './terminal/bar.ts';

/**
 * `auto`: a live bar on a terminal, else lines. 0: nothing but warnings. 1: a live bar. 2: lines only. The bar shows the course of the
 * loss, of the last epochs or within the first one, where the terminal is wide enough.
 */
export type Verbosity = 'auto' | 0 | 1 | 2;

export interface ProgressOptions {
  /** Default: `auto`. */
  readonly verbose?: Verbosity;
  /** Epochs between lines that stay; the last one always has its own. Default: every epoch up to 20 of them, otherwise a tenth. */
  readonly logEvery?: number;
}

/** Told of each batch and epoch. */
export interface Progress {
  /** @param epoch - counted from 1. */
  batch(epoch: number, batch: number, logs: Logs): void;
  epoch(epoch: number, logs: Logs): void;
  /** Shows a line that matters at any verbosity. */
  warn(line: string): void;
  /** Shows the line of the last epoch, unless it stands there, and leaves the terminal as it was, however training ended. */
  close(): void;
}

/** How long training is. */
export interface Span {
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly batches: number;
}

/** @throws TapegradError for a verbosity or a distance of lines that there is not. */
export function requireProgressOptions(op: string, { verbose = 'auto', logEvery }: ProgressOptions): void {
  if (!['auto', 0, 1, 2].includes(verbose)) {
    throw new TapegradError(op, `verbose is ${show(verbose)}. Expected 'auto', 0, 1 or 2.`);
  }
  if (logEvery !== undefined) requireWhole(op, 'logEvery', logEvery, 1);
}

/** The progress display for these options. */
export function startProgress(span: Span, { verbose = 'auto', logEvery }: ProgressOptions): Progress {
  if (verbose === 0) return { batch: () => {}, epoch: () => {}, warn: console.warn, close: () => {} };
  const { initialEpoch, epochs, batches } = span;
  const every = logEvery ?? (epochs <= 20 ? 1 : Math.ceil(epochs / 10));
  const start = performance.now();
  const live = verbose === 1 || (verbose === 'auto' && isInteractive());
  const bar = live ? liveBar((epochs - initialEpoch) * batches) : undefined;
  const print = bar?.keep ?? ((line: string) => console.log(line));
  const warn = bar?.keep ?? ((line: string) => console.warn(line));
  const before = initialEpoch * batches;
  // What the last epoch came to on the validation data, shown until the next does.
  let validation: Logs = {};
  // Prints the line of the last epoch that had none: where training ends early, its result.
  let printLast: (() => void) | undefined;
  const trend = new LossTrend(batches);
  const estimate = new Estimate((epochs - initialEpoch) * batches);
  return {
    batch: (epoch, batch, logs) => {
      if (bar === undefined) return;
      const done = (epoch - 1) * batches + batch - before;
      const left = estimate.batch(done, performance.now() / 1000);
      const where = [
        `Epoch ${epoch}/${epochs}`,
        ...(batches > fewBatches ? [`batch ${batch}/${batches}`] : []),
        ...(left === undefined ? [] : [`${showSecondsLeft(left)} left`]),
      ];
      trend.batch(batch, logs);
      bar.update(done, where, showLogs({ ...logs, ...validation }), trend);
    },
    epoch: (epoch, logs) => {
      trend.epoch(logs);
      estimate.epoch(epoch * batches - before, performance.now() / 1000);
      validation = Object.fromEntries(Object.entries(logs).filter(([name]) => name.startsWith('val_')));
      const seconds = (performance.now() - start) / 1000;
      const printLine = (): void => print(epochLine(epoch, epochs, logs, seconds, terminalWidth()));
      const isDue = epoch % every === 0 || epoch === epochs;
      if (isDue) printLine();
      printLast = isDue ? undefined : printLine;
    },
    warn,
    close: () => {
      printLast?.();
      printLast = undefined;
      bar?.close();
    },
  };
}

/** The place of the batch in an epoch of so few says little, and takes the trend's. */
const fewBatches = 10;

const trendLength = 16;

/** The losses of the last epochs; until there are two, those in the course of the epoch, evenly spread over its batches. */
class LossTrend implements Trend {
  private readonly distance: number;
  private readonly ofBatches: number[] = [];
  private readonly ofEpochs: number[] = [];
  private largest = 0;

  constructor(batches: number) {
    this.distance = Math.ceil(batches / trendLength);
  }

  batch(batch: number, logs: Logs): void {
    if (this.ofEpochs.length < 2 && batch % this.distance === 0) this.keep(this.ofBatches, logs.loss);
  }

  epoch(logs: Logs): void {
    this.keep(this.ofEpochs, logs.loss);
  }

  private keep(losses: number[], loss: number | undefined): void {
    if (loss === undefined) return;
    if (Number.isFinite(loss)) this.largest = Math.max(this.largest, Math.abs(loss));
    losses.push(loss);
    if (losses.length > trendLength) losses.shift();
  }

  get values(): readonly number[] {
    return this.ofEpochs.length < 2 ? this.ofBatches : this.ofEpochs;
  }

  /** A tenth of the largest loss so far: what a loss that has come down from it does by chance is then small. */
  get leastRange(): number {
    return this.largest / 10;
  }
}

/** How long it must have been measured for an estimate, in seconds. */
const leastMeasured = 1;

/**
 * How long the rest takes, at the pace so far. The first step is left out of that, and a first epoch that is over before there was an
 * estimate: they compile what training and validation run, once.
 */
class Estimate {
  private readonly total: number;
  private from: { readonly done: number; readonly at: number } | undefined;
  private isSettled = false;

  constructor(total: number) {
    this.total = total;
  }

  /** The seconds that are left, once that can be said; nothing at the end. */
  batch(done: number, now: number): number | undefined {
    this.from ??= { done, at: now };
    const [steps, seconds] = [done - this.from.done, now - this.from.at];
    if (steps === 0 || seconds < leastMeasured || done >= this.total) return undefined;
    this.isSettled = true;
    return (seconds / steps) * (this.total - done);
  }

  epoch(done: number, now: number): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.from = { done, at: now };
  }
}

/**
 * `Epoch 100/1000  loss 0.1234  accuracy 0.9680  (1.2 s)`; where a terminal is too narrow for that, on several lines, of which
 * validation begins one.
 */
export function epochLine(epoch: number, epochs: number, logs: Logs, seconds: number, width: number): string {
  const head = `Epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const pieces = [...showLogs(logs), `(${showSeconds(seconds)})`];
  const fits = [head, ...pieces].join('  ').length <= width;
  const firstOfValidation = pieces.find((piece) => piece.startsWith('val_'));
  const lines = [head];
  for (const piece of pieces) {
    const longer = `${lines.at(-1)}  ${piece}`;
    if (fits || (longer.length <= width && piece !== firstOfValidation)) lines[lines.length - 1] = longer;
    else lines.push(`${' '.repeat(head.length)}  ${piece}`);
  }
  return lines.join('\n');
}

/** What is said, once, of a loss that is NaN or infinite. */
export function lossWarning(loss: number, epoch: number, batch: number): string {
  return (
    `fit: the loss is ${loss} in epoch ${epoch}, batch ${batch}. Lower the learning rate or scale the inputs; ` +
    'a crossentropy wants probabilities (sigmoid, softmax) or fromLogits. The option detectAnomaly: true says where it was born.'
  );
}

/** `loss 0.1234`, `accuracy 0.9680`. */
function showLogs(logs: Logs): string[] {
  return Object.entries(logs).map(([name, value]) => `${name} ${showNumber(value)}`);
}

/** Four decimals; numbers for which these would say little in powers of ten. */
function showNumber(value: number): string {
  const size = Math.abs(value);
  return value !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(3) : value.toFixed(4);
}

/** Whole seconds, minutes or hours: `12 s`, `3 min 20 s`, `2 h 5 min`. */
function showSecondsLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function showSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

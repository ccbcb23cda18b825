// Training ended where it no longer helps.

import { TapegradError, type Tensor } from '@tapegrad/core';
import { Callback, type Logs } from '../callbacks.ts';
import { requireBoolean, requireKnownOptions, requireNumber, requireWhole } from '../checks.ts';
import { show } from '../registry.ts';
import { type Monitor, type MonitorMode, monitorOf } from './monitor.ts';

export interface EarlyStoppingOptions {
  /** The log that is watched. Default: `val_loss`. */
  readonly monitor?: string;
  /** What a change must exceed to count as an improvement. Default: 0. */
  readonly minDelta?: number;
  /** How many epochs without an improvement end training. Default: 0. */
  readonly patience?: number;
  /** 1: says at the end what was done. Default: 0. */
  readonly verbose?: 0 | 1;
  /** Whether less is better or more. Default: `auto`, by the name: an accuracy is to grow, a loss or error to shrink. */
  readonly mode?: MonitorMode;
  /** What must be exceeded for the patience to begin anew. Default: none. */
  readonly baseline?: number;
  /** Whether training ends with the weights of the best epoch, also where it was not ended early. Default: false. */
  readonly restoreBestWeights?: boolean;
  /** How many epochs pass before the log is watched. Default: 0. */
  readonly startFromEpoch?: number;
}

const known = [
  ...['monitor', 'minDelta', 'patience', 'verbose', 'mode', 'baseline', 'restoreBestWeights', 'startFromEpoch'],
];

/**
 * Ends training once a log has not improved for some epochs, as in Keras: a NaN is no improvement, the first epoch never ends training,
 * and where the log is missing there is a warning and training goes on. An instance may be used again; each `fit` begins anew.
 *
 * ```ts
 * const model = new Sequential([new Dense(1, { inputShape: [1] })], { seed: 1 });
 * model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: 'mse' });
 * const stopping = new EarlyStopping({ monitor: 'loss', patience: 3, restoreBestWeights: true });
 * const { epoch } = await model.fit([1, 2], [1, 2], { epochs: 100, callbacks: [stopping], verbose: 0 });
 * epoch.length; // → 4
 * stopping.bestEpoch; // → 0
 * ```
 */
export class EarlyStopping extends Callback {
  /** The best value so far: an infinity before the first one. */
  best: number;
  /** The epoch of the best value, counted from 0. */
  bestEpoch = 0;
  /** The epoch after which training was ended, counted from 0; 0 where it was not. */
  stoppedEpoch = 0;
  /** Epochs since the last improvement. */
  wait = 0;
  private readonly monitor: Monitor;
  private readonly patience: number;
  private readonly verbose: 0 | 1;
  private readonly baseline: number | undefined;
  private readonly restoreBestWeights: boolean;
  private readonly startFromEpoch: number;
  private bestWeights: readonly Tensor[] | undefined;

  /** @throws TapegradError for options that make no sense. */
  constructor(options: EarlyStoppingOptions = {}) {
    super();
    const op = 'EarlyStopping';
    requireKnownOptions(op, options, known);
    const { monitor = 'val_loss', minDelta = 0, patience = 0, verbose = 0, mode = 'auto' } = options;
    const { baseline, restoreBestWeights = false, startFromEpoch = 0 } = options;
    requireWhole(op, 'patience', patience, 0);
    requireWhole(op, 'startFromEpoch', startFromEpoch, 0);
    requireBoolean(op, 'restoreBestWeights', restoreBestWeights);
    if (baseline !== undefined) requireNumber(op, 'baseline', baseline, 'that is finite', () => true);
    if (verbose !== 0 && verbose !== 1) throw new TapegradError(op, `verbose is ${show(verbose)}. Expected 0 or 1.`);
    this.monitor = monitorOf(op, monitor, mode, minDelta);
    this.best = this.monitor.worst;
    this.patience = patience;
    this.verbose = verbose;
    this.baseline = baseline;
    this.restoreBestWeights = restoreBestWeights;
    this.startFromEpoch = startFromEpoch;
  }

  override onTrainBegin(): void {
    this.best = this.monitor.worst;
    this.bestEpoch = 0;
    this.stoppedEpoch = 0;
    this.wait = 0;
    this.bestWeights = undefined;
    this.monitor.reset();
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    const { monitor, baseline } = this;
    const value = monitor.read(logs);
    if (value === undefined || epoch < this.startFromEpoch) return;
    // The first weights are the best so far, whatever they come to: also with NaN there is something to go back to.
    if (this.bestWeights === undefined) this.keep(epoch);
    this.wait++;
    if (monitor.isImprovement(value, this.best)) {
      this.best = value;
      this.keep(epoch);
      if (baseline === undefined || monitor.isImprovement(value, baseline)) this.wait = 0;
      return;
    }
    if (this.wait < this.patience || epoch === 0) return;
    this.stoppedEpoch = epoch;
    this.model.stopTraining = true;
  }

  override onTrainEnd(): void {
    const { stoppedEpoch, bestEpoch, bestWeights } = this;
    if (stoppedEpoch > 0) this.say(`Epoch ${stoppedEpoch + 1}: early stopping`);
    if (!this.restoreBestWeights || bestWeights === undefined) return;
    this.say(`Restoring the weights from the end of the best epoch: ${bestEpoch + 1}`);
    this.model.setWeights(bestWeights);
    this.bestWeights = undefined;
  }

  private keep(epoch: number): void {
    this.bestEpoch = epoch;
    this.bestWeights = this.restoreBestWeights ? this.model.getWeights() : [];
  }

  private say(line: string): void {
    if (this.verbose === 1) console.log(line);
  }
}

// The weights of the best epoch, or of each, in files, while training goes on.

import { TapegradError } from '@tapegrad/core';
import { type Monitor, type MonitorMode, monitorOf } from '../callbacks/monitor.ts';
import { Callback, type Logs } from '../callbacks.ts';
import { requireBoolean, requireKnownOptions } from '../checks.ts';
import { Model } from '../model.ts';
import { show } from '../registry.ts';
import { saveWeights } from './weight-files.ts';

export interface ModelCheckpointOptions {
  /** The log that is watched for `saveBestOnly`. Default: `val_loss`. */
  readonly monitor?: string;
  /** Whether only an epoch that is better than all before is written. Default: false. */
  readonly saveBestOnly?: boolean;
  /** Whether less is better or more. Default: `auto`, by the name. */
  readonly mode?: MonitorMode;
}

/**
 * Writes the weights after each epoch, as {@link saveWeights} does; with `saveBestOnly` only where the log has improved. What was best
 * outlives a `fit`: the next one with the same instance writes only what is better still. (`EarlyStopping` starts anew each time.)
 *
 * ```ts
 * import { mkdtemp, readdir, rm } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { ModelCheckpoint } from '@tapegrad/nn/node';
 *
 * const folder = await mkdtemp(join(tmpdir(), 'weights-'));
 * const model = new Sequential([new Dense(1, { inputShape: [1] })]);
 * model.compile({ optimizer: 'sgd', loss: 'mse' });
 * const checkpoint = new ModelCheckpoint(join(folder, 'epoch-{epoch}.json'));
 * await model.fit([1, 2], [1, 2], { epochs: 2, callbacks: [checkpoint], verbose: 0 });
 * (await readdir(folder)).sort(); // → epoch-1.json,epoch-2.json
 * await rm(folder, { recursive: true });
 * ```
 */
export class ModelCheckpoint extends Callback {
  private readonly path: string;
  private readonly monitor: Monitor | undefined;
  private best = Number.NaN;

  /**
   * @param path - the file; `{epoch}` in it stands for the epoch, counted from 1, and `{val_loss}` for that log, with four decimals.
   * @throws TapegradError for options that make no sense.
   */
  constructor(path: string, options: ModelCheckpointOptions = {}) {
    super();
    const op = 'ModelCheckpoint';
    requireKnownOptions(op, options, ['monitor', 'saveBestOnly', 'mode']);
    if (typeof path !== 'string' || path === '') {
      throw new TapegradError(op, `path is ${show(path)}. Expected the path of a file, e.g. 'model.json'.`);
    }
    const { monitor = 'val_loss', saveBestOnly = false, mode = 'auto' } = options;
    requireBoolean(op, 'saveBestOnly', saveBestOnly);
    this.path = path;
    this.monitor = saveBestOnly ? monitorOf(op, monitor, mode, 0) : undefined;
    if (this.monitor !== undefined) this.best = this.monitor.worst;
  }

  override onTrainBegin(): void {
    this.monitor?.reset();
  }

  /** @throws TapegradError as {@link saveWeights}, and where the path names a log that there is not. */
  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const value = this.monitor?.read(logs) ?? Number.NaN;
    if (this.monitor !== undefined && !this.monitor.isImprovement(value, this.best)) return;
    const { model } = this;
    if (!(model instanceof Model))
      throw new TapegradError('ModelCheckpoint', `cannot write ${model.name}. Expected a Model.`);
    await saveWeights(model, this.fileOf(epoch, logs));
    this.best = value; // once it is written: after a failure the next epoch tries again
  }

  private fileOf(epoch: number, logs: Logs): string {
    return this.path.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      if (name === 'epoch') return String(epoch + 1);
      if (Object.hasOwn(logs, name)) return logs[name]!.toFixed(4);
      const known = ['epoch', ...Object.keys(logs)].join(', ');
      throw new TapegradError('ModelCheckpoint', `the path has ${placeholder}, which is none of ${known}.`);
    });
  }
}

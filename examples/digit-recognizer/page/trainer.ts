// The worker that trains a network from scratch, and tells the page how that goes.

import { fromData, type Tensor } from '@tapegrad/core';
import { type LabelledImages, mnist } from '@tapegrad/datasets';
import { Callback, type Logs } from '@tapegrad/nn';
import { compileNetwork, createNetwork, defaults, sizes } from '../src/network.ts';
import { Download, mnistBytes } from './download.ts';
import type { FromTrainer, HeldOutPoint, LossPoint, ToTrainer, TrainingChoice } from './messages.ts';
import { canCompile } from './recogniser.ts';

/** The worker's global scope, as far as it is used: the page's types do not know it. */
interface WorkerScope {
  postMessage(message: FromTrainer, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToTrainer>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;

/** Loss points in an epoch, at most. */
const pointsPerEpoch = 40;

/** Milliseconds between two messages to the page, at least. */
const messageInterval = 120;

/** Digits that are looked at during an epoch. At the end all 10,000 are. */
const quickDigits = 2000;

/** Holds training up while it is paused. */
class Gate {
  private open: (() => void) | undefined;
  private waiting: Promise<void> | undefined;

  pause(): void {
    this.waiting ??= new Promise((resolve) => {
      this.open = resolve;
    });
  }

  resume(): void {
    this.open?.();
    this.waiting = undefined;
  }

  /** Undefined where nobody has to wait. */
  pass(): Promise<void> | undefined {
    return this.waiting;
  }
}

/** Images as the network takes them, and their digits. */
interface Digits {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Collects what is to be told, and tells it now and then. */
class Reporter extends Callback {
  private readonly gate: Gate;
  private readonly test: Digits;
  private readonly batches: number;
  private losses: LossPoint[] = [];
  private heldOut: HeldOutPoint[] = [];
  private epoch = 0;
  /** The batch up to which losses were told, and their sum until then, in this epoch. */
  private last = { batch: 0, sum: 0 };
  private readonly told = { message: 0, test: 0 };
  private seconds = 0;
  private since = performance.now();

  constructor(gate: Gate, test: Digits, batches: number) {
    super();
    this.gate = gate;
    this.test = test;
    this.batches = batches;
  }

  override onTrainBegin(): Promise<void> {
    return this.tell(0);
  }

  override onEpochBegin(epoch: number): void {
    this.epoch = epoch;
    this.last = { batch: 0, sum: 0 };
  }

  override onTrainBatchEnd(batch: number, { loss }: Logs): Promise<void> | undefined {
    const done = batch + 1;
    if (done - this.last.batch >= this.batches / pointsPerEpoch || done === this.batches) {
      // The log is the mean since the epoch began: the rest of what it sums up is what the last batches had.
      const sum = loss! * done;
      const mean = (sum - this.last.sum) / (done - this.last.batch);
      this.losses.push({ epochs: this.epoch + done / this.batches, loss: mean });
      this.last = { batch: done, sum };
    }
    const paused = this.gate.pass();
    if (paused === undefined && performance.now() - this.told.message < messageInterval) return undefined;
    return this.stop(this.epoch + done / this.batches, paused);
  }

  /** Looks at the digits that are not trained on, and tells everything. */
  async tell(epochs: number, digits: number = quickDigits): Promise<void> {
    const { right, count } = await this.recognised(digits);
    this.heldOut.push({ epochs, right, digits: count });
    this.told.test = epochs;
    this.post(epochs);
  }

  private async stop(epochs: number, paused: Promise<void> | undefined): Promise<void> {
    if (epochs - this.told.test >= 0.1) await this.tell(epochs);
    else this.post(epochs);
    if (paused === undefined) return;
    this.seconds += (performance.now() - this.since) / 1000;
    scope.postMessage({ kind: 'paused' });
    await paused;
    this.since = performance.now();
  }

  private post(epochs: number): void {
    const { losses, heldOut } = this;
    [this.losses, this.heldOut] = [[], []];
    const weights = this.model.weights.map((weight) => Float32Array.from(weight.toData()));
    const seconds = this.seconds + (performance.now() - this.since) / 1000;
    scope.postMessage(
      { kind: 'progress', epochs, losses, heldOut, weights, seconds },
      weights.map(({ buffer }) => buffer),
    );
    this.told.message = performance.now();
  }

  private async recognised(most: number): Promise<{ readonly right: number; readonly count: number }> {
    const count = Math.min(most, this.test.y.shape[0]!);
    const { accuracy } = await this.model.evaluate(this.test.x.slice(0, count), this.test.y.slice(0, count));
    return { right: Math.round(accuracy! * count), count };
  }
}

async function train(choice: TrainingChoice, folder: string, gate: Gate): Promise<void> {
  const download = new Download(new URL(folder), (received) => {
    scope.postMessage({ kind: 'download', received, total: mnistBytes });
  });
  const from = (name: string): Promise<Uint8Array> => download.file(name);
  const test = rows(await mnist({ from, part: 'test' }));
  const trained = rows(await mnist({ from, part: 'train', limit: choice.digits }));
  scope.postMessage({ kind: 'prepared' });

  const { learningRate, epochs } = choice;
  const { loss, l2, batchSize } = defaults;
  const model = createNetwork(Math.floor(Math.random() * 2 ** 32));
  compileNetwork(model, { loss, learningRate, decay: l2 / 50_000 }, canCompile);
  const reporter = new Reporter(gate, test, Math.ceil(choice.digits / batchSize));
  const callbacks = [reporter];
  await model.fit(trained.x, trained.y, { epochs, batchSize, callbacks, verbose: 0 });
  await reporter.tell(epochs, Number.POSITIVE_INFINITY);
  scope.postMessage({ kind: 'done' });
}

function rows({ x, y }: LabelledImages<readonly string[]>): Digits {
  const pixels = x.toData();
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i]! / 255;
  return { x: fromData(pixels, [x.shape[0]!, sizes[0]], 'float32'), y };
}

const gate = new Gate();
scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'pause') gate.pause();
  else if (data.kind === 'resume') gate.resume();
  else {
    train(data.choice, data.folder, gate).catch((error: unknown) => {
      scope.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    });
  }
});

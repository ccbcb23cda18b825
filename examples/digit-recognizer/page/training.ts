// The panel that trains a network in the page: what it shows, and what its buttons do. The training itself: trainer.ts.

import { TrainingCurves } from './curves.ts';
import { megabytes, mnistBytes } from './download.ts';
import { element } from './elements.ts';
import type { FromTrainer, ToTrainer, TrainingChoice, Weights } from './messages.ts';
import { showWeights } from './pixels.ts';
import { canCompile } from './recogniser.ts';

type State = 'idle' | 'loading' | 'training' | 'paused' | 'done';

/** Told of the weights of the network that is trained here; undefined once there is none. */
export type WeightsListener = (weights: Weights | undefined) => void;

const startTexts: { readonly [S in State]: string } = {
  idle: 'Start training',
  loading: 'Loading…',
  training: 'Pause',
  paused: 'Go on',
  done: 'Train anew',
};

/** Trains when it is asked to, and shows how that goes. */
export class TrainingPanel {
  private readonly start = element('start', HTMLButtonElement);
  private readonly reset = element('reset', HTMLButtonElement);
  private readonly status = element('training-status', HTMLElement);
  private readonly progress = element('training-progress', HTMLProgressElement);
  private readonly results = element('training-results', HTMLElement);
  private readonly canvas = element('weights', HTMLCanvasElement);
  private readonly selects = (['digits', 'epochs', 'learning-rate'] as const).map((id) =>
    element(id, HTMLSelectElement),
  );
  private readonly curves = new TrainingCurves(
    element('loss-curve', HTMLElement),
    element('accuracy-curve', HTMLElement),
  );
  private readonly onWeights: WeightsListener;
  private worker: Worker | undefined;
  private state: State = 'idle';
  private epochs = 1;
  /** The first layer's weights as they are, and as they began. */
  private kernel: Float32Array | undefined;
  private firstKernel: Float32Array | undefined;
  private accuracy = '';

  constructor(onWeights: WeightsListener) {
    this.onWeights = onWeights;
    this.start.addEventListener('click', () => this.press());
    this.reset.addEventListener('click', () => this.end());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.paint());
    this.end();
  }

  private press(): void {
    if (this.state === 'training') {
      this.tell({ kind: 'pause' });
      this.enter('paused');
    } else if (this.state === 'paused') {
      this.tell({ kind: 'resume' });
      this.enter('training');
    } else {
      this.begin().catch((error: unknown) => this.fail(error instanceof Error ? error.message : String(error)));
    }
  }

  private async begin(): Promise<void> {
    this.end();
    this.enter('loading');
    const [digits, epochs, learningRate] = this.selects.map(({ value }) => Number(value)) as [number, number, number];
    const choice: TrainingChoice = { digits, epochs, learningRate };
    this.epochs = epochs;
    this.status.textContent = 'Starting…';
    const worker = new Worker(new URL('./trainer.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<FromTrainer>) => this.hear(data));
    worker.addEventListener('error', ({ message }) => this.fail(message || 'its script cannot be loaded'));
    await this.curves.begin(epochs);
    this.tell({ kind: 'start', choice, folder: new URL('mnist/', document.baseURI).href });
  }

  private hear(message: FromTrainer): void {
    switch (message.kind) {
      case 'download':
        this.progress.value = message.received / message.total;
        this.status.textContent = `Loading MNIST: ${megabytes(message.received)} of ${megabytes(message.total)}`;
        return;
      case 'prepared':
        this.results.hidden = false;
        this.enter('training');
        return;
      case 'progress':
        this.show(message);
        return;
      case 'paused':
        this.status.textContent += ' (paused)';
        return;
      case 'done':
        this.enter('done');
        return;
      case 'failed':
        this.fail(message.message);
        return;
      default:
        message satisfies never;
    }
  }

  private show({ epochs, losses, heldOut, weights, seconds }: FromTrainer & { readonly kind: 'progress' }): void {
    this.curves.add(losses, heldOut);
    this.kernel = weights[0];
    this.firstKernel ??= this.kernel;
    this.paint();
    const last = heldOut.at(-1);
    if (last !== undefined) {
      const share = ((100 * last.right) / last.digits).toFixed(1);
      this.accuracy = `${share} % of ${last.digits.toLocaleString('en')} held-out digits right`;
    }
    this.progress.value = epochs / this.epochs;
    this.status.textContent = `${epochs.toFixed(1)} of ${this.epochs} epochs, ${seconds.toFixed(1)} s: ${this.accuracy}`;
    this.onWeights(weights);
  }

  private paint(): void {
    const { kernel, firstKernel } = this;
    if (kernel === undefined || firstKernel === undefined) return;
    const style = getComputedStyle(this.canvas);
    const learned = kernel.map((weight, i) => weight - firstKernel[i]!);
    showWeights(this.canvas, learned, 10, {
      positive: style.getPropertyValue('--positive'),
      negative: style.getPropertyValue('--negative'),
    });
  }

  /** Forgets the training. */
  private end(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.kernel = undefined;
    this.firstKernel = undefined;
    this.accuracy = '';
    this.curves.clear();
    this.results.hidden = true;
    this.progress.value = 0;
    this.status.textContent =
      `MNIST's images are loaded first, ${megabytes(mnistBytes)} in all.` +
      (canCompile ? '' : ' This browser has no WebAssembly with SIMD: training will be many times slower.');
    this.enter('idle');
    this.onWeights(undefined);
  }

  private fail(reason: string): void {
    this.end();
    this.status.textContent = `Training failed: ${reason}`;
  }

  private enter(state: State): void {
    this.state = state;
    this.start.textContent = startTexts[state];
    this.start.disabled = state === 'loading';
    this.reset.disabled = state === 'idle';
    for (const select of this.selects) select.disabled = state !== 'idle' && state !== 'done';
  }

  private tell(message: ToTrainer): void {
    this.worker?.postMessage(message);
  }
}

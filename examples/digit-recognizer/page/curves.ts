// The curves of a training. @tapegrad/viz draws them; it is loaded when the first training starts.

import type { HeldOutPoint, LossPoint } from './messages.ts';

type Viz = typeof import('@tapegrad/viz');

/** Two plots: the loss on the digits that are trained on, and how many of the others are recognised. */
export class TrainingCurves {
  private readonly lossFigure: HTMLElement;
  private readonly accuracyFigure: HTMLElement;
  private viz: Viz | undefined;
  private epochs = 1;
  private losses: LossPoint[] = [];
  private heldOut: HeldOutPoint[] = [];

  constructor(lossFigure: HTMLElement, accuracyFigure: HTMLElement) {
    this.lossFigure = lossFigure;
    this.accuracyFigure = accuracyFigure;
    new ResizeObserver(() => this.draw()).observe(lossFigure);
  }

  /** Begins anew, with axes for so many epochs. */
  async begin(epochs: number): Promise<void> {
    this.clear();
    this.epochs = epochs;
    this.viz ??= await import('@tapegrad/viz');
  }

  add(losses: readonly LossPoint[], heldOut: readonly HeldOutPoint[]): void {
    this.losses.push(...losses);
    this.heldOut.push(...heldOut);
    this.draw();
  }

  clear(): void {
    this.losses = [];
    this.heldOut = [];
    this.lossFigure.replaceChildren();
    this.accuracyFigure.replaceChildren();
  }

  private draw(): void {
    const { viz, losses, heldOut } = this;
    const width = Math.floor(this.lossFigure.clientWidth);
    if (viz === undefined || losses.length === 0 || heldOut.length === 0 || width < 220) return;
    const x = { label: 'epochs', domain: [0, this.epochs] as const };
    const size = { width, height: 210, background: false };
    const loss = { name: 'loss', x: losses.map(({ epochs }) => epochs), y: losses.map((point) => point.loss) };
    const accuracy = {
      name: 'right',
      x: heldOut.map(({ epochs }) => epochs),
      y: heldOut.map(({ right, digits }) => (100 * right) / digits),
    };
    const plain = { markers: false };
    this.lossFigure.innerHTML = viz.curves([{ ...loss, ...plain }], {
      ...size,
      x,
      y: { label: 'cross-entropy', scale: 'log' },
    });
    this.accuracyFigure.innerHTML = viz.curves([{ ...accuracy, ...plain }], {
      ...size,
      x,
      y: { label: 'held-out digits right', unit: '%', domain: [0, 100] },
    });
  }
}

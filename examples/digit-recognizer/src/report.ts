// What is told of training: a line that is written over while an epoch goes on, and one that stays for each epoch.

import { clearLine, cursorTo } from 'node:readline';
import { Callback, type Logs } from '@tapegrad/nn';

/** Milliseconds between two states of the line. */
const interval = 100;

/** Told by `fit`; prints the state after batches and epochs. Without a terminal only the lines that stay are printed. */
export class TrainingReport extends Callback {
  private readonly epochs: number;
  private readonly batches: number;
  private epoch = 0;
  private begin = 0;
  private trained = 0;
  private shown = 0;
  private lastCost: number | undefined;

  /** @param batches - in an epoch. */
  constructor(epochs: number, batches: number) {
    super();
    this.epochs = epochs;
    this.batches = batches;
  }

  override onEpochBegin(epoch: number): void {
    this.epoch = epoch + 1;
    this.begin = performance.now();
  }

  override onTrainBatchEnd(batch: number, { loss, accuracy }: Logs): void {
    const now = performance.now();
    this.trained = now;
    if (!process.stdout.isTTY || now - this.shown < interval) return;
    this.shown = now;
    this.overwrite(
      `${this.where()}  batch ${batch + 1}/${this.batches}  accuracy ${percent(accuracy!)}  cost ${loss!.toFixed(4)}`,
    );
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    const { loss, accuracy, val_loss: cost, val_accuracy: valid } = logs;
    const seconds = (this.trained - this.begin) / 1000;
    const change = this.lastCost === undefined ? '' : ` (${signed(cost! - this.lastCost)})`;
    this.lastCost = cost!;
    if (process.stdout.isTTY) this.overwrite('');
    console.log(
      [
        this.where(),
        `cost ${loss!.toFixed(4)}`,
        `accuracy ${percent(accuracy!)}`,
        `validation: ${percent(valid!)}, cost ${cost!.toFixed(4)}${change}`,
        `${seconds.toFixed(1)} s, ${((1000 * seconds) / this.batches).toFixed(2)} ms a batch`,
      ].join('  '),
    );
  }

  private where(): string {
    return `Epoch ${String(this.epoch).padStart(String(this.epochs).length)}/${this.epochs}`;
  }

  private overwrite(line: string): void {
    clearLine(process.stdout, 0);
    cursorTo(process.stdout, 0);
    process.stdout.write(line.slice(0, (process.stdout.columns || 80) - 1));
  }
}

/** `97.90 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function signed(value: number): string {
  return value < 0 ? `−${(-value).toFixed(4)}` : `+${value.toFixed(4)}`;
}

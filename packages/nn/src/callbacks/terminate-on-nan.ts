// Training ended where its loss is lost.

import { Callback, type Logs } from '../callbacks.ts';

/**
 * Ends training after the first batch whose loss is NaN or infinite. To be told where it was born: `fit(x, y, { detectAnomaly: true })`.
 *
 * ```ts
 * const model = new Sequential([new Dense(1, { inputShape: [1] })], { seed: 1 });
 * model.compile({ optimizer: 'sgd', loss: (y, p) => p.sub(y).abs().add(1).neg().log().mean() });
 * const { epoch } = await model.fit([1, 2], [1, 2], { epochs: 5, callbacks: [new TerminateOnNaN()], verbose: 0 });
 * epoch.length; // → 1
 * ```
 */
export class TerminateOnNaN extends Callback {
  override onTrainBatchEnd(_batch: number, { loss }: Logs): void {
    // `fit` has told of it already, with the batch.
    if (!Number.isFinite(loss)) this.model.stopTraining = true;
  }
}

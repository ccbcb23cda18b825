// Training op by op with an eye on each value, until the first NaN or infinity is born.

import { AnomalyError, Tape } from '@tapegrad/core';
import type { Digits } from './data.ts';
import type { SigmoidNetwork } from './network.ts';
import { descend, type Training } from './training.ts';

/** The first NaN or infinity of a training. */
export interface Anomaly {
  /** Counted from 1. */
  readonly epoch: number;
  /** The op, its layer and name, the line that called it, and the values that it worked on. */
  readonly report: string;
  /** The network's last Z at that time, and how many of its sigmoids are exactly 0 or 1 in float32. */
  readonly least: number;
  readonly greatest: number;
  readonly saturated: number;
}

/** Trains until a NaN or an infinity is born; undefined where none is. @param kind - `'NaN'` lets infinities pass. */
export function firstAnomaly(
  network: SigmoidNetwork,
  digits: Digits,
  { loss, rate, epochs }: Training,
  kind: true | 'NaN',
): Anomaly | undefined {
  for (let epoch = 1; epoch <= epochs; epoch++) {
    try {
      descend(network, loss, rate, digits, new Tape({ detectAnomaly: kind }));
    } catch (error) {
      if (!(error instanceof AnomalyError)) throw error;
      return { epoch, report: error.message, ...saturation(network, digits) };
    }
  }
  return undefined;
}

/** The weights are as before the step that failed. */
function saturation(network: SigmoidNetwork, { X }: Digits): Omit<Anomaly, 'epoch' | 'report'> {
  const { Z, A } = network.forward(X);
  const saturated = A.equal(0).asType('int32').sum().item() + A.equal(1).asType('int32').sum().item();
  return { least: Z.min().item(), greatest: Z.max().item(), saturated };
}

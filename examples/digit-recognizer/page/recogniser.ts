// A network that reads images in the page.

import { fromData } from '@tapegrad/core';
import { exportWeights, importWeights, parseWeights, type Sequential, type WeightsJson } from '@tapegrad/nn';
import { supportsSimd } from '@tapegrad/wasm';
import { compileNetwork, createNetwork, defaults, sizes } from '../src/network.ts';

/** Whether networks can be compiled here. Otherwise they run op by op: fast enough to read, slow to train. */
export const canCompile: boolean = supportsSimd();

/** What a network makes of an image. */
export interface Reading {
  /** The probability of each digit, from 0 to 9. */
  readonly probabilities: readonly number[];
  /** How long the network took. */
  readonly milliseconds: number;
}

/** The network with weights that can be replaced. */
export class Recogniser {
  private readonly model: Sequential = createNetwork(0);

  constructor() {
    compileNetwork(this.model, { ...defaults, decay: 0 }, canCompile);
  }

  /** @throws TapegradError for a text that is no JSON of weights, and for weights of other sizes. */
  load(json: string): void {
    importWeights(this.model, parseWeights(json));
  }

  /** Replaces the weights: of each layer in turn kernel and bias, flat. */
  assign(weights: readonly Float32Array[]): void {
    this.model.setWeights(weights);
  }

  /** The weights as the program writes them. */
  export(): WeightsJson {
    return exportWeights(this.model);
  }

  async read(image: Float32Array<ArrayBuffer>): Promise<Reading> {
    const begin = performance.now();
    const outputs = await this.model.predict(fromData(image, [1, sizes[0]], 'float32'));
    return { probabilities: Array.from(outputs.toData()), milliseconds: performance.now() - begin };
  }
}

// Layers as objects of their own. Each says what it computes; none has a derivative, which comes from the tape.

import { Parameter, type RandomGenerator, type Tensor, zeros } from '@tapegrad/core';

/** From a batch, `[batch, inputs]`, to its outputs. */
export interface Layer {
  /** What training changes; none of an activation. */
  readonly parameters: readonly Parameter[];
  forward(x: Tensor): Tensor;
}

/** X W + b: `[batch, inputs]` to `[batch, outputs]`. Weights are 0.10 · N(0, 1) at first, biases 0. */
export class DenseLayer implements Layer {
  /** `[inputs, outputs]`. */
  readonly W: Parameter;
  /** Kept as a row: `[1, outputs]`. */
  readonly b: Parameter;

  /** @param number - counts the layers, for their names on the tape: `W1`, `b1`. */
  constructor(inputs: number, outputs: number, number: number, random: RandomGenerator) {
    this.W = new Parameter(random.normal([inputs, outputs], 0, 0.1), `W${number}`);
    this.b = new Parameter(zeros([1, outputs]), `b${number}`);
  }

  get parameters(): readonly Parameter[] {
    return [this.W, this.b];
  }

  forward(x: Tensor): Tensor {
    return x.matmul(this.W).add(this.b);
  }
}

/** max(x, 0), element by element. */
export class Relu implements Layer {
  readonly parameters: readonly Parameter[] = [];

  forward(x: Tensor): Tensor {
    return x.relu();
  }
}

/** eˣ / Σ eˣ over the classes of each row: probabilities. */
export class Softmax implements Layer {
  readonly parameters: readonly Parameter[] = [];

  forward(x: Tensor): Tensor {
    return x.softmax(1);
  }
}

/** Layers, each working on what the one before gives. */
export class Stack implements Layer {
  readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.layers = layers;
  }

  get parameters(): readonly Parameter[] {
    return this.layers.flatMap((layer) => layer.parameters);
  }

  forward(x: Tensor): Tensor {
    return this.layers.reduce((value, layer) => layer.forward(value), x);
  }
}

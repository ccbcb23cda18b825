// Layers that bring a backward of their own: training follows it, and what it gives is checked.

import { type Parameter, type Shape, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { type BackwardContext, Dense, type HandWrittenGradients, Layer, Sequential } from '../src/index.ts';
import { mistake } from './support/errors.ts';

type Backward = (g: Tensor, context: BackwardContext, kernel: Tensor) => unknown;

/** x · kernel + bias, with a backward by hand. */
class Affine extends Layer {
  protected kernel!: Parameter;
  private bias!: Parameter;
  private readonly rule: Backward;
  contexts: BackwardContext[] = [];
  constructor(rule: Backward = right, options: { trainable?: boolean } = {}) {
    super(options);
    this.rule = rule;
  }
  override build([features]: Shape) {
    this.kernel = this.addWeight('kernel', [features!, 2], 'glorotUniform');
    this.bias = this.addWeight('bias', [2], 'zeros');
    this.addWeight('count', [], 'zeros', { trainable: false });
  }
  override call(x: Tensor) {
    return x.matmul(this.kernel).add(this.bias);
  }
  override backward(g: Tensor, context: BackwardContext) {
    this.contexts.push(context);
    return this.rule(g, context, this.kernel) as HandWrittenGradients;
  }
}

const right: Backward = (g, { inputs }, kernel) => ({
  inputs: g.matmul(kernel.transpose()),
  weights: { kernel: inputs.transpose().matmul(g), bias: g.sum(0) },
});

function modelWith(layer: Layer): Sequential {
  const model = new Sequential([
    new Dense(3, { inputShape: [4], activation: 'tanh', seed: 1 }),
    layer,
    new Dense(1, { seed: 2 }),
  ]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

const x = tensor([
  [1, 2, 3, 4],
  [-1, 0, 1, 0.5],
  [0.3, 0.1, -2, 1],
]);
const y = [1, 2, 3];
const options = { verbose: 0, shuffle: false, epochs: 2 } as const;

describe('a layer with a backward of its own', () => {
  test('trains as the tape would, where it is right', async () => {
    class Taped extends Affine {
      override backward = undefined as never;
    }
    const models = [new Affine(), new Taped()].map(modelWith);
    const weights = models[0]!.weights;
    models[1]!.weights.forEach((weight, i) => {
      weight.assign(weights[i]!);
    });
    for (const model of models) await model.fit(x, y, options);
    models[1]!.weights.forEach((weight, i) => {
      const [a, b] = [weight.toData(), weights[i]!.toData()];
      a.forEach((value, j) => {
        expect(b[j]).toBeCloseTo(value, 6);
      });
    });
  });

  test('trains on what it gives, also where that is wrong', async () => {
    const layer = new Affine((g, context, kernel) => {
      const gradients = right(g, context, kernel) as HandWrittenGradients;
      return { ...gradients, weights: { ...gradients.weights, kernel: kernel.mul(0) } };
    });
    const model = modelWith(layer);
    const [kernel, bias] = layer.weights.map((weight) => weight.toArray());
    await model.fit(x, y, options);
    expect(layer.weights[0]!.toArray()).toEqual(kernel);
    expect(layer.weights[1]!.toArray()).not.toEqual(bias);
  });

  test('is handed inputs, outputs, and whether it is training', async () => {
    const layer = new Affine();
    await modelWith(layer).fit(x, y, { ...options, epochs: 1 });
    const { inputs, outputs, training } = layer.contexts.at(-1)!;
    expect([inputs.shape, outputs.shape, training]).toEqual([[3, 3], [3, 2], true]);
  });

  test('may give null for the inputs in the first layer, and nothing for what is frozen', async () => {
    const first = new Affine((g, { inputs }) => ({
      inputs: null,
      weights: { kernel: inputs.transpose().matmul(g), bias: g.sum(0) },
    }));
    const model = new Sequential([first, new Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(x, y, options);
    const frozen = new Affine((g, _, kernel) => ({ inputs: g.matmul(kernel.transpose()), weights: {} }), {
      trainable: false,
    });
    const before = modelWith(frozen);
    const kernel = frozen.weights[0]!.toArray();
    await before.fit(x, y, options);
    expect(frozen.weights[0]!.toArray()).toEqual(kernel);
  });

  test.each<[string, Backward, string]>([
    ['nothing', () => undefined, 'backward returned undefined. Expected { inputs, weights: { … } }.'],
    [
      'a promise',
      async (g, context, kernel) => right(g, context, kernel),
      'backward returned a promise. Expected { inputs, weights: { … } } at once: it cannot be async.',
    ],
    [
      'no weights',
      () => ({ inputs: null }),
      'backward returned weights: undefined. Expected { inputs, weights: { … } }.',
    ],
    [
      'an unknown name',
      (g, { inputs }) => ({ inputs: null, weights: { kernal: inputs.transpose().matmul(g), bias: g.sum(0) } }),
      'backward gave a gradient by kernal. Did you mean kernel? Known: kernel, bias, count.',
    ],
    [
      'a name too few',
      (g, { inputs }) => ({ inputs: null, weights: { kernel: inputs.transpose().matmul(g) } }),
      'backward gave no gradient by bias. Expected one for each weight.',
    ],
    [
      'another shape',
      (g, { inputs }) => ({ inputs: null, weights: { kernel: inputs.transpose().matmul(g), bias: g } }),
      'backward gave float32[2, 2] for the gradient by bias. Expected float32[2].',
    ],
    [
      'another dtype',
      (g, context, kernel) => ({
        ...(right(g, context, kernel) as HandWrittenGradients),
        inputs: context.inputs.asType('float64'),
      }),
      'backward gave float64[2, 3] for the gradient by inputs. Expected float32[2, 3].',
    ],
    [
      'an error',
      () => {
        throw new RangeError('out of luck');
      },
      'backward threw: out of luck',
    ],
  ])('that gives %s is told of before the first step', async (_, backward, message) => {
    const model = modelWith(new Affine(backward));
    const before = model.weights.map((weight) => weight.toArray());
    await expect(model.fit(x, y, options)).rejects.toEqual(mistake(`fit: layer affine (Affine): ${message}`));
    expect(model.weights.map((weight) => weight.toArray())).toEqual(before);
  });

  test('that gives null for the inputs is named, where layers before it need them', async () => {
    const layer = new Affine((g, context, kernel) => ({ ...(right(g, context, kernel) as object), inputs: null }));
    await expect(modelWith(layer).fit(x, y, options)).rejects.toEqual(
      mistake(
        'fit: the loss does not depend on the weight dense/kernel. customGradient (%9 in layer sequential/affine) gave no derivative. ' +
          'Use it in call(), with tensor operations alone from there to the loss (no noGrad, no toArray), or freeze it by trainable: false.',
      ),
    );
  });

  test('is told by name where it gives NaN, under detectAnomaly', async () => {
    const layer = new Affine((g, { inputs }, kernel) => ({
      inputs: g.matmul(kernel.transpose()),
      weights: { kernel: inputs.transpose().matmul(g).div(0).mul(0), bias: g.sum(0) },
    }));
    await expect(modelWith(layer).fit(x, y, { ...options, detectAnomaly: true })).rejects.toThrow(
      /^customGradient: the gradient by input 1 'affine\/kernel' is NaN at \[0, 0\] \(%\d+ in layer sequential\/affine/,
    );
  });

  test('cannot have layers with weights in it', () => {
    class Outer extends Layer {
      readonly inner = new Dense(2);
      override call(inputs: Tensor) {
        return this.inner.apply(inputs);
      }
      override backward(g: Tensor) {
        return { inputs: g, weights: {} };
      }
    }
    const outer = new Outer();
    outer.inner.buildFor([2]);
    expect(() => outer.apply(tensor([[1, 2]]))).toThrow(
      mistake(
        'layer outer (Outer): has a backward of its own, and the layer dense in it, whose weights that cannot give gradients by. ' +
          'Expected weights by addWeight alone: leave backward out, or dense.',
      ),
    );
  });
});

// Penalties of weights: what they are, where they are added, and what training makes of them.

import type { Parameter, Shape, Tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import {
  type BackwardContext,
  Callback,
  Dense,
  type FitOptions,
  type HandWrittenGradients,
  Layer,
  type Logs,
  l1,
  l1l2,
  l2,
  type Regularizer,
  Sequential,
  SGD,
  type WeightOptions,
} from '../src/index.ts';
import { mistake } from './support/errors.ts';
import { double, numericGradient } from './support/tensors.ts';

describe('the penalty', () => {
  const w = double([
    [1, -2],
    [0.5, 0],
  ]);
  test.each([
    ['l1(0.1)', l1(0.1), 0.35],
    ['l2(0.1)', l2(0.1), 0.525],
    ['l1l2', l1l2({ l1: 0.1, l2: 0.01 }), 0.4025],
    ['l1l2 of one', l1l2({ l2: 0.1 }), 0.525],
    ['l1()', l1(), 0.035],
    ['l2()', l2(), 0.0525],
  ])('of %s', (_name, regularizer, expected) => {
    expect(regularizer(w).item()).toBeCloseTo(expected, 14);
  });

  test.each([
    [() => l1(-1), 'l1: strength is -1. Expected a number >= 0.'],
    [() => l2(Number.NaN), 'l2: strength is NaN. Expected a number >= 0.'],
    [() => l1l2({ l1: 1, l2: -2 }), 'l1l2: l2 is -2. Expected a number >= 0.'],
    [() => l1l2({ l3: 1 } as object), 'l1l2: no option l3. Did you mean l1? Known: l1, l2.'],
    [
      () => new Dense(1, { kernelRegularizer: 'l3' as 'l2' }),
      'Dense: no regularizer l3. Did you mean l1? Known: l1, l2.',
    ],
    [
      () => new Dense(1, { kernelRegularizer: l2 as unknown as Regularizer }),
      'Dense: kernelRegularizer is the function l2. Expected a name or a function of weights, e.g. l2(0.01).',
    ],
    [
      () => new Dense(1, { biasRegularizer: 0.1 as never }),
      'Dense: biasRegularizer is 0.1. Expected a name or a function of weights, e.g. l2(0.01).',
    ],
  ])('is refused: %s', (make, message) => {
    expect(make).toThrow(mistake(message));
  });
});

const regularized = { kernelRegularizer: l2(0.1), biasRegularizer: l1(0.2) };

/** p = 3 x + 0.5. At x = 2 that is 6.5. */
function line(options: object = regularized): Sequential {
  const model = new Sequential([new Dense(1, { inputShape: [1], ...options })], { dtype: 'float64' });
  model.setWeights([[[3]], [0.5]]);
  return model;
}

describe.each([true, false])('with jit: %s', (jit) => {
  test('the loss has the penalty in it, and its gradient is what training follows', async () => {
    const model = line();
    model.compile({ optimizer: new SGD({ learningRate: 0.01 }), loss: 'mse', metrics: ['mse'], jit });
    const { history } = await model.fit([2], [1], { verbose: 0 });
    // 5.5² + 0.1 · 3² + 0.2 · 0.5
    expect(history.loss![0]).toBeCloseTo(31.25, 12);
    expect(history.mse![0]).toBeCloseTo(30.25, 12);
    // 3 − 0.01 (2 · 5.5 · 2 + 2 · 0.1 · 3), 0.5 − 0.01 (2 · 5.5 + 0.2)
    const [kernel, bias] = model.getWeights();
    expect(kernel!.item()).toBeCloseTo(2.774, 12);
    expect(bias!.item()).toBeCloseTo(0.388, 12);
    // 4.936² + 0.1 · 2.774² + 0.2 · 0.388
    const evaluated = await model.evaluate([2], [1]);
    expect(evaluated.loss).toBeCloseTo(25.2112036, 12);
    expect(evaluated.mse).toBeCloseTo(24.364096, 12);
  });

  test('l2 takes the same steps as weight decay without biases', async () => {
    const [rate, n, lambda] = [0.05, 4, 0.3];
    const x = [
      [1, 2],
      [0.5, -1],
      [3, 0],
      [-1, 1],
    ];
    const trained = async (options: object, weightDecay: number): Promise<number[]> => {
      const layers = [new Dense(3, { activation: 'tanh', inputShape: [2], ...options }), new Dense(1, options)];
      const model = new Sequential(layers, { seed: 4, dtype: 'float64' });
      const optimizer = new SGD({ learningRate: rate, weightDecay });
      optimizer.excludeFromWeightDecay({ names: ['bias'] });
      model.compile({ optimizer, loss: 'mse', jit });
      await model.fit(x, [1, 2, 3, 4], { epochs: 5, batchSize: 2, seed: 1, verbose: 0 });
      return model.getWeights().flatMap((weight) => Array.from(weight.toData()));
    };
    const [byLoss, byDecay, neither] = [
      await trained({ kernelRegularizer: l2(lambda / (2 * n)) }, 0),
      await trained({}, lambda / n),
      await trained({}, 0),
    ];
    byLoss.forEach((value, i) => {
      expect(Math.abs(value - byDecay[i]!)).toBeLessThan(1e-13);
    });
    expect(Math.abs(byLoss[0]! - neither[0]!)).toBeGreaterThan(1e-3);
  });

  test('validation has it too, and batches as they go on', async () => {
    const seen: Logs[] = [];
    class Watch extends Callback {
      override onTrainBatchEnd(_batch: number, logs: Logs): void {
        seen.push(logs);
      }
    }
    const model = line();
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: 'mse', jit });
    const { history } = await model.fit([2, 2], [1, 6.5], {
      batchSize: 1,
      shuffle: false,
      verbose: 0,
      validationData: [[2], [6.5]],
      callbacks: [new Watch()],
    });
    expect(seen.map(({ loss }) => loss)).toEqual([31.25, 16.125]);
    expect(history.val_loss).toEqual([1]);
  });

  test('frozen layers cost nothing, as in Keras', async () => {
    const model = line({ ...regularized, trainable: false });
    model.compile({ optimizer: 'sgd', loss: 'mse', jit });
    expect((await model.evaluate([2], [1])).loss).toBe(30.25);
    expect(model.losses).toEqual([]);
  });
});

describe('a layer of the user', () => {
  class Scale extends Layer {
    private readonly options: WeightOptions;
    private factor!: Parameter;
    constructor(options: WeightOptions) {
      super();
      this.options = options;
    }
    override build(inputShape: Shape): void {
      this.factor = this.addWeight('factor', inputShape, 'ones', this.options);
    }
    override call(inputs: Tensor): Tensor {
      return inputs.mul(this.factor);
    }
  }

  test('gives its weights a regularizer, also one of its own', async () => {
    const towardsTwo: Regularizer = (w) => w.sub(2).square().sum();
    const model = new Sequential([new Scale({ regularizer: towardsTwo }), new Scale({ regularizer: 'l2' })]);
    model.compile({ optimizer: new SGD({ learningRate: 0.25 }), loss: 'mse' });
    const { history } = await model.fit([[0, 0]], [[0, 0]], { verbose: 0 });
    expect(history.loss![0]).toBeCloseTo(2.02, 6);
    expect(model.getWeights().map((weight) => weight.toArray())).toEqual([
      [1.5, 1.5],
      [Math.fround(1 - 0.005), Math.fround(1 - 0.005)],
    ]);
    expect(model.losses.map((loss) => Number(loss.item().toFixed(4)))).toEqual([0.5, 0.0198]);
  });

  test('may bring its own gradient: that of the penalty is added, and audited is its own alone', async () => {
    class ByHand extends Scale {
      override backward(g: Tensor, { inputs }: BackwardContext): HandWrittenGradients {
        const [factor] = this.weights;
        return { inputs: g.mul(factor!), weights: { factor: g.mul(inputs).sum(0) } };
      }
    }
    const trained = async (layer: Layer, options: FitOptions): Promise<unknown> => {
      const model = new Sequential([layer], { dtype: 'float64' });
      model.compile({ optimizer: new SGD({ learningRate: 0.1 }), loss: 'mse', jit: false });
      await model.fit([[1, 2]], [[3, 5]], { epochs: 3, verbose: 0, ...options });
      return model.getWeights()[0]!.toArray();
    };
    const [regularizer, audit] = [l2(0.3), { every: 1 }];
    const byHand = await trained(new ByHand({ regularizer }), { audit });
    expect(byHand).toEqual(await trained(new Scale({ regularizer }), {}));
    expect(byHand).not.toEqual(await trained(new Scale({}), {}));
  });

  test('whose regularizer gives no scalar is told so, before training', async () => {
    const model = new Sequential([new Scale({ regularizer: (w) => w.square() })]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    await expect(model.fit([[1, 2]], [[1, 2]], { verbose: 0 })).rejects.toThrow(
      mistake(
        'fit: regularizer: that of scale/factor gave float32[2]. Expected a scalar of float32: end it with .sum().',
      ),
    );
  });
});

test('the gradient of a penalty is that of differences', () => {
  const w = double([0.3, -0.7, 2]);
  const gradient = numericGradient(l1l2({ l1: 0.1, l2: 0.05 }), w);
  // 0.1 · sign(w) + 2 · 0.05 · w
  [0.13, -0.17, 0.3].forEach((expected, i) => {
    expect(gradient[i]).toBeCloseTo(expected, 8);
  });
});

test('one penalty a weight, however often its layer is met', () => {
  const shared = new Dense(2, { kernelRegularizer: 'l2', kernelInitializer: 'ones', inputShape: [2] });
  const model = new Sequential([shared, new Sequential([shared], { name: 'again' })]);
  model.build([2]);
  expect(model.losses.map((loss) => loss.item())).toEqual([Math.fround(0.04)]);
});

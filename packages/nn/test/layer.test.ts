// The base of layers, through layers as a user writes them; and the names in errors.

import { AnomalyError, type Parameter, type Shape, Tape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dense, type Initializer, Layer, Model, Sequential } from '../src/index.ts';
import { mistake } from './support/errors.ts';

/** x ↦ x · factor + shift, of which training may change the factor. */
class Affine extends Layer {
  private factor!: Parameter;
  private shift!: Parameter;
  override build(inputShape: Shape): void {
    this.factor = this.addWeight('factor', inputShape, 'ones');
    this.shift = this.addWeight('shift', [], 'zeros', { trainable: false });
  }
  override call(inputs: Tensor): Tensor {
    return inputs.mul(this.factor).add(this.shift);
  }
}

class Block extends Layer {
  private readonly inner: Dense[] = [new Dense(3), new Dense(3)];
  private readonly last: Affine = new Affine();
  override call(inputs: Tensor): Tensor {
    return this.last.apply(this.inner.reduce((x, layer) => layer.apply(x), inputs));
  }
}

describe('a layer of the user', () => {
  test('is built once, at its first call', () => {
    const layer = new Affine();
    expect(layer.built).toBe(false);
    expect(layer.apply(tensor([[1, 2]])).toArray()).toEqual([[1, 2]]);
    expect(layer.apply(tensor([[3, 4]])).toArray()).toEqual([[3, 4]]);
    expect(layer.weights.map(({ name }) => name)).toEqual(['affine/factor', 'affine/shift']);
    expect(layer.countParams()).toBe(3);
  });

  test('finds its output shape by a call', () => {
    class Pairs extends Layer {
      override call(inputs: Tensor): Tensor {
        return inputs.reshape([inputs.shape[0]!, -1, 2]);
      }
    }
    expect(new Pairs().computeOutputShape([6])).toEqual([3, 2]);
  });

  test('trains without a derivative, all but what is not trainable', async () => {
    const layer = new Affine();
    const model = new Sequential([layer, new Dense(1)], { seed: 1 });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await model.fit([[1, 2]], [3], { epochs: 3, verbose: 0 });
    const [factor, shift] = layer.weights;
    expect(factor!.toArray()).not.toEqual([1, 1]);
    expect(shift!.item()).toBe(0);
    expect(layer.nonTrainableWeights).toEqual([shift]);
  });

  test('that is frozen keeps its weights', async () => {
    const dense = new Dense(2, { trainable: false, inputShape: [2] });
    const model = new Sequential([dense, new Dense(1)], { seed: 1 });
    const before = dense.weights.map((weight) => weight.toArray());
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit([[1, 2]], [3], { epochs: 3, verbose: 0 });
    expect(dense.weights.map((weight) => weight.toArray())).toEqual(before);
    expect(model.trainableWeights.length).toBe(2);
  });

  test('may hold others, whose weights are its own and whose names are unique', () => {
    const block = new Block();
    expect(block.apply(zeros([2, 3])).shape).toEqual([2, 3]);
    expect(block.weights.map(({ name }) => name)).toEqual([
      'dense/kernel',
      'dense/bias',
      'dense_1/kernel',
      'dense_1/bias',
      'affine/factor',
      'affine/shift',
    ]);
  });

  test('is named in snake_case, as Keras does', () => {
    class BatchNormalization extends Affine {}
    class Conv2D extends Affine {}
    expect(new BatchNormalization().name).toBe('batch_normalization');
    expect(new Conv2D().name).toBe('conv2d');
    class Wide extends Dense {}
    expect(new Wide(1).name).toBe('wide');
    expect(new Affine({ name: 'mine' }).name).toBe('mine');
  });
});

test('a static className stands in for a class name that a minifier changed', () => {
  class T extends Affine {
    static readonly className: string = 'Translation';
  }
  expect(new T().name).toBe('translation');
  expect(new T().className).toBe('Translation');
});

describe('errors name the layer', () => {
  test('in call', () => {
    class Broken extends Layer {
      override call(inputs: Tensor): Tensor {
        return inputs.matmul(zeros([2, 2]));
      }
    }
    expect(() => new Broken().apply(zeros([1, 3]))).toThrow(
      'layer broken (Broken): matmul: inner sizes differ: [1, 3] × [2, 2]. Expected the second operand to be [3, n].',
    );
  });

  test('in build, which leaves no weights behind', () => {
    class Twice extends Affine {
      override build(inputShape: Shape): void {
        super.build(inputShape);
        this.addWeight('factor', inputShape);
      }
    }
    const layer = new Twice();
    expect(() => layer.apply(zeros([1, 3]))).toThrow(
      'layer twice (Twice): addWeight: there is a weight factor already. Give each weight a name of its own.',
    );
    expect(layer.weights).toEqual([]);
    expect(layer.built).toBe(false);
  });

  test('where an initializer gives another shape', () => {
    const initializer: Initializer = () => zeros([7]);
    const layer = new Dense(2, { name: 'odd', kernelInitializer: initializer });
    expect(() => layer.apply(zeros([1, 3]))).toThrow(
      'layer odd (Dense): addWeight: the initializer of kernel gave float32[7]. Expected float32[3, 2].',
    );
  });

  test('where something else than a tensor goes in or comes out', () => {
    class Nothing extends Layer {
      override call(): Tensor {
        return undefined as unknown as Tensor;
      }
    }
    expect(() => new Nothing().apply(zeros([1]))).toThrow(
      'layer nothing (Nothing): returned undefined. Expected a tensor.',
    );
    expect(() => new Dense(1).apply([[1]] as unknown as Tensor)).toThrow(
      'layer dense (Dense): got [[1]]. Expected a tensor, e.g. tensor([[1, 2]]).',
    );
  });
});

test('a model of the user trains the layers among its properties', async () => {
  class Residual extends Model {
    private readonly inner: Dense = new Dense(2, { activation: 'tanh' });
    private readonly outer: Dense = new Dense(1);
    override call(inputs: Tensor): Tensor {
      return this.outer.apply(inputs.add(this.inner.apply(inputs)));
    }
  }
  const model = new Residual({ seed: 2, dtype: 'float64' });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const x = [
    [1, 2],
    [3, 4],
  ];
  const { history } = await model.fit(x, [1, -1], { epochs: 30, verbose: 0 });
  expect(history.loss!.at(-1)!).toBeLessThan(history.loss![0]!);
  expect(model.weights.map(({ dtype }) => dtype)).toEqual(['float64', 'float64', 'float64', 'float64']);
});

describe('a weight of a layer of the user', () => {
  class Adds extends Layer {
    private readonly add: (layer: Adds) => void;
    constructor(add: (layer: Adds) => void) {
      super();
      this.add = add;
    }
    override build(): void {
      this.add(this);
    }
    override call(inputs: Tensor): Tensor {
      return inputs;
    }
    give(...args: unknown[]): void {
      (this.addWeight as (...args: unknown[]) => void)(...args);
    }
  }

  test.each([
    [[undefined, [2]], 'the name of a weight is undefined. Expected some letters.'],
    [['w', 2], 'the shape of w is 2. Expected a list of lengths, e.g. [3].'],
    [['w', null], 'the shape of w is null. Expected a list of lengths, e.g. [3].'],
    [
      ['w', [2], 'ones', { trainble: false }],
      'no option trainble. Did you mean trainable? Known: trainable, regularizer.',
    ],
    [['w', [2], 'ones', { trainable: 0 }], 'trainable is 0. Expected true or false.'],
  ])('is refused: %j', (args, message) => {
    const layer = new Adds((made) => made.give(...args));
    expect(() => layer.apply(zeros([1, 2]))).toThrow(mistake(`layer adds (Adds): addWeight: ${message}`));
    expect(layer.weights).toEqual([]);
  });
});

describe('the layers of a model of the user', () => {
  const fit = (model: Model): Promise<unknown> => {
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    return model.fit([[1, 2]], [3], { verbose: 0 });
  };

  test('count once, however many properties hold them', async () => {
    class Shared extends Model {
      private readonly first: Dense = new Dense(2);
      readonly second: Dense = this.first;
      private readonly both: Sequential = new Sequential([this.first, new Dense(1)]);
      override call(inputs: Tensor): Tensor {
        return this.both.apply(this.second.apply(inputs));
      }
    }
    const model = new Shared();
    await fit(model);
    expect(model.countParams()).toBe(6 + 3);
    expect(model.trainableWeights.length).toBe(4);
  });

  test('have names that differ, those of the user as they are', async () => {
    class Two extends Model {
      private readonly first: Dense;
      private readonly second: Dense;
      constructor(first: Dense, second: Dense) {
        super();
        this.first = first;
        this.second = second;
      }
      override call(inputs: Tensor): Tensor {
        return this.second.apply(this.first.apply(inputs));
      }
    }
    const model = new Two(new Dense(1), new Dense(1, { name: 'dense' }));
    await fit(model);
    expect(model.layers.map(({ name }) => name)).toEqual(['dense_1', 'dense']);
    await expect(fit(new Two(new Dense(1, { name: 'a' }), new Dense(1, { name: 'a' })))).rejects.toThrow(
      mistake('fit: layer two (Two): two layers have the name a. Give each a name of its own.'),
    );
  });

  class Hidden extends Model {
    readonly #inner: Layer;
    constructor(inner: Layer) {
      super();
      this.#inner = inner;
    }
    override call(inputs: Tensor): Tensor {
      return this.#inner.apply(inputs);
    }
  }

  test('that are not found are refused: training would leave them alone', async () => {
    const message =
      'fit: the model applies the layer dense (Dense), which is not among its layers, so that training would leave it as it is. ' +
      'Make it a property, alone or in an array (# fields and plain objects are not searched), or set its trainable to false.';
    await expect(fit(new Hidden(new Dense(1)))).rejects.toThrow(mistake(message));
    await fit(new Hidden(new Dense(1, { trainable: false })));
    await fit(new Hidden(new Sequential([new Dense(1)], { trainable: false })));
  });

  test('that give no tensor are named', async () => {
    class List extends Model {
      override call(inputs: Tensor): Tensor {
        return [inputs] as unknown as Tensor;
      }
    }
    await expect(fit(new List())).rejects.toThrow(
      mistake('fit: layer list (List): returned [an instance of Tensor]. Expected a tensor.'),
    );
  });
});

describe('what a tape records of a layer', () => {
  class Logarithm extends Layer {
    override call(inputs: Tensor): Tensor {
      return inputs.log();
    }
  }

  test('bears the name of the layer, after those that it is in', () => {
    const model = new Sequential([new Dense(2, { name: 'hidden' }), new Affine({ name: 'last' })], { name: 'net' });
    const tape = new Tape();
    tape.record(() => model.apply(tensor([[1, 2]])).sum());
    const scopes = tape.nodes.filter(({ op }) => op !== null).map(({ op, scope }) => [op?.name, scope]);
    expect(scopes).toEqual([
      ['matmul', 'net/hidden'],
      ['add', 'net/hidden'],
      ['mul', 'net/last'],
      ['add', 'net/last'],
      ['sum', undefined],
    ]);
  });

  test('names the layer where a NaN was born, and keeps the name of the op', () => {
    const model = new Sequential([new Affine({ name: 'scale' }), new Logarithm({ name: 'odds' })], { name: 'net' });
    const tape = new Tape({ detectAnomaly: true });
    const record = () => tape.record(() => model.apply(tensor([[1, 0]])));
    expect(record).toThrow(AnomalyError);
    expect(record).toThrow(
      /^log: gave -Infinity at \[0, 1\] \(%\d+ in layer net\/odds at packages\/nn\/test\/layer\.test\.ts:\d+:\d+\), from x = 0,/,
    );
  });
});

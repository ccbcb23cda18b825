// The base of layers, through layers as a user writes them; and the names in errors.

import { type Parameter, type Shape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dense, type Initializer, Layer, Model, Sequential } from '../src/index.ts';

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

// What a call leaves behind that was refused, or that only tried something: nothing.

import { type Parameter, RandomGenerator, type Shape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { orAsBefore, withInner } from '../src/as-before.ts';
import { type CallOptions, Dense, Dropout, Flatten, Layer, Model, Reshape, Sequential } from '../src/index.ts';
import { mistake } from './support/errors.ts';

const x = [
  [0, 1],
  [1, 0],
  [2, 1],
  [3, 3],
];
const y = [1, 2, 3, 4];
const tooWide = y.map((label) => [label, label]);
const quiet = { verbose: 0, batchSize: 2, epochs: 2 } as const;

const valuesOf = (model: Model): unknown => model.weights.map((weight) => weight.toArray());
const compiled = <M extends Model>(model: M): M => {
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
};
const noise = (): Layer[] => [new Dense(3, { activation: 'tanh' }), new Dropout(0.5), new Dense(1)];

describe('a refused fit', () => {
  test.each([
    ['before the model is built', undefined],
    ['of a built model', [2]],
  ])('%s leaves every stream where it stood', async (_name, inputShape) => {
    const run = async (refused: boolean): Promise<unknown> => {
      const model = compiled(new Sequential(noise(), { seed: 1, ...(inputShape && { inputShape }) }));
      if (refused) await expect(model.fit(x, tooWide, quiet)).rejects.toThrow('fit: y has shape [4, 2]');
      await model.fit(x, y, quiet);
      return valuesOf(model);
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test('gives a layer that is added later weights of its own', async () => {
    const model = compiled(new Sequential([new Dense(2)], { seed: 1 }));
    await expect(model.fit([[1, 2]], [[1, 2, 3]], quiet)).rejects.toThrow();
    model.add(new Dense(2));
    await model.predict([[1, 2]]);
    const [first, , second] = model.getWeights();
    expect(first!.toArray()).not.toEqual(second!.toArray());
  });

  test('forgets the shape that it was built for', async () => {
    const model = compiled(new Sequential([new Flatten()]));
    await expect(model.fit(zeros([4, 2, 2]), tooWide, quiet)).rejects.toThrow();
    const dense = new Dense(1);
    model.add(dense);
    expect([model.built, dense.built]).toEqual([false, false]);
    await model.fit(zeros([4, 3, 3]), y, quiet);
    expect(dense.kernel!.shape).toEqual([9, 1]);
  });

  test('takes away what layers made of themselves', async () => {
    class Growing extends Layer {
      readonly parts: Layer[] = [];
      factor: Parameter | undefined;
      override build(inputShape: Shape): void {
        this.parts.push(new Dense(inputShape[0]!));
        this.factor = this.addWeight('factor', inputShape);
      }
      override call(inputs: Tensor): Tensor {
        return this.parts.reduce((out, part) => part.apply(out), inputs.mul(this.factor!));
      }
    }
    const layer = new Growing();
    const model = compiled(new Sequential([layer, new Dense(1)]));
    await expect(model.fit(x, tooWide, quiet)).rejects.toThrow();
    expect([layer.parts, layer.factor, layer.weights]).toEqual([[], undefined, []]);
    await model.fit(x, y, quiet);
    expect(layer.countParams()).toBe(2 + 6);
  });
});

test('a build that fails leaves the layers before it unbuilt', () => {
  const [dense, reshape] = [new Dense(3), new Reshape([3, 2])];
  const model = new Sequential([dense, reshape], { seed: 1 });
  expect(() => model.build([5])).toThrow(
    mistake('layer reshape (Reshape): got rows of shape [3], which are 3 numbers. Expected 6 for the shape [3, 2].'),
  );
  expect([dense.built, dense.kernel, model.inputShape]).toEqual([false, undefined, undefined]);
  model.build([2, 4]);
  const other = new Sequential([new Dense(3), new Reshape([3, 2])], { seed: 1, inputShape: [2, 4] });
  expect(valuesOf(model)).toEqual(valuesOf(other));
});

describe('an add that fails', () => {
  test('leaves the stream where it stood', () => {
    const weights = (refused: boolean): unknown => {
      const model = new Sequential([new Dense(3, { inputShape: [2] })], { seed: 1 });
      if (refused) expect(() => model.add(new Reshape([7]))).toThrow();
      model.add(new Dense(2));
      return valuesOf(model);
    };
    expect(weights(true)).toEqual(weights(false));
  });

  test('leaves the layer as it was', () => {
    class Odd extends Layer {
      override build(): void {
        this.addWeight('w', [1]);
      }
      override call(inputs: Tensor): Tensor {
        return inputs;
      }
      override computeOutputShape(): Shape {
        throw new Error('on purpose');
      }
    }
    const layer = new Odd();
    const model = new Sequential([new Dense(3, { inputShape: [2] })], { dtype: 'float64' });
    expect(() => model.add(layer)).toThrow('on purpose');
    expect([layer.built, layer.dtype, layer.weights, layer.inputShape]).toEqual([false, 'float32', [], undefined]);
    expect(model.layers.length).toBe(1);
  });

  test('so does a constructor', () => {
    const dense = new Dense(3, { inputShape: [2] });
    expect(() => new Sequential([dense, new Reshape([7])])).toThrow();
    expect([dense.built, dense.weights]).toEqual([false, []]);
  });
});

describe('a layer that was built before', () => {
  test('is refused where it does not take the rows', () => {
    const dense = new Dense(2);
    dense.apply(zeros([1, 3]));
    const model = new Sequential([new Flatten(), dense]);
    expect(() => model.build([5])).toThrow(
      mistake('layer dense (Dense): got [*, 5], expected 3 features. Pass inputs of shape [*, 3].'),
    );
    expect(model.built).toBe(false);
  });

  test('may take rows of another shape', () => {
    const [dense, dropout] = [new Dense(2), new Dropout(0.1)];
    dropout.apply(dense.apply(zeros([1, 3])));
    const model = new Sequential([dense, dropout], { inputShape: [7, 3] });
    expect(model.apply(zeros([1, 7, 3])).shape).toEqual([1, 7, 2]);
  });
});

describe('the check of gradients', () => {
  class Jitter extends Layer {
    scale!: Parameter;
    override build(inputShape: Shape): void {
      this.scale = this.addWeight('scale', inputShape, 'ones');
    }
    override call(inputs: Tensor, { training }: CallOptions): Tensor {
      return training ? inputs.add(this.scale.mul(0.1)) : inputs;
    }
  }

  test('counts what a weight does in training', async () => {
    const layer = new Jitter();
    await compiled(new Sequential([new Dense(2), layer, new Dense(1)])).fit(x, y, quiet);
    expect(layer.scale.toArray()).not.toEqual([1, 1]);
  });

  test('counts what a weight costs', async () => {
    class Costly extends Layer {
      cost!: Parameter;
      override build(): void {
        this.cost = this.addWeight('cost', [1], 'ones', { regularizer: 'l2' });
      }
      override call(inputs: Tensor): Tensor {
        return inputs;
      }
    }
    const layer = new Costly();
    await compiled(new Sequential([new Dense(1), layer])).fit(x, y, quiet);
    expect(layer.cost.item()).toBeLessThan(1);
  });

  test('refuses a weight that does nothing in training', async () => {
    class Inverse extends Jitter {
      override call(inputs: Tensor, { training }: CallOptions): Tensor {
        return super.call(inputs, { training: !training });
      }
    }
    await expect(compiled(new Sequential([new Inverse(), new Dense(1)])).fit(x, y, quiet)).rejects.toThrow(
      'fit: the loss does not depend on the weight inverse/scale.',
    );
  });

  test('leaves streams and weights where they were', async () => {
    class Counting extends Layer {
      readonly drawn: unknown[] = [];
      readonly own: RandomGenerator = new RandomGenerator(7);
      calls!: Parameter;
      override build(): void {
        this.calls = this.addWeight('calls', [], 'zeros', { trainable: false });
      }
      override call(inputs: Tensor, { training }: CallOptions): Tensor {
        if (!training) return inputs;
        this.drawn.push([this.random.next(), this.own.next()]);
        this.calls.assign(this.calls.add(1));
        return inputs;
      }
    }
    const layer = new Counting({ seed: 3 });
    const model = new Sequential([layer, new Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', jit: false });
    await model.fit(x, y, { ...quiet, epochs: 1 });
    expect(layer.calls.item()).toBe(2); // batches
    const [own, other] = [new RandomGenerator(3), new RandomGenerator(7)];
    const first = [own.next(), other.next()];
    expect(layer.drawn).toEqual([first, first, [own.next(), other.next()]]);
  });

  test('keeps what is first built by it', async () => {
    class Aside extends Model {
      private readonly main: Dense = new Dense(1);
      private readonly aside: Dense = new Dense(1);
      override call(inputs: Tensor, { training }: CallOptions): Tensor {
        const out = this.main.apply(inputs);
        return training ? out.add(this.aside.apply(inputs)) : out;
      }
    }
    const model = compiled(new Aside({ seed: 1 }));
    await model.fit(x, y, { ...quiet, shuffle: false });
    expect(model.countParams()).toBe(6);
  });
});

test('layers within layers come once, the outer ones first', () => {
  const shared = new Dense(1);
  const inner = new Sequential([shared], { name: 'inner' });
  const outer = new Sequential([inner, shared, new Flatten()]);
  expect(withInner<Layer>([outer]).map(({ name }) => name)).toEqual(['sequential', 'inner', 'dense', 'flatten']);
});

test('what succeeds is kept, and what it gives is handed on', () => {
  const layer = new Dense(1);
  expect(orAsBefore([layer], () => layer.apply(tensor([[0, 0]])).toArray())).toEqual([[0]]);
  expect(layer.built).toBe(true);
});

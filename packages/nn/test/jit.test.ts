// Training, evaluation and prediction compiled against the same op by op.

import { compile } from '@tapegrad/compiler';
import { Parameter, RandomGenerator, Tape, type Tensor } from '@tapegrad/core';
import { describe, expect, test, vi } from 'vitest';
import {
  Adam,
  AdamW,
  Callback,
  Dense,
  Dropout,
  Layer,
  type MetricFunction,
  Optimizer,
  RMSprop,
  Sequential,
  SGD,
} from '../src/index.ts';
import { expectClose } from './support/close.ts';

type FloatDType = 'float32' | 'float64';

const random = new RandomGenerator(11);
const rows = random.normal([50, 6], 0, 1, 'float64');
const binary = random.bernoulli([50, 1], 0.5).asType('float64');
const classes = random.randint([50], 0, 3);
const quiet = { verbose: 0, batchSize: 16, epochs: 3, seed: 5 } as const;

function network(dtype: FloatDType, outputs: number, activation: 'sigmoid' | 'softmax') {
  return new Sequential(
    [
      new Dense(9, { activation: 'relu', inputShape: [6] }),
      new Dense(5, { activation: 'tanh' }),
      new Dense(outputs, { activation }),
    ],
    { dtype, seed: 1 },
  );
}

const weightsOf = (model: Sequential): unknown[] => model.weights.map((weight) => weight.toArray());

describe.each([
  ['float32', 1e-5],
  ['float64', 1e-12],
] as const)('in %s', (dtype, tolerance) => {
  const x = rows.asType(dtype);

  test.each([
    ['SGD', () => new SGD({ learningRate: 0.1 })],
    ['SGD with momentum', () => new SGD({ learningRate: 0.1, momentum: 0.9 })],
    ['SGD with Nesterov momentum', () => new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true })],
    ['Adam', () => new Adam({ learningRate: 0.01 })],
    ['AdamW', () => new AdamW({ learningRate: 0.01, weightDecay: 2 })],
    ['RMSprop', () => new RMSprop({ learningRate: 0.01 })],
    ['SGD with weight decay', () => new SGD({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.5 })],
  ])('a step of %s is the same compiled and op by op', (_name, optimizer) => {
    const [compiled, eager] = [true, false].map((jit) => {
      const [w, b] = [
        new Parameter(rows.slice(0, 4).asType(dtype), 'w'),
        new Parameter(rows.slice(4, 5).asType(dtype), 'b'),
      ];
      const rule = optimizer();
      const step = (g: Tensor) => {
        const tape = new Tape();
        const loss = tape.record(() => w.add(b).mul(g).square().mean());
        rule.step(tape.gradient(loss, [w, b]), [w, b]);
      };
      const run = jit ? compile(step) : step;
      for (let i = 0; i < 3; i++) run(x.slice(6, 10));
      expect(rule.iterations).toBe(3);
      return [w.toArray(), b.toArray()];
    });
    expectClose(compiled, eager, tolerance);
  });

  test.each([
    ['binaryCrossentropy', 1, 'sigmoid', binary],
    ['meanSquaredError', 1, 'sigmoid', binary],
    ['sparseCategoricalCrossentropy', 3, 'softmax', classes],
  ] as const)('fit, evaluate and predict with %s', async (loss, outputs, activation, labels) => {
    const [compiled, eager] = await Promise.all(
      [true, false].map(async (jit) => {
        const model = network(dtype, outputs, activation);
        const metrics = loss === 'meanSquaredError' ? [] : (['accuracy'] as const);
        model.compile({ optimizer: new Adam({ learningRate: 0.01 }), loss, metrics, jit });
        const y = labels.dtype === 'int32' ? labels : labels.asType(dtype);
        const { history } = await model.fit(x, y, { ...quiet, validationData: [x.slice(0, 7), y.slice(0, 7)] });
        const evaluated = await model.evaluate(x, y);
        return [
          ...Object.values(history),
          Object.values(evaluated),
          (await model.predict(x)).toArray(),
          weightsOf(model),
        ];
      }),
    );
    expectClose(compiled, eager, 20 * tolerance); // of twelve steps
  });

  test('after 100 steps both are still near each other', async () => {
    const [compiled, eager] = await Promise.all(
      [true, false].map(async (jit) => {
        const model = network(dtype, 1, 'sigmoid');
        model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', jit });
        await model.fit(x, binary.asType(dtype), { ...quiet, epochs: 25 });
        return weightsOf(model);
      }),
    );
    expectClose(compiled, eager, dtype === 'float32' ? 1e-3 : 1e-9);
  });

  test('dropout draws the same', async () => {
    const [compiled, eager] = await Promise.all(
      [true, false].map(async (jit) => {
        const model = new Sequential([new Dense(8, { inputShape: [6] }), new Dropout(0.5), new Dense(1)], {
          dtype,
          seed: 2,
        });
        model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', jit });
        return (await model.fit(x, binary.asType(dtype), quiet)).history.loss;
      }),
    );
    expectClose(compiled, eager, 20 * tolerance);
  });
});

const [x, y] = [rows.asType('float32'), binary.asType('float32')];

/** Gives its input on, but looks at it. */
class Peeking extends Layer {
  override call(x: Tensor): Tensor {
    return x.toData()[0]! > 1e9 ? x.neg() : x;
  }
}

describe('what cannot be compiled', () => {
  test('runs op by op, and says why once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = new Sequential([new Peeking(), new Dense(1)], { seed: 1 });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(x, y, quiet);
    await model.predict(x);
    await model.evaluate(x, y);
    expect(warn.mock.calls.length).toBe(1);
    expect(warn.mock.calls[0]![0]).toMatch(
      /^This runs uncompiled, which is many times slower: compile: a value is read while the function is traced, at packages\/nn\/test\/jit\.test\.ts:\d+:\d+\./,
    );
    warn.mockRestore();
    expect(model.history!.history.loss!.length).toBe(3);
  });

  test('runs op by op from where that shows, also in the middle of training', async () => {
    /** Looks at the last batch alone. */
    class Late extends Peeking {
      override call(inputs: Tensor): Tensor {
        return inputs.shape[0] === 2 ? super.call(inputs) : inputs;
      }
    }
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const run = async (jit: boolean): Promise<unknown> => {
      const model = new Sequential([new Late(), new Dropout(0.5), new Dense(1)], { seed: 1 });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', jit });
      await model.fit(x, y, quiet);
      return weightsOf(model);
    };
    const [compiled, eager] = [await run(true), await run(false)];
    expect(warn.mock.calls.length).toBe(1);
    warn.mockRestore();
    expectClose(compiled, eager, 1e-5);
  });

  test('is not warned of where nobody asked for it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = new Sequential([new Peeking(), new Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', jit: false });
    await model.fit(x, y, quiet);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test('an optimizer that calculates with JavaScript runs op by op', async () => {
    class Decaying extends Optimizer {
      override update(value: Tensor, gradient: Tensor, slots: object, { learningRate }: { learningRate: unknown }) {
        return { value: value.sub(gradient.mul((learningRate as number) * 0.5)), slots };
      }
    }
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = new Sequential([new Dense(1, { inputShape: [6] })], { seed: 1 });
    model.compile({ optimizer: new Decaying({ learningRate: 0.1 }), loss: 'meanSquaredError' });
    await model.fit(x, y, quiet);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});

test('a learning rate that changes between steps is used', async () => {
  const runs = await Promise.all(
    [true, false].map(async (jit) => {
      const model = new Sequential([new Dense(1, { inputShape: [6] })], { seed: 1 });
      const optimizer = new SGD({ learningRate: 0.1 });
      model.compile({ optimizer, loss: 'meanSquaredError', jit });
      class Halving extends Callback {
        override onEpochEnd(): void {
          optimizer.learningRate /= 2;
        }
      }
      await model.fit(x, y, { ...quiet, callbacks: [new Halving()] });
      return weightsOf(model);
    }),
  );
  expectClose(runs[0], runs[1], 1e-5);
});

test('a metric is part of the compiled step', async () => {
  const calls = vi.fn();
  const largest: MetricFunction = (_y, p) => {
    calls();
    return p.max();
  };
  const model = network('float32', 1, 'sigmoid');
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: [largest] });
  await model.fit(x, y, { ...quiet, epochs: 10 });
  expect(calls.mock.calls.length).toBeLessThanOrEqual(4); // the checks, and two sizes of batches
});

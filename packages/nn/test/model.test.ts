// Training, evaluation and prediction; and all that they refuse.

import { Parameter, RandomGenerator, type Shape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, test, vi } from 'vitest';
import {
  Adam,
  Callback,
  type CompileOptions,
  Dense,
  Dropout,
  type FitOptions,
  Layer,
  type LossName,
  type MetricFunction,
  Sequential,
  SGD,
} from '../src/index.ts';
import { mistake } from './support/errors.ts';

const quiet = { verbose: 0 } as const;

function network(options: { seed?: number; outputs?: number; loss?: CompileOptions['loss'] } = {}): Sequential {
  const { seed = 1, outputs = 1, loss = 'binaryCrossentropy' } = options;
  const activation = outputs === 1 ? 'sigmoid' : 'softmax';
  const model = new Sequential(
    [new Dense(4, { activation: 'tanh', inputShape: [2] }), new Dense(outputs, { activation })],
    {
      seed,
    },
  );
  model.compile({ optimizer: 'adam', loss, metrics: ['accuracy'] });
  return model;
}

function state(model: Sequential): unknown {
  return [
    model.weights.map((weight) => [weight.toArray(), weight.version]),
    model.history?.epoch,
    model.history?.history,
  ];
}

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const xor = [0, 1, 1, 0];

describe('fit', () => {
  test('learns XOR', async () => {
    const model = new Sequential(
      [new Dense(8, { activation: 'tanh', inputShape: [2] }), new Dense(1, { activation: 'sigmoid' })],
      { seed: 3 },
    );
    model.compile({ optimizer: new Adam({ learningRate: 0.1 }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
    const { history } = await model.fit(x, xor, { epochs: 200, ...quiet });
    expect(history.accuracy!.at(-1)).toBe(1);
    expect(history.loss!.at(-1)).toBeLessThan(0.05);
    expect((await model.predict(x)).greater(0.5).toArray()).toEqual([[false], [true], [true], [false]]);
  });

  test('gives identical weights for the same seed', async () => {
    const run = async (seed: number) => {
      const model = new Sequential(
        [
          new Dense(6, { activation: 'relu', inputShape: [2] }),
          new Dropout(0.5),
          new Dense(1, { activation: 'sigmoid' }),
        ],
        { seed },
      );
      model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
      await model.fit(x, xor, { epochs: 5, batchSize: 2, ...quiet });
      return model.weights.map((weight) => weight.toArray());
    };
    expect(await run(5)).toEqual(await run(5));
    expect(await run(5)).not.toEqual(await run(6));
  });

  test('shuffles by its own seed where it is given one', async () => {
    const run = async (seed: number) => {
      const model = network();
      await model.fit(x, xor, { epochs: 3, batchSize: 1, seed, ...quiet });
      return state(model);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  test('takes y of [rows] for outputs [rows, 1]', async () => {
    const [flat, column] = [network(), network()];
    await flat.fit(x, xor, quiet);
    await column.fit(
      x,
      xor.map((label) => [label]),
      quiet,
    );
    expect(state(flat)).toEqual(state(column));
  });

  test('takes tensors, typed arrays in a tensor, and labels of any dtype', async () => {
    const [lists, tensors] = [network(), network()];
    await lists.fit(x, xor, quiet);
    await tensors.fit(tensor(x), tensor([false, true, true, false]), quiet);
    expect(state(lists)).toEqual(state(tensors));
  });

  test('weights batches by their rows in the logs', async () => {
    const identity = new Sequential([new Dense(1, { inputShape: [1], kernelInitializer: 'ones' })]);
    identity.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    identity.trainable = false;
    const { history } = await identity.fit([0, 0, 3], [0, 0, 0], { batchSize: 2, shuffle: false, ...quiet });
    expect(history.loss).toEqual([3]);
  });

  test('keeps the last rows for validation, before shuffling', async () => {
    const model = new Sequential([new Dense(1, { inputShape: [1], kernelInitializer: 'ones' })]);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    model.trainable = false;
    const { history } = await model.fit([0, 0, 0, 0, 2], [0, 0, 0, 0, 0], { validationSplit: 0.2, ...quiet });
    expect(history).toEqual({ loss: [0], val_loss: [4] });
  });

  test('goes on from the weights and the optimizer state of an earlier call', async () => {
    const [once, twice] = [network(), network()];
    await once.fit(x, xor, { epochs: 4, shuffle: false, ...quiet });
    await twice.fit(x, xor, { epochs: 2, shuffle: false, ...quiet });
    await twice.fit(x, xor, { epochs: 4, initialEpoch: 2, shuffle: false, ...quiet });
    expect(twice.weights.map(String)).toEqual(once.weights.map(String));
  });

  test('trains a softmax on sparse labels', async () => {
    const model = network({ outputs: 3, loss: 'sparseCategoricalCrossentropy' });
    model.compile({
      optimizer: new Adam({ learningRate: 0.1 }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const { history } = await model.fit(x, [0, 1, 2, 1], { epochs: 60, ...quiet });
    expect(history.accuracy!.at(-1)).toBe(1);
  });

  test('lets timers run meanwhile', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const rows = new RandomGenerator(1).normal([300, 2]);
    // by the clock, so that it takes several turns on a fast machine too
    const end = performance.now() + 300;
    const model = network();
    const until = {
      onEpochEnd: () => {
        model.stopTraining = performance.now() > end;
      },
    };
    await model.fit(rows, zeros([300]), { epochs: 1e6, callbacks: [until], ...quiet });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});

describe('abort', () => {
  test('rejects with the reason after the current batch, and keeps what was trained', async () => {
    const model = network();
    const controller = new AbortController();
    const before = state(model);
    const reason = new Error('enough');
    let batches = 0;
    const counting: MetricFunction = (_y, p) => {
      batches++;
      if (batches === 4) controller.abort(reason); // one call is the check before training
      return p.mean();
    };
    // compiled, a metric is called but once
    model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: [counting], jit: false });
    const options = { batchSize: 2, epochs: 100, signal: controller.signal, ...quiet };
    await expect(model.fit(x, xor, options)).rejects.toBe(reason);
    expect(batches).toBe(4);
    expect(model.history!.epoch).toEqual([0]);
    expect(state(model)).not.toEqual(before);
  });

  test('before the first step changes nothing', async () => {
    const model = network();
    const before = state(model);
    await expect(model.fit(x, xor, { signal: AbortSignal.abort('no'), ...quiet })).rejects.toBe('no');
    expect(state(model)).toEqual(before);
  });
});

describe('what is refused changes nothing', () => {
  const fitErrors: readonly (readonly [string, unknown, unknown, object, string])[] = [
    ['fewer labels', x, [0, 1], {}, 'fit: x has 4 rows, y has 2. Expected one label for each row.'],
    ['no rows', [], [], {}, 'fit: x has shape [0]: no data. Expected at least one row and one column.'],
    [
      'NaN in x',
      [[0, 0], [1, Number.NaN], ...x.slice(2)],
      xor,
      {},
      'fit: x has NaN at row 1, column 1. Expected finite numbers: drop such rows or fill them in.',
    ],
    [
      'an infinity in y',
      x,
      [0, 0, Number.NEGATIVE_INFINITY, 0],
      {},
      'fit: y has -Infinity at row 2. Expected finite numbers: drop such rows or fill them in.',
    ],
    ['what is no number', [[0, 0], [0, 'a'], ...x.slice(2)], xor, {}, 'fit: x: data[1][1] is "a". Expected a number.'],
    ['nothing', undefined, xor, {}, 'fit: x is undefined. Expected a tensor or nested lists of numbers.'],
    ['a number', 3, xor, {}, 'fit: x is one number. Expected rows: a tensor [rows, …].'],
    [
      'the wrong count of features',
      zeros([4, 3]),
      xor,
      {},
      'fit: layer dense (Dense): got [*, 3], expected 2 features. Pass inputs of shape [*, 2].',
    ],
    [
      'y of a wrong shape',
      x,
      zeros([4, 3]),
      {},
      'fit: y has shape [4, 3], the output of the model [4, 1]. Expected y of shape [4, 1] for binaryCrossentropy.',
    ],
    [
      'labels outside of the loss',
      x,
      [0, 1, 2, 1],
      {},
      'fit: y has 2 at row 2, column 0. Expected numbers from 0 to 1, for binaryCrossentropy.',
    ],
    [
      'float64 tensors',
      tensor(x, { dtype: 'float64' }),
      xor,
      {},
      "fit: x is float64, the model float32. Convert the data by x.asType('float32'), or make the model with { dtype: 'float64' }.",
    ],
    [
      'float64 arrays',
      x,
      Float64Array.of(0, 1, 1, 0),
      {},
      "fit: y is float64, the model float32. Convert the data by tensor(y, { dtype: 'float32' }), or make the model with { dtype: 'float64' }.",
    ],
    ['batchSize 0', x, xor, { batchSize: 0 }, 'fit: batchSize is 0. Expected a whole number >= 1.'],
    ['epochs -1', x, xor, { epochs: -1 }, 'fit: epochs is -1. Expected a whole number >= 1.'],
    ['epochs 1.5', x, xor, { epochs: 1.5 }, 'fit: epochs is 1.5. Expected a whole number >= 1.'],
    ['initialEpoch -1', x, xor, { initialEpoch: -1 }, 'fit: initialEpoch is -1. Expected a whole number >= 0.'],
    [
      'a split of 1.5',
      x,
      xor,
      { validationSplit: 1.5 },
      'fit: validationSplit is 1.5. Expected a number >= 0 and < 1.',
    ],
    [
      'a split that leaves nothing',
      x,
      xor,
      { validationSplit: 0.9 },
      'fit: validationSplit is 0.9, which cuts 4 rows into 0 and 4. Expected at least one row in each part.',
    ],
    ['a seed of 1.5', x, xor, { seed: 1.5 }, 'fit: RandomGenerator: the seed is 1.5. Expected a whole number.'],
    ['shuffle 1', x, xor, { shuffle: 1 }, 'fit: shuffle is 1. Expected true or false.'],
    [
      'validationData of one',
      x,
      xor,
      { validationData: [x] },
      'fit: validationData is [[[0, 0], [0, 1], [1, 0], …]]. Expected [x, y].',
    ],
    [
      'validationData of one long list',
      x,
      xor,
      { validationData: Array.from({ length: 1000 }, () => 0) },
      'fit: validationData is [0, 0, 0, …]. Expected [x, y].',
    ],
    [
      'no columns',
      zeros([4, 0]),
      xor,
      {},
      'fit: x has shape [4, 0]: no data. Expected at least one row and one column.',
    ],
    [
      'one row that is no list of rows',
      [0, 1],
      [1, 0],
      {},
      'fit: layer dense (Dense): got [*, 1], expected 2 features. Pass inputs of shape [*, 2]. ' +
        'x has shape [2], which is 2 rows of one number; a single row is [x].',
    ],
    [
      'nothing left to train',
      x,
      xor,
      { epochs: 5, initialEpoch: 5 },
      'fit: initialEpoch is 5, epochs is 5. Expected more epochs: they are counted from the very first one.',
    ],
    ['a signal that is none', x, xor, { signal: {} }, 'fit: signal is an instance of Object. Expected an AbortSignal.'],
    [
      'bad labels for validation',
      x,
      xor,
      { validationData: [x, [0, 1, 1, 3]] },
      'fit: y of validationData has 3 at row 3, column 0. Expected numbers from 0 to 1, for binaryCrossentropy.',
    ],
    [
      'an unknown option',
      x,
      xor,
      { batch_size: 3 },
      'fit: no option batch_size. Did you mean batchSize? Known: batchSize, epochs, initialEpoch, validationData, ' +
        'validationSplit, shuffle, seed, verbose, logEvery, callbacks, signal, audit, detectAnomaly.',
    ],
  ];

  test.each(fitErrors)('fit with %s', async (_what, xs, ys, options, message) => {
    const model = network();
    const before = state(model);
    await expect(model.fit(xs as Tensor, ys as Tensor, { ...quiet, ...options } as FitOptions)).rejects.toThrow(
      mistake(message),
    );
    expect(state(model)).toEqual(before);
  });

  test('float32 data for a float64 model', async () => {
    const model = new Sequential([new Dense(1, { inputShape: [2] })], { dtype: 'float64' });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    await expect(model.fit(tensor(x), xor)).rejects.toThrow(
      "fit: x is float32, the model float64. Convert the data by x.asType('float64'), or make the model with { dtype: 'float32' }.",
    );
  });

  test.each([
    [
      'categoricalCrossentropy',
      [
        [1, 0, 0],
        [0, 1, 0],
        [0.5, 0.5, 0.2],
        [0, 0, 1],
      ],
      'fit: y has a sum of 1.2 at row 2. Expected rows of numbers >= 0 that sum to 1, for categoricalCrossentropy.',
    ],
    [
      'categoricalCrossentropy',
      [
        [1, 0, 0],
        [0, 2, -1],
        [1, 0, 0],
        [0, 0, 1],
      ],
      'fit: y has -1 at row 1, column 2. Expected rows of numbers >= 0 that sum to 1, for categoricalCrossentropy.',
    ],
    [
      'sparseCategoricalCrossentropy',
      [0, 1, 3, 2],
      'fit: y has 3 at row 2. Expected whole numbers from 0 to 2, the classes of the output, for sparseCategoricalCrossentropy.',
    ],
    [
      'sparseCategoricalCrossentropy',
      [0, 0.5, 1, 2],
      'fit: y has 0.5 at row 1. Expected whole numbers from 0 to 2, the classes of the output, for sparseCategoricalCrossentropy.',
    ],
  ] as const)('labels that are none for %s', async (loss, y, message) => {
    await expect(network({ outputs: 3, loss }).fit(x, y as unknown as Tensor, quiet)).rejects.toThrow(mistake(message));
  });

  test('a model that is not compiled', async () => {
    const model = new Sequential([new Dense(1, { inputShape: [2] })]);
    const advice = "the model is not compiled. Call compile({ optimizer: 'adam', loss: … }) first.";
    await expect(model.fit(x, xor)).rejects.toThrow(`fit: ${advice}`);
    await expect(model.evaluate(x, xor)).rejects.toThrow(`evaluate: ${advice}`);
    expect((await model.predict(x)).shape).toEqual([4, 1]);
  });

  test('a second fit at the same time', async () => {
    const model = network();
    const first = model.fit(x, xor, { epochs: 2, ...quiet });
    await expect(model.fit(x, xor, quiet)).rejects.toThrow(
      'fit: the model is being trained by an earlier call. Wait for its promise first.',
    );
    expect((await first).epoch).toEqual([0, 1]);
  });

  test('a first fit with bad labels, which leaves the model unbuilt', async () => {
    const model = new Sequential([new Dense(3), new Dense(1, { activation: 'sigmoid' })], { seed: 4 });
    model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });
    await expect(model.fit(zeros([4, 5]), [0, 1, 2, 3], quiet)).rejects.toThrow('fit: y has 2 at row 2, column 0.');
    expect(model.built).toBe(false);
    await model.fit(x, xor, quiet);
    const other = new Sequential([new Dense(3, { inputShape: [2] }), new Dense(1, { activation: 'sigmoid' })], {
      seed: 4,
    });
    other.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });
    await other.fit(x, xor, quiet);
    expect(model.weights.map((weight) => weight.toArray())).toEqual(other.weights.map((weight) => weight.toArray()));
  });

  test('a loss that is no scalar, and a weight that the loss does not depend on', async () => {
    const model = network({ loss: (y, p) => y.sub(p) });
    await expect(model.fit(x, xor, quiet)).rejects.toThrow(
      'fit: the loss loss gave shape [2, 1]. Expected a scalar tensor: end it with .mean().',
    );
    class Idle extends Layer {
      override build(inputShape: Shape): void {
        this.addWeight('unused', inputShape);
      }
      override call(inputs: Tensor): Tensor {
        return inputs;
      }
    }
    const idle = new Sequential([new Idle({ inputShape: [2] }), new Dense(1)]);
    idle.compile({ optimizer: 'sgd', loss: 'mse' });
    await expect(idle.fit(x, xor, quiet)).rejects.toThrow(
      'fit: the loss does not depend on the weight idle/unused. Use it in call(), with tensor operations alone from there to the ' +
        'loss (no noGrad, no toArray), or freeze it by trainable: false.',
    );
  });

  test('predict with the wrong features or batch size', async () => {
    await expect(network().predict(zeros([1, 3]))).rejects.toThrow(
      'predict: layer dense (Dense): got [*, 3], expected 2 features. Pass inputs of shape [*, 2].',
    );
    await expect(network().predict(x, { batchSize: -1 })).rejects.toThrow(
      'predict: batchSize is -1. Expected a whole number >= 1.',
    );
    await expect(network().evaluate(x, xor, { batchSize: 0 })).rejects.toThrow(
      'evaluate: batchSize is 0. Expected a whole number >= 1.',
    );
  });
});

describe('compile', () => {
  const options = { optimizer: 'adam', loss: 'binaryCrossentropy' } as const;
  test.each([
    [
      { loss: 'binaryCrossentropi' },
      'compile: no loss binaryCrossentropi. Did you mean binaryCrossentropy? ' +
        'Known: binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy, meanSquaredError, mse.',
    ],
    [
      { loss: 'binary_crossentropy' },
      'compile: no loss binary_crossentropy. Did you mean binaryCrossentropy? ' +
        'Known: binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy, meanSquaredError, mse.',
    ],
    [{ optimizer: 'Adm' }, 'compile: no optimizer Adm. Did you mean adam? Known: adam, adamW, rmsprop, sgd.'],
    [{ optimizer: 'levenberg' }, 'compile: no optimizer levenberg. Known: adam, adamW, rmsprop, sgd.'],
    [
      { optimizer: {} },
      'compile: optimizer is an instance of Object. Expected a name or an instance, e.g. new Adam().',
    ],
    [{ loss: undefined }, 'compile: loss is undefined. Expected a name or a function.'],
    [{ metrics: 'accuracy' }, 'compile: metrics is "accuracy". Expected a list, e.g. [\'accuracy\'].'],
    [
      { metrics: ['acuracy'] },
      'compile: no metric acuracy. Did you mean accuracy? ' +
        'Known: accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy, meanSquaredError, mse.',
    ],
    [{ metrics: [3] }, 'compile: a metric is 3. Expected a name or a function.'],
    [{ metric: [] }, 'compile: no option metric. Did you mean metrics? Known: optimizer, loss, metrics, jit.'],
  ])('refuses %j', (wrong, message) => {
    const model = new Sequential([new Dense(1, { inputShape: [1] })]);
    expect(() => model.compile({ ...options, ...wrong } as unknown as CompileOptions)).toThrow(mistake(message));
  });
});

describe('options', () => {
  const notAnObject = 'Expected an object of options.';

  test.each([3, null, 'x', [1]])('that are %j are refused, not ignored', async (options) => {
    const model = network();
    const shown = Array.isArray(options) ? '[1]' : JSON.stringify(options);
    const wrong = options as unknown as undefined;
    await expect(model.fit(x, xor, wrong)).rejects.toThrow(`fit: the options are ${shown}. ${notAnObject}`);
    await expect(model.evaluate(x, xor, wrong)).rejects.toThrow(`evaluate: the options are ${shown}. ${notAnObject}`);
    await expect(model.predict(x, wrong)).rejects.toThrow(`predict: the options are ${shown}. ${notAnObject}`);
    const given = wrong as unknown as CompileOptions;
    expect(() => model.compile(given)).toThrow(`compile: the options are ${shown}. ${notAnObject}`);
    expect(() => model.summary(wrong)).toThrow(`summary: the options are ${shown}. ${notAnObject}`);
    expect(() => new Dense(1, wrong)).toThrow(`Dense: the options are ${shown}. ${notAnObject}`);
    expect(() => new Sequential([], wrong)).toThrow(`Sequential: the options are ${shown}. ${notAnObject}`);
    expect(() => new Adam(wrong)).toThrow(`Adam: the options are ${shown}. ${notAnObject}`);
  });

  test('verbose: 0, as Keras users write it, is taken by evaluate and predict', async () => {
    const model = network();
    expect(await model.evaluate(x, xor, quiet)).toEqual(await model.evaluate(x, xor));
    expect((await model.predict(x, quiet)).shape).toEqual([4, 1]);
    await expect(model.evaluate(x, xor, { verbose: 1 as 0 })).rejects.toThrow(
      'evaluate: verbose is 1. Expected 0: nothing is shown. Print what it resolves to.',
    );
  });
});

describe('labels of the other crossentropy', () => {
  test.each([
    [
      'sparseCategoricalCrossentropy',
      [4, 3],
      'fit: y has shape [4, 3], the output of the model [4, 3]. Expected y of shape [4] for sparseCategoricalCrossentropy. ' +
        'For one-hot rows use categoricalCrossentropy.',
    ],
    [
      'categoricalCrossentropy',
      [4],
      'fit: y has shape [4], the output of the model [4, 3]. Expected y of shape [4, 3] for categoricalCrossentropy. ' +
        'For class numbers use sparseCategoricalCrossentropy.',
    ],
  ] as const)('%s', async (loss, shape, message) => {
    await expect(network({ outputs: 3, loss }).fit(x, zeros([...shape]), quiet)).rejects.toThrow(mistake(message));
  });
});

describe('a loss that is no number any more', () => {
  const diverging = (): Sequential => {
    const model = new Sequential([new Dense(1, { inputShape: [1], kernelInitializer: 'ones' })]);
    model.compile({ optimizer: new SGD({ learningRate: 1e30 }), loss: 'mse' });
    return model;
  };
  const line =
    'fit: the loss is Infinity in epoch 2, batch 1. Lower the learning rate or scale the inputs; ' +
    'a crossentropy wants probabilities (sigmoid, softmax) or fromLogits. The option detectAnomaly: true says where it was born.';

  test.each([0, 2] as const)('is told of once, at verbose %i too', async (verbose) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const { history } = await diverging().fit([1, 1], [2, 2], { epochs: 4, verbose });
    expect(history.loss!.map(Number.isFinite)).toEqual([true, false, false, false]);
    expect(warn.mock.calls).toEqual([[line]]);
    vi.restoreAllMocks();
  });
});

test('an abort after an epoch trains no further batch', async () => {
  const model = network();
  const controller = new AbortController();
  let after: unknown;
  class Abort extends Callback {
    override onEpochEnd(): void {
      after = model.weights.map((weight) => weight.version);
      controller.abort();
    }
  }
  const options = { epochs: 3, signal: controller.signal, callbacks: [new Abort()], ...quiet };
  await expect(model.fit(x, xor, options)).rejects.toThrow('abort');
  expect(model.weights.map((weight) => weight.version)).toEqual(after);
});

test('evaluate and predict do not change the model', async () => {
  const model = network();
  const before = state(model);
  const logs = await model.evaluate(x, xor);
  expect(Object.keys(logs)).toEqual(['loss', 'accuracy']);
  await model.predict(x);
  expect(state(model)).toEqual(before);
});

test('weights are parameters, which can be set', () => {
  const model = network();
  expect(model.weights.every((weight) => weight instanceof Parameter)).toBe(true);
  model.weights[1]!.assign(tensor([1, 2, 3, 4]));
  expect(model.weights[1]!.toArray()).toEqual([1, 2, 3, 4]);
});

test.each(['binaryCrossentropy', 'meanSquaredError', 'mse'] satisfies LossName[])('%s trains by name', async (loss) => {
  const { history } = await network({ loss }).fit(x, xor, { epochs: 2, ...quiet });
  expect(history.loss!.every(Number.isFinite)).toBe(true);
});

// Weights as plain data: there and back, and what is refused.

import { type Parameter, RandomGenerator, type Shape, type Tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import {
  Activation,
  Dense,
  Dropout,
  exportWeights,
  Flatten,
  importWeights,
  Layer,
  Model,
  parseWeights,
  Reshape,
  Sequential,
  type WeightsJson,
} from '../src/index.ts';
import { mistake } from './support/errors.ts';

const network = (dtype: 'float32' | 'float64' = 'float32', seed = 1): Sequential =>
  new Sequential(
    [
      new Flatten({ inputShape: [2, 2] }),
      new Dense(3, { activation: 'relu', biasInitializer: 'glorotUniform' }),
      new Dropout(0.5),
      new Sequential([new Dense(2, { biasInitializer: 'glorotUniform' }), new Activation('softmax')], { dtype }),
    ],
    { dtype, seed },
  );
const valuesOf = (model: Model): unknown[] => model.weights.map((weight) => weight.toArray());

const small = (): Sequential => new Sequential([new Dense(2, { inputShape: [3] }), new Dense(1)], { seed: 1 });
const data = (changes: object = {}): WeightsJson => ({
  sizes: [3, 2, 1],
  weights: [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [[7, 8]],
  ],
  biases: [[9, 10], [11]],
  ...changes,
});

describe('there and back', () => {
  test('each matrix is [outputs, inputs], the transpose of the kernel', async () => {
    const model = small();
    importWeights(model, data());
    expect(valuesOf(model)).toEqual([
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
      [9, 10],
      [[7], [8]],
      [11],
    ]);
    // 7 (1 + 2 + 3 + 9) + 8 (4 + 5 + 6 + 10) + 11
    expect((await model.predict([[1, 1, 1]])).item()).toBe(316);
    expect(exportWeights(model)).toEqual(data());
  });

  test.each(['float32', 'float64'] as const)('keeps every bit of %s, through JSON', async (dtype) => {
    const [model, other] = [network(dtype), network(dtype, 2)];
    const weights = exportWeights(model);
    expect(weights.sizes).toEqual([4, 3, 2]);
    expect(valuesOf(other)).not.toEqual(valuesOf(model));
    importWeights(other, parseWeights(JSON.stringify(weights)));
    expect(valuesOf(other)).toEqual(valuesOf(model));
    const x = [
      [
        [1, 2],
        [3, 4],
      ],
    ];
    expect((await other.predict(x)).toArray()).toEqual((await model.predict(x)).toArray());
  });

  test('writes a float32 in nine digits at most, from six up as few as are read back as it', () => {
    const model = new Sequential([new Dense(8, { inputShape: [1] })]);
    // the largest, the least normal, and the least of all; a whole number that needs nine digits
    const special = [
      0.1,
      -1 / 3,
      3.4028234663852886e38,
      1.1754943508222875e-38,
      1.401298464324817e-45,
      16777217,
      0,
      123456789,
    ];
    model.setWeights([[special], special]);
    const { biases } = exportWeights(model);
    expect(biases[0]).toEqual([0.1, -0.33333334, 3.4028235e38, 1.1754944e-38, 1.4013e-45, 16777216, 0, 123456790]);
    const random = new RandomGenerator(1);
    const many = new Sequential([new Dense(2000, { inputShape: [1] })]);
    const bits = Uint32Array.from({ length: 2000 }, () => Math.floor(random.next() * 2 ** 32));
    const values = new Float32Array(bits.buffer).map((value) => (Number.isFinite(value) ? value : 1));
    many.setWeights([values, values]);
    const read = Float32Array.from(exportWeights(many).biases[0]!);
    expect(read).toEqual(values);
  });

  test('what is imported is trained on, without another compilation', async () => {
    const model = small();
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    await model.fit([[1, 1, 1]], [0], { verbose: 0 });
    const parameters = [...model.weights];
    importWeights(model, data());
    expect((await model.evaluate([[1, 1, 1]], [316])).loss).toBe(0);
    expect(model.weights.every((weight, i) => weight === parameters[i])).toBe(true);
  });
});

describe('importWeights refuses', () => {
  const form = 'Expected an object { sizes, weights, biases }.';
  test.each<[string, unknown, string]>([
    ['a number', 3, `the weights are 3. ${form}`],
    ['null', null, `the weights are null. ${form}`],
    ['a list', [1], `the weights are [1]. ${form}`],
    ['a text', '{}', `the weights are "{}". ${form}`],
    ['a missing entry', { sizes: [3, 2, 1], weights: [] }, `the weights have no entry biases. ${form}`],
    [
      'an entry too many',
      data({ bias: [] }),
      'the weights have an entry bias. Did you mean biases? Known: sizes, weights, biases.',
    ],
    [
      'other sizes',
      { sizes: [3, 1], weights: [[[1, 2, 3]]], biases: [[1]] },
      'sizes are [3, 1], those of the model sequential [3, 2, 1]. Expected the same.',
    ],
    ...([[3], '3,2,1', [3, 0, 1], [3, 2.5, 1], [3, '2', 1]] as const).map((sizes): [string, unknown, string] => [
      `sizes ${JSON.stringify(sizes)}`,
      data({ sizes }),
      `sizes are ${Array.isArray(sizes) ? `[${sizes.map((size) => JSON.stringify(size)).join(', ')}]` : JSON.stringify(sizes)}. ` +
        'Expected the inputs, then the units of each layer, in whole numbers >= 1, e.g. [784, 80, 10].',
    ]),
    [
      'a missing matrix',
      data({ weights: [data().weights[0]] }),
      'weights is a list of 1. Expected a list of 2 matrices, one for each layer.',
    ],
    [
      'a matrix too many',
      data({ weights: [...data().weights, [[1]]] }),
      'weights is a list of 3. Expected a list of 2 matrices, one for each layer.',
    ],
    [
      'no list',
      data({ weights: {} }),
      'weights is an instance of Object. Expected a list of 2 matrices, one for each layer.',
    ],
    [
      'a missing row',
      data({ weights: [[[1, 2, 3]], [[7, 8]]] }),
      'weights[0] is a list of 1. Expected a list of 2 rows of 3 numbers.',
    ],
    [
      'a transposed matrix',
      data({
        weights: [
          [
            [1, 4],
            [2, 5],
            [3, 6],
          ],
          [[7, 8]],
        ],
      }),
      'weights[0] is a list of 3. Expected a list of 2 rows of 3 numbers.',
    ],
    [
      'ragged rows',
      data({
        weights: [
          [
            [1, 2, 3],
            [4, 5],
          ],
          [[7, 8]],
        ],
      }),
      'weights[0][1] is a list of 2. Expected a list of 3 finite numbers.',
    ],
    [
      'null in the place of NaN',
      data({
        weights: [
          [
            [1, 2, 3],
            [4, null, 6],
          ],
          [[7, 8]],
        ],
      }),
      'weights[0][1][1] is null, as JSON writes NaN and infinities. Expected a finite number.',
    ],
    ['a string', data({ biases: [[9, '10'], [11]] }), 'biases[0][1] is "10". Expected a finite number.'],
    ['NaN', data({ biases: [[9, Number.NaN], [11]] }), 'biases[0][1] is NaN. Expected a finite number.'],
    ['a hole', data({ biases: [[9, 10], new Array(1)] }), 'biases[1][0] is undefined. Expected a finite number.'],
    ['a short bias', data({ biases: [[9], [11]] }), 'biases[0] is a list of 1. Expected a list of 2 finite numbers.'],
    [
      'a bias too many',
      data({ biases: [[9, 10], [11], []] }),
      'biases is a list of 3. Expected a list of 2 vectors, one for each layer.',
    ],
    ['true', data({ biases: [[9, 10], [true]] }), 'biases[1][0] is true. Expected a finite number.'],
    [
      'what float32 cannot hold',
      data({ biases: [[9, 10], [1e39]] }),
      'biases[1] has 1e+39, which is too large for float32. Expected numbers up to 3.4e38.',
    ],
  ])('%s, and leaves the model as it was', (_what, weights, message) => {
    const model = small();
    const before = valuesOf(model);
    expect(() => importWeights(model, weights as WeightsJson)).toThrow(mistake(`importWeights: ${message}`));
    expect(valuesOf(model)).toEqual(before);
  });
});

describe('parseWeights refuses', () => {
  test('a text that ends too early, whatever is missing', () => {
    const text = JSON.stringify(data());
    for (const length of [0, 1, 20, text.length - 1]) {
      expect(() => parseWeights(text.slice(0, length))).toThrow(
        new RegExp(
          `^parseWeights: the text of ${length} characters is no JSON: .+\\. Expected all of what exportWeights gave, by JSON\\.stringify\\.$`,
        ),
      );
    }
    expect(parseWeights(text)).toEqual(data());
  });

  test('what is no text, and JSON of something else', () => {
    expect(() => parseWeights(data() as unknown as string)).toThrow(
      mistake('parseWeights: got an instance of Object. Expected a text.'),
    );
    expect(() => parseWeights('[]')).toThrow(
      mistake('parseWeights: the weights are []. Expected an object { sizes, weights, biases }.'),
    );
    expect(() => parseWeights('{"sizes":[1,1],"weights":[[[null]]],"biases":[[0]]}')).toThrow(
      mistake('parseWeights: weights[0][0][0] is null, as JSON writes NaN and infinities. Expected a finite number.'),
    );
  });
});

describe('a model', () => {
  const form = 'The form { sizes, weights, biases } holds Dense layers one after the other';
  const others = 'use getWeights() and setWeights() for others.';
  class Scale extends Layer {
    private factor!: Parameter;
    override build(inputShape: Shape): void {
      this.factor = this.addWeight('factor', inputShape, 'ones');
    }
    override call(inputs: Tensor): Tensor {
      return inputs.mul(this.factor);
    }
  }
  class Own extends Model {
    private readonly dense: Dense = new Dense(1);
    override call(inputs: Tensor): Tensor {
      return this.dense.apply(inputs);
    }
  }
  const shared = new Dense(2, { inputShape: [2] });

  test.each<[string, () => Model, string]>([
    ['that is none', () => 3 as unknown as Model, `the model is 3, no Sequential. ${form}: ${others}`],
    ['of the user', () => new Own({ name: 'mine' }), `the model is mine (Own), no Sequential. ${form}: ${others}`],
    [
      'that is not built',
      () => new Sequential([new Dense(1)]),
      'sequential has no weights yet. Give its first layer an inputShape, or call build(inputShape) first.',
    ],
    [
      'without weights',
      () => new Sequential([new Flatten({ inputShape: [2] })]),
      `the model sequential has no weights. ${form}.`,
    ],
    [
      'with other weights',
      () => new Sequential([new Dense(2, { inputShape: [2] }), new Scale()]),
      `the layer scale (Scale) has the weights scale/factor. ${form}: ${others}`,
    ],
    [
      'without a bias',
      () => new Sequential([new Dense(2, { inputShape: [2], useBias: false })]),
      `the layer dense has no bias. ${form}, each with one: leave useBias out.`,
    ],
    [
      'whose layers do not follow each other',
      () => new Sequential([new Dense(4, { inputShape: [2] }), new Reshape([2, 2]), new Dense(1)]),
      `the layer dense has 4 units, dense_1 after it 2 inputs. ${form}, with equal numbers.`,
    ],
    [
      'with a layer twice',
      () => new Sequential([shared, new Sequential([shared], { name: 'again' })]),
      `the model sequential has a layer twice. ${form}: ${others}`,
    ],
  ])('%s is refused', (_what, make, message) => {
    expect(() => exportWeights(make())).toThrow(mistake(`exportWeights: ${message}`));
    expect(() => importWeights(make(), data())).toThrow(mistake(`importWeights: ${message}`));
  });

  test('with a weight that is not finite is not exported', () => {
    const model = small();
    model.setWeights([...model.getWeights().slice(0, 3), [Number.NaN]]);
    expect(() => exportWeights(model)).toThrow(
      mistake(
        'exportWeights: a weight of the layer dense_1 is NaN, which JSON cannot hold. ' +
          'Expected finite numbers: export a model that was trained to some.',
      ),
    );
  });
});

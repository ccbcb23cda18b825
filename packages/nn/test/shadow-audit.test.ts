// Training under audit.

import { type Parameter, type Shape, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { AuditError, Callback, Dense, Dropout, type FitOptions, Layer, Model, Sequential } from '../src/index.ts';
import { expectClose } from './support/close.ts';
import { mistake } from './support/errors.ts';

/** x · scale, half of it dropped while training; its backward is off by `error` from call `from` on. */
class Scale extends Layer {
  private scale!: Parameter;
  private mask: Tensor | undefined;
  private backwards = 0;
  private readonly factor: number;
  private readonly from: number;
  constructor(factor: number = 1, from: number = 0) {
    super({ seed: 3 });
    this.factor = factor;
    this.from = from;
  }
  override build(inputShape: Shape) {
    this.scale = this.addWeight('scale', inputShape, 'ones');
  }
  override call(x: Tensor, { training }: { training: boolean }) {
    this.mask = training ? this.random.bernoulli(x.shape, 0.5) : undefined;
    const out = x.mul(this.scale);
    return this.mask === undefined ? out : out.mul(this.mask);
  }
  override backward(g: Tensor, { inputs }: { inputs: Tensor }) {
    const kept = this.mask === undefined ? g : g.mul(this.mask);
    const factor = this.backwards++ < this.from ? 1 : this.factor;
    return { inputs: kept.mul(this.scale), weights: { scale: kept.mul(inputs).sum(0).mul(factor) } };
  }
}

const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(i * i)]);
const x = tensor(rows);
const y = rows.map(([a, b]) => a! - b!);

function modelWith(layer: Layer, dtype: 'float32' | 'float64' = 'float32'): Sequential {
  const model = new Sequential(
    [new Dense(8, { activation: 'tanh', inputShape: [3] }), new Dropout(0.1), layer, new Dense(1)],
    { dtype, seed: 1 },
  );
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

const quiet = { verbose: 0, batchSize: 4, epochs: 2 } as const;

/** Weights before each batch. */
class Snapshots extends Callback {
  readonly before: unknown[] = [];
  override onTrainBatchBegin(): void {
    this.before.push(this.model!.weights.map((weight) => weight.toArray()));
  }
}

describe('fit under audit', () => {
  test.each(['float32', 'float64'] as const)(
    'goes on where all is right, in %s, with the same draws',
    async (dtype) => {
      const [audited, plain] = [modelWith(new Scale(), dtype), modelWith(new Scale(), dtype)];
      const data = dtype === 'float32' ? x : tensor(rows, { dtype });
      await audited.fit(data, y, { ...quiet, audit: { every: 1 } });
      await plain.fit(data, y, quiet);
      // the audited one runs op by op, the other one is compiled
      const [found, expected] = [audited, plain].map(({ weights }) => weights.map((weight) => weight.toArray()));
      expectClose(found, expected, dtype === 'float32' ? 1e-5 : 1e-12);
    },
  );

  test('stops at the first mismatch, with the weights as before that batch', async () => {
    const model = modelWith(new Scale(0.5, 7)); // a backward for each batch, and one before the first
    const snapshots = new Snapshots();
    const error: unknown = await model
      .fit(x, y, { ...quiet, audit: { every: 3 }, callbacks: [snapshots] })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuditError);
    const { message, report, layer, op } = error as AuditError;
    expect([op, layer]).toEqual(['fit', 'layer scale (Scale)']);
    const [head, , ...table] = message.split('\n');
    expect(head).toBe(
      'fit: the hand-written backward of layer scale (Scale) is not the gradient of its call: wrong by scale, in epoch 1, ' +
        'batch 7. The weights are as before that batch. Mend its backward, or take it away: the tape has the gradient.',
    );
    expect(table.join('\n')).toMatch(
      /^backward does not agree with autograd.*\n\ngradient of .*\ninputs .* right\nscale .* wrong$/,
    );
    expect(report.rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['inputs', 'right'],
      ['scale', 'wrong'],
    ]);
    expect(snapshots.before).toHaveLength(7);
    expect(model.weights.map((weight) => weight.toArray())).toEqual(snapshots.before[6]);
    // The model can be trained again.
    await model.fit(x, y, { ...quiet, epochs: 1 });
  });

  test('looks at every k-th batch alone', async () => {
    const model = modelWith(new Scale(0.5, 2)); // wrong from the second batch on
    await expect(model.fit(x, y, { ...quiet, epochs: 1, audit: { every: 100 } })).resolves.toBeDefined();
  });

  test('allows what it is told to allow', async () => {
    const fit = (audit: FitOptions['audit'] & object) => modelWith(new Scale(1.01)).fit(x, y, { ...quiet, audit });
    await expect(fit({ every: 1, relative: 0.02 })).resolves.toBeDefined();
    await expect(fit({ every: 1, relative: 0.001 })).rejects.toBeInstanceOf(AuditError);
    await expect(fit({ every: 1, absolute: 0.02 })).resolves.toBeDefined();
  });

  test('reports NaN', async () => {
    await expect(modelWith(new Scale(Number.NaN)).fit(x, y, { ...quiet, audit: { every: 1 } })).rejects.toThrow(
      /scale: the gradient by hand is NaN at \[0\]\.$/m,
    );
  });

  test('finds hand-written layers inside of models', async () => {
    class Outer extends Model {
      readonly stages = [new Scale(2), new Dense(1)];
      override call(inputs: Tensor, options: { training: boolean }) {
        return this.stages.reduce((value, layer) => layer.apply(value, options), inputs);
      }
    }
    const model = new Outer();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(model.fit(x, y, { ...quiet, audit: { every: 1 } })).rejects.toBeInstanceOf(AuditError);
  });

  test('says so where the tape has no gradient to compare with', async () => {
    class Reading extends Layer {
      override call(inputs: Tensor) {
        return tensor(inputs.toData(), { shape: inputs.shape });
      }
      override backward(g: Tensor) {
        return { inputs: g, weights: {} };
      }
    }
    const model = modelWith(new Reading());
    await model.fit(x, y, quiet);
    await expect(model.fit(x, y, { ...quiet, audit: { every: 1 } })).rejects.toThrow(
      'fit: layer reading (Reading): the tape has no gradients to hold its backward against. Write call in tensor operations ' +
        'that have some alone (no toArray, no rounding), or leave audit out.',
    );
  });

  test.each<[unknown, string]>([
    [true, 'audit is true. Expected an object of options, e.g. { every: 10 }.'],
    [{}, 'audit: every is undefined. Expected a whole number >= 1.'],
    [{ every: 0 }, 'audit: every is 0. Expected a whole number >= 1.'],
    [{ evry: 2 }, 'audit: no option evry. Did you mean every? Known: every, relative, absolute.'],
    [{ every: 1, relative: -1 }, 'audit: relative is -1. Expected a number >= 0.'],
    [{ every: 1, absolute: '1' }, 'audit: absolute is "1". Expected a number >= 0.'],
  ])('refuses %j', async (audit, message) => {
    await expect(modelWith(new Scale()).fit(x, y, { ...quiet, audit: audit as never })).rejects.toEqual(
      mistake(`fit: ${message}`),
    );
  });

  test('refuses a model in which no layer has a backward', async () => {
    await expect(modelWith(new Dense(2)).fit(x, y, { ...quiet, audit: { every: 1 } })).rejects.toEqual(
      mistake(
        'fit: audit is given, but no layer has a backward of its own: all gradients are the tape’s. ' +
          'Give a layer a method backward(g, { inputs, outputs }) that returns { inputs, weights }, or leave audit out.',
      ),
    );
  });
});

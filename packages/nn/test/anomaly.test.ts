import { AnomalyError, sub, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Dense, type FitOptions, Layer, Sequential } from '../src/index.ts';
import { expectClose } from './support/close.ts';
import { mistake } from './support/errors.ts';

const pixels = tensor([
  [255, 0, 128],
  [0, 240, 255],
  [12, 255, 90],
]);
const labels = tensor([[1], [0], [1]]);

/** As one writes it: −mean(y log p + (1 − y) log(1 − p)). */
function crossentropy(y: Tensor, p: Tensor): Tensor {
  return y
    .mul(p.log())
    .add(sub(1, y).mul(sub(1, p).log()))
    .mean()
    .neg();
}

function saturated(loss: (y: Tensor, p: Tensor) => Tensor = crossentropy): Sequential {
  const model = new Sequential([new Dense(1, { activation: 'sigmoid', kernelInitializer: 'ones' })]);
  model.compile({ optimizer: 'sgd', loss });
  return model;
}

/** The error of fit, with the places in this file as `here`. */
async function anomaly(model: Sequential, options: FitOptions): Promise<AnomalyError> {
  const error = await model.fit(pixels, labels, { verbose: 0, shuffle: false, ...options }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(AnomalyError);
  const { op, message } = error as AnomalyError;
  return new AnomalyError(op, message.slice(op.length + 2).replaceAll(/packages\/nn\/test\/[\w.]+:\d+:\d+/g, 'here'));
}

describe('fit with detectAnomaly', () => {
  test('says where in a loss of one’s own the infinity was born, of which values, and in which batch', async () => {
    const model = saturated();
    const error = await anomaly(model, { detectAnomaly: true, batchSize: 2 });
    expect(error.name).toBe('AnomalyError');
    expect(error.message).toBe(
      'log: gave -Infinity at [0, 0] (%11 at here), from x = 0, where x is 1 − sigmoid(c[2, 3] · dense/kernel + dense/bias) (%10). ' +
        'Of 2 elements of float32[2, 1]: 2 infinite. log is documented as: The natural logarithm; -∞ at 0, NaN below. ' +
        'In epoch 1, batch 1 of fit; the weights are as before that batch.',
    );
    expect(model.weights[0]!.toArray()).toEqual([[1], [1], [1]]);
    expect(model.history?.history).toEqual({});
  });

  test('names the layer in which it was born', async () => {
    class Root extends Layer {
      override call(x: Tensor): Tensor {
        return x.sub(1).sqrt();
      }
    }
    const model = new Sequential([new Root({ name: 'root' }), new Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const error = await anomaly(model, { detectAnomaly: true });
    expect(error.message).toContain('sqrt: gave NaN at [0, 1] (');
    expect(error.message).toContain('in layer sequential/root at here), from x = -1');
  });

  test("looks for NaN alone by 'NaN'", async () => {
    const error = await anomaly(saturated(), { detectAnomaly: 'NaN' });
    expect(error.message).toMatch(/^mul: gave NaN at \[0, 0\] .*log made it at here/);
  });

  test('is off by default, and changes nothing where all is finite', async () => {
    await expect(saturated().fit(pixels, labels, { verbose: 0 })).resolves.toBeDefined();
    const losses = await Promise.all(
      [false, true].map(async (detectAnomaly) => {
        const model = saturated();
        const options = { verbose: 0, detectAnomaly, epochs: 3, seed: 1 } as const;
        return (await model.fit(pixels.div(255), labels, options)).history.loss;
      }),
    );
    expectClose(losses[1], losses[0], 1e-5); // one is compiled
  });

  test.each(['nan', 1, null])('refuses %s', async (detectAnomaly) => {
    const options = { detectAnomaly } as unknown as FitOptions;
    const shown = typeof detectAnomaly === 'string' ? `"${detectAnomaly}"` : String(detectAnomaly);
    await expect(saturated().fit(pixels, labels, options)).rejects.toThrow(
      mistake(`fit: detectAnomaly is ${shown}. Expected true, false or 'NaN'.`),
    );
  });
});

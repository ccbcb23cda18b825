import { sub, Tape } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { firstAnomaly } from '../src/anomalies.ts';
import { countOf, normalised, sevensAndEights } from '../src/data.ts';
import { asWritten, fromLogits } from '../src/losses.ts';
import { SigmoidNetwork } from '../src/network.ts';
import { accuracy, descend, probabilities, train } from '../src/training.ts';

const raw = await sevensAndEights({ digits: 120, heldOut: 40 }, 1);
const digits = normalised(raw.train);

describe('descend', () => {
  it.each([asWritten, fromLogits])('takes the step of the formulas that were derived by hand (loss %#)', (loss) => {
    const network = new SigmoidNetwork([784, 10, 5, 1], 1);
    const { X, Y } = digits;
    const m = countOf(digits);
    const [one, two, three] = network.weights;
    const A1 = one!.W.matmul(X).add(one!.b).sigmoid();
    const A2 = two!.W.matmul(A1).add(two!.b).sigmoid();
    const A3 = three!.W.matmul(A2).add(three!.b).sigmoid();
    const dA3 = A3.sub(Y).div(A3.mul(sub(1, A3)));
    const dZ3 = dA3.mul(A3.mul(sub(1, A3)));
    const dZ2 = three!.W.transpose()
      .matmul(dZ3)
      .mul(A2.mul(sub(1, A2)));
    const dZ1 = two!.W.transpose()
      .matmul(dZ2)
      .mul(A1.mul(sub(1, A1)));
    const expected = [[one!, dZ1, X] as const, [two!, dZ2, A1] as const, [three!, dZ3, A2] as const].map(
      ([{ W, b }, dZ, prev]) => ({
        W: W.sub(dZ.matmul(prev.transpose()).div(m).mul(0.5)),
        b: b.sub(dZ.sum(1, { keepDims: true }).div(m).mul(0.5)),
      }),
    );
    descend(network, loss, 0.5, digits, new Tape());
    for (const [i, { W, b }] of network.weights.entries()) {
      expect(W.sub(expected[i]!.W).abs().max().item()).toBeLessThan(1e-6);
      expect(b.sub(expected[i]!.b).abs().max().item()).toBeLessThan(1e-6);
    }
  });
});

describe('train', () => {
  it('tells sevens from eights, and gives each 100th loss and the last', () => {
    const network = new SigmoidNetwork([784, 1], 1);
    const losses = [...train(network, digits, { loss: fromLogits, rate: 1, epochs: 250 })];
    expect(losses.map(([epoch]) => epoch)).toEqual([100, 200, 250]);
    expect(losses[2]![1]).toBeLessThan(losses[0]![1]);
    expect(losses[2]![1]).toBeLessThan(0.03);
    expect(accuracy(network, digits)).toBe(1);
    expect(accuracy(network, normalised(raw.heldOut))).toBeGreaterThan(0.85);
    const p = probabilities(network, digits);
    expect(p.shape).toEqual([1, 80]);
    expect(p.sub(digits.Y).abs().max().item()).toBeLessThan(0.5);
  });
});

describe('firstAnomaly', () => {
  const training = { rate: 1, epochs: 5 };

  it('finds on raw pixels which op gave the first infinity, of what, in which layer and line', () => {
    const network = new SigmoidNetwork([784, 1], 1);
    const found = firstAnomaly(network, raw.train, { ...training, loss: asWritten }, true)!;
    expect(found.epoch).toBe(1);
    expect(found.report).toMatch(
      /^log: gave -Infinity at \[0, \d+\] \(%\d+ in layer loss at .*losses\.ts:\d+:\d+\), from x = 0,/,
    );
    expect(found.least).toBeLessThan(-88);
    expect(found.greatest).toBeGreaterThan(17);
    expect(found.saturated).toBeGreaterThan(20);
  });

  it('finds the NaN that comes of it', () => {
    const network = new SigmoidNetwork([784, 1], 1);
    const { report } = firstAnomaly(network, raw.train, { ...training, loss: asWritten }, 'NaN')!;
    expect(report).toMatch(/^mul: gave NaN .* as y already is -Infinity .*: log made it at .*losses\.ts:\d+:\d+\./);
  });

  it('finds none where the loss comes of the logits', () => {
    const network = new SigmoidNetwork([784, 1], 1);
    expect(firstAnomaly(network, raw.train, { ...training, loss: fromLogits }, true)).toBe(undefined);
  });

  it('lets other errors pass', () => {
    const network = new SigmoidNetwork([784, 2], 1);
    expect(() =>
      firstAnomaly(network, { X: raw.train.X, Y: raw.train.X }, { ...training, loss: fromLogits }, true),
    ).toThrow('sigmoidCrossEntropy: logits have the shape [2, 80], labels [784, 80].');
  });
});

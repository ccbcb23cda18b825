// The base of optimizers, and the options of all. Their steps against PyTorch: golden/.

import { Parameter, type Tensor, type TensorLike, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Adam, AdamW, Optimizer, RMSprop, SGD } from '../../src/index.ts';
import { mistake } from '../support/errors.ts';

class Failing extends Optimizer {
  override update(value: Tensor, gradient: Tensor): { value: Tensor; slots: object } {
    if (value.size === 1) throw new Error('on purpose');
    return { value: value.sub(gradient), slots: {} };
  }
}

describe('step', () => {
  const w = new Parameter(tensor([1, 2]), 'w');

  test('counts, and follows a learning rate that is changed', () => {
    const parameter = new Parameter(tensor([1]), 'p');
    const optimizer = new SGD({ learningRate: 1 });
    optimizer.step([tensor([0.25])], [parameter]);
    optimizer.learningRate = 2;
    optimizer.step([tensor([0.25])], [parameter]);
    expect(parameter.toArray()).toEqual([0.25]);
    expect(optimizer.iterations).toBe(2);
  });

  test('keeps the state of each parameter apart', () => {
    const [a, b] = [new Parameter(tensor([0]), 'a'), new Parameter(tensor([0]), 'b')];
    const optimizer = new SGD({ learningRate: 1, momentum: 0.5 });
    optimizer.step([tensor([1]), tensor([2])], [a, b]);
    optimizer.step([tensor([0]), tensor([0])], [a, b]);
    expect([a.item(), b.item()]).toEqual([-1.5, -3]);
  });

  test('changes nothing where a rule throws', () => {
    const optimizer = new Failing({ learningRate: 1 });
    const parameters = [w, new Parameter(tensor([1]), 'p')];
    expect(() => optimizer.step([tensor([1, 1]), tensor([1])], parameters)).toThrow('on purpose');
    expect(w.toArray()).toEqual([1, 2]);
    expect(optimizer.iterations).toBe(0);
  });

  test('counts from 1 for a parameter that comes later', () => {
    const [first, later, alone] = ['first', 'later', 'alone'].map((name) => new Parameter(tensor([1]), name));
    const shared = new Adam();
    for (let i = 0; i < 10; i++) shared.step([tensor([1])], [first!]);
    shared.step([tensor([1])], [later!]);
    new Adam().step([tensor([1])], [alone!]);
    expect(later!.toArray()).toEqual(alone!.toArray());
    expect(shared.iterations).toBe(11);
  });

  test('changes nothing where a rule gives another shape', () => {
    class Odd extends Optimizer {
      override update(value: Tensor): { value: Tensor; slots: object } {
        return { value: value.size === 1 ? tensor([1, 2, 3]) : value.mul(2), slots: {} };
      }
    }
    const optimizer = new Odd({ learningRate: 1 });
    expect(() => optimizer.step([tensor([1, 1]), tensor([1])], [w, new Parameter(tensor([1]), 'p')])).toThrow(
      'step: the update of p is float32[3]. Expected float32[1].',
    );
    expect(w.toArray()).toEqual([1, 2]);
  });

  test('refuses what does not fit', () => {
    expect(() => new SGD().step([], [w])).toThrow('step: got 0 gradients for 1 parameters. Expected one for each.');
    expect(() => new SGD().step([tensor([1])], [w])).toThrow(
      'step: the gradient of w is float32[1]. Expected float32[2].',
    );
    expect(() => new Adam().step([tensor([1, 2], { dtype: 'float64' })], [w])).toThrow(
      'step: the gradient of w is float64[2]. Expected float32[2].',
    );
    const [gradient, other] = [tensor([1, 2]), new Parameter(tensor([1, 2]), 'other')];
    expect(() => new SGD().step([gradient, gradient, gradient], [w, other, w])).toThrow(
      mistake('step: the parameter w is at 0 and at 2. Expected each one once, with the sum of its gradients.'),
    );
    expect(w.toArray()).toEqual([1, 2]);
  });
});

describe('weight decay', () => {
  const pair = () => [new Parameter(tensor([2]), 'dense/kernel'), new Parameter(tensor([2]), 'dense/bias')] as const;

  test('takes its part before the update, of all parameters, as in Keras', () => {
    const [kernel, bias] = pair();
    const optimizer = new SGD({ learningRate: 0.5, momentum: 0.5, weightDecay: 0.25 });
    // 2 − 0.5 · 0.25 · 2 − 0.5 · 1, then 1.25 · (1 − 0.125) − (0.5 · 0.5 + 0.5): the velocity knows nothing of the decay
    optimizer.step([tensor([1]), tensor([1])], [kernel, bias]);
    expect([kernel.item(), bias.item()]).toEqual([1.25, 1.25]);
    optimizer.step([tensor([1]), tensor([1])], [kernel, bias]);
    expect([kernel.item(), bias.item()]).toEqual([0.34375, 0.34375]);
  });

  test('leaves those alone that are excluded, by name or themselves', () => {
    const [[kernel, bias], [other]] = [pair(), pair()];
    const optimizer = new SGD({ learningRate: 0.5, weightDecay: 1 });
    optimizer.excludeFromWeightDecay({ names: ['bias'] });
    optimizer.excludeFromWeightDecay({ parameters: [other] });
    const zero = tensor([0]);
    optimizer.step([zero, zero, zero], [kernel, bias, other]);
    expect([kernel, bias, other].map((parameter) => parameter.item())).toEqual([1, 2, 2]);
  });

  test('follows a learning rate that is changed', () => {
    const [kernel] = pair();
    const optimizer = new RMSprop({ learningRate: 0.5, weightDecay: 1 });
    optimizer.step([tensor([0])], [kernel]);
    optimizer.learningRate = 0.25;
    optimizer.step([tensor([0])], [kernel]);
    expect(kernel.item()).toBe(0.75);
  });

  test('does not clash with numbers of a rule of the user', () => {
    class Decaying extends Optimizer<never, 'learningRate' | 'decay'> {
      protected override scalars(): { learningRate: number; decay: number } {
        return { learningRate: this.learningRate, decay: 0.5 };
      }
      override update(value: Tensor, _g: Tensor, slots: object, { decay }: { decay: TensorLike }) {
        return { value: value.mul(decay), slots };
      }
    }
    const [kernel] = pair();
    new Decaying({ learningRate: 0.5, weightDecay: 1 }).step([tensor([0])], [kernel]);
    expect(kernel.item()).toBe(0.5);
  });

  test.each([
    [{ names: 'bias' }, 'names is "bias". Expected a list of parts of names, e.g. [\'bias\'].'],
    [{ names: [''] }, 'names is [""]. Expected a list of parts of names, e.g. [\'bias\'].'],
    [{ parameters: [3] }, 'parameters is [3]. Expected a list of parameters.'],
    [{ vars: [] }, 'no option vars. Known: parameters, names.'],
  ])('refuses to exclude %j', (excluded, message) => {
    expect(() => new AdamW().excludeFromWeightDecay(excluded as object)).toThrow(
      mistake(`excludeFromWeightDecay: ${message}`),
    );
  });

  test('is settled with the first step', () => {
    const optimizer = new AdamW();
    const [kernel] = pair();
    optimizer.step([tensor([0])], [kernel]);
    expect(() => optimizer.excludeFromWeightDecay({ names: ['bias'] })).toThrow(
      mistake('excludeFromWeightDecay: 1 steps were taken already. Call it before the first one.'),
    );
  });
});

describe('options', () => {
  test.each([
    [() => new SGD({ learningRate: -1 }), 'SGD: learningRate is -1. Expected a number >= 0.'],
    [() => new SGD({ learningRate: Number.NaN }), 'SGD: learningRate is NaN. Expected a number >= 0.'],
    [() => new SGD({ momentum: 1 }), 'SGD: momentum is 1. Expected a number >= 0 and < 1.'],
    [() => new Adam({ beta1: 1 }), 'Adam: beta1 is 1. Expected a number >= 0 and < 1.'],
    [() => new Adam({ beta2: -0.1 }), 'Adam: beta2 is -0.1. Expected a number >= 0 and < 1.'],
    [() => new SGD({ weightDecay: -1 }), 'SGD: weightDecay is -1. Expected a number >= 0.'],
    [() => new AdamW({ beta1: 2 }), 'AdamW: beta1 is 2. Expected a number >= 0 and < 1.'],
    [() => new RMSprop({ rho: 1 }), 'RMSprop: rho is 1. Expected a number >= 0 and < 1.'],
    [() => new RMSprop({ epsilon: -1 }), 'RMSprop: epsilon is -1. Expected a number >= 0.'],
    [() => new Adam({ epsilon: -1 }), 'Adam: epsilon is -1. Expected a number >= 0.'],
    [
      () => new Adam({ lr: 0.1 } as object),
      'Adam: no option lr. Known: learningRate, beta1, beta2, epsilon, weightDecay, clipnorm, globalClipnorm, clipvalue.',
    ],
    [
      () => new Adam({ learning_rate: 0.1 } as object),
      'Adam: no option learning_rate. Did you mean learningRate? Known: learningRate, beta1, beta2, epsilon, weightDecay, clipnorm, globalClipnorm, clipvalue.',
    ],
  ])('%s', (make, message) => {
    expect(make).toThrow(mistake(message));
  });
});

test('AdamW decays where it is not told how much', () => {
  expect(
    [new AdamW(), new AdamW({ weightDecay: undefined }), new Adam()].map(({ weightDecay }) => weightDecay),
  ).toEqual([0.004, 0.004, 0]);
  expect(new AdamW({ weightDecay: 0 }).weightDecay).toBe(0);
});

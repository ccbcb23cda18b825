// The base of optimizers, and the options of all. Their steps against PyTorch: golden/.

import { Parameter, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, test } from 'vitest';
import { Adam, Optimizer, SGD } from '../../src/index.ts';
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
  });
});

describe('options', () => {
  test.each([
    [() => new SGD({ learningRate: -1 }), 'SGD: learningRate is -1. Expected a number >= 0.'],
    [() => new SGD({ learningRate: Number.NaN }), 'SGD: learningRate is NaN. Expected a number >= 0.'],
    [() => new SGD({ momentum: 1 }), 'SGD: momentum is 1. Expected a number >= 0 and < 1.'],
    [() => new Adam({ beta1: 1 }), 'Adam: beta1 is 1. Expected a number >= 0 and < 1.'],
    [() => new Adam({ beta2: -0.1 }), 'Adam: beta2 is -0.1. Expected a number >= 0 and < 1.'],
    [() => new Adam({ epsilon: -1 }), 'Adam: epsilon is -1. Expected a number >= 0.'],
    [() => new Adam({ lr: 0.1 } as object), 'Adam: no option lr. Known: learningRate, beta1, beta2, epsilon.'],
    [
      () => new Adam({ learning_rate: 0.1 } as object),
      'Adam: no option learning_rate. Did you mean learningRate? Known: learningRate, beta1, beta2, epsilon.',
    ],
  ])('%s', (make, message) => {
    expect(make).toThrow(mistake(message));
  });
});

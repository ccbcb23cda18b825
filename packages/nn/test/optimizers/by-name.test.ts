// Optimizers by name, and what is taken for one.

import { describe, expect, test } from 'vitest';
import { Adam, AdamW, type AnyOptimizer, RMSprop, SGD } from '../../src/index.ts';
import { toOptimizer } from '../../src/optimizers/by-name.ts';
import { mistake } from '../support/errors.ts';

describe('toOptimizer', () => {
  test.each([
    ['adam', Adam],
    ['adamW', AdamW],
    ['rmsprop', RMSprop],
    ['sgd', SGD],
  ] as const)('%s', (name, made) => {
    expect(toOptimizer('compile', name).constructor).toBe(made);
    const instance: AnyOptimizer = new made();
    expect(toOptimizer('compile', instance)).toBe(instance);
  });

  test('refuses an object that only looks like one, as its type does', () => {
    const lookalike = { learningRate: 1, iterations: 0, step: () => {} };
    // @ts-expect-error: no instance of Optimizer
    expect(() => toOptimizer('compile', lookalike)).toThrow(
      mistake('compile: optimizer is an instance of Object. Expected a name or an instance, e.g. new Adam().'),
    );
  });
});

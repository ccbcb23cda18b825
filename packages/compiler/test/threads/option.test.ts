import { type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/index.ts';
import { threadsWanted } from '../../src/threads/option.ts';
import { dense, testMemory } from './steps.ts';

describe('threads', () => {
  it('are one where nobody says otherwise', () => {
    expect(threadsWanted(undefined, {})).toBe(1);
    expect(threadsWanted(undefined, { TAPEGRAD_THREADS: '' })).toBe(1);
  });

  it('are as many as the option says, or else the environment variable; at most 32', () => {
    expect(threadsWanted(undefined, { TAPEGRAD_THREADS: '4' })).toBe(4);
    expect(threadsWanted(2, { TAPEGRAD_THREADS: '4' })).toBe(2);
    expect(threadsWanted(1000, {})).toBe(32);
  });

  it('reach compiled functions by the environment variable', () => {
    const { step, x, y } = dense(undefined as unknown as number, testMemory({ env: { TAPEGRAD_THREADS: '2' } }));
    step(x, y);
    expect(step.programs[0]!.stats.threads).toBe(2);
  });

  it.each([
    [0, '0'],
    [-2, '-2'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    ['2' as unknown as number, '2'],
  ])('cannot be %s', (threads, shown) => {
    expect(() => compile((x: Tensor) => x, { threads })).toThrow(
      `compile: threads is ${shown}. Expected a whole number >= 1.`,
    );
  });

  it('cannot be a word in the environment variable', () => {
    const memory = testMemory({ env: { TAPEGRAD_THREADS: 'two' } });
    expect(() => compile((x: Tensor) => x, { memory })).toThrow(
      'compile: TAPEGRAD_THREADS is "two". Expected a whole number >= 1.',
    );
    expect(compile((x: Tensor) => x.neg(), { memory, threads: 1 })(tensor([1])).toArray()).toEqual([-1]);
  });
});

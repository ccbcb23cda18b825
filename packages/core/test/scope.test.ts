import { describe, expect, it } from 'vitest';
import { inScope, scalar, Tape } from '../src/index.ts';
import { currentScope } from '../src/scope.ts';

describe('inScope', () => {
  it('names what is recorded inside it, scopes in scopes by a path', () => {
    const x = scalar(2);
    const tape = new Tape();
    tape.watch({ x });
    tape.record(() => {
      const y = inScope('model', () => inScope('dense_1', () => x.square()).neg());
      return y.exp();
    });
    expect(tape.nodes.map(({ op, scope }) => [op?.name, scope])).toEqual([
      [undefined, undefined],
      ['square', 'model/dense_1'],
      ['neg', 'model'],
      ['exp', undefined],
    ]);
  });

  it('returns what the function returns, and is left also when it throws', () => {
    expect(inScope('a', () => currentScope())).toBe('a');
    expect(() =>
      inScope('a', () => {
        throw new Error('mine');
      }),
    ).toThrow(new Error('mine'));
    expect(currentScope()).toBeUndefined();
  });
});

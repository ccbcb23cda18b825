import { describe, expect, it } from 'vitest';
import { grad, Parameter, scalar, Tape, type Tensor, tensor } from '../src/index.ts';

/** The gradient by w of what f makes of it. */
function gradientBy(w: Tensor, f: () => Tensor): unknown {
  const tape = new Tape();
  tape.watch(w);
  return tape.gradient(tape.record(f), w).toArray();
}

describe('named', () => {
  it('gives the same value under a name, and leaves the first as it was', () => {
    const x = tensor([1, 2]);
    const named = x.named('v');
    expect(named.name).toBe('v');
    expect(named.toArray()).toEqual([1, 2]);
    expect(x.name).toBeUndefined();
    expect(named.named('u').name).toBe('u');
  });

  it('names the step on every tape that records it', () => {
    const x = scalar(3);
    const [outer, inner] = [new Tape(), new Tape()];
    outer.watch(x);
    inner.watch(x);
    outer.record(() => inner.record(() => x.square().named('area')));
    expect([outer, inner].map((tape) => tape.nodes.map((node) => node.name))).toEqual([
      [undefined, 'area'],
      [undefined, 'area'],
    ]);
  });

  it('lets gradients through', () => {
    const x = scalar(3);
    expect(gradientBy(x, () => x.square().named('a').named('b').mul(2))).toBe(12);
    expect(grad((y: Tensor) => y.named('y').pow(3).named('z'))(x).item()).toBe(27);
  });

  it('can be asked for the gradient by the named value and by the value itself', () => {
    const x = scalar(3);
    const tape = new Tape({ persistent: true });
    tape.watch(x);
    const square = tape.record(() => x.square());
    const area = tape.record(() => square.named('area'));
    const loss = tape.record(() => area.mul(5));
    expect(tape.gradient(loss, { area, square })).toMatchObject({ area: { dtype: 'float32' } });
    expect(tape.gradient(loss, area).item()).toBe(5);
    expect(tape.gradient(loss, square).item()).toBe(5);
  });

  it('names a constant', () => {
    const x = scalar(3);
    const constant = scalar(2);
    const tape = new Tape();
    tape.watch(x);
    tape.record(() => x.mul(constant.named('c')));
    expect(tape.nodes.map(({ origin, name }) => [origin, name])).toEqual([
      ['watched', undefined],
      ['constant', 'c'],
      ['op', undefined],
    ]);
  });

  it('keeps a watched tensor watched, also where nothing records yet', () => {
    const x = scalar(3);
    const tape = new Tape();
    tape.watch(x);
    const y = x.named('y');
    expect(
      tape
        .gradient(
          tape.record(() => y.square().add(x)),
          x,
        )
        .item(),
    ).toBe(7);
  });

  it('keeps a parameter followed that no tape has met before', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    const tape = new Tape();
    const loss = tape.record(() => w.named('v').square().sum().add(w.sum()));
    expect(tape.gradient(loss, w).toArray()).toEqual([3, 5]);
  });
});

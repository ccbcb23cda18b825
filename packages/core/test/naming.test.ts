import { describe, expect, it } from 'vitest';
import { grad, interceptNames, Parameter, scalar, Tape, TapegradError, type Tensor, tensor } from '../src/index.ts';

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

describe('interceptNames', () => {
  it('shows each tensor that gets a name, in order, and lets another take its place', () => {
    const seen: (readonly [string, number])[] = [];
    const out = interceptNames(
      () => scalar(2).square().named('a').add(1).named('b').mul(3),
      (x, name) => {
        seen.push([name, x.item()]);
        return name === 'a' ? x.add(10) : x;
      },
    );
    expect(seen).toEqual([
      ['a', 4],
      ['b', 15],
    ]);
    expect(out.item()).toBe(45);
  });

  it('gives the name to what takes the place, on the tape too', () => {
    const x = scalar(2);
    const tape = new Tape();
    tape.watch({ x });
    const loss = tape.record(() =>
      interceptNames(
        () => x.square().named('z').neg(),
        (z) => z.mul(5),
      ),
    );
    expect(tape.nodes.map(({ op, name }) => [op?.name, name])).toEqual([
      [undefined, 'x'],
      ['square', undefined],
      [undefined, undefined],
      ['mul', 'z'],
      ['neg', undefined],
    ]);
    expect(tape.gradient(loss, x).item()).toBe(-20);
  });

  it('is nested: the outer one sees the name first, and the inner one what it put there', () => {
    const f = () => scalar(1).named('v');
    expect(
      interceptNames(
        () => interceptNames(f, (x) => x.mul(10)),
        (x) => x.add(1),
      ).item(),
    ).toBe(20);
  });

  it('ends with the function, also where that throws', () => {
    const replace = (x: Tensor) => x.add(1);
    expect(() =>
      interceptNames(() => {
        throw new Error('mine');
      }, replace),
    ).toThrow(new Error('mine'));
    expect(scalar(1).named('v').item()).toBe(1);
  });

  it('refuses a promise', () => {
    expect(() =>
      interceptNames(
        async () => scalar(1),
        (x) => x,
      ),
    ).toThrow(
      new TapegradError(
        'interceptNames',
        'the function returned a promise. Expected a synchronous function: await the data first, then record.',
      ),
    );
  });
});

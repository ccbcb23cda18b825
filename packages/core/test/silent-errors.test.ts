// Gradients that would be wrong without a word: a dependence that gets lost on the way to the tape.

import { describe, expect, it } from 'vitest';
import { grad, noGrad, Parameter, scalar, Tape, type Tensor, tensor } from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('a tape', () => {
  it('gives no gradient by a constant, of which it has not recorded all uses', () => {
    const w = scalar(2);
    const c = scalar(3).named('c');
    const tape = new Tape();
    tape.watch(w);
    const loss = tape.record(() => w.mul(c).add(c.square())); // by c: w + 2c = 8, but c² is a constant here
    expect(() => tape.gradient(loss, c)).toThrow(
      refusal('gradient: c is not on the tape. Call tape.watch() with it before record().'),
    );
  });

  it('follows a tensor from when it is watched, though it was a constant before', () => {
    const w = scalar(2);
    const c = scalar(3);
    const tape = new Tape();
    tape.watch(w);
    tape.record(() => w.mul(c));
    tape.watch(c);
    const loss = tape.record(() => c.square().add(w));
    expect(tape.gradient(loss, c).item()).toBe(6);
  });

  it('records a step once, though it is at work twice', () => {
    const w = scalar(2);
    const tape = new Tape();
    tape.watch(w);
    const loss = tape.record(() => tape.record(() => w.square()));
    expect(tape.nodes.map((node) => node.op?.name)).toEqual([undefined, 'square']);
    expect(tape.gradient(loss, w).item()).toBe(4);
  });

  it('follows a parameter through a gradient by it, which it had not met before', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    const tape = new Tape();
    // the sum of d(w³)/dw = 3w², and w: by w it is 6w + 1
    const loss = tape.record(() =>
      grad((x: Tensor) => x.pow(3).sum())(w)
        .sum()
        .add(w.sum()),
    );
    expect(tape.gradient(loss, w).toArray()).toEqual([7, 13]);
  });

  it('differentiates a gradient penalty', () => {
    const x = scalar(3);
    const tape = new Tape({ persistent: true });
    tape.watch(x);
    // (dx³/dx)² = 9x⁴, by x 36x³
    const penalty = tape.record(() => tape.gradient(x.pow(3), x).square());
    expect(tape.gradient(penalty, x).item()).toBe(972);
  });

  it('refuses a gradient that needs a replaced value, and gives one that needs only its shape', () => {
    const w = new Parameter(tensor([3, 4]), 'w');
    const tape = new Tape({ persistent: true });
    const squares = tape.record(() => w.square().sum());
    const total = tape.record(() => w.reshape([2, 1]).mean());
    w.assign(tensor([5, 6]));
    expect(tape.gradient(total, w).toArray()).toEqual([0.5, 0.5]);
    expect(() => tape.gradient(squares, w)).toThrow(
      refusal(
        'gradient: the parameter w was assigned after square used it, and its old value is gone. Take the gradient before you update.',
      ),
    );
  });

  it('keeps the old value where a view of the parameter was saved', () => {
    const w = new Parameter(tensor([[3, 4]]), 'w');
    const tape = new Tape();
    const loss = tape.record(() => w.transpose().square().sum());
    w.assign(tensor([[7, 7]]));
    expect(tape.gradient(loss, w).toArray()).toEqual([[6, 8]]);
  });

  it('refuses a parameter that was assigned between two uses on one tape', () => {
    const w = new Parameter(scalar(2), 'w');
    const tape = new Tape();
    const attempt = (): Tensor =>
      tape.record(() => {
        const square = w.add(1).square();
        w.assign(scalar(10));
        return square.add(w); // its derivative would be one by the old and the new w together
      });
    expect(attempt).toThrow(
      refusal(
        'add: the parameter w was assigned since the tape first met it. Record each value of it on a tape of its own.',
      ),
    );
  });

  it('refuses a name of a parameter from before it was assigned', () => {
    const w = new Parameter(scalar(2), 'w');
    const v = w.named('v');
    w.assign(scalar(5));
    const tape = new Tape();
    expect(() => tape.record(() => v.square())).toThrow(
      refusal('square: v is a name of the parameter w from before it was assigned. Name it anew, inside record().'),
    );
  });

  it('gives as many derivatives as tapes are nested', () => {
    const x = scalar(2);
    const [a, b, c] = [new Tape(), new Tape(), new Tape()];
    for (const tape of [a, b, c]) tape.watch(x);
    const third = a.record(() =>
      b.gradient(
        b.record(() =>
          c.gradient(
            c.record(() => x.pow(4)),
            x,
          ),
        ),
        x,
      ),
    );
    expect(third.item()).toBe(12 * 4);
    expect(a.gradient(third, x).item()).toBe(24 * 2);
  });
});

describe('grad', () => {
  it('tells three variables apart that are one tensor', () => {
    const x = scalar(3);
    const product = grad((a: Tensor) => grad((b: Tensor) => grad((c: Tensor) => a.mul(b).mul(c))(b))(a))(x);
    expect(product.item()).toBe(1); // c alone counts at each level: ∂(abc)/∂c = ab, by b: a, by a: 1
  });

  it('sees the variables of outer levels in closures', () => {
    const mixed = grad((x: Tensor) =>
      grad((y: Tensor) => grad((z: Tensor) => x.pow(2).mul(y.pow(3)).mul(z.pow(4)))(scalar(2)))(scalar(3)),
    )(scalar(5));
    expect(mixed.item()).toBe(2 * 5 * (3 * 9) * (4 * 8));
  });

  it('does not take a parameter in a closure for its variable', () => {
    const w = new Parameter(scalar(3), 'w');
    expect(grad((x: Tensor) => x.square().mul(w))(w).item()).toBe(18);
  });

  it('tells two leaves apart that are one tensor', () => {
    const w = scalar(2);
    const { a, b } = grad((p: { a: Tensor; b: Tensor }) => p.a.mul(p.b).mul(p.b))({ a: w, b: w });
    expect([a.item(), b.item()]).toEqual([4, 8]);
  });

  it('is a constant to an outer level inside noGrad', () => {
    const x = scalar(3);
    const f = (y: Tensor): Tensor => noGrad(() => grad((z: Tensor) => z.pow(3))(y)).mul(y);
    expect(grad(f)(x).item()).toBe(27);
  });
});

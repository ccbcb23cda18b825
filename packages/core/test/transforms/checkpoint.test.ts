// checkpoint: the same gradients in less memory.

import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  checkpoint,
  grad,
  hvp,
  jvp,
  noGrad,
  Parameter,
  RandomGenerator,
  scalar,
  Tape,
  type Tensor,
  tensor,
  vjp,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';
import { largestDifference } from '../support/finite-differences.ts';

const x = tensor([0.5, -1, 2], { dtype: 'float64' });
const wave = (v: Tensor): Tensor => v.sin().mul(v.exp()).square();

describe('the gradients of a checkpointed function', () => {
  const slope = grad((v: Tensor) => wave(v).sum())(x).toArray();

  it('are those of the function', () => {
    expect(grad((v: Tensor) => checkpoint(wave)(v).sum())(x).toArray()).toEqual(slope);
  });

  it('are right at order 2 and 3, and in nested checkpoints', () => {
    const nested = checkpoint((v: Tensor) => checkpoint((u: Tensor) => u.sin())(v).mul(checkpoint(wave)(v)));
    const plain = (v: Tensor): Tensor => v.sin().mul(wave(v));
    const third = (f: (v: Tensor) => Tensor) =>
      grad((a: Tensor) => grad((b: Tensor) => grad((c: Tensor) => f(c).sum())(b).sum())(a).sum())(x);
    expect(largestDifference(third(nested), third(plain))).toBeLessThan(1e-14);
    const along = (f: (v: Tensor) => Tensor) => hvp((v: Tensor) => f(v).sum())(x, x);
    expect(largestDifference(along(nested), along(plain))).toBeLessThan(1e-14);
    expect(largestDifference(jvp(nested, [x], [x])[1], jvp(plain, [x], [x])[1])).toBeLessThan(1e-14);
  });

  it('flow to parameters and tensors from around it', () => {
    const w = new Parameter(tensor([1, 2, 3], { dtype: 'float64' }), 'w');
    const shift = scalar(0.5, 'float64');
    const run = (wrap: <F extends (v: Tensor) => Tensor>(f: F) => (v: Tensor) => Tensor) => {
      const tape = new Tape();
      tape.watch({ shift });
      const loss = tape.record(() => {
        const early = w.mul(shift); // an intermediate value, which the function closes over
        const f = wrap((v) => v.mul(w.named('kernel')).add(early).sin());
        return f(f(x.mul(shift))).sum();
      });
      return tape.gradient(loss, [w, shift] as const).map((g) => g.toArray());
    };
    expect(run(checkpoint)).toEqual(run((f) => f));
  });

  it('are told apart by level where it closes over the variables of two', () => {
    // d/dx (x · d(xy)/dy at y = x): the inner gradient is by y alone, the outer one by x alone
    const f = (a: Tensor): Tensor => grad((b: Tensor) => checkpoint(() => a.mul(b))().mul(a))(a);
    expect(grad(f)(scalar(3)).item()).toBe(6);
  });

  it('flow through nestings, several dtypes and whole numbers', () => {
    const f = (v: Tensor) => ({
      double: v.square(),
      single: [v.asType('float32').mul(2).named('s')] as const,
      best: v.argmax(),
    });
    const total = (wrapped: typeof f) => (v: Tensor) => {
      const { double, single, best } = wrapped(v);
      expect(best.item()).toBe(2);
      expect(single[0].name).toBe('s');
      return double.sum().add(single[0].asType('float64').exp().sum());
    };
    expectTypeOf(checkpoint(f)(x)).toEqualTypeOf<{ double: Tensor; single: readonly [Tensor]; best: Tensor }>();
    expect(grad(total(checkpoint(f)))(x).toArray()).toEqual(grad(total(f))(x).toArray());
  });

  it('are those of an identity where it returns what it was given', () => {
    expect(
      grad((v: Tensor) =>
        checkpoint((u: Tensor) => u)(v)
          .mul(v)
          .sum(),
      )(x).toArray(),
    ).toEqual([1, -2, 4]);
    expect(grad((v: Tensor) => checkpoint(() => [v, v] as const)()[1].sum())(x).toArray()).toEqual([1, 1, 1]);
  });

  it('leave out what a tape is told not to record, also where a checkpoint is within a checkpoint', () => {
    const w = scalar(3);
    const halfConstant = (tape: Tape) => (v: Tensor) => v.mul(tape.stopRecording(() => v.square()));
    const slope = (f: (tape: Tape) => (v: Tensor) => Tensor): number => {
      const tape = new Tape();
      tape.watch(w);
      return tape
        .gradient(
          tape.record(() => f(tape)(w)),
          w,
        )
        .item();
    };
    expect(slope(halfConstant)).toBe(9); // not 27, of w³
    expect(slope((tape) => checkpoint(halfConstant(tape)))).toBe(9);
    expect(slope((tape) => checkpoint((v: Tensor) => checkpoint(halfConstant(tape))(v)))).toBe(9);
  });

  it('leave out what one tape is told not to record for that tape alone', () => {
    const w = scalar(3);
    const slopes = (wrap: (f: (v: Tensor) => Tensor) => (v: Tensor) => Tensor): number[] => {
      const [outer, inner] = [new Tape(), new Tape()];
      for (const tape of [outer, inner]) tape.watch(w);
      const f = wrap((v: Tensor) => v.mul(inner.stopRecording(() => v.square())));
      const cube = outer.record(() => inner.record(() => f(w)));
      return [outer.gradient(cube, w).item(), inner.gradient(cube, w).item()];
    };
    expect(slopes((f) => f)).toEqual([27, 9]);
    expect(slopes(checkpoint)).toEqual([27, 9]);
  });

  it('are recorded where the pullback is called anew while something records', () => {
    const [, pullback] = vjp(checkpoint(wave), x);
    const g = tensor([1, 1, 1], { dtype: 'float64' });
    expect(pullback(g)[0].toArray()).toEqual(slope);
    const tape = new Tape({ persistent: true });
    tape.watch(g);
    const again = tape.record(() => pullback(g)[0].sum());
    expect(largestDifference(tape.gradient(again, g), tensor(slope, { dtype: 'float64' }))).toBeLessThan(1e-14);
  });
});

describe('what a checkpoint does to the tape', () => {
  it('puts one step there for all that the function did', () => {
    const w = new Parameter(scalar(3), 'w');
    const tape = new Tape();
    tape.watch({ x });
    tape.record(() => checkpoint((v: Tensor) => wave(v).mul(w.asType('float64')))(x).sum());
    expect(String(tape)).toBe(
      [
        '%0  float64[3]  watched                            x',
        '%1  float32[]   parameter                          w',
        '%2  float64[3]  checkpoint(%0, %1)',
        '%3  float64[]   sum(%2, axes=[0], keepDims=false)',
      ].join('\n'),
    );
  });

  it('puts nothing there where the function depends on nothing that is followed', () => {
    const tape = new Tape();
    tape.watch({ x });
    tape.record(() => checkpoint(wave)(tensor([1, 2])));
    expect(tape.nodes.length).toBe(1);
    expect(checkpoint(wave)(x).toArray()).toEqual(wave(x).toArray());
    expect(noGrad(() => checkpoint(wave)(x)).toArray()).toEqual(wave(x).toArray());
  });

  it.each([16, 64, 256])('keeps √n values of a chain of n = %i steps in segments of √n', (n) => {
    const bytes = 100 * 8;
    const chain = (v: Tensor, steps: number): Tensor => {
      let out = v;
      for (let i = 0; i < steps; i++) out = out.sin();
      return out;
    };
    const start = new RandomGenerator(5).uniform([100], -1, 1, 'float64');
    const kept = (f: (v: Tensor) => Tensor): readonly [number, unknown] => {
      const tape = new Tape();
      tape.watch(start);
      const loss = tape.record(() => f(start).sum());
      return [tape.keptBytes, tape.gradient(loss, start).toArray()];
    };
    const root = Math.sqrt(n);
    const segment = checkpoint((v: Tensor) => chain(v, root));
    const segmented = (v: Tensor): Tensor => {
      let out = v;
      for (let i = 0; i < root; i++) out = segment(out);
      return out;
    };
    const [whole, expected] = kept((v) => chain(v, n));
    const [little, gradient] = kept(segmented);
    expect(whole).toBe(n * bytes);
    expect(little).toBe(root * bytes);
    expect(gradient).toEqual(expected);
  });

  it('keeps no more than it counts: what the function computed can be collected', async () => {
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const inside: WeakRef<object>[] = [];
    const f = checkpoint((v: Tensor) => {
      const sine = v.sin();
      const result = sine.exp();
      inside.push(new WeakRef(sine.array), new WeakRef(result.array));
      return [result, sine.square()];
    });
    const tape = new Tape();
    tape.watch(x);
    const loss = tape.record(() => f(x)[0]!.sum());
    // a reference lives on until the end of the turn in which it was made
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    expect(inside.map((reference) => reference.deref())).toEqual([undefined, undefined]);
    expect(tape.gradient(loss, x).toArray()).toEqual(grad((v: Tensor) => v.sin().exp().sum())(x).toArray());
  });
});

describe('refusals', () => {
  const recorded = (f: () => Tensor, between: () => void = () => {}) => {
    const tape = new Tape();
    tape.watch({ x });
    const loss = tape.record(() => checkpoint(f)().sum());
    between();
    return tape.gradient(loss, x);
  };

  it.each<[string, () => unknown, string]>([
    [
      'a parameter that was assigned since, also one that is only read',
      () => {
        const w = new Parameter(scalar(3, 'float64'), 'w');
        const [, pullback] = vjp((v: Tensor) => checkpoint((u: Tensor) => u.mul(w))(v), x);
        w.assign(scalar(4, 'float64'));
        return pullback(x);
      },
      'gradient: the parameter w was assigned after checkpoint used it, and its old value is gone. Take the gradient before you update.',
    ],
    [
      'a function that does something else the second time',
      () => {
        let wide = true;
        const f = (): Tensor => (wide ? x.mul(2) : x.sum());
        return recorded(f, () => {
          wide = false;
        });
      },
      'checkpoint: the function gave float64[] when backward ran it again, float64[3] before. Expected a function that does the same each time.',
    ],
    [
      'a result that is no tensor',
      () => recorded(() => x.sum().item() as unknown as Tensor),
      'checkpoint: the result is a number. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'a promise',
      () => checkpoint(async () => x)(),
      'checkpoint: the function returned a promise. Expected a synchronous function: await the data first, then record.',
    ],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(refusal(message));
  });
});

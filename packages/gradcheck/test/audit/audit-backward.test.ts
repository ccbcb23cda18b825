// The audit on one network with two layers: what it says of right and wrong formulas, of conventions, and of bad input.

import { customGradient, RandomGenerator, stopGradient, sub, type Tensor, tensor } from '@tapegrad/core';
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import { describe, expect, it } from 'vitest';
import { type AuditReport, auditBackward, type Given, showAudit, type TermReport } from '../../src/index.ts';

type Values = { readonly [name: string]: Tensor };
type Formula = (values: Values, g: Tensor) => Tensor;

const m = 8;
const random = new RandomGenerator(5);
const inputs = { X: random.uniform([m, 4], -1, 1), Y: random.uniform([m, 3]).greater(0.5).asType('float32') };
const params = {
  W1: random.uniform([4, 5], -1, 1),
  b1: random.uniform([5], -1, 1),
  W2: random.uniform([5, 3], -1, 1),
  b2: random.uniform([3], -1, 1),
};

function forward({ X, Y, W1, b1, W2, b2 }: Values): Tensor {
  const A1 = X!.matmul(W1!).add(b1!).named('Z1').tanh().named('A1');
  const A2 = A1.matmul(W2!).add(b2!).named('Z2').sigmoid().named('A2');
  return A2.log()
    .mul(Y!)
    .add(sub(1, A2).log().mul(sub(1, Y!)))
    .sum()
    .div(m)
    .neg();
}

const right: { readonly [name: string]: Formula } = {
  A2: ({ A2, Y }) =>
    A2!
      .sub(Y!)
      .div(A2!.mul(sub(1, A2!)))
      .div(m),
  Z2: ({ A2 }, g) => g.mul(A2!).mul(sub(1, A2!)),
  W2: ({ A1 }, g) => A1!.transpose().matmul(g),
  b2: (_, g) => g.sum(0),
  A1: ({ W2 }, g) => g.matmul(W2!.transpose()),
  Z1: ({ A1 }, g) => g.mul(sub(1, A1!.square())),
  W1: ({ X }, g) => X!.transpose().matmul(g),
  b1: (_, g) => g.sum(0),
};

function backwardWith(wrong: { readonly [name: string]: Formula } = {}) {
  const formulas = { ...right, ...wrong };
  return (v: Values, given: Given<Tensor>): void => {
    const give = (name: string, g: Tensor): Tensor => given(name, formulas[name]!(v, g));
    const dZ2 = give('Z2', give('A2', v.A2!));
    give('W2', dZ2);
    give('b2', dZ2);
    const dZ1 = give('Z1', give('A1', dZ2));
    give('W1', dZ1);
    give('b1', dZ1);
  };
}

function audit(backward: (v: Values, given: Given<Tensor>) => unknown): AuditReport {
  return auditBackward({ inputs, params, forward, backward });
}

function term(report: AuditReport, name: string): TermReport {
  return report.terms.find((one) => one.name === name)!;
}

function verdicts(report: AuditReport): string {
  return report.terms.map(({ name, verdict }) => `${name} ${verdict}`).join(', ');
}

describe('a right backward pass', () => {
  const report = audit(backwardWith());

  it('is right in every formula, alone and in the chain', () => {
    expect(report.ok).toBe(true);
    expect(report.summary).toBe('All 8 gradients are right.');
    expect(verdicts(report)).toBe('A2 right, Z2 right, W2 right, b2 right, A1 right, Z1 right, W1 right, b1 right');
    expect(
      report.terms.every(({ alone, free }) => alone!.agreement !== 'different' && free!.agreement !== 'different'),
    ).toBe(true);
  });

  it('knows what each formula is computed from', () => {
    expect(report.terms.map(({ uses }) => uses.join())).toEqual(['', 'A2', 'Z2', 'Z2', 'Z2', 'A1', 'Z1', 'Z1']);
  });

  it('has the numbers on both sides', () => {
    expect(report.terms.map(({ numeric }) => numeric!.agreesWith)).toEqual(report.terms.map(() => 'both'));
    expect(term(report, 'b2').numeric).toMatchObject({ tried: 3, of: 3 });
  });

  it('writes down both formulas', () => {
    expect(term(report, 'Z1').automatic).toEqual({
      plain: 'dA1 ⊙ (1 − A1²)',
      tex: '\\mathrm{d}A_1 \\odot (1 - A_1^2)',
    });
    expect(term(report, 'Z1').manual).toEqual(term(report, 'Z1').automatic);
    expect(term(report, 'W2').manual!.plain).toBe('A1ᵀ · dZ2');
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('computes in float64, whatever was given', () => {
    expect(report.precision).toBe('float64');
    expect(Math.max(...report.terms.map(({ free }) => free!.maxAbs!))).toBeLessThan(1e-14);
  });
});

describe('a wrong formula', () => {
  it('is named first, and what follows it only as a consequence', () => {
    const report = audit(backwardWith({ A1: ({ W2 }, g) => g.matmul(W2!.transpose()).mul(g.sum()) }));
    expect(report.firstWrong).toBe('A1');
    expect(verdicts(report)).toBe(
      'A2 right, Z2 right, W2 right, b2 right, A1 wrong, Z1 consequence, W1 consequence, b1 consequence',
    );
    expect(report.terms.filter(({ first }) => first).map(({ name }) => name)).toEqual(['A1']);
    expect(report.ok).toBe(false);
  });

  it('is found beside another one, each on right input', () => {
    const report = audit(
      backwardWith({
        Z2: (_, g) => g,
        W1: ({ X }, g) => X!.transpose().matmul(g).mul(2),
        b2: (_, g) => g.sum(0).neg(),
      }),
    );
    expect(verdicts(report)).toBe(
      'A2 right, Z2 wrong, W2 consequence, b2 wrong, A1 consequence, Z1 consequence, W1 wrong, b1 consequence',
    );
    expect(term(report, 'b2').causes[0]).toMatchObject({ kind: 'sign', text: 'the sign is wrong', factor: -1 });
    expect(term(report, 'W1').causes[0]).toMatchObject({ kind: 'factor', factor: 2 });
  });

  it('has no cause where none is known', () => {
    const report = audit(backwardWith({ Z1: ({ A1 }, g) => g.mul(A1!.sin()).add(0.1) }));
    expect(term(report, 'Z1')).toMatchObject({ verdict: 'wrong', causes: [], factor: null });
    expect(report.summary).toContain('The gradient by Z1 is the first that is wrong (no known cause fits).');
  });

  it('lists causes that tie', () => {
    const report = audit(backwardWith({ Z1: (_, g) => g }));
    expect(term(report, 'Z1').causes.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'activation: the derivative of tanh at Z1 is missing',
      'misplaced: it is the gradient by A1, not by Z1',
    ]);
  });

  it('is right for another loss', () => {
    const report = audit(backwardWith({ A2: ({ A2, Y }) => A2!.sub(Y!).div(m) }));
    expect(report.firstWrong).toBe('A2');
    expect(term(report, 'A2').causes[0]!.text).toBe(
      'this is the gradient of squared error, not of binary cross-entropy, up to a constant factor',
    );
  });

  it('is told where the numbers stand', () => {
    const { numeric } = term(audit(backwardWith({ Z2: (_, g) => g })), 'Z2');
    expect(numeric!.agreesWith).toBe('autograd');
    const [worst] = numeric!.elements;
    expect(worst!.numeric).toBeCloseTo(worst!.autograd!, 8);
    expect(Math.abs(worst!.manual! - worst!.numeric!)).toBeGreaterThan(1e-3);
  });

  it('names an ε in a denominator', () => {
    const guarded: Formula = ({ A2, Y }) =>
      A2!
        .sub(Y!)
        .div(A2!.mul(sub(1, A2!)).add(1e-3))
        .div(m);
    const [cause] = term(audit(backwardWith({ A2: guarded })), 'A2').causes;
    expect(cause).toMatchObject({ kind: 'epsilon', text: 'an ε of 1e-3 is added to the denominator A2(1 − A2)' });
  });

  it('names an ε, and calls it no mistake', () => {
    const withEpsilon: Formula = ({ A2, Y }) =>
      sub(1, Y!)
        .div(sub(1, A2!).add(1e-7))
        .sub(Y!.div(A2!.add(1e-7)))
        .div(m);
    const report = audit(backwardWith({ A2: withEpsilon }));
    expect(term(report, 'A2').verdict).toBe('approximate');
    expect(term(report, 'A2').causes[0]).toMatchObject({ kind: 'epsilon' });
    expect(term(report, 'A2').causes[0]!.text).toMatch(/^an ε of 1e-7 is added to /);
    expect(report.ok).toBe(true);
  });
});

describe('a gradient of one element', () => {
  const causes = (wrong: (w: Tensor, g: Tensor) => Tensor) => {
    const report = auditBackward({
      inputs: { X: tensor([[1], [2], [-0.5], [3]]) },
      params: { w: tensor([[0.23]]) },
      forward: ({ X, w }) => X.matmul(w).named('Z').square().mean(),
      backward: ({ X, w, Z }, given) => ({ w: wrong(w, X.transpose().matmul(given('Z', Z!.div(2)))) }),
    });
    expect(report.firstWrong).toBe('w');
    return term(report, 'w').causes.map(({ text }) => text);
  };

  it('may be off by a factor that a length explains, or by its sign', () => {
    expect(causes((_, g) => g.div(4))[0]).toMatch(/^it is 1\/4 times what it should be/);
    expect(causes((_, g) => g.neg())).toEqual(['the sign is wrong']);
  });

  it('is fitted by any constant: none that nothing explains is named', () => {
    expect(causes((_, g) => g.mul(0.3))).toEqual([]);
    expect(causes((w, g) => g.mul(w).div(w.add(0.048)))).toEqual([]);
  });

  it('may be off by an ε that authors write', () => {
    expect(causes((w, g) => g.mul(w).div(w.add(1e-3)))).toContain('an ε of 1e-3 is added to the denominator w');
  });
});

describe('a constant factor', () => {
  const perExample: Formula = (v, g) => right.A2!(v, g).mul(m);
  const mean =
    (name: string): Formula =>
    (v, g) =>
      right[name]!(v, g).div(m);

  it('is a convention where later formulas make up for it', () => {
    const report = audit(
      backwardWith({ A2: perExample, W2: mean('W2'), b2: mean('b2'), W1: mean('W1'), b1: mean('b1') }),
    );
    expect(report.ok).toBe(true);
    expect(term(report, 'A2')).toMatchObject({
      verdict: 'scaled',
      factor: 8,
      carries: 8,
      madeUpAt: ['W2', 'b2', 'W1', 'b1'],
    });
    expect(term(report, 'Z1')).toMatchObject({ verdict: 'right', factor: 1, carries: 8 });
    expect(term(report, 'W1')).toMatchObject({ verdict: 'right', factor: 1 / 8, carries: 1 });
    expect(report.summary).toBe(
      'All 8 gradients are right; A2 up to a constant factor that later formulas make up for.',
    );
  });

  it('is a mistake where one of them does not', () => {
    const report = audit(backwardWith({ A2: perExample, W2: mean('W2'), W1: mean('W1'), b1: mean('b1') }));
    expect(report.firstWrong).toBe('b2');
    expect(verdicts(report)).toBe('A2 scaled, Z2 right, W2 right, b2 wrong, A1 right, Z1 right, W1 right, b1 right');
    expect(term(report, 'b2').causes[0]!.text).toBe(
      'it is 8 times what it should be: a division by 8 is missing (8 is the length of axis 0 of X)',
    );
  });

  it('is a mistake where none of them does', () => {
    const report = audit(backwardWith({ A2: perExample }));
    expect(report.firstWrong).toBe('A2');
    expect(term(report, 'A2')).toMatchObject({ verdict: 'wrong', factor: 8 });
    expect(report.terms.slice(1).every(({ verdict }) => verdict === 'consequence')).toBe(true);
  });

  it('is a mistake in the middle of a convention', () => {
    const twice: Formula = (v, g) => right.A1!(v, g).mul(2);
    const report = audit(
      backwardWith({ A2: perExample, W2: mean('W2'), b2: mean('b2'), A1: twice, W1: mean('W1'), b1: mean('b1') }),
    );
    expect(report.firstWrong).toBe('A1');
    expect(term(report, 'A1').factor).toBe(2);
  });
});

describe('two steps derived as one', () => {
  const fused = backwardWith({ A2: ({ A2, Y }) => A2!.sub(Y!).div(m), Z2: (_, g) => g });

  it('are right as a whole', () => {
    const report = audit(fused);
    expect(report.ok).toBe(true);
    expect(term(report, 'A2')).toMatchObject({ verdict: 'regrouped' });
    expect(term(report, 'A2').causes[0]!.text).toBe('it is the gradient by Z2, not by A2');
    expect(term(report, 'Z2').verdict).toBe('right');
    expect(verdicts(report)).toContain('W1 right, b1 right');
  });

  it('need not be handed in', () => {
    const report = audit((v, given) => {
      const dZ2 = given('Z2', v.A2!.sub(v.Y!).div(m));
      const dZ1 = right.Z1!(v, right.A1!(v, dZ2));
      return { W2: right.W2!(v, dZ2), b2: dZ2.sum(0), W1: right.W1!(v, dZ1), b1: dZ1.sum(0) };
    });
    expect(report.ok).toBe(true);
    expect(verdicts(report)).toBe(
      'Z2 right, b2 right, W2 right, b1 right, W1 right, Z1 missing, A1 missing, A2 missing',
    );
  });
});

describe('a tape that is wrong itself', () => {
  const doubled = customGradient((x: Tensor) => ({ value: x, vjp: (g: Tensor) => [g.mul(2)] }));

  it.each([
    ['a rule of its own', (Z: Tensor) => doubled(Z)],
    ['a path that is stopped', (Z: Tensor) => Z.mul(0.5).add(stopGradient(Z.mul(0.5)))],
  ])('is told from a wrong formula: %s', (_what, broken) => {
    const report = auditBackward({
      inputs: { X: inputs.X },
      params: { W1: params.W1 },
      forward: ({ X, W1 }) => broken(X.matmul(W1).named('Z')).named('A').square().sum(),
      backward: ({ X, A }, given) => {
        const dA = given('A', A!.mul(2));
        const dZ = given('Z', dA);
        return { W1: X.transpose().matmul(dZ) };
      },
    });
    expect(term(report, 'Z')).toMatchObject({ verdict: 'right' });
    expect(term(report, 'Z').numeric!.agreesWith).toBe('manual');
    expect(report.firstWrong).toBe(null);
    expect(report.ok).toBe(false);
    expect(report.problems[0]).toBe(
      "the tape's gradient by Z is wrong, not the formula: central differences of the loss agree with the formula. Look for a " +
        'stopGradient, a customGradient or an op of your own between it and the loss',
    );
  });
});

describe('what a backward pass is written in', () => {
  const X = [[0.5, -1, 2]];
  const W = [[0.1], [0.2], [-0.3]];
  const linear = ({ X, W }: { X: Tensor; W: Tensor }): Tensor =>
    X.matmul(W).named('Z').tanh().named('A').square().sum();

  it('may be nested lists', () => {
    const report = auditBackward({
      as: 'array',
      inputs: { X },
      params: { W },
      forward: linear,
      backward: ({ X, A }, given) => {
        const [[a]] = A as [[number]];
        const dA = given('A', [[2 * a]]) as [[number]];
        const dZ = given('Z', [[dA[0][0] * (1 - a * a)]]) as [[number]];
        return { W: (X as number[][])[0]!.map((x) => [x * dZ[0][0]]) };
      },
    });
    expect(verdicts(report)).toBe('A right, Z right, W right');
  });

  it('may be ndarrays, also with float32 inside', () => {
    const report = auditBackward({
      as: 'ndarray',
      inputs: { X },
      params: { W },
      forward: linear,
      backward: ({ X, A }, given) => {
        const single = (of: NdArray): NdArray => ndarray(Float32Array.from(of.data as Float64Array), of.shape);
        const dA = single(A!);
        ops.mulseq(dA, 2);
        const dZ = single(given('A', dA as never));
        const slope = single(A!);
        ops.muleq(slope, A!);
        ops.mulseq(slope, -1);
        ops.addseq(slope, 1);
        ops.muleq(dZ, slope);
        const back = given('Z', dZ as never);
        const dW = ndarray(new Float32Array(3), [3, 1]);
        for (let i = 0; i < 3; i++) dW.set(i, 0, X.get(0, i) * back.get(0, 0));
        return { W: dW };
      },
    });
    expect(report.ok).toBe(true);
    expect(report.firstWrong).toBe(null);
  });

  it('is refused in another form', () => {
    const call = () =>
      auditBackward({ as: 'numpy' as never, inputs: { X }, params: { W }, forward: linear, backward: () => {} });
    expect(call).toThrow('auditBackward: as is "numpy". Expected tensor, ndarray or array.');
  });

  it('may name values as it likes', () => {
    const report = auditBackward({
      inputs: { X },
      params: { W },
      forward: ({ X, W }) => X.matmul(W).named('layer1.Z[0]').square().sum(),
      backward: (v, given) => {
        const dZ = given('layer1.Z[0]', v['layer1.Z[0]']!.mul(2));
        return { W: v.X.transpose().matmul(dZ) };
      },
    });
    expect(verdicts(report)).toBe('layer1.Z[0] right, W right');
  });

  it('may have nested parameters', () => {
    const report = auditBackward({
      inputs: { X },
      params: { layers: [{ W: tensor(W) }] },
      forward: ({ X, layers }) => X.matmul(layers[0]!.W).named('Z').square().sum(),
      backward: ({ X, Z }, given) => {
        const dZ = given('Z', Z!.mul(2));
        return { layers: [{ W: X.transpose().matmul(dZ).mul(3) }] };
      },
    });
    expect(verdicts(report)).toBe('Z right, layers[0].W wrong');
  });

  it('may be float32 where the forward pass mixes it in', () => {
    const half = tensor([0.5]);
    const report = auditBackward({
      inputs: { X: tensor(X) },
      params: { W: tensor(W) },
      forward: ({ X, W }) => X.matmul(W).mul(half).named('Z').square().sum(),
      backward: ({ X, Z }, given) => {
        const dZ = given('Z', Z!.mul(2));
        return { W: X.transpose().matmul(dZ).mul(0.5) };
      },
    });
    expect(report.precision).toBe('float32');
    expect(report.ok).toBe(true);
  });
});

describe('a recurrent network, whose weights are used at every step', () => {
  const steps = [1, 2, 3, 4];
  const draws = new RandomGenerator(8);
  const xs = Object.fromEntries(steps.map((t) => [`X${t}`, draws.uniform([3, 2], -1, 1)]));
  const weights = { Wx: draws.uniform([2, 4], -1, 1), Wh: draws.uniform([4, 4], -1, 1), b: draws.uniform([4], -1, 1) };

  function recurrent(v: Values): Tensor {
    let H = v.b!.mul(0).broadcastTo([3, 4]);
    for (const t of steps)
      H = v[`X${t}`]!.matmul(v.Wx!).add(H.matmul(v.Wh!)).add(v.b!).named(`Z${t}`).tanh().named(`H${t}`);
    return H.square().sum().div(2);
  }

  /** Backpropagation through time, with a formula changed. */
  function throughTime(change: (name: string, g: Tensor) => Tensor, sumsFrom = 1) {
    return (v: Values, given: Given<Tensor>) => {
      const give = (name: string, g: Tensor): Tensor => given(name, change(name, g));
      let dH = give('H4', v.H4!);
      const dZs: Tensor[] = [];
      for (const t of [...steps].reverse()) {
        const dZ = give(`Z${t}`, dH.mul(sub(1, v[`H${t}`]!.square())));
        dZs[t] = dZ;
        if (t > 1) dH = give(`H${t - 1}`, dZ.matmul(v.Wh!.transpose()));
      }
      const sum = (of: (t: number) => Tensor, from: number): Tensor =>
        steps
          .filter((t) => t >= from)
          .map(of)
          .reduce((a, b) => a.add(b));
      return {
        Wx: change(
          'Wx',
          sum((t) => v[`X${t}`]!.transpose().matmul(dZs[t]!), sumsFrom),
        ),
        Wh: change(
          'Wh',
          sum((t) => v[`H${t - 1}`]!.transpose().matmul(dZs[t]!), 2),
        ),
        b: change(
          'b',
          sum((t) => dZs[t]!.sum(0), 1),
        ),
      };
    };
  }

  const auditRecurrent = (backward: ReturnType<typeof throughTime>): AuditReport =>
    auditBackward({ inputs: xs, params: weights, forward: recurrent as never, backward: backward as never });

  it('is right through time', () => {
    expect(auditRecurrent(throughTime((_name, g) => g)).ok).toBe(true);
  });

  it.each(['H4', 'Z4', 'Z3', 'H2', 'Z2', 'Z1', 'Wx', 'Wh', 'b'])('names a factor at one step, %s', (wrong) => {
    for (const factor of [2, -1, 0.5]) {
      const report = auditRecurrent(throughTime((name, g) => (name === wrong ? g.mul(factor) : g)));
      expect(report.firstWrong).toBe(wrong);
      expect(term(report, wrong).factor).toBeCloseTo(factor, 10);
      expect(report.terms.filter(({ verdict }) => verdict === 'wrong')).toHaveLength(1);
    }
  });

  it('names a step that is left out', () => {
    const report = auditRecurrent(throughTime((_name, g) => g, 2));
    expect(report.firstWrong).toBe('Wx');
    expect(term(report, 'Wx').causes[0]).toMatchObject({ kind: 'path' });
    expect(report.terms.filter(({ verdict }) => verdict === 'wrong')).toHaveLength(1);
  });
});

describe('awkward values', () => {
  const column = (...values: number[]): Tensor =>
    tensor(
      values.map((value) => [value]),
      { dtype: 'float64' },
    );

  it('do not count rounding as a mistake where terms cancel: a bias before a normalization', () => {
    const X = random.normal([16, 3], 0, 1, 'float64');
    const report = auditBackward({
      inputs: { X },
      params: { b: tensor([0.3, -0.2, 0.1], { dtype: 'float64' }) },
      forward: ({ X, b }) => {
        const Z = X.add(b).named('Z');
        return Z.sub(Z.mean(0)).square().mul(X.sin()).sum();
      },
      backward: ({ X, Z }, given) => {
        const centred = Z!.sub(Z!.mean(0));
        const g = centred.mul(X.sin()).mul(2);
        const dZ = given('Z', g.sub(g.mean(0)));
        return { b: dZ.sum(0).mul(0) }; // the mean of what is centred is 0
      },
    });
    expect(term(report, 'b').verdict).toBe('right');
    expect(report.ok).toBe(true);
  });

  it('do not count float32 as a mistake at an optimum', () => {
    const n = 256;
    const y = Float32Array.from({ length: n }, (_, i) => i % 2);
    const report = auditBackward({
      as: 'array',
      inputs: { y },
      params: { b: tensor([0]) },
      forward: ({ y, b }) => b.mul(y.mul(0).add(1)).named('z').sigmoid().sub(y).square().mean().mul(0.5),
      backward: ({ y, z }, given) => {
        const slopes = Float32Array.from(z as number[], (value, i) => {
          const a = Math.fround(1 / (1 + Math.exp(-value)));
          return Math.fround(Math.fround((a - (y as number[])[i]!) * a * (1 - a)) / n);
        });
        const dz = Float32Array.from(given('z', slopes) as number[]);
        return { b: [dz.reduce((sum, value) => Math.fround(sum + value), 0)] };
      },
    });
    expect(report.firstWrong).toBe(null);
  });

  it('may be indices', () => {
    const ids = tensor(Int32Array.of(0, 2, 2, 1));
    const report = auditBackward({
      inputs: { ids },
      params: { E: random.normal([3, 2], 0, 1, 'float64') },
      forward: ({ ids, E }) => E.take(ids, 0).named('e').square().sum(),
      backward: ({ ids, E, e }, given) => {
        const de = given('e', e!.mul(2));
        const rows = ids.oneHot(3, { dtype: 'float64' }).transpose();
        return { E: rows.matmul(de).add(E.mul(0.5)) };
      },
    });
    expect(report.firstWrong).toBe('E');
  });

  it('may be one element, whose factor says nothing', () => {
    const report = auditBackward({
      inputs: { x: tensor(2) },
      params: { w: tensor(-0.7) },
      forward: ({ x, w }) => x.mul(w).named('z').tanh().named('a').square(),
      backward: ({ x, a }, given) => {
        const dz = given('z', given('a', a!.mul(2)));
        return { w: dz.mul(x) };
      },
    });
    expect(term(report, 'z').causes[0]!.text).toBe('the derivative of tanh at z is missing');
  });

  it('may be hidden behind a unit that is dead', () => {
    const dead = { ...params, b1: params.b1.sub(10) };
    const report = auditBackward({
      inputs,
      params: dead,
      forward: ({ X, Y, W1, b1, W2, b2 }) => {
        const A1 = X.matmul(W1).add(b1).named('Z1').relu().named('A1');
        return A1.matmul(W2).add(b2).named('Z2').sub(Y).square().mean();
      },
      backward: ({ X, Y, W2, Z1, A1, Z2 }, given) => {
        const dZ2 = given('Z2', Z2!.sub(Y).mul(2 / 24));
        const dA1 = given('A1', dZ2.matmul(W2.transpose()).mul(3));
        const dZ1 = given('Z1', dA1.mul(Z1!.greater(0)));
        return { W1: X.transpose().matmul(dZ1), b1: dZ1.sum(0), W2: A1!.transpose().matmul(dZ2), b2: dZ2.sum(0) };
      },
    });
    expect(report.firstWrong).toBe('A1');
    expect(term(report, 'A1').factor).toBe(3);
  });

  it('are told from what was never computed', () => {
    const report = audit(backwardWith({ Z1: (_, g) => g.mul(0) }));
    expect(term(report, 'Z1').causes).toEqual([
      { kind: 'zero', text: 'it is 0 everywhere: it is never computed, or not added up', residual: 0, factor: 0 },
    ]);
  });

  it('are not judged where the loss has a kink', () => {
    const report = auditBackward({
      inputs: { x: column(0, 0) },
      params: { w: tensor([[1.5]], { dtype: 'float64' }) },
      forward: ({ x, w }) => x.matmul(w).named('z').relu().named('a').sum(),
      backward: ({ x, z }, given) => {
        const dz = given('z', z!.mul(0).add(1)); // takes 1 for the derivative at 0, where the tape takes 0
        return { w: x.transpose().matmul(dz) };
      },
    });
    expect(term(report, 'z')).toMatchObject({
      verdict: 'unjudged',
      problem: 'the loss has a kink where it differs from the tape, and has no derivative there: either may be taken',
    });
    expect(report.firstWrong).toBe(null);
  });

  it('are not judged where one element of many is at a kink', () => {
    const x = tensor(
      [
        [1, 2],
        [0, 0],
        [-1, 1],
      ],
      { dtype: 'float64' },
    );
    const report = auditBackward({
      inputs: { x },
      params: { w: tensor([[1.5], [0.5]], { dtype: 'float64' }), b: tensor([0], { dtype: 'float64' }) },
      forward: ({ x, w, b }) => x.matmul(w).add(b).named('z').relu().named('a').sum(),
      backward: ({ x, z }, given) => {
        const dz = given('z', z!.greaterEqual(0).asType('float64')); // not z > 0
        return { w: x.transpose().matmul(dz), b: dz.sum(0) };
      },
    });
    expect(verdicts(report)).toBe('z unjudged, b unjudged, w right, a missing');
    expect(report.ok).toBe(true);
  });

  it('may be by a convention where nothing uses what came back', () => {
    const report = audit((v, given) => {
      const dA2 = right.A2!(v, v.A2!).mul(m);
      const dZ2 = right.Z2!(v, dA2);
      given('A2', dA2);
      given('Z2', dZ2);
      const dZ1 = right.Z1!(v, right.A1!(v, dZ2));
      return {
        W2: right.W2!(v, dZ2).div(m),
        b2: dZ2.mean(0),
        W1: right.W1!(v, dZ1).div(m),
        b1: dZ1.mean(0),
      };
    });
    expect(report.firstWrong).toBe(null);
    expect(report.ok).toBe(true);
  });

  it('in another shape are said to be so', () => {
    const report = auditBackward({
      inputs: { X: column(1, 2) },
      params: { W: tensor([[0.5]]) },
      forward: ({ X, W }) => X.matmul(W).named('P').square().sum(),
      backward: ({ X, P }, given) => ({
        W: X.transpose()
          .matmul(given('P', P!.mul(2)))
          .reshape([1]),
      }),
    });
    expect(report.ok).toBe(false);
    expect(report.problems).toEqual([
      'the gradient by W: it has the shape [1], expected [1, 1]; the values are right, but it broadcasts otherwise',
    ]);
  });

  it('in another shape are not said to be right where they are wrong', () => {
    const report = auditBackward({
      inputs: { X: column(1, 2) },
      params: { W: tensor([[0.5]]) },
      forward: ({ X, W }) => X.matmul(W).named('P').square().sum(),
      backward: ({ X, P }, given) => ({
        W: X.transpose()
          .matmul(given('P', P!.mul(2)))
          .reshape([])
          .mul(0.3),
      }),
    });
    expect(term(report, 'W')).toMatchObject({
      verdict: 'wrong',
      problem: 'it has the shape [], expected [1, 1]',
      alone: { actual: expect.closeTo(1.5, 6), expected: expect.closeTo(5, 6) },
    });
    expect(report.problems).toEqual([]);
    expect(showAudit(report, { color: false, width: 300 })).toContain(
      '  It has the shape [], expected [1, 1]. On right input the formula is off by up to 3.5 at [0, 0], 1.5 instead of 5 ' +
        '(relative: up to 70%). Central differences (its one element) agree with autograd: it is the formula that is wrong. ' +
        'No known cause fits.\n',
    );
  });

  it('in another shape are right as far as a convention goes', () => {
    const report = auditBackward({
      inputs: { X: column(1, 2) },
      params: { W: tensor([[0.5]]) },
      forward: ({ X, W }) => X.matmul(W).named('P').square().mean(),
      backward: ({ X, P }, given) => ({
        W: X.transpose()
          .matmul(given('P', P!.mul(2)))
          .div(2)
          .reshape([1]),
      }),
    });
    expect(report.problems).toEqual([
      'the gradient by W: it has the shape [1], expected [1, 1]; the values are right, but it broadcasts otherwise',
    ]);
  });

  it('may be small beside the largest, and wrong', () => {
    const s = tensor([1, 1e6], { dtype: 'float64' });
    const report = auditBackward({
      inputs: { x: tensor([1, 1], { dtype: 'float64' }) },
      params: { w: tensor([1, 1], { dtype: 'float64' }) },
      forward: ({ x, w }) =>
        w
          .mul(x)
          .named('z')
          .mul(s)
          .named('a')
          .mul(tensor([1, 1e-6], { dtype: 'float64' }))
          .sum(),
      backward: ({ x }, given) => {
        const da = given('a', tensor([1, 5e-6], { dtype: 'float64' })); // the second is five times too large
        return { w: given('z', da.mul(s)).mul(x) };
      },
    });
    expect(report.firstWrong).toBe('a');
  });

  it('may be small beside the largest, and wrong for no known reason', () => {
    const X = tensor(
      Array.from({ length: 6 }, (_, i) => [2000 + 37 * i, 0.01 + 0.003 * i]),
      { dtype: 'float64' },
    );
    const report = auditBackward({
      inputs: { X },
      params: { W: tensor([[1e-3], [0.5]], { dtype: 'float64' }) },
      forward: ({ X, W }) => X.matmul(W).named('P').square().mean(),
      backward: ({ X, P }, given) => {
        const dW = X.transpose().matmul(given('P', P!.div(3)));
        return { W: dW.mul(tensor([[1], [1.5]], { dtype: 'float64' })) };
      },
    });
    expect(report.firstWrong).toBe('W');
  });

  it('may not be random', () => {
    let calls = 0;
    const report = auditBackward({
      inputs: { x: tensor([1, 2]) },
      params: { w: tensor([1, 1]) },
      forward: ({ x, w }) =>
        x
          .mul(w)
          .mul(1 + calls++)
          .named('z')
          .sum(),
      backward: ({ x, z }, given) => ({ w: given('z', z!.mul(0).add(1)).mul(x) }),
    });
    expect(report.problems).toContain(
      'the forward pass gives another loss when it is run again. Draw random values outside of it, and hand them in as inputs',
    );
  });

  it('do not go on for ever', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    const report = audit((_v, given) => {
      given('A2', circle as never);
    });
    expect(report.ok).toBe(false);
    const call = () => auditBackward({ inputs: { circle }, params: {}, forward: () => tensor(1), backward: () => {} });
    expect(call).toThrow('goes on without an end. Expected no circles.');
  });
});

describe('bad input: a backward pass that', () => {
  it.each([
    ['an object without a prototype', Object.create(null), 'something that has no text'],
    ['a text', 'no such row', 'no such row'],
  ])('throws %s', (_what, thrown, message) => {
    const report = audit(() => {
      throw thrown;
    });
    expect(report.problems).toEqual([`the backward pass threw before it handed in anything: ${message}`]);
  });

  it('returns everything at its end is judged in the order of a backward pass', () => {
    const report = audit((v) => {
      const dA2 = right.A2!(v, v.A2!);
      const dZ2 = right.Z2!(v, dA2).mul(2);
      return { W2: right.W2!(v, dZ2), Z2: dZ2, A2: dA2 };
    });
    expect(report.terms.slice(0, 3).map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'A2 right',
      'Z2 wrong',
      'W2 wrong',
    ]);
  });

  it('throws', () => {
    const report = audit((v, given) => {
      given('A2', right.A2!(v, v.A2!));
      throw new RangeError('no such row');
    });
    expect(report.problems).toEqual(['the backward pass threw after it handed in A2: no such row']);
    expect(term(report, 'A2').verdict).toBe('right');
    expect(term(report, 'W1').verdict).toBe('missing');
    expect(report.ok).toBe(false);
  });

  it('hands in nothing', () => {
    const report = audit(() => undefined);
    expect(report.problems).toEqual(['the backward pass handed in nothing, and returned no gradient.']);
    expect(report.summary).toBe('No gradient was handed in for W1, b1, W2, b2.');
  });

  it.each([
    ['a scalar', () => tensor(1), 'it has the shape [], expected [8, 3]'],
    ['its transpose', (v: Values) => right.A2!(v, v.A2!).transpose(), 'it has the shape [3, 8], expected [8, 3]'],
    ['NaN', (v: Values) => v.A2!.mul(Number.NaN), 'it is NaN at [0, 0]'],
    ['infinity', (v: Values) => v.A2!.div(0), 'it is Infinity at [0, 0]'],
  ])('hands in %s', (_what, A2, problem) => {
    const report = audit(backwardWith({ A2 }));
    expect(report.firstWrong).toBe('A2');
    expect(term(report, 'A2').problem).toBe(problem);
    expect(term(report, 'Z2').alone!.agreement).not.toBe('different');
  });

  it.each([
    ['undefined', undefined, 'it is no gradient: undefined.'],
    ['a text', 'dA2', 'it is no gradient: "dA2".'],
    ['ragged lists', [[1], [2, 3]], 'it is no gradient: '],
  ])('hands in %s', (_what, value, problem) => {
    const report = audit((_v, given) => {
      given('A2', value as never);
    });
    expect(report.firstWrong).toBe('A2');
    expect(term(report, 'A2').problem).toContain(problem);
  });

  it('hands in a name that the forward pass does not have', () => {
    const report = audit((v, given) => {
      given('dA2', right.A2!(v, v.A2!));
    });
    expect(report.problems).toEqual([
      'a gradient was handed in for dA2, which the forward pass does not name. Did you mean A2? It names Z1, A1, Z2, A2, X, Y, W1, b1, W2, b2.',
      'the backward pass handed in nothing, and returned no gradient.',
    ]);
  });

  it('is asynchronous', () => {
    const report = audit(async () => ({}));
    expect(report.problems[0]).toBe('the backward pass returned a promise. Expected gradients: await the data first.');
  });

  it('hands in one gradient twice', () => {
    const report = audit((v, given) => {
      backwardWith()(v, given);
      given('b1', v.b1!);
    });
    expect(report.problems).toEqual(['b1 was handed in twice, with different values; the first one counts.']);
  });

  it('gives other values on each run', () => {
    let calls = 0;
    const report = audit(backwardWith({ A2: (v, g) => right.A2!(v, g).mul(1 + calls++ * 1e-3) }));
    expect(report.problems).toContain(
      'the backward pass gives other values on each run. Start sums at zero on each call, and take random draws from the forward pass, by a name',
    );
  });
});

describe('bad input: a forward pass that', () => {
  const nothing = (): void => undefined;

  it.each([
    ['is no function', 3, 'auditBackward: forward is the number 3. Expected a function.'],
    [
      'returns nothing',
      () => undefined,
      'auditBackward: forward returned undefined. Expected the loss, a scalar tensor.',
    ],
    [
      'is no scalar',
      ({ W }: Values) => W!,
      'auditBackward: the loss has shape [2]. Reduce it to a scalar first, e.g. loss.mean().',
    ],
    [
      'depends on nothing',
      () => tensor(1),
      'auditBackward: the loss depends on none of the inputs and parameters. Compute it from them.',
    ],
    [
      'names two values alike',
      ({ W }: Values) => W!.mul(2).named('Z').mul(2).named('Z').sum(),
      'auditBackward: two intermediate values are named Z. Give each a name of its own.',
    ],
    [
      'names a value like an argument',
      ({ W }: Values) => W!.mul(2).named('W').sum(),
      'auditBackward: W is an argument, and an intermediate value is named so. Rename one.',
    ],
  ])('%s', (_what, forward, message) => {
    const call = () =>
      auditBackward({ inputs: {}, params: { W: tensor([1, 2]) }, forward: forward as never, backward: nothing });
    expect(call).toThrow(message);
  });

  it('has an infinite loss is not judged', () => {
    const report = auditBackward({
      inputs: { x: tensor([0, 1]) },
      params: { w: tensor([1, 1]) },
      forward: ({ x, w }) => x.mul(w).named('z').log().sum(),
      backward: ({ x, z }, given) => ({ w: given('z', z!.reciprocal()).mul(x) }),
    });
    expect(report.loss).toBe(null);
    expect(report.ok).toBe(false);
    expect(term(report, 'z').verdict).toBe('unjudged');
    expect(report.problems[0]).toContain('is not finite, and the loss is -Infinity. Record the forward pass on');
  });

  it('refuses an argument under two roles', () => {
    expect(() => auditBackward({ inputs: { W: [1] }, params: { W: [1] }, forward, backward: nothing })).toThrow(
      'auditBackward: W is both an input and a parameter. Give each a name of its own.',
    );
  });
});

// Every verdict of the audit, beside what was derived on paper.

import type { AuditReport, TermReport, UpdateReport, Verdict } from '@tapegrad/gradcheck';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Combination } from '../src/system.ts';
import { systems } from '../src/systems.ts';

const found = new Map<string, readonly Combination[]>();

beforeAll(async () => {
  for (const system of systems) found.set(system.key, await system.audit(1));
}, 120_000);

function combination(key: string, title: string): Combination {
  return found.get(key)!.find((each) => each.title === title)!;
}

function backward(key: string, title: string): AuditReport {
  const { report } = combination(key, title);
  if (report.kind !== 'backward') throw new Error(`${title} is the audit of a step.`);
  return report;
}

function step(key: string, title: string): UpdateReport {
  const { report } = combination(key, title);
  if (report.kind !== 'update') throw new Error(`${title} is the audit of a backward pass.`);
  return report;
}

function term({ terms }: AuditReport, name: string): TermReport {
  return terms.find((each) => each.name === name)!;
}

/** Expects the verdicts by name, and `otherwise` for all the rest. */
function expectVerdicts(
  { terms, problems }: AuditReport,
  otherwise: Verdict,
  but: { readonly [name: string]: Verdict } = {},
) {
  expect(problems).toEqual([]);
  expect(Object.fromEntries(terms.map(({ name, verdict }) => [name, verdict]))).toEqual({
    ...Object.fromEntries(terms.map(({ name }) => [name, otherwise])),
    ...but,
  });
}

/** Every gradient of a chain of `layers` layers: dA, dZ, dW and db of each. */
function namesOf(layers: number): string[] {
  return Array.from({ length: layers }, (_, i) =>
    ['A', 'Z', 'W', 'b'].map((letter) => `${letter}${layers - i}`),
  ).flat();
}

describe('system A', () => {
  // L = −(1/m) Σ …, so ∂L/∂A = (1/m) (A − Y) / (A(1 − A)): dA lacks the 1/m, and dW and db bring it. All else is the chain rule.
  it.each([
    ['64–10–5–1, sigmoid; binary cross-entropy; m = 12', 3],
    ['64–1, sigmoid; binary cross-entropy; m = 12', 1],
  ])('%s: right, with the 1/m taken at the weights', (title, layers) => {
    const report = backward('a', title);
    const output = `A${layers}`;
    expect(report.terms.map(({ name }) => name)).toEqual(namesOf(layers));
    expectVerdicts(report, 'right', { [output]: 'scaled' });
    expect(report.ok).toBe(true);
    expect(term(report, output).factor).toBe(12);
    expect(term(report, output).madeUpAt.toSorted()).toEqual(
      namesOf(layers)
        .filter((name) => /^[Wb]/.test(name))
        .sort(),
    );
    for (const { name, carries } of report.terms) expect(carries).toBe(/^[Wb]/.test(name) ? 1 : 12);
  });
});

describe('system B', () => {
  // ∂L/∂A = (1/m) (A − Y) / (A(1 − A)). A − Y is m ∂L/∂Z, which dZ = dA ⊙ A(1 − A) then multiplies by σ′ once more.
  it('takes the sigmoid twice with binary cross-entropy', () => {
    const report = backward('b', '30–8–5–1, ReLU, sigmoid; binary cross-entropy, clipped; m = 12');
    expectVerdicts(report, 'consequence', { A3: 'wrong' });
    expect(report.firstWrong).toBe('A3');
    // Two ways to see the same: it is also the gradient of the squared error.
    const kinds = term(report, 'A3').causes.map(({ kind }) => kind);
    expect(kinds).toContain('misplaced');
    expect(kinds).toContain('loss');
  });

  // ∂L/∂A = (A − Y)/m, and dZ takes the sigmoid's derivative: right, with the 1/m taken at the weights.
  it('is right with squared error', () => {
    const report = backward('b', '30–8–5–1, ReLU, sigmoid; squared error; m = 12');
    expectVerdicts(report, 'right', { A3: 'scaled' });
    expect(term(report, 'A3').factor).toBe(12);
  });

  // ∂L/∂A = −Y/(mA), but ∂L/∂Z = (A − Y)/m: what is called dA is m ∂L/∂Z, and dZ = dA makes it right.
  it('is right with softmax, whose derivative is taken in dA already', () => {
    const report = backward('b', '64–8–5–10, ReLU, softmax; cross-entropy; m = 12');
    expectVerdicts(report, 'right', { A3: 'regrouped' });
    expect(report.ok).toBe(true);
    expect(term(report, 'A3').causes[0]).toMatchObject({ kind: 'misplaced', factor: 12 });
    expect(term(report, 'Z3').carries).toBe(12);
  });

  // Kingma and Ba divide by √v̂ + ε. The moments and their corrections are theirs.
  it('lacks the square root of Adam', () => {
    const report = step('b', 'the step of Adam');
    expect(
      report.quantities.map(({ quantity, parameter, verdict }) => `${quantity} of ${parameter}: ${verdict}`),
    ).toEqual([
      ...['m of W: right', 'v of W: right', 'update of W: wrong'],
      ...['m of b: right', 'v of b: right', 'update of b: wrong'],
    ]);
    expect(report.causes.map(({ ids }) => ids)).toEqual([['no-root']]);
  });
});

describe('system C', () => {
  // One example, L = −Σ y log ŷ or Σ (ŷ − y)²: no mean anywhere, so no constant either; db = dZ as Z = W A + b.
  it.each([
    '64–8–7–10, ReLU, ReLU, softmax; cross-entropy; m = 1',
    '64–8–7–10, ReLU, ReLU, softmax; squared error; m = 1',
    '64–8–7–10, sigmoid, sigmoid, sigmoid; cross-entropy; m = 1',
    '64–8–7–10, sigmoid, sigmoid, sigmoid; squared error; m = 1',
  ])('%s: right', (title) => {
    const report = backward('c', title);
    expect(report.terms.map(({ name }) => name)).toEqual(namesOf(3));
    expectVerdicts(report, 'right');
    for (const { factor, carries } of report.terms) expect([factor, carries]).toEqual([1, 1]);
  });

  // A = Z has the derivative 1. Z ⊙ dA is wrong at that layer; W and b of it, and all before it, work on that.
  it.each([
    ['64–8–7–10, ReLU, none, softmax; cross-entropy; m = 1', 2],
    ['64–8–7–10, ReLU, ReLU, none; squared error; m = 1', 3],
  ])('%s: the derivative of no activation is 1', (title, layer) => {
    const report = backward('c', title);
    const names = namesOf(3);
    const right = names.slice(0, names.indexOf(`Z${layer}`));
    expectVerdicts(report, 'consequence', {
      ...Object.fromEntries(right.map((name) => [name, 'right' as const])),
      [`Z${layer}`]: 'wrong',
    });
    expect(term(report, `Z${layer}`).causes[0]).toMatchObject({
      kind: 'activation',
      text: `it is multiplied by Z${layer} itself: the derivative of a linear activation is 1, not its input`,
    });
  });

  // b is added to every column, so ∂L/∂b is the sum of dZ's columns; dZ itself is as wide as the batch. dW = dZ Aᵀ sums already.
  it('is wrong by db alone on a batch', () => {
    const report = backward('c', '64–8–7–10, ReLU, ReLU, softmax; cross-entropy; m = 12');
    expectVerdicts(report, 'right', { b3: 'wrong', b2: 'wrong', b1: 'wrong' });
    expect(term(report, 'b3').problem).toBe('it has the shape [10, 12], expected [10, 1]');
    for (const name of ['b3', 'b2', 'b1']) expect(term(report, name).causes[0]?.kind).toBe('reduction');
  });

  // The gradient of the mean loss + (λ/2n) Σ W² is ΣdW/batch + (λ/n) W.
  it('takes the step of gradient descent with L2', () => {
    const report = step('c', 'the step of gradient descent with L2');
    expect(report.ok).toBe(true);
    expect(report.rule.options.weightDecay).toBe(1e-4);
    expect(report.quantities.map(({ verdict }) => verdict)).toEqual(['right']);
  });
});

describe('system D', () => {
  // Z = X W + b: dW = Xᵀ dZ, db the sum over rows, dX = dZ Wᵀ. The 1/m is in dZ, so nothing carries a constant.
  it('is right', () => {
    const report = backward('d', '64–8–7–10, ReLU, softmax; integer labels; m = 12');
    const names = ['Z3', 'W3', 'b3', 'A2', 'Z2', 'W2', 'b2', 'A1', 'Z1', 'W1', 'b1', 'X'];
    expect(report.terms.map(({ name }) => name)).toEqual(names);
    expectVerdicts(report, 'right');
    for (const { factor, carries } of report.terms) expect([factor, carries]).toEqual([1, 1]);
  });
});

describe('system E', () => {
  // L is a mean, so dA lacks 1/m, and dW does not make up for it. ∂L/∂b sums over examples; the mean over every element is neither
  // that sum nor of b's shape, but for the one unit at the output, where its 1/m is the one that dA lacks.
  it('lacks the 1/m, and gives all biases of a layer the same mean', () => {
    const report = backward('e', '30–9–7–5–1, relu, relu, relu, sigmoid; m = 16');
    expect(report.terms.map(({ name }) => name)).toEqual(namesOf(4));
    const wrong = { A4: 'wrong', b4: 'wrong', b3: 'wrong', b2: 'wrong', b1: 'wrong' } as const;
    expectVerdicts(report, 'consequence', wrong);
    expect(term(report, 'A4')).toMatchObject({ first: true, factor: 16 });
    expect(term(report, 'b4').factor).toBe(1 / 16);
    expect(term(report, 'b4').free?.agreement).not.toBe('different');
    expect(term(report, 'b3').causes[0]?.text).toBe(
      'it is the mean over every element of [5, 16], where the sum over axis 1 belongs',
    );
    for (const name of ['W4', 'W3', 'W2', 'W1']) {
      const { actual, expected } = term(report, name).free!;
      expect(actual! / expected!).toBeCloseTo(16, 6);
    }
  });

  // The same, and A = Z has the derivative 1, not Z.
  it('is wrong at the linear layer, too', () => {
    const report = backward('e', '30–9–7–1, relu, linear, sigmoid; m = 16');
    const wrong = { A3: 'wrong', b3: 'wrong', Z2: 'wrong', b2: 'wrong', b1: 'wrong' } as const;
    expectVerdicts(report, 'consequence', wrong);
    expect(term(report, 'A3')).toMatchObject({ first: true, factor: 16 });
    expect(term(report, 'Z2').causes[0]).toMatchObject({
      kind: 'activation',
      text: 'it is multiplied by Z2 itself: the derivative of a linear activation is 1, not its input',
    });
  });
});

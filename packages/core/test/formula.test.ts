import { describe, expect, it } from 'vitest';
import { edgeFormula } from '../src/edge-formula.ts';
import { formulaAt } from '../src/formula.ts';
import {
  binary,
  checkpoint,
  concat,
  elementwise,
  entries,
  eye,
  type Formula,
  full,
  Parameter,
  RandomGenerator,
  type Shape,
  scalar,
  sub,
  Tape,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../src/index.ts';
import { nameSymbol } from '../src/symbols.ts';
import { refusal } from './refusal.ts';
import { drawInputs } from './support/finite-differences.ts';
import { readings } from './support/readings.ts';
import { call, differentiable, samplesOfAll } from './support/samples.ts';

/** The formula of what f makes of watched tensors of these shapes. */
function formula(
  shapes: { readonly [name: string]: Shape },
  f: (named: { [name: string]: Tensor }) => Tensor,
): Formula {
  const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, zeros(shape).add(1)]));
  const tape = new Tape();
  tape.watch(inputs);
  return tape.formulaOf(tape.record(() => f(inputs)));
}

function plain(shapes: { readonly [name: string]: Shape }, f: (named: { [name: string]: Tensor }) => Tensor): string {
  return formula(shapes, f).plain;
}

const square = { a: [2, 2], b: [2, 2], c: [2, 2], g: [2, 2] };

describe('formulaOf', () => {
  it('writes out steps without a name, down to names and leaves', () => {
    const tape = new Tape();
    const [x, W] = [tensor([[1, 2]]), tensor([[3], [4]])];
    tape.watch({ x, W1: W });
    const Z = tape.record(() => x.matmul(W).add(1).named('Z1'));
    const out = tape.record(() => Z.sigmoid().square());
    expect(tape.formulaOf(out)).toEqual({ plain: 'sigmoid(Z1)²', tex: '\\sigma(Z_1)^2' });
  });

  it('writes out the step that is asked for also where it has a name', () => {
    expect(formula({ x: [2], W1: [2] }, ({ x, W1 }) => x!.mul(W1!).named('Z1'))).toEqual({
      plain: 'x ⊙ W1',
      tex: 'x \\odot W_1',
    });
  });

  it('gives the symbol of what came from outside', () => {
    const tape = new Tape();
    const [x, y] = [scalar(1), scalar(2)];
    tape.watch({ x });
    tape.watch(y);
    expect([tape.formulaOf(x).plain, tape.formulaOf(y).plain]).toEqual(['x', '%1']);
    expect(tape.formulaOf(y).tex).toBe('\\%1');
  });

  it('shows a constant whose elements are all the same as that number, and a reciprocal as a fraction', () => {
    const written = formula(square, ({ a }) => a!.mul(full([2, 2], 1 / 6)).div(full([2, 2], 3)));
    expect(written).toEqual({ plain: 'a ⊙ (1/6) / 3', tex: '\\frac{a \\odot \\frac{1}{6}}{3}' });
  });

  it('shows numbers as such, and other constants by their shape', () => {
    const c = eye(2);
    expect(formula(square, ({ a }) => a!.add(c).mul(0.1))).toEqual({
      plain: '(a + c[2, 2]) ⊙ 0.1',
      tex: '(a + c_{[2, 2]}) \\odot 0.1',
    });
    expect(formula(square, ({ a }) => a!.add(1e-12)).tex).toBe('a + 10^{-12}');
    expect(formula(square, ({ a }) => a!.mul(2.5e-12)).tex).toBe('a \\odot (2.5 \\cdot 10^{-12})');
    expect(plain(square, ({ a }) => a!.mul(-2).minimum(Number.POSITIVE_INFINITY))).toBe('minimum(a ⊙ (−2), ∞)');
  });

  it('puts parentheses where they are needed, and only there', () => {
    const cases: readonly (readonly [string, (named: { [name: string]: Tensor }) => Tensor])[] = [
      ['g ⊙ a ⊙ (1 − a)', ({ a, g }) => g!.mul(a!).mul(sub(1, a!))],
      ['a + b + c', ({ a, b, c }) => a!.add(b!.add(c!))],
      ['a − (b + c)', ({ a, b, c }) => a!.sub(b!.add(c!))],
      ['a − b + c', ({ a, b, c }) => a!.sub(b!).add(c!)],
      ['a / (b / c)', ({ a, b, c }) => a!.div(b!.div(c!))],
      ['a / b / c', ({ a, b, c }) => a!.div(b!).div(c!)],
      ['a ⊙ b / c', ({ a, b, c }) => a!.mul(b!.div(c!))],
      ['−(a + b)', ({ a, b }) => a!.add(b!).neg()],
      ['a + (−b)', ({ a, b }) => a!.add(b!.neg())],
      ['−a + b', ({ a, b }) => a!.neg().add(b!)],
      ['(−a) ⊙ b', ({ a, b }) => a!.neg().mul(b!)],
      ['(a + b)²', ({ a, b }) => a!.add(b!).square()],
      ['(−a)²', ({ a }) => a!.neg().square()],
      ['a^(b − 1)', ({ a, b }) => a!.pow(b!.sub(1))],
      ['(a^b)^c', ({ a, b, c }) => a!.pow(b!).pow(c!)],
      ['(a ⊙ b) · c', ({ a, b, c }) => a!.mul(b!).matmul(c!)],
      ['a ⊙ (b · c)', ({ a, b, c }) => a!.mul(b!.matmul(c!))],
      ['a · b · c', ({ a, b, c }) => a!.matmul(b!).matmul(c!)],
      ['a · bᵀ', ({ a, b }) => a!.matmul(b!.transpose())],
      ['(a · b)ᵀ', ({ a, b }) => a!.matmul(b!).transpose()],
      ['|a − b|', ({ a, b }) => a!.sub(b!).abs()],
      ['where(a ≤ 0 ∨ b > 1, 0, g)', ({ a, b, g }) => where(a!.lessEqual(0).logicalOr(b!.greater(1)), 0, g!)],
    ];
    expect(cases.map(([, f]) => plain(square, f))).toEqual(cases.map(([text]) => text));
  });

  it('braces and fences in TeX what belongs together', () => {
    const tex = (f: (named: { [name: string]: Tensor }) => Tensor): string => formula(square, f).tex;
    expect(tex(({ a, b }) => a!.add(b!).exp())).toBe('e^{a + b}');
    expect(tex(({ a }) => a!.exp())).toBe('e^a');
    expect(tex(({ a, b }) => a!.div(b!).square())).toBe('\\left(\\frac{a}{b}\\right)^2');
    expect(tex(({ a, b }) => a!.add(b!).div(a!.sub(b!)))).toBe('\\frac{a + b}{a - b}');
    expect(tex(({ a, b }) => a!.add(b!).log())).toBe('\\ln(a + b)');
    expect(tex(({ a, b }) => a!.matmul(b!.transpose()))).toBe('a\\, b^\\top');
    expect(tex(({ a, g }) => where(a!.greater(0), g!, 0))).toBe(
      '\\begin{cases} g & \\text{if } a > 0 \\\\ 0 & \\text{otherwise} \\end{cases}',
    );
  });

  it('shows axes of reductions, and arguments of calls', () => {
    const shapes = { x: [2, 3, 4] };
    expect(formula(shapes, ({ x }) => x!.sum(0))).toEqual({
      plain: 'sum(x, axis 0)',
      tex: '\\sum_{\\text{axis 0}} x',
    });
    expect(formula(shapes, ({ x }) => x!.mean([0, 2], { keepDims: true }))).toEqual({
      plain: 'mean(x, axes 0, 2, keepDims)',
      tex: '\\operatorname{mean}_{\\text{axes 0, 2}}(x)',
    });
    expect(formula(shapes, ({ x }) => x!.max())).toEqual({ plain: 'max(x)', tex: '\\max(x)' });
    expect(formula(shapes, ({ x }) => x!.reshape([6, 4]))).toEqual({
      plain: 'reshape(x, [6, 4])',
      tex: '\\operatorname{reshape}(x, [6, 4])',
    });
    expect(plain(shapes, ({ x }) => x!.reshape([2, 3, 4]).neg())).toBe('−x');
    expect(plain(shapes, ({ x }) => x!.transpose([0, 2, 1]))).toBe('xᵀ');
    expect(formula(shapes, ({ x }) => x!.transpose())).toEqual({
      plain: 'transpose(x, axes=[2,1,0])',
      tex: '\\operatorname{transpose}(x, \\mathrm{axes=[2,1,0]})',
    });
    expect(plain(shapes, ({ x }) => x!.clip(0))).toBe('clip(x, min=0, max=Infinity)');
  });

  it('lists the operands of a variadic op', () => {
    const tape = new Tape();
    const [x, y] = [tensor([1]), tensor([2])];
    tape.watch({ x, y });
    const out = tape.record(() => concat([x.neg(), y, x]));
    expect(tape.formulaOf(out)).toEqual({
      plain: 'concat([−x, y, x], axis=0)',
      tex: '\\operatorname{concat}([-x, y, x], \\mathrm{axis=0})',
    });
  });

  it('writes names as TeX does symbols', () => {
    const tex = (name: string): string => nameSymbol(name).tex;
    expect(['x', 'W1', 'W_1', 'W12', 'dZ2', 'dx', 'd'].map(tex)).toEqual([
      'x',
      'W_1',
      'W_1',
      'W_{12}',
      '\\mathrm{d}Z_2',
      '\\mathrm{d}x',
      'd',
    ]);
    expect(['loss', 'dense_1/kernel', 'a b', '50%', '{~^\\}'].map(tex)).toEqual([
      '\\mathrm{loss}',
      '\\mathrm{dense\\_1/kernel}',
      '\\mathrm{a\\ b}',
      '\\mathrm{50\\%}',
      '\\mathrm{\\{\\sim \\wedge \\backslash \\}}',
    ]);
  });

  it('gives a formula that would be very long in terms of the operands of the step', () => {
    const x = scalar(1);
    const tape = new Tape();
    tape.watch({ x });
    // each step is used twice: written out, the last would have 2⁴⁰ terms
    const out = tape.record(() => {
      let y = x.sin();
      for (let i = 0; i < 40; i++) y = y.mul(y);
      return y;
    });
    expect(tape.formulaOf(out)).toEqual({ plain: '%40 ⊙ %40', tex: '\\%40 \\odot \\%40' });
  });

  it('goes through a long tape without recursion', () => {
    const x = scalar(1);
    const tape = new Tape();
    tape.watch({ x });
    const out = tape.record(() => {
      let y = x;
      for (let i = 0; i < 20_000; i++) y = y.add(1);
      return y;
    });
    expect(tape.formulaOf(out).plain).toBe('%39998 + 1');
  });

  it("takes a user's op by its TeX where that shows each operand once, and as a call otherwise", () => {
    const base = {
      kernel: elementwise('f', ['x', 'y'], 'x+y'),
      saves: [],
      vjp: { x: (g: Tensor) => g, y: (g: Tensor) => g },
    };
    const op = (name: string, tex: string) => binary({ ...base, name, doc: '', tex });
    const tex = (of: ReturnType<typeof op>): string => formula({ a: [2], b: [2] }, ({ a, b }) => of(a!.add(1), b!)).tex;
    expect(tex(op('bracket', '[x, y]'))).toBe('[a + 1, b]');
    expect(tex(op('bracket', 'x^2 + x y'))).toBe('\\operatorname{bracket}(a + 1, b)');
    expect(tex(op('bracket', 'x_i + y_j'))).toBe('\\operatorname{bracket}(a + 1, b)');
    expect(tex(op('bracket', 'k x y'))).toBe('\\operatorname{bracket}(a + 1, b)');
    expect(tex(op('bracket', ''))).toBe('\\operatorname{bracket}(a + 1, b)');
  });

  it('refuses a tensor that is not on the tape', () => {
    expect(() => new Tape().formulaOf(scalar(1))).toThrow(
      refusal('formulaOf: the tensor was not recorded by this tape. Compute it inside record(), of watched tensors.'),
    );
  });

  it('shows a function with a rule of its own by what it is', () => {
    const w = new Parameter(scalar(2), 'w');
    const tape = new Tape();
    const out = tape.record(() => checkpoint((x: Tensor) => x.mul(w))(w.neg()).square());
    expect(tape.formulaOf(out)).toEqual({
      plain: 'checkpoint(−w, w)²',
      tex: '\\operatorname{checkpoint}(-w, w)^2',
    });
  });
});

const seed = 20261203;
const own = samplesOfAll.filter(({ entry }) => 'vjp' in entry);

/** The formulas of an op's value and of its rules, in terms of its entry's names. */
function formulasOf({ entry, sample }: (typeof own)[number]): {
  value: Formula;
  rules: { [operand: string]: Formula };
} {
  const inputs = drawInputs(sample.inputs, new RandomGenerator(seed));
  const tape = new Tape();
  const positions = differentiable(entry, sample);
  tape.watch(positions.map((i) => inputs[i]!));
  const out = tape.record(() => call(entry, inputs, sample));
  const at = tape.positionOf(out)!;
  const node = tape.nodes[at]!;
  const names = entry.variadic ? inputs.map((_, i) => `x${i}`) : entry.inputs;
  const symbols = names.map(nameSymbol);
  const value = formulaAt(tape.nodes, at, (input) => symbols[node.inputs.indexOf(input)]);
  const rules = positions.map((position) => [
    names[position]!,
    edgeFormula(tape.nodes, node, position, out, { g: nameSymbol('g'), inputs: symbols, out: nameSymbol('out') }),
  ]);
  return { value, rules: Object.fromEntries(rules) };
}

/** Whether brackets, braces and environments are closed in the order in which they were opened. */
function isBalanced(tex: string): boolean {
  const open: string[] = [];
  const pairs = new Map(
    [')', ']', '}', '\\end', '\\right)'].map((end, i) => [end, ['(', '[', '{', '\\begin', '\\left('][i]]),
  );
  for (const [token] of tex.matchAll(/\\left\(|\\right\)|\\begin|\\end|\\[^a-z]|[()[\]{}]/g)) {
    if ([...pairs.values()].includes(token)) open.push(token);
    else if (pairs.has(token) && open.pop() !== pairs.get(token)) return false;
  }
  return open.length === 0;
}

describe('the formulas of the table', () => {
  const rows = own.filter(({ entry, sample }) => differentiable(entry, sample).length > 0);

  it.each(rows)('exist for the value and each rule: $title', (row) => {
    const { value, rules } = formulasOf(row);
    expect(Object.keys(rules).length).toBeGreaterThan(0);
    for (const { plain, tex } of [value, ...Object.values(rules)]) {
      expect(plain.trim()).not.toBe('');
      expect(tex.trim()).not.toBe('');
      expect(`${plain} ${tex}`).not.toMatch(/undefined|\[object|⊙\s*$|\\odot\s*$/);
      expect(isBalanced(plain)).toBe(true);
      expect(isBalanced(tex)).toBe(true);
    }
    // each operand of the value is in it
    const names = row.entry.variadic ? Object.keys(rules) : row.entry.inputs;
    for (const name of names) expect(value.plain).toContain(name);
  });

  it('are checked for every op that has a rule', () => {
    const rest = entries.filter((entry) => 'vjp' in entry && entry.differentiable.length > 0);
    expect(new Set(rows.map(({ entry }) => entry.name))).toEqual(new Set(rest.map(({ name }) => name)));
  });

  it.each(Object.entries(readings))('read well: %s', (name, expected) => {
    // of the first sample with two axes, where the op has one
    const samples = rows.filter(({ entry }) => entry.name === name);
    const row = samples.find(({ sample }) => sample.inputs[0]!.shape.length === 2) ?? samples[0]!;
    const { value, rules } = formulasOf(row);
    expect([value, ...Object.values(rules)].flatMap(({ plain, tex }) => [plain, tex])).toEqual(expected);
  });
});

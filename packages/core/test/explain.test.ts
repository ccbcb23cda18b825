import { describe, expect, it } from 'vitest';
import { Explanation } from '../src/explanation.ts';
import {
  checkpoint,
  inScope,
  noGrad,
  Parameter,
  scalar,
  sub,
  Tape,
  TapegradError,
  type Tensor,
  type Tree,
  tensor,
  where,
} from '../src/index.ts';
import { refusal } from './refusal.ts';

/** The explanation of what f makes of watched tensors. */
function explained<S extends { readonly [name: string]: Tensor }>(sources: S, f: (sources: S) => Tensor): Explanation {
  const tape = new Tape();
  tape.watch(sources);
  return tape.explain(
    tape.record(() => f(sources)),
    sources,
  );
}

function formulas({ steps }: Explanation): string[] {
  return steps.map(({ symbol, formula }) => `${symbol.plain} = ${formula.plain}`);
}

const X = tensor([
  [1, 2],
  [3, -4],
  [-5, 6],
]).named('X');
const Y = tensor([[1], [0], [1]]).named('Y');

/** A network of two layers, as its author would write it. */
function network() {
  const W1 = new Parameter(
    tensor([
      [0.1, -0.2],
      [0.3, 0.4],
    ]),
    'W1',
  );
  const b1 = new Parameter(tensor([0.1, 0.2]), 'b1');
  const W2 = new Parameter(tensor([[0.5], [-0.6]]), 'W2');
  const tape = new Tape({ persistent: true });
  const loss = tape.record(() => {
    const A1 = inScope('dense_1', () => X.matmul(W1).named('P1').add(b1).named('Z1').relu().named('A1'));
    const A2 = inScope('dense_2', () => A1.matmul(W2).named('Z2').sigmoid().named('A2'));
    return A2.sub(Y).square().mean().named('loss');
  });
  return { tape, loss, parameters: { W1, b1, W2 } };
}

/** How many braces are open at the end; NaN where one was closed before it was opened. */
function braces(tex: string): number {
  let open = 0;
  for (const [brace] of tex.replace(/\\[\\{}]/g, '').matchAll(/[{}]/g)) {
    open += brace === '{' ? 1 : -1;
    if (open < 0) return Number.NaN;
  }
  return open;
}

describe('explain', () => {
  it('gives each derivative of the sweep, from the target down, with its formula', () => {
    const { tape, loss, parameters } = network();
    const explanation = tape.explain(loss, parameters);
    expect(formulas(explanation)).toEqual([
      'dloss = 1',
      'd%11 = broadcastTo(dloss / 3, [3, 1])',
      'd%10 = d%11 ⊙ %10 ⊙ 2',
      'dA2 = d%10',
      'dZ2 = dA2 ⊙ A2 ⊙ (1 − A2)',
      'dW2 = A1ᵀ · dZ2',
      'dA1 = dZ2 · W2ᵀ',
      'dZ1 = where(A1 ≤ 0, 0, dA1)',
      'db1 = sum(dZ1, axis 0)',
      'dP1 = dZ1',
      'dW1 = Xᵀ · dP1',
    ]);
    expect(explanation.steps.map(({ formula }) => formula.tex).slice(4, 7)).toEqual([
      '\\mathrm{d}A_2 \\odot A_2 \\odot (1 - A_2)',
      'A_1^\\top\\, \\mathrm{d}Z_2',
      '\\mathrm{d}Z_2\\, W_2^\\top',
    ]);
    expect(explanation.sources.map(({ name, state, reasons }) => [name, state, reasons])).toEqual([
      ['W1', 'fine', []],
      ['b1', 'fine', []],
      ['W2', 'fine', []],
    ]);
  });

  it('sums each derivative up in numbers, those that gradient gives', () => {
    const { tape, loss, parameters } = network();
    const { steps, sources } = tape.explain(loss, parameters);
    const gradients = tape.gradient(loss, parameters);
    for (const { name, value } of sources) {
      const data = [...gradients[name as keyof typeof parameters].toData()];
      expect(value).toEqual({
        size: data.length,
        min: Math.min(...data),
        max: Math.max(...data),
        meanAbs: data.reduce((sum, x) => sum + Math.abs(x), 0) / data.length,
        zeros: data.filter((x) => x === 0).length,
        nans: 0,
        infinities: 0,
      });
      expect(steps.find((step) => step.name === name)?.value).toEqual(value);
    }
    expect(steps.at(-1)).toMatchObject({ node: 0, name: 'W1', op: 'parameter', shape: [2, 2], dtype: 'float32' });
    expect(steps.find(({ name }) => name === 'Z2')).toMatchObject({ op: 'matmul', scope: 'dense_2' });
  });

  it('adds up what comes along several edges', () => {
    const sources = { w: scalar(3) };
    expect(formulas(explained(sources, ({ w }) => w.mul(w).named('s').sub(w)))).toEqual([
      'd%2 = 1',
      'ds = d%2',
      'dw = −d%2 + ds ⊙ w + ds ⊙ w',
    ]);
  });

  it('goes along the paths to the sources that are asked for, and no others', () => {
    const { tape, loss, parameters } = network();
    expect(tape.explain(loss, { W2: parameters.W2 }).steps.map(({ symbol }) => symbol.plain)).toEqual([
      'dloss',
      'd%11',
      'd%10',
      'dA2',
      'dZ2',
      'dW2',
    ]);
  });

  it('calls a function that stands on the tape as one step by its name', () => {
    expect(formulas(explained({ w: scalar(3) }, ({ w }) => checkpoint((x: Tensor) => x.exp())(w).neg()))).toEqual([
      'd%2 = 1',
      'd%1 = −d%2',
      'dw = checkpointᵀ(d%1)',
    ]);
  });

  it('puts names that are no words in parentheses', () => {
    const w = new Parameter(scalar(3), 'dense_1/kernel');
    const tape = new Tape();
    const { steps } = tape.explain(
      tape.record(() => w.neg()),
      w,
    );
    expect(steps.at(-1)?.symbol).toEqual({ plain: 'd(dense_1/kernel)', tex: '\\mathrm{d}\\mathrm{dense\\_1/kernel}' });
  });

  it('tells steps of the same name apart, and constants without a name', () => {
    const w = tensor([1, 2]);
    const explanation = explained({ w }, ({ w }) =>
      w
        .mul(tensor([3, 4]))
        .named('Z')
        .add(tensor([0, 5]))
        .named('Z')
        .sin()
        .mul(tensor([6, 6]))
        .sum(),
    );
    expect(formulas(explanation)).toEqual([
      'd%8 = 1',
      'd%7 = broadcastTo(d%8, [2])',
      'd%5 = d%7 ⊙ 6',
      'dZ%4 = d%5 ⊙ cos(Z%4)',
      'dZ%2 = dZ%4',
      'dw = dZ%2 ⊙ %1',
    ]);
    expect(explanation.steps.map(({ made }) => made?.plain)).toEqual([
      ...['sum(%7)', '%5 ⊙ 6', 'sin(Z%4)', 'Z%2 + %3', 'w ⊙ %1', undefined],
    ]);
    expect(explanation.constants.map(({ node, shape, value }) => [node, shape, value.min, value.max])).toEqual([
      [1, [2], 3, 4],
      [3, [2], 0, 5],
    ]);
    expect(String(explanation)).toContain('%3 is a constant, float32[2], in 0 to 5; zeros: 1 of 2.');
  });

  it('works out what is made of numbers alone', () => {
    expect(formulas(explained({ w: scalar(3) }, ({ w }) => w.pow(2))).at(-1)).toBe('dw = d%2 ⊙ 2 ⊙ w^1');
    expect(formulas(explained({ w: scalar(3) }, ({ w }) => w.pow(-0.5))).at(-1)).toBe('dw = d%2 ⊙ (−0.5) ⊙ w^(−1.5)');
  });

  it.each([
    'a{b}',
    '\\frac{',
    '$x$',
    '50%',
    '#1',
    'a&b',
    'a\n\nb',
    'x^2_1',
    '~',
    ' ',
    '1',
    '%0',
    "f'",
    'dense/kernel',
    '−a',
    '\u001b[31m',
  ])('takes any name: %j', (name) => {
    const w = tensor([1, 2]).named(name);
    const tape = new Tape();
    tape.watch(w);
    const loss = tape.record(() => w.mul(w).named(`${name}!`).exp().transpose().pow(2).sum());
    const explanation = tape.explain(loss, w);
    for (const { of, made, symbol, formula } of explanation.steps) {
      for (const { plain, tex } of [of, ...(made === null ? [] : [made]), symbol, formula]) {
        expect(tex.replace(/\\[\\{}$%&#_]/g, '')).not.toMatch(/[$%&#\n]/);
        expect(braces(tex)).toBe(0);
        expect(plain).not.toMatch(/\p{Cc}/u);
      }
    }
    expect(String(explanation).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('is plain data', () => {
    const { tape, loss, parameters } = network();
    const explanation = tape.explain(loss, parameters);
    const { steps, sources, constants, notes } = explanation;
    expect(JSON.parse(JSON.stringify(explanation))).toEqual({ steps, sources, constants, notes });
  });

  it('leaves the tape as it was, and is recorded by nobody', () => {
    const w = scalar(3);
    const tape = new Tape();
    tape.watch({ w });
    const loss = tape.record(() => w.square());
    const before = tape.nodes.length;
    tape.record(() => tape.explain(loss, w));
    expect(tape.nodes.length).toBe(before);
    expect(tape.gradient(loss, w).item()).toBe(6);
  });

  it('is refused for what gradient is refused for', () => {
    const w = tensor([1, 2]);
    const tape = new Tape();
    tape.watch({ w });
    const z = tape.record(() => w.square());
    const loss = tape.record(() => z.sum());
    const cases: readonly (readonly [Tensor, Tree, string])[] = [
      [z, w, 'explain: the target has shape [2]. Reduce it to a scalar first, e.g. loss.mean().'],
      [
        scalar(1),
        w,
        'explain: the target was not recorded by this tape. Compute it inside record(), of watched tensors.',
      ],
      [loss, { v: scalar(1) }, 'explain: v is not on the tape. Call tape.watch() with it before record().'],
      [
        loss,
        { v: tensor([1], { dtype: 'int32' }) },
        'explain: v has dtype int32. Expected float32 or float64, which have gradients.',
      ],
      ['loss' as unknown as Tensor, w, 'explain: the target is a string. Expected a scalar tensor that was recorded.'],
    ];
    for (const [target, sources, message] of cases)
      expect(() => tape.explain(target, sources)).toThrow(refusal(message));
    tape.gradient(loss, w);
    expect(() => tape.explain(loss, w)).toThrow(TapegradError);
  });

  it('is refused where a value that it needs is gone', () => {
    const p = new Parameter(scalar(3), 'p');
    const tape = new Tape();
    const loss = tape.record(() => p.square());
    p.assign(scalar(5));
    const gone =
      'the parameter p was assigned after square used it, and its old value is gone. Take the gradient before you update.';
    expect(() => tape.explain(loss, p)).toThrow(refusal(`explain: ${gone}`));
    expect(() => tape.gradient(loss, p)).toThrow(refusal(`gradient: ${gone}`));
  });
});

/** What is said of the source w. */
function verdict(f: (w: Tensor, x: Tensor) => Tensor, value: Tensor = tensor([1, 2])): readonly [string, ...string[]] {
  const source = explained({ w: value, x: tensor([1, 2]) }, ({ w, x }) => f(w, x)).sources[0]!;
  return [source.state, ...source.reasons];
}

describe('why a gradient is missing', () => {
  it('nothing uses the source', () => {
    expect(
      verdict((w, x) =>
        noGrad(() => w.square())
          .mul(x)
          .sum(),
      ),
    ).toEqual([
      'unconnected',
      'No recorded step uses it. What runs under noGrad or stopRecording, or outside of record(), is not recorded.',
    ]);
  });

  it('what uses it does not lead to the target', () => {
    expect(
      verdict((w, x) => {
        w.square().named('lost').exp();
        return x.sum();
      }),
    ).toEqual(['unconnected', '2 recorded steps depend on it, the last exp (%3), but none leads to the target.']);
  });

  it('it was stopped, and where', () => {
    expect(verdict((w, x) => w.square().stopGradient().named('frozen').mul(x).sum())).toEqual([
      'stopped',
      "Stopped by stopGradient (%3 'frozen'): it is not differentiable by x. stopGradient is documented as: The same values, as a constant: no gradient flows back through it.",
    ]);
  });

  it('a comparison or a position stands on every path', () => {
    expect(verdict((w, x) => where(w.greater(0), x, 0).sum().add(w.argmax().asType('float32')))).toEqual([
      'stopped',
      'Stopped by greater (%3): it is not differentiable by x. greater is documented as: Whether x is greater than y.',
      'Stopped by argmax (%7): it is not differentiable by x. argmax is documented as: The position of the largest element along an axis, or among all in row-major order; the first of several. NaN counts as the largest. No gradient flows.',
    ]);
  });

  it('whole numbers stand on every path', () => {
    expect(verdict((w, x) => w.asType('int32').mul(2).asType('float32').mul(x).sum())).toEqual([
      'stopped',
      'Stopped by mul (%4): its operand is int32, which has no gradient.',
    ]);
  });

  it('a function that stands on the tape as one step gave none', () => {
    expect(verdict((w, x) => checkpoint((y: Tensor) => y.mul(w.stopGradient()).sum())(x))).toEqual([
      'stopped',
      'checkpoint (%2) gave no derivative.',
    ]);
  });

  it('lists a few stops, and counts the others', () => {
    const [state, ...reasons] = verdict((w) =>
      [0, 1, 2, 3, 4].map((n) => w.greater(n).asType('float32').sum()).reduce((a, b) => a.add(b)),
    );
    expect(state).toBe('stopped');
    expect(reasons.length).toBe(4);
    expect(reasons.at(-1)).toBe('… and 2 more stops.');
  });
});

describe('why a gradient is zero', () => {
  it('a relu is dead', () => {
    expect(
      verdict(
        (w, x) => w.sub(10).relu().named('A1').mul(x).sum(),
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toEqual(['zero', "relu (%4 'A1') passes nothing on by x: its 2 × 2 outputs are all 0."]);
  });

  it('it was multiplied by zeros', () => {
    expect(verdict((w, x) => w.mul(x.mul(0)).sum())).toEqual([
      'zero',
      'mul (%4) passes nothing on by x: all 2 elements of y are 0.',
    ]);
  });

  it('a sigmoid is saturated', () => {
    expect(verdict((w) => w.add(200).sigmoid().sum())).toEqual([
      'zero',
      'sigmoid (%4) passes nothing on by x: out is 1.',
    ]);
  });

  it('two paths cancel', () => {
    expect(verdict((w) => w.sub(w).sum())).toEqual(['zero', 'What flowed to it along different paths adds up to 0.']);
  });
});

describe('why a gradient is not finite', () => {
  it('the edge where it was born', () => {
    expect(verdict((w) => w.sqrt().named('root').sum(), tensor([4, 0]))).toEqual([
      'not finite',
      "Born here: sqrt: the gradient by x is Infinity at [1] (%2 'root'), from g = 1, out = 0. Of 2 elements of float32[2]: 1 infinite.",
    ]);
  });

  it('the forward pass was not finite before', () => {
    const [state, ...reasons] = verdict((w) => w.log().square().sum(), tensor([1, 0]));
    expect([state, reasons]).toEqual([
      'not finite',
      [
        'Born here: square: the gradient by x is -Infinity at [1] (%3), as x already is -Infinity at [1], where x is log(w) (%2): log made it. Of 2 elements of float32[2]: 1 infinite.',
        'The forward pass was not finite before: new Tape({ detectAnomaly: true }) stops where that began.',
      ],
    ]);
  });

  it('a sum that overflows', () => {
    expect(verdict((w) => w.mul(2e38).add(w.mul(2e38)).sum().mul(1), tensor([1e-10]))).toEqual([
      'not finite',
      'The derivatives that were added up are finite, their sum is not.',
    ]);
  });
});

describe('a target that is no number', () => {
  it('is told of, also where its derivatives are finite', () => {
    expect(explained({ w: scalar(-1) }, ({ w }) => w.log()).notes).toEqual([
      'The target itself is NaN, whatever its derivatives are: new Tape({ detectAnomaly: true }) stops where that began.',
    ]);
  });
});

describe('dead units', () => {
  it('are named by column, where the others of their layer are alive', () => {
    const Z = tensor([
      [1, -1, 2, -3],
      [2, -2, -1, -1],
    ]);
    expect(explained({ Z }, ({ Z }) => Z.relu().named('A1').sum()).notes).toEqual([
      "Units 1 and 3 of %1 'A1' (relu, [2, 4]) pass nothing on: they are 0 on every row.",
    ]);
  });

  it('are none where all live, or nothing came for them', () => {
    const Z = tensor([
      [1, -1],
      [-2, 2],
    ]);
    expect(explained({ Z }, ({ Z }) => Z.relu().sum()).notes).toEqual([]);
    expect(
      explained({ Z }, ({ Z }) =>
        Z.relu()
          .mul(tensor([1, 0]))
          .sum(),
      ).notes,
    ).toEqual(['Unit 1 of %3 (mul, [2, 2]) passes nothing on: its y is 0 on every row.']);
  });

  it('are counted where they are many', () => {
    const Z = tensor(Array.from({ length: 2 }, () => Array.from({ length: 12 }, (_, i) => (i === 0 ? 1 : -1))));
    expect(explained({ Z }, ({ Z }) => Z.relu().sum()).notes[0]).toBe(
      'Units 1, 2, 3, 4, 5, 6, 7, 8 and 3 more of %1 (relu, [2, 12]) pass nothing on: they are 0 on every row.',
    );
  });
});

describe('the text of an explanation', () => {
  it('is a table with the formulas, then what is to be said of the sources', () => {
    const [w, v] = [
      tensor([
        [1, -2],
        [3, -4],
      ]),
      scalar(1),
    ];
    const tape = new Tape();
    tape.watch({ w, v });
    const loss = tape.record(() => w.relu().named('A').square().mean());
    expect(String(tape.explain(loss, { w, v }))).toBe(
      [
        '    of  made by                 min   max   mean |x|  zeros',
        '%4      mean     float32[]      1     1     1         0 of 1',
        '      %4 = mean(%3)',
        '      d%4 = 1',
        '%3      square   float32[2, 2]  0.25  0.25  0.25      0 of 4',
        '      %3 = A²',
        '      d%3 = broadcastTo(d%4 / 4, [2, 2])',
        '%2  A   relu     float32[2, 2]  0     1.5   0.5       2 of 4',
        '      A = relu(w)',
        '      dA = d%3 ⊙ A ⊙ 2',
        '%0  w   watched  float32[2, 2]  0     1.5   0.5       2 of 4',
        '      dw = where(A ≤ 0, 0, dA)',
        '',
        'w (%0): its gradient is fine.',
        'v (%1): no gradient: not connected.',
        '    No recorded step uses it. What runs under noGrad or stopRecording, or outside of record(), is not recorded.',
        '',
        'Unit 1 of %3 (square, [2, 2]) passes nothing on: its x is 0 on every row.',
      ].join('\n'),
    );
  });

  it('has any length, and shortens long names', () => {
    const { steps, ...rest } = explained({ ['w'.repeat(200)]: scalar(1) }, (sources) =>
      Object.values(sources)[0]!.neg(),
    );
    const [step, leaf] = [steps[0]!, steps[1]!];
    const lines = String(new Explanation({ ...rest, steps: [...new Array(200_000).fill(step), leaf] })).split('\n');
    expect(lines.filter((line) => line.startsWith('%1')).length).toBe(200_000);
    expect(lines.find((line) => line.startsWith('%0'))?.length).toBeLessThan(100);
  });

  it('shows sites, and fits a terminal', () => {
    const { parameters } = network();
    const tape = new Tape({ sites: true });
    const loss = tape.record(() => {
      const z = X.matmul(parameters.W1).add(parameters.b1);
      return z.mul(z.sigmoid()).add(z.sin().mul(z.cos())).sub(sub(1, z).exp()).softmax().gelu().log1p().mean();
    });
    const text = String(tape.explain(loss, parameters));
    expect(text).toContain('# packages/core/test/explain.test.ts:');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it('is what console.log shows', () => {
    const { tape, loss, parameters } = network();
    const explanation = tape.explain(loss, parameters);
    const inspect = (explanation as unknown as { [key: symbol]: () => string })[
      Symbol.for('nodejs.util.inspect.custom')
    ];
    expect(inspect?.call(explanation)).toBe(String(explanation));
  });
});

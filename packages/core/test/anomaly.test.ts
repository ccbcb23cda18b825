import { describe, expect, it } from 'vitest';
import {
  AnomalyError,
  checkpoint,
  grad,
  inScope,
  Parameter,
  scalar,
  sub,
  Tape,
  TapegradError,
  type Tensor,
  tensor,
  where,
} from '../src/index.ts';
import { refusal } from './refusal.ts';

/** The error of recording f of these tensors, and going back through it; sites as `here`. */
function anomaly(inputs: { readonly [name: string]: Tensor }, f: () => Tensor): TapegradError {
  const tape = new Tape({ detectAnomaly: true });
  tape.watch(inputs);
  try {
    tape.gradient(tape.record(f), inputs, { unconnected: 'zero' });
  } catch (error) {
    expect(error).toBeInstanceOf(AnomalyError);
    expect(error).toBeInstanceOf(TapegradError);
    const { op, message } = error as TapegradError;
    const hidden = message.replaceAll(/packages\/core\/test\/anomaly\.test\.ts:\d+:\d+/g, 'here');
    return new TapegradError(op, hidden.slice(op.length + 2));
  }
  throw new Error('nothing was found');
}

describe('detectAnomaly, forward', () => {
  it('names op, node, layer, line and the values that caused it', () => {
    const x = tensor([[1], [2], [3], [0]]);
    const error = anomaly({ x }, () => inScope('dense_2', () => x.named('p').log()).mean());
    expect(error).toEqual(
      refusal(
        "log: gave -Infinity at [3, 0] (%2 in layer dense_2 at here), from x = 0, where x is %1 'p'. " +
          'Of 4 elements of float32[4, 1]: 1 infinite. log is documented as: The natural logarithm; -∞ at 0, NaN below.',
      ),
    );
    expect(error.op).toBe('log');
  });

  it('shows the elements that broadcasting brings together, and not plain numbers twice', () => {
    const [x, y] = [
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([5, 0]),
    ];
    expect(anomaly({ x, y }, () => x.div(y).sum())).toEqual(
      refusal(
        "div: gave Infinity at [0, 1] (%2 at here), from x = 2, y = 0, where x is %0 'x' and y is %1 'y'. " +
          'Of 4 elements of float32[2, 2]: 2 infinite.',
      ),
    );
    expect(anomaly({ x }, () => x.mul(2e38).sum())).toEqual(
      refusal(
        "mul: gave Infinity at [0, 1] (%2 at here), from x = 2, y = 2e+38, where x is %0 'x'. Of 4 elements of float32[2, 2]: 3 infinite.",
      ),
    );
  });

  it('writes out what an operand without a name is', () => {
    const a = tensor([1]);
    expect(anomaly({ a }, () => sub(1, a).log().sum()).message).toContain('from x = 0, where x is 1 − a (%2). ');
  });

  it('shows ranges where an element has no single cause', () => {
    const [x, y] = [
      tensor([
        [1e20, -3e20],
        [0, 1],
      ]),
      tensor([[4e20], [4e20]]),
    ];
    expect(anomaly({ x, y }, () => x.matmul(y).sum())).toEqual(
      refusal(
        "matmul: gave -Infinity at [0, 0] (%2 at here), from x in -3e+20 to 1e+20, y = 4e+20, where x is %0 'x' and y is %1 'y'. " +
          'Of 2 elements of float32[2, 1]: 1 infinite.',
      ),
    );
  });

  it('tells what came in from outside', () => {
    const w = tensor([1, 2]);
    const data = tensor([3, Number.NaN]);
    expect(anomaly({ w }, () => w.mul(data).sum())).toEqual(
      refusal(
        'mul: gave NaN at [1] (%2 at here), as y already is NaN at [1], where y is %1: it came in from outside, a constant float32[2]. ' +
          'Of 2 elements of float32[2]: 1 NaN.',
      ),
    );
    expect(anomaly({ data }, () => data.sum())).toEqual(
      refusal(
        "sum: gave NaN (%1 at here), as x already is NaN at [1], where x is %0 'data': it came in from outside, a watched float32[2]. " +
          'Of 1 element of float32[]: 1 NaN. sum is documented as: The sum over the axes, added up in float64. Of nothing: 0.'.replace(
            / sum is.*/,
            '',
          ),
      ),
    );
  });

  it('finds it among constants, where it is born, and not only where they meet what is watched', () => {
    const [w, data] = [tensor([1, 2]), tensor([3, 0])];
    expect(anomaly({ w }, () => w.mul(inScope('input', () => data.log())).sum())).toEqual(
      refusal(
        'log: gave -Infinity at [1] (a constant to the tape in layer input at here), from x = 0. Of 2 elements of float32[2]: ' +
          '1 infinite. log is documented as: The natural logarithm; -∞ at 0, NaN below.',
      ),
    );
    expect(anomaly({ w }, () => w.mul(data.div(data)).sum()).message).toContain(
      'div: gave NaN at [1] (a constant to the tape at here), from x = 0, y = 0.',
    );
    const tape = new Tape({ detectAnomaly: true });
    tape.watch({ w });
    expect(() => tape.record(() => w.add(where(data.greater(1), 0, -Infinity).exp()))).not.toThrow();
  });

  it('finds it in a function that stands on the tape as one step', () => {
    const x = scalar(0);
    expect(anomaly({ x }, () => checkpoint((y: Tensor) => y.log())(x)).message).toBe(
      "checkpoint: gave -Infinity (%1 at here), from its input = 0, where its input is %0 'x'. Of 1 element of float32[]: 1 infinite.",
    );
  });
});

describe('detectAnomaly and infinities that are meant', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const mask = tensor([
    [true, true, false],
    [true, false, false],
  ]);
  const outside =
    " If this infinity is meant, as in a mask, write it as a number, where(mask, x, -Infinity), or look for NaN alone: detectAnomaly: 'NaN'.";

  /** The gradient of f of x, under detectAnomaly. */
  function checked(f: () => Tensor, detectAnomaly: true | 'NaN' = true): unknown {
    const tape = new Tape({ detectAnomaly });
    tape.watch({ x });
    return tape.gradient(tape.record(f), x).toArray();
  }

  it.each<readonly [string, () => Tensor]>([
    ['a masked softmax', () => where(mask, x, -Infinity).softmax(1).square().sum()],
    [
      'a masked softmax, written out',
      () => {
        const scores = where(mask, x, -Infinity);
        const e = scores.sub(scores.max([1], { keepDims: true })).exp();
        return e
          .div(e.sum([1], { keepDims: true }))
          .square()
          .sum();
      },
    ],
    ['a masked maximum', () => where(mask, x, -Infinity).max([1]).sum()],
    ['a masked logSumExp', () => where(mask, x, -Infinity).logSumExp([1]).sum()],
    ['bounds that bound nothing', () => x.minimum(Infinity).maximum(-Infinity).sum()],
  ])('lets pass the number ∞ as an operand, and what comes of it: %s', (_, f) => {
    const tape = new Tape();
    tape.watch({ x });
    expect(checked(f)).toEqual(tape.gradient(tape.record(f), x).toArray());
  });

  it('still finds an infinity that is born beside them, and blames its own element', () => {
    expect(anomaly({ x }, () => where(mask, x.mul(30), -Infinity).exp().sum())).toEqual(
      refusal(
        'exp: gave Infinity at [1, 0] (%6 at here), from x = 120, where x is where(c[2, 3], x ⊙ 30, −∞) (%5). ' +
          'Of 6 elements of float32[2, 3]: 1 infinite.',
      ),
    );
  });

  it('finds a NaN that is made of them', () => {
    const all = tensor([[false, false, false]]);
    expect(anomaly({ x }, () => where(all, x, -Infinity).softmax(1).sum()).message).toMatch(
      /^softmax: gave NaN at \[0, 0\] \(%4 at here\), as x already is -Infinity at \[0, 0\]/,
    );
  });

  it('looks at each operand once, however many infinities it has', () => {
    const n = 256;
    const causal = tensor(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => j <= i)));
    const w = tensor(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i * j) % 7)));
    const tape = new Tape({ detectAnomaly: true });
    tape.watch({ w });
    // softmax keeps the columns: none of them is masked as a whole
    const loss = tape.record(() =>
      where(causal, w.transpose(), -Infinity).transpose().mul(2).transpose().softmax().square().sum(),
    );
    expect(tape.gradient(loss, w).shape).toEqual([n, n]);
  });

  const added = where(mask, 0, -Infinity);
  it.each<readonly [string, () => Tensor]>([
    ['made inside of record', () => x.add(where(mask, 0, -Infinity))],
    ['made inside, by several steps', () => x.add(where(mask, 0, -Infinity).reshape([3, 2]).mul(2).reshape([2, 3]))],
    ['made inside, under a name', () => x.add(where(mask, 0, -Infinity).named('mask'))],
    ['made outside', () => x.add(added)],
    ['made outside, then given another shape', () => x.reshape([1, 2, 3]).add(added.reshape([1, 2, 3]))],
    ['made outside, broadcast', () => x.add(tensor([0, 0, -Infinity]))],
    ['made outside, subtracted', () => x.sub(tensor([0, 0, Infinity]))],
    ['made outside, selected', () => where(mask, x, added)],
    ['made outside, under a name', () => x.add(added.named('mask'))],
    ['added to what another has masked', () => x.add(where(mask, 0, -Infinity)).add(added)],
  ])('lets pass the −∞ of a mask that is added or selected: %s', (_, scores) => {
    const f = () => scores().softmax(-1).square().sum();
    const tape = new Tape();
    tape.watch({ x });
    expect(checked(f)).toEqual(tape.gradient(tape.record(f), x).toArray());
  });

  it('still finds an infinity that is born where the mask is 0, or has the other sign', () => {
    const big = tensor([[-3e38, 0, 0]]);
    expect(anomaly({ big }, () => big.add(tensor([-3e38, 0, -Infinity])).sum()).message).toMatch(
      /^add: gave -Infinity at \[0, 0\] \(%2 at here\), from x = -3e\+38, y = -3e\+38/,
    );
    expect(anomaly({ x }, () => x.sub(added).sum()).message).toMatch(
      /^sub: gave Infinity at \[0, 2\] .* it came in from outside/,
    );
  });

  it('finds a NaN that is made of a mask, and tells how the mask came about', () => {
    const born = () =>
      x
        .sub(3)
        .mul(where(mask, 1, -Infinity))
        .sum();
    expect(anomaly({ x }, born)).toEqual(
      refusal(
        'mul: gave NaN at [0, 2] (%4 at here), as y already is -Infinity at [0, 2], where y is %3: it came of the number ∞, ' +
          'a constant float32[2, 3]. Of 6 elements of float32[2, 3]: 1 NaN, 2 infinite.',
      ),
    );
  });

  it.each<readonly [string, string, () => Tensor]>([
    ['+∞ that is added', 'add', () => x.add(tensor([0, 0, Infinity]))],
    ['−∞ that is multiplied', 'mul', () => x.mul(tensor([1, 1, -Infinity]))],
    ['−∞ in a product of matrices', 'matmul', () => x.matmul(tensor([[1], [1], [-Infinity]]))],
    ['the same, computed with before', 'matmul', () => x.matmul(tensor([[1], [1], [-Infinity]]).mul(2))],
  ])('tells an infinity that came in among data: %s', (_, op, f) => {
    const { message } = anomaly({ x }, () => f().sum());
    expect(message).toMatch(new RegExp(`^${op}: gave -?Infinity .*: it came in from outside, a constant float32`));
    expect(message).toContain(outside);
  });

  it('tells −∞ in what is watched, also where it is added', () => {
    const w = tensor([0, 0, -Infinity]);
    expect(anomaly({ w }, () => w.add(1).sum()).message).toMatch(/^add: gave -Infinity .* a watched float32\[3\]/);
    const parameter = new Parameter(w, 'b');
    expect(anomaly({ x }, () => x.add(parameter).sum()).message).toMatch(
      /^add: gave -Infinity .* a parameter float32\[3\]/,
    );
  });

  it('finds an infinity that is born among constants beside one that is none of it', () => {
    const data = tensor([Infinity, 0]);
    expect(anomaly({ x }, () => x.sum().mul(data.log()).sum()).message).toMatch(
      /^log: gave -Infinity at \[1\] \(a constant to the tape at here\), from x = 0\./,
    );
  });

  it('tells an infinity that came in among data apart, and how to allow it', () => {
    const scores = tensor([[0, 0, Infinity]]);
    const f = () => x.add(scores).minimum(9).square().sum();
    expect(anomaly({ x }, f)).toEqual(
      refusal(
        'add: gave Infinity at [0, 2] (%2 at here), as y already is Infinity at [0, 2], where y is %1: it came in from outside, ' +
          `a constant float32[1, 3]. Of 6 elements of float32[2, 3]: 2 infinite.${outside}`,
      ),
    );
    expect(() => checked(f, 'NaN')).not.toThrow();
  });

  it("looks for NaN alone by 'NaN': an infinity that is left out again is none", () => {
    const f = () => {
      const logs = x.sub(1).log();
      return where(logs.isFinite(), logs, 0).sum();
    };
    expect(anomaly({ x }, f).message).toContain('log: gave -Infinity at [0, 0]');
    const capped = () => x.mul(1e38).mul(1e38).minimum(1).sum();
    expect(anomaly({ x }, capped).message).toContain('mul: gave Infinity at [1, 0]');
    expect(checked(capped, 'NaN')).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    // but backward it is 0 · ∞
    expect(() => checked(f, 'NaN')).toThrow(/^log: the gradient by x is NaN at \[0, 0\]/);
    // among constants, an infinity that was not looked for is not said to be meant
    expect(() => checked(() => x.mul(0).mul(tensor([0, 1, 2]).log()), 'NaN')).toThrow(
      /^mul: gave NaN at \[0, 0\] .* y already is -Infinity at \[0\], where y is %\d+: it came in from outside/,
    );
  });

  it('refuses another word', () => {
    expect(() => new Tape({ detectAnomaly: 'nan' as 'NaN' })).toThrow(
      refusal("Tape: detectAnomaly is nan. Expected true, false or 'NaN'."),
    );
  });
});

describe('detectAnomaly, backward', () => {
  it('names the edge, and the values that made it', () => {
    const x = tensor([4, 0]);
    expect(anomaly({ x }, () => inScope('norm', () => x.sqrt().named('root')).sum())).toEqual(
      refusal(
        "sqrt: the gradient by x is Infinity at [1] (%1 'root' in layer norm at here), from g = 1, out = 0. Of 2 elements of float32[2]: 1 infinite.",
      ),
    );
  });

  it('finds what a choice hides forward: 0 · ∞', () => {
    const x = tensor([1, 0]);
    const error = anomaly({ x }, () => {
      const root = x.sqrt();
      return where(x.greater(0), root, 0).sum();
    });
    expect(error).toEqual(
      refusal(
        'sqrt: the gradient by x is NaN at [1] (%1 at here), from g = 0, out = 0. Of 2 elements of float32[2]: 1 NaN.',
      ),
    );
  });

  it('looks only where derivatives go: what ends at a stopGradient reaches nobody', () => {
    const x = tensor([1, 2]);
    const tape = new Tape({ detectAnomaly: 'NaN' });
    tape.watch({ x });
    const loss = tape.record(() => where(x.greater(1), x.stopGradient().sub(1).log(), 0).mul(x).sum());
    expect(tape.gradient(loss, x).toArray()).toEqual([0, 0]);
    expect(anomaly({ x }, () => where(x.greater(1), x.sub(1).sqrt(), 0).mul(x.stopGradient()).sum()).message).toMatch(
      /^sqrt: the gradient by x is NaN at \[0\]/,
    );
  });

  it('lets rules compute with infinities on the way, where what they give is finite', () => {
    const x = tensor([0, 2]);
    const tape = new Tape({ detectAnomaly: true });
    tape.watch({ x });
    expect(
      tape
        .gradient(
          tape.record(() => x.pow(0).sum()),
          x,
        )
        .toArray(),
    ).toEqual([0, 0]);
    const outer = new Tape({ detectAnomaly: true });
    outer.watch({ x });
    const slope = outer.record(() => grad((y: Tensor) => y.pow(2).sum())(x).sum());
    expect(outer.gradient(slope, x).toArray()).toEqual([2, 2]);
  });
});

describe('detectAnomaly', () => {
  it('changes nothing where all is finite', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    const [plain, checked] = [new Tape(), new Tape({ detectAnomaly: true })];
    const run = (tape: Tape): unknown =>
      tape
        .gradient(
          tape.record(() => w.square().sum()),
          w,
        )
        .toArray();
    expect(run(checked)).toEqual(run(plain));
  });

  it('is off by default', () => {
    const x = scalar(0);
    const tape = new Tape();
    tape.watch({ x });
    expect(
      tape
        .gradient(
          tape.record(() => x.log()),
          x,
        )
        .item(),
    ).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a logistic regression on raw pixels, whose sigmoid saturates', () => {
  const pixels = tensor([
    [255, 0, 128],
    [0, 240, 255],
    [12, 255, 90],
  ]);
  const labels = tensor([[1], [0], [1]]);
  const W = new Parameter(tensor([[0.9], [0.4], [0.7]]), 'W');
  const b = new Parameter(tensor([0]), 'b');

  /** −(1/m) Σ (Y log A + (1 − Y) log(1 − A)) */
  function loss(): Tensor {
    const A = inScope('output', () => pixels.matmul(W).add(b).named('Z').sigmoid().named('A'));
    return labels
      .mul(A.log())
      .add(sub(1, labels).mul(sub(1, A).log()))
      .mean()
      .neg()
      .named('loss');
  }

  it('is told where the infinity was born: the logarithm of 1 − A, where A is 1', () => {
    expect(anomaly({}, loss)).toEqual(
      refusal(
        'log: gave -Infinity at [0, 0] (%11 at here), from x = 0, where x is 1 − A (%10). Of 3 elements of float32[3, 1]: 3 infinite. ' +
          'log is documented as: The natural logarithm; -∞ at 0, NaN below.',
      ),
    );
  });

  it('is told the same of the hand-written derivative, (A − Y) / (A (1 − A))', () => {
    const error = anomaly({}, () => {
      const A = pixels.matmul(W).sigmoid().named('A');
      return A.sub(labels)
        .div(A.mul(sub(1, A)))
        .sum();
    });
    expect(error.message).toContain('div: gave NaN at [0, 0]');
    expect(error.message).toContain('from x = 0, y = 0, where x is A − c[3, 1] (%5) and y is A ⊙ (1 − A) (%8).');
  });

  it('is explained after the fact: which derivative is NaN first, and why', () => {
    const tape = new Tape();
    const value = tape.record(loss);
    const { sources } = tape.explain(value, { W });
    expect(sources).toEqual([
      {
        name: 'W',
        node: 0,
        state: 'not finite',
        value: { size: 3, min: null, max: null, meanAbs: null, zeros: 0, nans: 3, infinities: 0 },
        reasons: [
          'Born here: log: the gradient by x is NaN at [0, 0] (%11), from g = 0, x = 0, where x is 1 − A (%10). ' +
            'Of 3 elements of float32[3, 1]: 2 NaN, 1 infinite.',
        ],
      },
    ]);
  });
});

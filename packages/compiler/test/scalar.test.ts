import { describe, expect, it } from 'vitest';
import { isCheap, ScalarBody, type ScalarOp, showNumber } from '../src/scalar.ts';

const { NaN: missing, POSITIVE_INFINITY: infinity } = Number;
const awkward = [missing, infinity, -infinity, 0, -0, 1, -1, 0.5, -3, 7, 1e-320, 1e308];

/** What `op` of the load x and constants comes to: its step, and the body's number of steps besides x and the constants. */
function said(op: ScalarOp, args: readonly ('x' | number)[], type: 'f32' | 'f64' | 'i32' = 'f64') {
  const body = new ScalarBody();
  const x = body.load(0, type);
  const steps = args.map((arg) => (arg === 'x' ? x : body.constant(arg, type)));
  const before = body.steps.length;
  const at = body.apply(op, type, steps);
  return { body, x, at, step: body.steps[at]!, added: body.steps.length - before };
}

describe('a step that is said again', () => {
  it('is the earlier one', () => {
    const body = new ScalarBody();
    const x = body.load(0, 'f32');
    expect(body.load(0, 'f32')).toBe(x);
    expect(body.apply('exp', 'f32', [x])).toBe(body.apply('exp', 'f32', [x]));
    expect(body.steps.length).toBe(2);
  });

  it('is another one with other operands, of another type, or in another order', () => {
    const body = new ScalarBody();
    const [x, y] = [body.load(0, 'f32'), body.load(1, 'f32')];
    const steps = [
      body.apply('sub', 'f32', [x, y]),
      body.apply('sub', 'f32', [y, x]),
      body.load(0, 'f64'),
      body.apply('add', 'f32', [x, y]),
    ];
    expect(new Set(steps).size).toBe(4);
  });

  it('tells 0 from −0', () => {
    const body = new ScalarBody();
    expect(body.constant(0, 'f32')).not.toBe(body.constant(-0, 'f32'));
    expect(body.constant(missing, 'f64')).toBe(body.constant(missing, 'f64'));
  });

  it('knows a called function by which object it is', () => {
    const body = new ScalarBody();
    const x = body.load(0, 'f64');
    const [f, g] = [(value: number) => value, (value: number) => value];
    expect(body.call('f', f, [x])).toBe(body.call('f', f, [x]));
    expect(body.call('f', g, [x])).not.toBe(body.call('f', f, [x]));
  });

  it('gives bodies that say the same equal signatures, and others not', () => {
    const say = (value: number): string => {
      const body = new ScalarBody();
      body.apply('mul', 'f32', [body.load(0, 'f32'), body.constant(value, 'f32')]);
      return body.signature;
    };
    expect(say(3)).toBe(say(3));
    expect(say(3)).not.toBe(say(4));
    expect(say(0)).not.toBe(say(-0));
  });
});

describe('constants', () => {
  it('are rounded to their type', () => {
    const body = new ScalarBody();
    expect(body.valueOf(body.constant(0.1, 'f32'))).toBe(Math.fround(0.1));
    expect(body.valueOf(body.constant(0.1, 'f64'))).toBe(0.1);
    expect(body.valueOf(body.constant(3.9, 'i32'))).toBe(3);
    expect(body.valueOf(body.constant(2 ** 32 + 5, 'i32'))).toBe(5);
  });

  it('are computed with', () => {
    const body = new ScalarBody();
    const product = body.apply('mul', 'f32', [body.constant(3, 'f32'), body.constant(0.1, 'f32')]);
    expect(body.valueOf(product)).toBe(Math.fround(3 * Math.fround(0.1)));
    const truth = body.apply('lt', 'bool', [body.constant(1, 'f64'), body.constant(2, 'f64')]);
    expect([body.valueOf(truth), body.typeOf(truth)]).toEqual([1, 'bool']);
    expect(body.valueOf(body.call('f', (x, y) => x + y, [body.constant(1, 'f64'), body.constant(2, 'f64')]))).toBe(3);
  });

  it('that are compared with NaN are unequal to it', () => {
    const body = new ScalarBody();
    const [nan, one] = [body.constant(missing, 'f64'), body.constant(1, 'f64')];
    const value = (op: ScalarOp, x: number, y: number) => body.valueOf(body.apply(op, 'bool', [x, y]));
    expect([value('eq', nan, nan), value('ne', nan, nan), value('lt', nan, one), value('ge', nan, one)]).toEqual([
      0, 1, 0, 0,
    ]);
  });

  it('become truth values: only 0 is false', () => {
    const body = new ScalarBody();
    const truth = (value: number) => body.valueOf(body.convert(body.constant(value, 'f64'), 'bool'));
    expect([0, -0, 0.25, missing, infinity].map(truth)).toEqual([0, 0, 1, 1, 1]);
  });

  it('become whole numbers as x | 0', () => {
    const body = new ScalarBody();
    const whole = (value: number) => body.valueOf(body.convert(body.constant(value, 'f64'), 'i32'));
    expect([2.7, -2.7, missing, infinity, 2 ** 31].map(whole)).toEqual([2, -2, 0, 0, -(2 ** 31)]);
  });
});

describe('simplifications', () => {
  const sameAsX: readonly (readonly [ScalarOp, readonly ('x' | number)[], (x: number) => number])[] = [
    ['mul', ['x', 1], (x) => x * 1],
    ['mul', [1, 'x'], (x) => 1 * x],
    ['div', ['x', 1], (x) => x / 1],
    ['sub', ['x', 0], (x) => x - 0],
    ['add', ['x', -0], (x) => x + -0],
  ];
  it.each(sameAsX)('%s of %j is x, exactly', (op, args, run) => {
    const { at, x } = said(op, args);
    expect(at).toBe(x);
    for (const value of awkward) expect(run(value)).toBe(value);
  });

  it('x · −1 is −x, exactly', () => {
    expect(said('mul', ['x', -1]).step.op).toBe('neg');
    for (const value of awkward) expect(-value).toBe(value * -1);
  });

  it('division by a power of two is multiplication, exactly', () => {
    for (const type of ['f32', 'f64'] as const) {
      const { body, step } = said('div', ['x', -8], type);
      expect(step.op).toBe('mul');
      expect(body.valueOf(step.args[1]!)).toBe(-1 / 8);
    }
    for (const value of awkward) expect(value / -8).toBe(value * -0.125);
  });

  it('division by another number, or one whose reciprocal is not normal, stays', () => {
    for (const value of [3, 0.1, 0, -0, missing, infinity, 2 ** 127])
      expect(said('div', ['x', value], 'f32').step.op).toBe('div');
    expect(said('div', ['x', 4], 'i32').step.op).toBe('div');
  });

  it('−(−x) and !(!x) are x', () => {
    const body = new ScalarBody();
    const [x, truth] = [body.load(0, 'f32'), body.load(1, 'bool')];
    expect(body.apply('neg', 'f32', [body.apply('neg', 'f32', [x])])).toBe(x);
    expect(body.apply('not', 'bool', [body.apply('not', 'bool', [truth])])).toBe(truth);
  });

  it('|−x| and ||x|| are |x|', () => {
    const body = new ScalarBody();
    const x = body.load(0, 'f32');
    const size = body.apply('abs', 'f32', [x]);
    expect(body.apply('abs', 'f32', [body.apply('neg', 'f32', [x])])).toBe(size);
    expect(body.apply('abs', 'f32', [size])).toBe(size);
  });

  it('a choice that is known, or between the same, is made', () => {
    const body = new ScalarBody();
    const [x, y, truth] = [body.load(0, 'f32'), body.load(1, 'f32'), body.load(2, 'bool')];
    const [yes, no] = [body.constant(1, 'bool'), body.constant(0, 'bool')];
    expect(body.apply('select', 'f32', [yes, x, y])).toBe(x);
    expect(body.apply('select', 'f32', [no, x, y])).toBe(y);
    expect(body.apply('select', 'f32', [truth, x, x])).toBe(x);
    expect(body.steps[body.apply('select', 'f32', [truth, x, y])]!.op).toBe('select');
  });

  it('a conversion to its own type is nothing; another one stays', () => {
    const body = new ScalarBody();
    const x = body.load(0, 'f32');
    expect(body.convert(x, 'f32')).toBe(x);
    // f32 → f64 → f32 could go, but f64 → f32 → f64 must not
    const y = body.load(1, 'f64');
    expect(body.convert(body.convert(y, 'f32'), 'f64')).not.toBe(y);
  });
});

describe('what is not exact for every x', () => {
  it.each<readonly [ScalarOp, readonly ('x' | number)[], string]>([
    ['add', ['x', 0], '−0 + 0 is 0'],
    ['add', [0, 'x'], '0 + −0 is 0'],
    ['sub', ['x', -0], '−0 − −0 is 0'],
    ['mul', ['x', 0], 'NaN · 0 is NaN, −1 · 0 is −0'],
    ['mul', [0, 'x'], 'as above'],
    ['mul', ['x', 2], 'it is another number'],
    ['sub', ['x', 'x'], '∞ − ∞ is NaN'],
    ['div', ['x', 'x'], '0 / 0 is NaN'],
    ['div', [0, 'x'], '0 / 0 is NaN'],
    ['sub', [0, 'x'], '0 − 0 is 0, and −0 is not'],
    ['max', ['x', -infinity], 'it is, but is left to be'],
    ['min', ['x', 'x'], 'it is, but is left to be'],
  ])('%s of %j stays: %s', (op, args) => {
    const { step, added } = said(op, args);
    expect([step.op, added]).toEqual([op, 1]);
  });

  it('comparisons of x with itself stay: NaN is not equal to itself', () => {
    const body = new ScalarBody();
    const x = body.load(0, 'f64');
    for (const op of ['eq', 'ne', 'le', 'ge'] as const) expect(body.steps[body.apply(op, 'bool', [x, x])]!.op).toBe(op);
  });
});

describe('isCheap', () => {
  it('tells functions, divisions, roots and calls from what is one instruction', () => {
    expect(
      ['add', 'mul', 'select', 'neg', 'convert'].map((op) => isCheap(said(op as ScalarOp, ['x', 'x', 'x']).step)),
    ).toEqual([...[true, true, true, true, true]]);
    expect((['exp', 'div', 'sqrt', 'pow'] as const).map((op) => isCheap(said(op, ['x', 'x']).step))).toEqual([
      ...[false, false, false, false],
    ]);
  });
});

describe('showNumber', () => {
  it('tells all numbers apart', () => {
    expect([0, -0, 1, missing, -infinity].map(showNumber)).toEqual(['0', '-0', '1', 'NaN', '-Infinity']);
  });
});

import type { ElementFormula } from '@tapegrad/core/compiling';
import { describe, expect, it, vi } from 'vitest';
import { addFormula } from '../src/formula.ts';
import { ScalarBody, type ScalarStep } from '../src/scalar.ts';

function formula(scalar: ElementFormula['scalar'], inputs: readonly string[] = [], numbers = {}): ElementFormula {
  return { inputs, numbers, scalar, wide: false };
}

/** The value of an expression of numbers: all of it is computed while it is read. */
function computed(expression: string, type: 'f32' | 'f64' | 'i32' = 'f64'): number | undefined {
  const body = new ScalarBody();
  return body.valueOf(addFormula(body, formula(expression), [], type));
}

/** The steps that an expression of x and y becomes. */
function stepsOf(
  expression: string,
  types: readonly ['f32' | 'f64' | 'i32' | 'bool', ...('f32' | 'bool')[]] = ['f32', 'f32'],
) {
  const body = new ScalarBody();
  const loads = types.map((type, i) => body.load(i, type));
  addFormula(body, formula(expression, ['x', 'y'].slice(0, types.length)), loads, 'f32');
  return body.steps.map(({ op }: ScalarStep) => op);
}

describe('an expression', () => {
  it.each([
    '1+2*3',
    '(1+2)*3',
    '2-3-4',
    '24/4/2',
    '2*3/4*5',
    '-2*-3',
    '- - 2',
    '+3',
    '-(2+3)*4',
    '1-2<0?10:20',
    '1<2?3<4?5:6:7',
    '0?1:0?2:3',
    'NaN?1:2',
    '1?2:3+4',
    '1e-3+2.5e2+.5',
    'Infinity-1',
    'NaN',
    '3',
    ' 1 + 2 ',
    '7.',
  ])('%s is what JavaScript makes of it', (expression) => {
    expect(computed(expression)).toBe(new Function(`return ${expression}`)());
  });

  it.each(['1<2', '2<=2', '3>4', '4>=5', '1===1', '1!==1', '!0', '!3', '!!3', '1<2===0<1', 'NaN===NaN', 'NaN!==NaN'])(
    '%s is 1 where it is true',
    (expression) => {
      expect(computed(expression)).toBe(Number(new Function(`return ${expression}`)()));
    },
  );

  it.each([
    '1&&0',
    '0||1',
    '0||0&&1',
    '1||1&&0',
    '2&&3',
    '0||7',
    '1<2&&3<4',
    '1<2||3>4&&5>6',
    '!1||1',
    'NaN&&1',
    '!NaN',
  ])('%s is the operand that decides, or the truth as 1 or 0', (expression) => {
    expect(computed(expression)).toBe(Number(new Function(`return ${expression}`)()));
  });

  it.each([
    'Math.abs(-3)',
    'Math.sqrt(2)',
    'Math.floor(-2.5)',
    'Math.ceil(2.1)',
    'Math.trunc(-2.9)',
    'Math.max(1, 2)',
    'Math.max(1, NaN)',
    'Math.min(3, 1, 2)',
    'Math.exp(1)',
    'Math.log1p(0.5)',
    'Math.tanh(0.3)',
    'Math.PI*Math.E',
    'Math.LN2',
    'Math.sign(-3)',
    'Math.sign(0)',
    'Math.sign(-0)',
    'Math.hypot(3, 4)',
    'Math.atan2(1, 2)',
    'Math.log2(8)',
    'Math.max(Math.abs(-3), 2*1)',
  ])('%s is what Math makes of it', (expression) => {
    expect(computed(expression)).toBe(new Function(`return ${expression}`)());
  });

  it('is computed in its type', () => {
    expect(computed('0.1+0.2', 'f32')).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
    expect(computed('7*3-2', 'i32')).toBe(19);
  });

  it('reads each operand once, and says each part once', () => {
    expect(stepsOf('x*x+x*x')).toEqual(['load', 'load', 'mul', 'add']);
    expect(stepsOf('Math.exp(x)/(1+Math.exp(x))')).toEqual(['load', 'load', 'exp', 'constant', 'add', 'div']);
  });

  it('computes both sides of a choice', () => {
    expect(stepsOf('x<y?Math.exp(x):y')).toEqual(['load', 'load', 'lt', 'exp', 'select']);
  });

  it('converts operands of other types, and truth values to numbers where they are counted', () => {
    expect(stepsOf('x+y', ['f64', 'f32'])).toEqual(['load', 'load', 'convert', 'add']);
    expect(stepsOf('x?y:0', ['bool', 'f32'])).toEqual(['load', 'load', 'convert', 'constant', 'select']);
    expect(stepsOf('(x<y)*2')).toEqual(['load', 'load', 'lt', 'constant', 'convert', 'mul']);
  });

  it('knows erf and sigmoid, which Math has not', () => {
    expect(stepsOf('erf(x)+sigmoid(y)')).toEqual(['load', 'load', 'erf', 'sigmoid', 'add']);
  });

  it('calls a function of Math that has no instruction, in float64', () => {
    expect(stepsOf('Math.atan(x)', ['f32'])).toEqual(['load', 'convert', 'call', 'convert']);
  });

  it('calls functions of whole numbers in float64', () => {
    const body = new ScalarBody();
    addFormula(body, formula('Math.exp(x)', ['x']), [body.load(0, 'i32')], 'i32');
    expect(body.steps.map(({ op, type }) => `${op} ${type}`)).toEqual([
      'load i32',
      'convert f64',
      'call f64',
      'convert i32',
    ]);
  });

  it('uses numbers under their names', () => {
    const body = new ScalarBody();
    const x = body.load(0, 'f32');
    const at = addFormula(body, formula('slope*x', ['x'], { slope: 0.5 }), [x], 'f32');
    expect(body.steps[at]).toMatchObject({ op: 'mul', args: [1, 0] });
    expect(body.valueOf(1)).toBe(0.5);
  });
});

describe('a function', () => {
  it('is called with the elements, then the numbers, in float64', () => {
    const body = new ScalarBody();
    const f = vi.fn((x: number, n: number) => x + n);
    const at = addFormula(body, formula(f, ['x'], { n: 0.1 }), [body.load(0, 'f32')], 'f32');
    expect(body.steps.map(({ op, type }) => `${op} ${type}`)).toEqual([
      'load f32',
      'constant f64',
      'convert f64',
      'call f64',
      'convert f32',
    ]);
    expect(body.valueOf(1)).toBe(0.1);
    expect(at).toBe(4);
    expect(f).not.toHaveBeenCalled();
  });
});

describe('an expression with more of JavaScript than kernels need', () => {
  it.each(['x**2', 'x%2', 'x|0', '(x,1)', '[x][0]', 'parseFloat(x)'])('%s is called as it is', (expression) => {
    const body = new ScalarBody();
    const at = addFormula(body, formula(expression, ['x']), [body.load(0, 'f64')], 'f64');
    const step = body.steps[at]!;
    expect(step.op).toBe('call');
    if (step.op === 'call') expect(step.call(3.5)).toBe(new Function('x', `return ${expression}`)(3.5));
    // and is the same function when it is read again
    expect(addFormula(body, formula(expression, ['x']), [body.load(0, 'f64')], 'f64')).toBe(at);
  });

  it('is JavaScript nevertheless', () => {
    const body = new ScalarBody();
    expect(() => addFormula(body, formula('x+', ['x']), [body.load(0, 'f32')], 'f32')).toThrow(SyntaxError);
  });
});

// Element-wise ops at kinks, poles, ties and infinities: value, gradient and second derivative, each with its reason. Points where
// PyTorch agrees are in golden/.

import { describe, expect, it } from 'vitest';
import { fromData, grad, ops, type Tensor } from '../../src/index.ts';

const { atan2, hypot, logAddExp, mod, pow } = ops;
const { POSITIVE_INFINITY: inf, NaN: nan } = Number;
const gamma = 0.5772156649015329; // Euler's constant

type Function1 = (x: Tensor) => Tensor;
type Function2 = (x: Tensor, y: Tensor) => Tensor;

const float64 = (data: readonly number[]): Tensor => fromData(Float64Array.from(data), [data.length], 'float64');
const slope = (f: Function1, x: Tensor): Tensor => grad((z: Tensor) => f(z).sum(), { unconnected: 'zero' })(x);

/** Equal to a few units in the last place; 0 and -0 are the same. */
function expectNear(found: Tensor, expected: readonly number[]): void {
  const values = [...found.toData()];
  const near = values.map((value, i) => {
    const other = expected[i]!;
    return Math.abs(value - other) <= 1e-14 * Math.abs(other) ? other : value + 0;
  });
  expect(near).toEqual(expected);
}

/** The points, and there the value, the derivative, and the second derivative (where it is left out, none is claimed). */
type Row = [
  reason: string,
  f: Function1,
  at: readonly number[],
  value: readonly number[],
  first: readonly number[],
  second?: readonly number[],
];

const farOut = [1e4, -1e4, 1e200, -1e200, inf, -inf];
const gateFarOut = [[1e4, 0, 1e200, 0, inf, 0], [1, 0, 1, 0, 1, 0], Array(6).fill(0)] as const;
const none = (n: number): number[] => Array(n).fill(0);

const kinks: readonly Row[] = [
  ['|x| is flat at 0', (x) => x.abs(), [0, inf, -inf], [0, inf, inf], [0, 1, -1], none(3)],
  ['relu is flat at 0', (x) => x.relu(), [0, inf, -inf, nan], [0, inf, 0, nan], [0, 1, 0, 1], none(4)],
  ['relu6 is flat at both corners', (x) => x.relu6(), [0, 6, inf, -inf], [0, 6, 6, 0], none(4), none(4)],
  ['leakyRelu at 0 is the lower piece', (x) => x.leakyRelu(), [0, inf, -inf], [0, inf, -inf], [0.01, 1, 0.01], none(3)],
  ['elu at 0 is the exponential', (x) => x.elu(), [0, 1e4, -1e4], [0, 1e4, -1], [1, 1, 0], [1, 0, 0]],
  ['elu has limits', (x) => x.elu(), [inf, -inf], [inf, -1], [1, 0], [0, 0]],
  ['elu has a kink of size alpha', (x) => x.elu({ alpha: 0.5 }), [0], [0], [0.5], [0.5]],
  ['celu has no kink', (x) => x.celu({ alpha: 2 }), [0, -inf], [0, -2], [1, 0], [0.5, 0]],
  ['selu at 0 is the exponential', (x) => x.selu(), [0, inf], [0, inf], [1.7580993408473766, 1.0507009873554805]],
  [
    'hardSigmoid is flat at both corners',
    (x) => x.hardSigmoid(),
    [-3, 0, 3, inf, -inf],
    [0, 0.5, 1, 1, 0],
    [0, 1 / 6, 0, 0, 0],
    none(5),
  ],
  [
    'hardSwish is straight at both corners, and 0 at -∞, not -∞·0',
    (x) => x.hardSwish(),
    [-3, 0, 3, inf, -inf],
    [0, 0, 3, inf, 0],
    [0, 0.5, 1, 1, 0],
    [0, 1 / 3, 0, 0, 0],
  ],
  [
    'bounds belong to what they bound, NaN too',
    (x) => x.clip(-1, 1),
    [-1, 1, -2, 2, inf, nan],
    [-1, 1, -1, 1, 1, nan],
    [1, 1, 0, 0, 0, 1],
    none(6),
  ],
  ['no bounds bound nothing', (x) => x.clip(), [inf, -inf], [inf, -inf], [1, 1], none(2)],
  ['softsign is ±1 at infinity, not ∞/∞', (x) => x.softsign(), [0, inf, -inf], [0, 1, -1], [1, 0, 0], none(3)],
];

const saturated: readonly Row[] = [
  ['sigmoid', (x) => x.sigmoid(), farOut, [1, 0, 1, 0, 1, 0], none(6), none(6)],
  ['logSigmoid', (x) => x.logSigmoid(), farOut, [0, -1e4, 0, -1e200, 0, -inf], [0, 1, 0, 1, 0, 1], none(6)],
  ['softplus', (x) => x.softplus(), farOut, ...gateFarOut],
  ['silu', (x) => x.silu(), farOut, ...gateFarOut],
  ['mish', (x) => x.mish(), farOut, ...gateFarOut],
  ['gelu', (x) => x.gelu(), farOut, ...gateFarOut],
  ['gelu by tanh', (x) => x.gelu({ approximate: 'tanh' }), farOut, ...gateFarOut],
  ['tanh', (x) => x.tanh(), farOut, [1, -1, 1, -1, 1, -1], none(6), none(6)],
  ['erf', (x) => x.erf(), farOut, [1, -1, 1, -1, 1, -1], none(6), none(6)],
  ['erfc', (x) => x.erfc(), farOut, [0, 2, 0, 2, 0, 2], none(6), none(6)],
  ['atan', (x) => x.atan(), [inf, -inf], [Math.PI / 2, -Math.PI / 2], [0, 0], [0, 0]],
  ['asinh', (x) => x.asinh(), [inf, -inf], [inf, -inf], [0, 0], [0, 0]],
  ['asinh, whose x² overflows', (x) => x.asinh(), [1e200], [Math.asinh(1e200)], [1e-200]],
  ['acosh, whose x² overflows', (x) => x.acosh(), [1e200, inf], [Math.acosh(1e200), inf], [1e-200, 0]],
  ['expm1, whose gradient is not that of -1 + 1', (x) => x.expm1(), [-40, -inf], [-1, -1], [Math.exp(-40), 0]],
];

const poles: readonly Row[] = [
  ['sqrt is upright at 0', (x) => x.sqrt(), [0, inf, -1], [0, inf, nan], [inf, 0, nan], [-inf, 0, nan]],
  ['rsqrt is infinite at 0', (x) => x.rsqrt(), [0, inf, -1], [inf, 0, nan], [-inf, 0, nan], [inf, 0, nan]],
  ['cbrt is upright at 0', (x) => x.cbrt(), [0, inf, -inf], [0, inf, -inf], [inf, 0, 0]],
  ['1/x is infinite at 0', (x) => x.reciprocal(), [0, inf, -inf], [inf, 0, 0], [-inf, 0, 0], [inf, 0, 0]],
  ['log is -∞ at 0', (x) => x.log(), [0, inf], [-inf, inf], [inf, 0], [-inf, 0]],
  ['log1p is -∞ at -1', (x) => x.log1p(), [-1, inf], [-inf, inf], [inf, 0], [-inf, 0]],
  ['asin is upright at its ends', (x) => x.asin(), [1, -1, 2], [Math.PI / 2, -Math.PI / 2, nan], [inf, inf, nan]],
  ['acos is upright at its ends', (x) => x.acos(), [1, -1, 2], [0, Math.PI, nan], [-inf, -inf, nan]],
  ['acosh is upright at 1', (x) => x.acosh(), [1, 0], [0, nan], [inf, nan]],
  ['atanh is infinite at its ends', (x) => x.atanh(), [1, -1, 2], [inf, -inf, nan], [inf, inf, -1 / 3]],
  [
    'lgamma at its roots',
    (x) => x.lgamma(),
    [1, 2],
    [0, 0],
    [-gamma, 1 - gamma],
    [Math.PI ** 2 / 6, Math.PI ** 2 / 6 - 1],
  ],
  ['lgamma at its poles', (x) => x.lgamma(), [0, -1, -2, inf], [inf, inf, inf, inf], [-inf, nan, nan, inf]],
  ['digamma jumps at its poles', (x) => x.digamma(), [0, -1, inf, nan], [-inf, nan, inf, nan], [inf, inf, 0, nan]],
  ['ψ₁ is infinite at its poles', (x) => x.polygamma(1), [0, -1, inf, nan], [inf, inf, 0, nan], [-inf, nan, 0, nan]],
];

const gates: readonly Row[] = [
  ['silu at 0', (x) => x.silu(), [0], [0], [0.5], [0.5]],
  ['mish at 0', (x) => x.mish(), [0], [0], [0.6], [0.64]],
  ['gelu at 0', (x) => x.gelu(), [0], [0], [0.5], [Math.sqrt(2 / Math.PI)]],
  ['NaN stays NaN', (x) => x.silu().add(x.mish()).add(x.gelu()).add(x.elu()), [nan], [nan], [nan]],
  ['infinite gradients end at what is flat', (x) => x.relu().sqrt(), [-1], [0], [0], [0]],
  ['also at a bound', (x) => x.clip(0, 1).sqrt(), [-1], [0], [0], [0]],
  ['also at a corner', (x) => x.hardSigmoid().sqrt().add(x.relu6().sqrt()), [-4], [0], [0], [0]],
];

const groups: readonly (readonly [string, readonly Row[]])[] = [
  ['kinks', kinks],
  ['saturation', saturated],
  ['poles', poles],
  ['gates', gates],
];

describe.each(groups)('%s', (_, rows) => {
  it.each<Row>(rows)('%s', (_reason, f, at, value, first, second) => {
    const x = float64(at);
    expectNear(f(x), value);
    expectNear(slope(f, x), first);
    if (second !== undefined)
      expectNear(
        slope((z) => slope(f, z), x),
        second,
      );
  });
});

/** The points (x, y), and there the value and the derivatives by x and by y. */
type Row2 = [
  reason: string,
  f: Function2,
  x: readonly number[],
  y: readonly number[],
  value: readonly number[],
  byX: readonly number[],
  byY: readonly number[],
];

const pairs: readonly Row2[] = [
  [
    'powers of 0: x⁰ is 1 and flat, 0^y is 0 and flat for y ≥ 0',
    pow,
    [0, 0, 0, 0, 0],
    [0, 1, 2, 0.5, -1],
    [1, 0, 0, 0, inf],
    [0, 1, 0, inf, -inf],
    [0, 0, 0, 0, -inf],
  ],
  [
    'powers of negative numbers have no derivative by the exponent',
    pow,
    [-2, -2, -2, -2, -2],
    [2, 3, -1, 0, 0.5],
    [4, -8, -0.5, 1, nan],
    [-4, 12, -0.25, 0, nan],
    [nan, nan, nan, nan, nan],
  ],
  ['x⁰ is flat where 1/x overflows, and at ∞', pow, [1e-320, inf], [0, 0], [1, 1], [0, 0], [Math.log(1e-320), inf]],
  ['the origin has no direction', atan2, [0], [0], [0], [0], [0]],
  [
    'angles far out no longer change, nor does x² + y² overflow or vanish',
    atan2,
    [inf, 1, inf, 1e200, 1e-200],
    [1, inf, inf, 1e200, 1e-200],
    [Math.PI / 2, 0, Math.PI / 4, Math.PI / 4, Math.PI / 4],
    [0, 0, 0, 5e-201, 5e199],
    [0, 0, 0, -5e-201, -5e199],
  ],
  [
    'lengths: flat at the origin; no overflow; of infinite sides only these count',
    hypot,
    [0, 3e200, 3e-200, inf, -inf, 2],
    [0, 4e200, 4e-200, 1, 2, 0],
    [0, 5e200, 5e-200, inf, inf, 2],
    [0, 0.6, 0.6, 1, -1, 1],
    [0, 0.8, 0.8, 0, 0, 0],
  ],
  [
    'equal exponents share; -∞ adds nothing',
    logAddExp,
    [0, 1e4, inf, -inf, -inf, inf],
    [0, -1e4, inf, -inf, 0, 0],
    [Math.LN2, 1e4, inf, -inf, 0, inf],
    [0.5, 1, 0.5, 0, 0, 1],
    [0.5, 0, 0.5, 0, 1, 0],
  ],
  [
    'a remainder has the sign of the divisor, also of ∞',
    mod,
    [-1, 1, 5],
    [inf, inf, 0],
    [inf, 1, nan],
    [1, 1, 1],
    [1, 0, -inf],
  ],
  ['ties share', ops.maximum, [1, 0, inf], [1, -0, inf], [1, 0, inf], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]],
  ['NaN wins, with no gradient', ops.minimum, [nan, 1], [1, nan], [nan, nan], [0, 0], [0, 0]],
];

describe('pairs', () => {
  it.each<Row2>(pairs)('%s', (_reason, f, xs, ys, value, byX, byY) => {
    const [x, y] = [float64(xs), float64(ys)];
    expectNear(f(x, y), value);
    expectNear(
      slope((z) => f(z, y), x),
      byX,
    );
    expectNear(
      slope((z) => f(x, z), y),
      byY,
    );
  });

  it.each<[string, Function2, number, number, number, number, number]>([
    ['x² at 0', pow, 0, 2, 2, nan, nan],
    ['x⁰: by both it is 1/x', pow, 2, 0, 0, 0.5, Math.LN2 ** 2],
    ['an angle at the origin', atan2, 0, 0, 0, 0, 0],
    ['an angle at infinity', atan2, inf, 1, 0, 0, 0],
    ['a length at the origin', hypot, 0, 0, 0, 0, 0],
    ['a length at infinity', hypot, inf, 1, 0, 0, 0],
    ['a logarithm of equal exponentials', logAddExp, 3, 3, 0.25, -0.25, 0.25],
    ['a logarithm of infinite exponentials', logAddExp, inf, inf, 0, 0, 0],
  ])('second derivatives of %s', (_, f, x, y, byXX, byXY, byYY) => {
    const [a, b] = [float64([x]), float64([y])];
    const firstX = (u: Tensor, v: Tensor): Tensor => slope((z) => f(z, v), u);
    const firstY = (u: Tensor, v: Tensor): Tensor => slope((z) => f(u, z), v);
    expectNear(
      slope((z) => firstX(z, b), a),
      [byXX],
    );
    if (Number.isNaN(byXY)) return;
    expectNear(
      slope((z) => firstX(a, z), b),
      [byXY],
    );
    expectNear(
      slope((z) => firstY(z, b), a),
      [byXY],
    );
    expectNear(
      slope((z) => firstY(a, z), b),
      [byYY],
    );
  });
});

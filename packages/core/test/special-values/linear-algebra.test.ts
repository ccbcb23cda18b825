// Determinants, systems and factors where formulas by the inverse fail: singular matrices, overflow, what is not symmetric, NaN.

import { tensor } from '../../src/index.ts';
import { describeSpecialValues, type SpecialRow } from '../support/special-values.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const rows: readonly SpecialRow[] = [
  {
    call: 'det',
    op: (x) => x.det(),
    at: [
      [1, 2],
      [2, 4],
    ],
    value: 0,
    gradient: [
      [4, -2],
      [-2, 1],
    ],
    second: [
      [4, -3],
      [-2, 1],
    ],
    because: 'ad − bc has the gradient (d, −c, −b, a) also where there is no inverse',
  },
  {
    call: 'det of rank 1 of 3',
    op: (x) => x.det(),
    at: [
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    value: 0,
    gradient: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    second: [
      [0, 0, 0],
      [0, 9, -8],
      [0, -6, 5],
    ],
    because: 'the cofactors vanish, but x₂₂x₃₃ − x₂₃x₃₂ curves',
  },
  {
    call: 'det of 0',
    op: (x) => x.det(),
    at: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    value: 0,
    gradient: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    second: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    because: 'a cubic form is flat at 0 up to order 2',
  },
  {
    call: 'det of a batch',
    op: (x) => x.det(),
    at: [
      [
        [0, 1],
        [0, 2],
      ],
      [
        [1, 0],
        [0, 3],
      ],
    ],
    value: [0, 3],
    gradient: [
      [
        [2, 0],
        [-1, 0],
      ],
      [
        [3, 0],
        [0, 1],
      ],
    ],
    because: 'a singular matrix does not spoil the others',
  },
  {
    call: 'det with NaN',
    op: (x) => x.det(),
    at: [
      [nan, 0],
      [0, 0],
    ],
    value: nan,
    gradient: [
      [nan, nan],
      [nan, nan],
    ],
    because: 'NaN is not taken for a rank',
  },
  {
    call: 'logdet',
    op: (x) => x.logdet(),
    at: [
      [1e200, 0],
      [0, 1e200],
    ],
    value: 400 * Math.LN10,
    gradient: [
      [1e-200, 0],
      [0, 1e-200],
    ],
    because: 'the determinant itself overflows',
  },
  {
    call: 'logdet',
    op: (x) => x.logdet(),
    at: [
      [0, 1],
      [1, 0],
    ],
    value: nan,
    gradient: [
      [nan, nan],
      [nan, nan],
    ],
    because: 'a negative determinant has no real logarithm',
  },
  {
    call: 'logAbsDet',
    op: (x) => x.logAbsDet(),
    at: [
      [0, 2],
      [1, 0],
    ],
    value: Math.LN2,
    gradient: [
      [0, 0.5],
      [1, 0],
    ],
    because: 'the sign is left out',
  },
  {
    call: 'cholesky of what is not symmetric',
    op: (x) => x.cholesky(),
    at: [
      [4, 8],
      [0, 5],
    ],
    value: [
      [2, 0],
      [2, 1],
    ],
    gradient: [
      [0.25 - 0.25 + 0.5, 0.25 - 0.5],
      [0.25 - 0.5, 0.5],
    ],
    because: 'it is (x + xᵀ)/2 that is factored, and both halves have their share in the gradient',
  },
  {
    call: 'cholesky with NaN',
    op: (x) => x.cholesky(),
    at: [
      [nan, 0],
      [0, 1],
    ],
    value: [
      [nan, 0],
      [nan, nan],
    ],
    gradient: [
      [nan, nan],
      [nan, nan],
    ],
    because: 'NaN goes through; only numbers can fail to be positive',
  },
  {
    call: 'inv',
    op: (x) => x.inv(),
    at: [
      [1e-200, 0],
      [0, 1e-100],
    ],
    value: [
      [1e200, 0],
      [0, 1e100],
    ],
    gradient: [
      [-inf, -1e300],
      [-1e300, -1e200],
    ],
    because: 'small is not singular',
  },
  {
    call: 'a vector times the infinite',
    op: (x) => x.matmul(tensor([0, 1], { dtype: 'float64' })),
    at: [[inf, 1]],
    value: [nan],
    gradient: [[0, 1]],
    because: '0·∞ is NaN, as IEEE 754 has it; the gradient does not look at x',
  },
];

describeSpecialValues(rows);

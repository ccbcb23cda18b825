// What NumPy prints: the texts are those of str(np.array(…)) in NumPy 1.24.2.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { arange, ones, scalar, Tensor, TracingError, tensor, zeros } from '../src/index.ts';
import { print, type ShowTensorOptions, showTensor } from '../src/print.ts';
import { abstractArray } from '../src/tracing.ts';
import { refusal } from './refusal.ts';

const cases: readonly (readonly [string, Tensor, readonly string[], ShowTensorOptions?])[] = [
  ['float32: one decimal', tensor([0.1, 0.2, 0.3], { dtype: 'float32' }), ['[0.1 0.2 0.3]']],
  ['float32: whole numbers', tensor([1, 2, 30], { dtype: 'float32' }), ['[ 1.  2. 30.]']],
  ['float32: a single element', tensor([5], { dtype: 'float32' }), ['[5.]']],
  [
    'float32: numbers of different lengths',
    tensor([1.5, -22.25, 333], { dtype: 'float32' }),
    ['[  1.5  -22.25 333.  ]'],
  ],
  [
    'float32: more digits than the precision',
    tensor([0.3333333333333333, 0.6666666666666666, -0.14285714285714285], { dtype: 'float32' }),
    ['[ 0.33333334  0.6666667  -0.14285715]'],
  ],
  ['float32: large and small within a factor of 1000', tensor([0.5, 499], { dtype: 'float32' }), ['[  0.5 499. ]']],
  ['float32: a factor of 1000', tensor([0.1, 100], { dtype: 'float32' }), ['[  0.1 100. ]']],
  ['float32: more than a factor of 1000', tensor([0.1, 100.5], { dtype: 'float32' }), ['[1.000e-01 1.005e+02]']],
  ['float32: a number below 1e-4', tensor([1e-5, 3.0000000000000004e-5], { dtype: 'float32' }), ['[1.e-05 3.e-05]']],
  ['float32: a number of 1e8', tensor([100000000, 1], { dtype: 'float32' }), ['[1.e+08 1.e+00]']],
  ['float32: numbers just below 1e8', tensor([99999992, 99999000], { dtype: 'float32' }), ['[99999992. 99999000.]']],
  [
    'float32: powers of ten with different numbers of digits',
    tensor([1.5e-7, 2.25, 30000000000], { dtype: 'float32' }),
    ['[1.50e-07 2.25e+00 3.00e+10]'],
  ],
  [
    'float32: digits that are no zeros',
    tensor([2816.00390625, 1], { dtype: 'float32' }),
    ['[2.816004e+03 1.000000e+00]'],
  ],
  [
    'float32: NaN and infinities',
    tensor([Number.NaN, 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], { dtype: 'float32' }),
    ['[ nan  1.5  inf -inf]'],
  ],
  ['float32: NaN alone', tensor([Number.NaN, Number.NaN], { dtype: 'float32' }), ['[nan nan]']],
  [
    'float32: negative infinity alone',
    tensor([Number.NEGATIVE_INFINITY, Number.NaN], { dtype: 'float32' }),
    ['[-inf  nan]'],
  ],
  [
    'float32: NaN among powers of ten',
    tensor([Number.NaN, 1e-10, -2], { dtype: 'float32' }),
    ['[    nan  1.e-10 -2.e+00]'],
  ],
  ['float32: negative zero', tensor([-0, 0, 1], { dtype: 'float32' }), ['[-0.  0.  1.]']],
  ['float32: zeros', tensor([0, 0], { dtype: 'float32' }), ['[0. 0.]']],
  ['float32: negative zeros alone', tensor([-0, -0], { dtype: 'float32' }), ['[-0. -0.]']],
  [
    'float32: ties at the last digit',
    tensor([0.001953125, 0.005859375, 0.009765625], { dtype: 'float32' }),
    ['[0.00195312 0.00585938 0.00976562]'],
  ],
  [
    'float32: a matrix',
    tensor(
      [
        [1, -2.5],
        [300, 0.25],
      ],
      { dtype: 'float32' },
    ),
    ['[[ 1.0e+00 -2.5e+00]', ' [ 3.0e+02  2.5e-01]]'],
  ],
  ['float32: a column', tensor([[1], [10], [100]], { dtype: 'float32' }), ['[[  1.]', ' [ 10.]', ' [100.]]']],
  [
    'float32: rank 3',
    tensor(
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8.5],
        ],
      ],
      { dtype: 'float32' },
    ),
    ['[[[1.  2. ]', '  [3.  4. ]]', '', ' [[5.  6. ]', '  [7.  8.5]]]'],
  ],
  [
    'float32: rank 4',
    tensor([[[[1], [2]]], [[[3], [4]]]], { dtype: 'float32' }),
    ['[[[[1.]', '   [2.]]]', '', '', ' [[[3.]', '   [4.]]]]'],
  ],
  [
    'float32: a line of more than 75 characters',
    arange(30),
    [
      '[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.',
      ' 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29.]',
    ],
  ],
  [
    'float32: lines in a matrix',
    arange(40).div(8).reshape([2, 20]),
    [
      '[[0.    0.125 0.25  0.375 0.5   0.625 0.75  0.875 1.    1.125 1.25  1.375',
      '  1.5   1.625 1.75  1.875 2.    2.125 2.25  2.375]',
      ' [2.5   2.625 2.75  2.875 3.    3.125 3.25  3.375 3.5   3.625 3.75  3.875',
      '  4.    4.125 4.25  4.375 4.5   4.625 4.75  4.875]]',
    ],
  ],
  ['float64: one decimal', tensor([0.1, 0.2, 0.3], { dtype: 'float64' }), ['[0.1 0.2 0.3]']],
  ['float64: whole numbers', tensor([1, 2, 30], { dtype: 'float64' }), ['[ 1.  2. 30.]']],
  ['float64: a single element', tensor([5], { dtype: 'float64' }), ['[5.]']],
  [
    'float64: numbers of different lengths',
    tensor([1.5, -22.25, 333], { dtype: 'float64' }),
    ['[  1.5  -22.25 333.  ]'],
  ],
  [
    'float64: more digits than the precision',
    tensor([0.3333333333333333, 0.6666666666666666, -0.14285714285714285], { dtype: 'float64' }),
    ['[ 0.33333333  0.66666667 -0.14285714]'],
  ],
  ['float64: large and small within a factor of 1000', tensor([0.5, 499], { dtype: 'float64' }), ['[  0.5 499. ]']],
  ['float64: a factor of 1000', tensor([0.1, 100], { dtype: 'float64' }), ['[  0.1 100. ]']],
  ['float64: more than a factor of 1000', tensor([0.1, 100.5], { dtype: 'float64' }), ['[1.000e-01 1.005e+02]']],
  ['float64: a number below 1e-4', tensor([1e-5, 3.0000000000000004e-5], { dtype: 'float64' }), ['[1.e-05 3.e-05]']],
  ['float64: a number of 1e8', tensor([100000000, 1], { dtype: 'float64' }), ['[1.e+08 1.e+00]']],
  ['float64: numbers just below 1e8', tensor([99999992, 99999000], { dtype: 'float64' }), ['[99999992. 99999000.]']],
  [
    'float64: powers of ten with different numbers of digits',
    tensor([1.5e-7, 2.25, 30000000000], { dtype: 'float64' }),
    ['[1.50e-07 2.25e+00 3.00e+10]'],
  ],
  [
    'float64: digits that are no zeros',
    tensor([2816.00390625, 1], { dtype: 'float64' }),
    ['[2.81600391e+03 1.00000000e+00]'],
  ],
  [
    'float64: NaN and infinities',
    tensor([Number.NaN, 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], { dtype: 'float64' }),
    ['[ nan  1.5  inf -inf]'],
  ],
  ['float64: NaN alone', tensor([Number.NaN, Number.NaN], { dtype: 'float64' }), ['[nan nan]']],
  [
    'float64: negative infinity alone',
    tensor([Number.NEGATIVE_INFINITY, Number.NaN], { dtype: 'float64' }),
    ['[-inf  nan]'],
  ],
  [
    'float64: NaN among powers of ten',
    tensor([Number.NaN, 1e-10, -2], { dtype: 'float64' }),
    ['[    nan  1.e-10 -2.e+00]'],
  ],
  ['float64: negative zero', tensor([-0, 0, 1], { dtype: 'float64' }), ['[-0.  0.  1.]']],
  ['float64: zeros', tensor([0, 0], { dtype: 'float64' }), ['[0. 0.]']],
  ['float64: negative zeros alone', tensor([-0, -0], { dtype: 'float64' }), ['[-0. -0.]']],
  [
    'float64: ties at the last digit',
    tensor([0.001953125, 0.005859375, 0.009765625], { dtype: 'float64' }),
    ['[0.00195312 0.00585938 0.00976562]'],
  ],
  [
    'float64: a matrix',
    tensor(
      [
        [1, -2.5],
        [300, 0.25],
      ],
      { dtype: 'float64' },
    ),
    ['[[ 1.0e+00 -2.5e+00]', ' [ 3.0e+02  2.5e-01]]'],
  ],
  ['float64: a column', tensor([[1], [10], [100]], { dtype: 'float64' }), ['[[  1.]', ' [ 10.]', ' [100.]]']],
  [
    'float64: rank 3',
    tensor(
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8.5],
        ],
      ],
      { dtype: 'float64' },
    ),
    ['[[[1.  2. ]', '  [3.  4. ]]', '', ' [[5.  6. ]', '  [7.  8.5]]]'],
  ],
  [
    'float64: rank 4',
    tensor([[[[1], [2]]], [[[3], [4]]]], { dtype: 'float64' }),
    ['[[[[1.]', '   [2.]]]', '', '', ' [[[3.]', '   [4.]]]]'],
  ],
  [
    'float64: a line of more than 75 characters',
    arange(30).asType('float64'),
    [
      '[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.',
      ' 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29.]',
    ],
  ],
  [
    'float64: lines in a matrix',
    arange(40).div(8).reshape([2, 20]).asType('float64'),
    [
      '[[0.    0.125 0.25  0.375 0.5   0.625 0.75  0.875 1.    1.125 1.25  1.375',
      '  1.5   1.625 1.75  1.875 2.    2.125 2.25  2.375]',
      ' [2.5   2.625 2.75  2.875 3.    3.125 3.25  3.375 3.5   3.625 3.75  3.875',
      '  4.    4.125 4.25  4.375 4.5   4.625 4.75  4.875]]',
    ],
  ],
  [
    'float32: an integer below powers of two',
    tensor([1.5474250491067253e26, 1], { dtype: 'float32' }),
    ['[1.5474251e+26 1.0000000e+00]'],
  ],
  [
    'float64: more digits than the precision, with more to come',
    tensor([Math.PI, Math.E], { dtype: 'float64' }),
    ['[3.14159265 2.71828183]'],
  ],
  [
    'float64: the smallest and largest numbers',
    tensor([5e-324, 1.7976931348623157e308], { dtype: 'float64' }),
    ['[4.94065646e-324 1.79769313e+308]'],
  ],
  ['float64: exponents of three digits', tensor([1e-300, 1], { dtype: 'float64' }), ['[1.e-300 1.e+000]']],
  [
    'float32: the smallest and largest numbers',
    tensor([1.401298464324817e-45, 3.4028234663852886e38], { dtype: 'float32' }),
    ['[1.4012985e-45 3.4028235e+38]'],
  ],
  ['int32: whole numbers', tensor([1, -20, 300], { dtype: 'int32' }), ['[  1 -20 300]']],
  [
    'int32: the limits',
    tensor([-2147483648, 2147483647, 0], { dtype: 'int32' }),
    ['[-2147483648  2147483647           0]'],
  ],
  [
    'int32: a matrix',
    tensor(
      [
        [1, 200],
        [-3, 4],
      ],
      { dtype: 'int32' },
    ),
    ['[[  1 200]', ' [ -3   4]]'],
  ],
  ['bool: true and false', tensor([true, false, true], { dtype: 'bool' }), ['[ True False  True]']],
  ['bool: true alone', tensor([[true], [true]], { dtype: 'bool' }), ['[[ True]', ' [ True]]']],
  ['float32: a scalar 0.1', tensor(0.1, { dtype: 'float32' }), ['0.1']],
  ['float64: a scalar 0.1', tensor(0.1, { dtype: 'float64' }), ['0.1']],
  ['float32: a scalar 3', tensor(3, { dtype: 'float32' }), ['3.0']],
  ['float64: a scalar -0', tensor(-0, { dtype: 'float64' }), ['-0.0']],
  ['float32: a scalar 0.3333333333333333', tensor(0.3333333333333333, { dtype: 'float32' }), ['0.33333334']],
  ['float64: a scalar 0.3333333333333333', tensor(0.3333333333333333, { dtype: 'float64' }), ['0.3333333333333333']],
  ['float64: a scalar 1e-5', tensor(1e-5, { dtype: 'float64' }), ['1e-05']],
  ['float32: a scalar 1.5e20', tensor(1.5e20, { dtype: 'float32' }), ['1.5e+20']],
  ['float64: a scalar 1e16', tensor(1e16, { dtype: 'float64' }), ['1e+16']],
  ['float64: a scalar 123456789', tensor(123456789, { dtype: 'float64' }), ['123456789.0']],
  ['float32: a scalar Number.NaN', tensor(Number.NaN, { dtype: 'float32' }), ['nan']],
  ['float64: a scalar Number.NEGATIVE_INFINITY', tensor(Number.NEGATIVE_INFINITY, { dtype: 'float64' }), ['-inf']],
  ['int32: a scalar 7', tensor(7, { dtype: 'int32' }), ['7']],
  ['bool: a scalar true', tensor(true, { dtype: 'bool' }), ['True']],
  ['bool: a scalar false', tensor(false, { dtype: 'bool' }), ['False']],
  ['float32: 1001 elements by their edges', arange(1001), ['[   0.    1.    2. ...  998.  999. 1000.]']],
  [
    'float32: a large matrix by its edges',
    arange(1200).reshape([40, 30]),
    [
      '[[0.000e+00 1.000e+00 2.000e+00 ... 2.700e+01 2.800e+01 2.900e+01]',
      ' [3.000e+01 3.100e+01 3.200e+01 ... 5.700e+01 5.800e+01 5.900e+01]',
      ' [6.000e+01 6.100e+01 6.200e+01 ... 8.700e+01 8.800e+01 8.900e+01]',
      ' ...',
      ' [1.110e+03 1.111e+03 1.112e+03 ... 1.137e+03 1.138e+03 1.139e+03]',
      ' [1.140e+03 1.141e+03 1.142e+03 ... 1.167e+03 1.168e+03 1.169e+03]',
      ' [1.170e+03 1.171e+03 1.172e+03 ... 1.197e+03 1.198e+03 1.199e+03]]',
    ],
  ],
  [
    'float32: a long matrix with few columns',
    arange(1002).reshape([-1, 2]),
    [
      '[[0.000e+00 1.000e+00]',
      ' [2.000e+00 3.000e+00]',
      ' [4.000e+00 5.000e+00]',
      ' ...',
      ' [9.960e+02 9.970e+02]',
      ' [9.980e+02 9.990e+02]',
      ' [1.000e+03 1.001e+03]]',
    ],
  ],
  [
    'int32: large of rank 3',
    arange(1100).asType('int32').reshape([11, 10, 10]),
    [
      '[[[   0    1    2 ...    7    8    9]',
      '  [  10   11   12 ...   17   18   19]',
      '  [  20   21   22 ...   27   28   29]',
      '  ...',
      '  [  70   71   72 ...   77   78   79]',
      '  [  80   81   82 ...   87   88   89]',
      '  [  90   91   92 ...   97   98   99]]',
      '',
      ' [[ 100  101  102 ...  107  108  109]',
      '  [ 110  111  112 ...  117  118  119]',
      '  [ 120  121  122 ...  127  128  129]',
      '  ...',
      '  [ 170  171  172 ...  177  178  179]',
      '  [ 180  181  182 ...  187  188  189]',
      '  [ 190  191  192 ...  197  198  199]]',
      '',
      ' [[ 200  201  202 ...  207  208  209]',
      '  [ 210  211  212 ...  217  218  219]',
      '  [ 220  221  222 ...  227  228  229]',
      '  ...',
      '  [ 270  271  272 ...  277  278  279]',
      '  [ 280  281  282 ...  287  288  289]',
      '  [ 290  291  292 ...  297  298  299]]',
      '',
      ' ...',
      '',
      ' [[ 800  801  802 ...  807  808  809]',
      '  [ 810  811  812 ...  817  818  819]',
      '  [ 820  821  822 ...  827  828  829]',
      '  ...',
      '  [ 870  871  872 ...  877  878  879]',
      '  [ 880  881  882 ...  887  888  889]',
      '  [ 890  891  892 ...  897  898  899]]',
      '',
      ' [[ 900  901  902 ...  907  908  909]',
      '  [ 910  911  912 ...  917  918  919]',
      '  [ 920  921  922 ...  927  928  929]',
      '  ...',
      '  [ 970  971  972 ...  977  978  979]',
      '  [ 980  981  982 ...  987  988  989]',
      '  [ 990  991  992 ...  997  998  999]]',
      '',
      ' [[1000 1001 1002 ... 1007 1008 1009]',
      '  [1010 1011 1012 ... 1017 1018 1019]',
      '  [1020 1021 1022 ... 1027 1028 1029]',
      '  ...',
      '  [1070 1071 1072 ... 1077 1078 1079]',
      '  [1080 1081 1082 ... 1087 1088 1089]',
      '  [1090 1091 1092 ... 1097 1098 1099]]]',
    ],
  ],
  [
    'float64: digits of the edges alone',
    arange(1001).mul(arange(1001).less(500)).asType('float64').mul(0.5),
    ['[0.  0.5 1.  ... 0.  0.  0. ]'],
  ],
  [
    'float64: precision 2',
    tensor([Math.PI, Math.E, 0.005], { dtype: 'float64' }),
    ['[3.14 2.72 0.01]'],
    { precision: 2 },
  ],
  ['float64: precision 0', tensor([Math.PI, 2.5, 1.5], { dtype: 'float64' }), ['[3. 2. 2.]'], { precision: 0 }],
  [
    'float64: precision 3 in powers of ten',
    tensor([Math.PI * 1e-7, Math.E], { dtype: 'float64' }),
    ['[3.142e-07 2.718e+00]'],
    { precision: 3 },
  ],
  [
    'float64: small numbers suppressed',
    tensor([1e-10, 1.5, 2000.25], { dtype: 'float64' }),
    ['[   0.      1.5  2000.25]'],
    { suppressSmall: true },
  ],
  [
    'float64: large numbers with small ones suppressed',
    tensor([1e-10, 1000000000], { dtype: 'float64' }),
    ['[1.e-10 1.e+09]'],
    { suppressSmall: true },
  ],
  [
    'float32: lines of 20',
    arange(12),
    ['[ 0.  1.  2.  3.', '  4.  5.  6.  7.', '  8.  9. 10. 11.]'],
    { lineWidth: 20 },
  ],
  [
    'float32: lines shorter than a number',
    tensor([1000.5, 2000.5], { dtype: 'float32' }),
    ['[1000.5', ' 2000.5]'],
    { lineWidth: 3 },
  ],
  [
    'float32: one edge item',
    arange(12).reshape([4, 3]),
    ['[[ 0. ...  2.]', ' ...', ' [ 9. ... 11.]]'],
    { threshold: 5, edgeItems: 1 },
  ],
  ['float32: a threshold of none', arange(9), ['[0. 1. ... 7. 8.]'], { threshold: 0, edgeItems: 2 }],
];

describe('showTensor', () => {
  for (const [name, x, lines, options] of cases) {
    it(`writes as NumPy does, ${name}`, () => {
      expect(showTensor(x, options).split('\n')).toEqual(lines);
    });
  }

  it.each([[[0]], [[2, 0]], [[0, 3]], [[3, 0, 2]]])('writes a tensor of shape %j as []', (shape) => {
    expect(showTensor(zeros(shape))).toBe('[]');
  });

  it('shows up to 1000 elements whole', () => {
    expect(showTensor(zeros([1000], 'int32')).match(/0/g)).toHaveLength(1000);
    expect(showTensor(zeros([1001], 'int32'))).toBe('[0 0 0 ... 0 0 0]');
  });

  it('reads views through their strides', () => {
    const x = arange(6).reshape([2, 3]);
    expect(showTensor(x.transpose())).toBe('[[0. 3.]\n [1. 4.]\n [2. 5.]]');
    expect(showTensor(x.slice(1, undefined, { axis: 1 }))).toBe('[[1. 2.]\n [4. 5.]]');
    expect(showTensor(scalar(2).broadcastTo([2, 2]))).toBe('[[2. 2.]\n [2. 2.]]');
  });

  it('looks at no more of a large tensor than it shows', () => {
    const x = scalar(1).broadcastTo([100_000, 100_000]); // 40 GB, if someone copied it
    expect(showTensor(x).split('\n')).toHaveLength(7);
  });

  it.each<[object, string]>([
    [{ precision: 21 }, 'showTensor: precision is 21. Expected a whole number from 0 to 20.'],
    [{ precision: 1.5 }, 'showTensor: precision is 1.5. Expected a whole number from 0 to 20.'],
    [{ threshold: -1 }, 'showTensor: threshold is -1. Expected a whole number >= 0.'],
    [{ edgeItems: 0 }, 'showTensor: edgeItems is 0. Expected a whole number >= 1.'],
    [{ lineWidth: '75' }, 'showTensor: lineWidth is 75. Expected a whole number >= 1.'],
    [{ suppressSmall: 1 }, 'showTensor: suppressSmall is 1. Expected true or false.'],
    [
      { linewidth: 75 },
      'showTensor: no option linewidth. Did you mean lineWidth? Known: precision, threshold, edgeItems, lineWidth, suppressSmall.',
    ],
  ])('refuses %j', (options, message) => {
    expect(() => showTensor(ones([2]), options)).toThrow(refusal(message));
  });

  it('takes an infinite threshold and line width', () => {
    const text = showTensor(arange(1001), {
      threshold: Number.POSITIVE_INFINITY,
      lineWidth: Number.POSITIVE_INFINITY,
    });
    expect(text).toHaveLength(1001 * 6 + 1);
  });

  it('refuses a tensor whose value is not known while a function is traced', () => {
    expect(() => showTensor(new Tensor(abstractArray([2]), 'float32'))).toThrow(TracingError);
  });

  it('refuses what is no tensor', () => {
    expect(() => showTensor([1, 2] as unknown as Tensor)).toThrow(
      refusal('showTensor: x is 1,2. Expected a tensor; make one by tensor(x).'),
    );
  });
});

describe('print', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('writes tensors as NumPy does, and other values as they are, on one line of the console', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    print('100 %s', tensor([1, 2.5]), 3, null);
    print();
    expect(log.mock.calls).toEqual([['100 %s [1.  2.5] 3 null'], ['']]);
  });
});

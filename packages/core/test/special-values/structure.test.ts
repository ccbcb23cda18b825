// What moves, picks and joins elements, at NaN and infinities: they stay where they are, in values and in gradients.

import { concat, oneHot, scatterAdd, stack, tril, where, zeros } from '../../src/index.ts';
import { describeSpecialValues } from '../support/special-values.ts';

const { POSITIVE_INFINITY: inf, NaN: nan } = Number;

describeSpecialValues([
  {
    call: 'log of take [1]',
    op: (x) => x.take([1]).log(),
    at: [-1, 2, nan],
    value: [Math.log(2)],
    gradient: [0, 0.5, 0],
    second: [0, -0.5, 0],
    because: 'positions that are not taken get 0, whatever stands there',
  },
  {
    call: 'square of take [0, 0]',
    op: (x) => x.take([0, -2]).square(),
    at: [inf, 3],
    value: [inf, inf],
    gradient: [inf, 0],
    second: [4, 0],
    because: 'an infinite element has its own gradient; a position taken twice has both',
  },
  {
    call: 'log of tril',
    op: (x) => where(tril(x).equal(0), 1, tril(x)).log(),
    at: [
      [1, nan],
      [2, inf],
    ],
    value: [
      [0, 0],
      [Math.log(2), inf],
    ],
    gradient: [
      [1, 0],
      [0.5, 0],
    ],
    because: 'a triangle is chosen, not multiplied by a mask: NaN · 0 would be NaN',
  },
  {
    call: 'scatterAdd to 0',
    op: (x) => scatterAdd(zeros([2], 'float64'), [0, 0, 1], x, 0),
    at: [inf, -inf, 1],
    value: [nan, 1],
    gradient: [1, 1, 1],
    second: [0, 0, 0],
    because: 'inf − inf is NaN at its position alone, and the sum has gradient 1 all the same',
  },
  {
    call: 'product with oneHot, summed',
    op: (x) => where(oneHot(1, 3, { dtype: 'bool' }), x, 0).sum(),
    at: [nan, 2, inf],
    value: 2,
    gradient: [0, 1, 0],
    because: 'a one-hot mask chooses by where; a product with it would meet NaN · 0',
  },
  {
    call: 'pad by reflection, squared',
    op: (x) => x.pad([2, 0], { mode: 'reflect' }).square(),
    at: [5, nan, 3],
    value: [9, nan, 25, nan, 9],
    gradient: [10, nan, 12],
    second: [2, 8, 12],
    because: 'the edge is not repeated, what is reflected has both gradients, and NaN stays with its own',
  },
  {
    call: 'the smaller of both halves',
    op: (x) => stack(x.split(2)).min(0),
    at: [1, 2, 1, nan],
    value: [1, nan],
    gradient: [0.5, nan, 0.5, nan],
    because: 'ties of stacked tensors share evenly; NaN in a column is of that column alone',
  },
  {
    call: 'concat with itself, cut off',
    op: (x) => concat([x, x.log()]).slice(0, 2),
    at: [0, -1],
    value: [0, -1],
    gradient: [nan, 1],
    because: 'what is cut off gets the gradient 0, which the pole of the log makes 0/0: cut before a log, not after it',
  },
  {
    call: 'roll and flip of infinities',
    op: (x) => x.roll(1).flip(),
    at: [inf, -inf, nan],
    value: [-inf, inf, nan],
    gradient: [1, 1, 1],
    second: [0, 0, 0],
    because: 'nothing is computed',
  },
]);

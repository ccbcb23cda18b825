// How many elements are not 0: any, all, their number. An op is one entry.

import { allOver, anyOver, countOver } from '../kernels/reduce.ts';
import { type Reduction, reduction } from './builders.ts';
import { countOf, isFalse, isTrue } from './lowered.ts';

export const any: Reduction = reduction({
  name: 'any',
  doc: 'Whether an element over the axes is not 0, as NaN is not. Of nothing: false.',
  tex: '\\bigvee_i x_i \\ne 0',
  kernel: anyOver,
  lower: (to, x, axes, kept) => to.map(isTrue, [countOf(to, x, axes)], kept),
  dtype: () => () => 'bool',
  saves: [],
  vjp: 'not differentiable',
});

export const all: Reduction = reduction({
  name: 'all',
  doc: 'Whether no element over the axes is 0. Of nothing: true.',
  tex: '\\bigwedge_i x_i \\ne 0',
  kernel: allOver,
  lower: (to, x, axes, kept) => {
    const zeros = to.map(isFalse, [x], { shape: to.of(x).shape, dtype: 'bool' });
    return to.map(isFalse, [to.reduce('sum', zeros, axes, 'int32')], kept);
  },
  dtype: () => () => 'bool',
  saves: [],
  vjp: 'not differentiable',
});

export const countNonzero: Reduction = reduction({
  name: 'countNonzero',
  doc: 'How many elements over the axes are not 0, as NaN is not.',
  tex: '\\sum_i [x_i \\ne 0]',
  kernel: countOver,
  lower: countOf,
  dtype: () => () => 'int32',
  saves: [],
  vjp: 'not differentiable',
});

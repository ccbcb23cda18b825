// Random bits from a key. An op is one entry; streams of random numbers are in `random.ts`.

import { sliceView, wrap } from '../arrays.ts';
import { TapegradError } from '../errors.ts';
import { fillRandomBits } from '../kernels/threefry.ts';
import { defineOp, type Op } from '../op.ts';
import { checkShape, type Shape, type Shapes, sameShape, showShape, sizeOf } from '../shape.ts';
import type { Tensor, TensorLike } from '../tensor.ts';

export const randomBits: Op<(key: TensorLike, shape: Shape) => Tensor> = defineOp({
  name: 'randomBits',
  doc: 'Random whole numbers of 32 bits, each as likely, as int32: a function of a key of two whole numbers and of the place alone, by Threefry-2x32 (Salmon et al., SC 2011). The same key gives the same numbers.',
  tex: '\\operatorname{threefry}_{key}(i)',
  inputs: ['key'],
  attributes: ([key]: Shapes, shape: Shape) => {
    if (!sameShape(key!, [2])) {
      throw new TapegradError('randomBits', `the key has shape ${showShape(key!)}. Expected two whole numbers, [2].`);
    }
    checkShape('randomBits', shape);
    return { shape: [...shape] };
  },
  shape: (_shapes, { shape }) => shape,
  dtype: ([key]) => {
    if (key === 'int32') return key;
    throw new TapegradError(
      'randomBits',
      `the key is ${key}. Expected int32, e.g. random.randint([2], -(2 ** 31), 2 ** 31).`,
    );
  },
  forward: ([key], { shape }) => {
    const bits = new Int32Array(sizeOf(shape));
    fillRandomBits(bits, [key!.get(0), key!.get(1)]);
    return wrap(bits, shape);
  },
  lower: (to, [key], { shape, dtype }) => {
    const size = sizeOf(shape);
    if (size === 0) return to.constant(wrap(new Int32Array(), shape), dtype);
    const half = Math.ceil(size / 2);
    const part = (value: ReturnType<typeof to.randomWords>[0], start: number, length: number) => ({
      value: to.view(value, (x) => sliceView(x, [0], [1], [length])),
      into: (whole: Parameters<typeof sliceView>[0]) => sliceView(whole, [start], [1], [length]),
    });
    const [left, right] = to.randomWords(key!, half);
    const whole = { shape: [size], dtype };
    return to.reshape(to.assemble(whole, 0, [part(left, 0, half), part(right, half, size - half)]), shape);
  },
  saves: [],
  vjp: { key: 'not differentiable' },
  samples: [
    { inputs: [{ shape: [2], dtype: 'int32' }], args: [[5]] },
    { inputs: [{ shape: [2], dtype: 'int32' }], args: [[2, 3, 4]] },
    { inputs: [{ shape: [2], dtype: 'int32' }], args: [[0, 3]] },
    { inputs: [{ shape: [2], dtype: 'int32' }], args: [[]] },
  ],
});

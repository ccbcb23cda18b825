// Several tensors made one, and one made several. An op is one entry.

import nd from 'ndarray-ops';
import { allocate, sliceView } from '../arrays.ts';
import { promote } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, defineOp, numberTensor, type Op } from '../op.ts';
import { normalizeAxis, type Shape, type Shapes, sameShape, showShape } from '../shape.ts';
import { Tensor, type TensorLike } from '../tensor.ts';
import { expandDims, squeeze } from './axes.ts';
import { cast, pieceAt } from './lowered.ts';
import { slice } from './slicing.ts';

export const concat: Op<(xs: readonly TensorLike[], axis?: number) => Tensor> = defineOp({
  name: 'concat',
  doc: 'The tensors side by side along an axis, by default the first. Their other lengths must agree.',
  tex: '[x_1; x_2; \\dots]',
  inputs: ['xs'],
  variadic: true,
  attributes: (shapes: Shapes, axis: number = 0) => ({ axis: normalizeAxis('concat', axis, shapes[0]!.length) }),
  shape: (shapes, { axis }) => concatShape(shapes, axis),
  dtype: (dtypes) => promote('concat', dtypes),
  forward: (xs, { attrs: { axis }, dtype, shape }) => {
    const out = allocate(dtype, shape);
    const starts = shape.map(() => 0);
    const steps = shape.map(() => 1);
    for (const x of xs) {
      nd.assign(sliceView(out, starts, steps, x.shape), x);
      starts[axis]! += x.shape[axis]!;
    }
    return out;
  },
  lower: (to, xs, { attrs: { axis }, dtype, shape }) => {
    let start = 0;
    const pieces = xs.map((x) => {
      const piece = pieceAt(
        to,
        cast(to, x, dtype),
        shape.map((_, i) => (i === axis ? start : 0)),
      );
      start += to.of(x).shape[axis]!;
      return piece;
    });
    return to.assemble({ shape, dtype }, 0, pieces);
  },
  saves: [],
  vjp: {
    xs: (g, _saved, { attrs: { axis }, inputs, position }) => {
      const start = inputs.slice(0, position).reduce((total, x) => total + x.shape[axis]!, 0);
      return g.slice(start, start + inputs[position]!.shape[axis]!, { axis });
    },
  },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [1, 3] }] },
    { inputs: [{ shape: [2, 3] }, { shape: [2, 0] }, { shape: [2, 1] }], args: [-1] },
    { inputs: [{ shape: [2] }] },
  ],
});

function concatShape(shapes: readonly Shape[], axis: number): Shape {
  const first = shapes[0]!;
  for (const shape of shapes) {
    if (shape.length !== first.length || shape.some((length, i) => i !== axis && length !== first[i])) {
      throw new TapegradError(
        'concat',
        `shapes ${shapes.map(showShape).join(', ')} differ beside axis ${axis}. Expected equal lengths there.`,
      );
    }
  }
  const total = shapes.reduce((sum, shape) => sum + shape[axis]!, 0);
  return first.map((length, i) => (i === axis ? total : length));
}

export const stack: Op<(xs: readonly TensorLike[], axis?: number) => Tensor> = defineComposite({
  name: 'stack',
  doc: 'Tensors of one shape side by side along a new axis, by default the first.',
  tex: '[x_1, x_2, \\dots]',
  inputs: ['xs'],
  variadic: true,
  compute: (xs: readonly TensorLike[], axis: number = 0): Tensor => {
    if (!Array.isArray(xs) || xs.length === 0) {
      throw new TapegradError(
        'stack',
        `got ${Array.isArray(xs) ? 'an empty list' : typeof xs}. Expected a list of tensors.`,
      );
    }
    const dtype = promote(
      'stack',
      xs.filter((x) => x instanceof Tensor).map((x) => x.dtype),
    );
    const tensors = xs.map((x, i) =>
      typeof x === 'number' ? numberTensor(x, dtype) : asTensor('stack', `xs[${i}]`, x),
    );
    const shapes = tensors.map((x) => x.shape);
    if (shapes.some((shape) => !sameShape(shape, shapes[0]!))) {
      throw new TapegradError('stack', `the shapes ${shapes.map(showShape).join(', ')} differ. Expected equal ones.`);
    }
    const place = normalizeAxis('stack', axis, shapes[0]!.length + 1);
    return concat(
      tensors.map((x) => expandDims(x, place)),
      place,
    );
  },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [2, 3] }] },
    { inputs: [{ shape: [2] }, { shape: [2] }, { shape: [2] }], args: [-1] },
    { inputs: [{ shape: [] }, { shape: [] }] },
    { inputs: [{ shape: [0, 2] }], args: [1] },
  ],
});

export const split: Op<(x: TensorLike, sections: number | readonly number[], axis?: number) => Tensor[]> =
  defineComposite({
    name: 'split',
    doc: 'Parts along an axis, by default the first: so many of equal length, or of the lengths in a list, which add up to the whole. Views.',
    tex: 'x_{a_1:b_1}, x_{a_2:b_2}, \\dots',
    inputs: ['x'],
    compute: (x: TensorLike, sections: number | readonly number[], axis: number = 0): Tensor[] => {
      const whole = asTensor('split', 'x', x);
      const along = normalizeAxis('split', axis, whole.rank);
      let start = 0;
      return partsOf(sections, along, whole.shape[along]!).map((length) => {
        const part = slice(whole, start, start + length, { axis: along });
        start += length;
        return part;
      });
    },
    samples: [
      { inputs: [{ shape: [4, 2] }], args: [2] },
      { inputs: [{ shape: [2, 5] }], args: [[1, 0, 4], -1] },
      { inputs: [{ shape: [3] }], args: [1] },
      { inputs: [{ shape: [0, 2] }], args: [3] },
    ],
  });

/** The lengths of the parts that an axis is split into. */
function partsOf(sections: number | readonly number[], axis: number, length: number): readonly number[] {
  if (typeof sections === 'number') {
    if (!Number.isInteger(sections) || sections < 1 || length % sections !== 0) {
      throw new TapegradError(
        'split',
        `axis ${axis} of length ${length} does not split into ${sections} equal parts. Expected a divisor, or a list of lengths.`,
      );
    }
    return new Array<number>(sections).fill(length / sections);
  }
  const fits = Array.isArray(sections) && sections.every((part) => Number.isInteger(part) && part >= 0);
  if (!fits || sections.reduce((sum, part) => sum + part, 0) !== length) {
    throw new TapegradError(
      'split',
      `the sections are ${JSON.stringify(sections)}. Expected lengths that add up to ${length}, the length of axis ${axis}.`,
    );
  }
  return sections;
}

export const unstack: Op<(x: TensorLike, axis?: number) => Tensor[]> = defineComposite({
  name: 'unstack',
  doc: 'What lies at each position of an axis, by default the first, without that axis: what stack puts together. Views.',
  tex: 'x_1, x_2, \\dots',
  inputs: ['x'],
  compute: (x: TensorLike, axis: number = 0): Tensor[] => {
    const whole = asTensor('unstack', 'x', x);
    const along = normalizeAxis('unstack', axis, whole.rank);
    return Array.from({ length: whole.shape[along]! }, (_, i) =>
      squeeze(slice(whole, i, i + 1, { axis: along }), along),
    );
  },
  samples: [
    { inputs: [{ shape: [3, 2] }] },
    { inputs: [{ shape: [2, 1, 3] }], args: [-1] },
    { inputs: [{ shape: [2] }] },
  ],
});

// Products made of the matrix product and the element-wise one: dot, outer, tensordot, kron. An op is one entry.

import { promote } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, numberTensor, type Op } from '../op.ts';
import { type Axes, normalizeAxis, showShape, sizeOf } from '../shape.ts';
import { Tensor, type TensorLike } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import type { Binary } from './builders.ts';
import { matmul } from './linalg.ts';
import { reshape, transpose } from './structure.ts';

/** Both operands as tensors. A number takes the dtype of the other; dtypes that do not go together are refused. */
function pairOf(op: string, x: TensorLike, y: TensorLike): readonly [Tensor, Tensor] {
  const dtypes = [x, y].filter((operand) => operand instanceof Tensor).map(({ dtype }) => dtype);
  const beside = promote(op, dtypes);
  const asOne = (name: string, operand: TensorLike): Tensor =>
    typeof operand === 'number' && dtypes.length > 0 ? numberTensor(operand, beside) : asTensor(op, name, operand);
  return [asOne('x', x), asOne('y', y)];
}

/** Which axes {@link tensordot} sums over: so many of the last of x with the first of y, or those of x, then those of y. */
export type ContractedAxes = number | readonly [ofX: Axes, ofY: Axes];

export const tensordot: Op<(x: TensorLike, y: TensorLike, axes?: ContractedAxes) => Tensor> = defineComposite({
  name: 'tensordot',
  doc: 'The sum of products over axes of x and as many of y, in pairs: `axes` names them, or says how many of the last of x meet the first of y (by default 2). The other axes of x, then those of y remain.',
  tex: '\\sum_{\\dots} x_{\\dots} y_{\\dots}',
  inputs: ['x', 'y'],
  compute: (x: TensorLike, y: TensorLike, axes: ContractedAxes = 2): Tensor =>
    contract('tensordot', ...pairOf('tensordot', x, y), axes),
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [2, 3] }] },
    { inputs: [{ shape: [2, 3] }, { shape: [3, 2, 2] }], args: [1] },
    { inputs: [{ shape: [3] }, { shape: [2] }], args: [0] },
    {
      inputs: [{ shape: [2, 3, 4] }, { shape: [4, 2] }],
      args: [
        [
          [-1, 0],
          [0, 1],
        ],
      ],
    },
    { inputs: [{ shape: [2, 3] }, { shape: [4, 2] }], args: [[0, 1]] },
    { inputs: [{ shape: [2, 0] }, { shape: [0, 3] }], args: [1] },
  ],
});

function contract(op: string, x: Tensor, y: Tensor, axes: ContractedAxes): Tensor {
  const [ofX, ofY] = contractedAxes(op, x, y, axes);
  ofX.forEach((axis, i) => {
    const [a, b] = [x.shape[axis]!, y.shape[ofY[i]!]!];
    if (a === b) return;
    throw new TapegradError(
      op,
      `axis ${axis} of ${showShape(x.shape)} has ${a} elements, axis ${ofY[i]} of ${showShape(y.shape)} ${b}. Expected equal lengths.`,
    );
  });
  const freeOfX = [...x.shape.keys()].filter((axis) => !ofX.includes(axis));
  const freeOfY = [...y.shape.keys()].filter((axis) => !ofY.includes(axis));
  const lengths = (tensor: Tensor, list: readonly number[]): number[] => list.map((axis) => tensor.shape[axis]!);
  const k = sizeOf(lengths(x, ofX));
  const [m, n] = [lengths(x, freeOfX), lengths(y, freeOfY)];
  const left = transpose(x, [...freeOfX, ...ofX]).reshape([sizeOf(m), k]);
  const right = transpose(y, [...ofY, ...freeOfY]).reshape([k, sizeOf(n)]);
  return matmul(left, right).reshape([...m, ...n]);
}

function contractedAxes(
  op: string,
  x: Tensor,
  y: Tensor,
  axes: ContractedAxes,
): readonly [ofX: readonly number[], ofY: readonly number[]] {
  if (typeof axes === 'number') {
    if (!Number.isInteger(axes) || axes < 0 || axes > Math.min(x.rank, y.rank)) {
      throw new TapegradError(
        op,
        `axes is ${axes}, the shapes are ${showShape(x.shape)} and ${showShape(y.shape)}. Expected a whole number from 0 to ${Math.min(x.rank, y.rank)}, or a pair of lists.`,
      );
    }
    const counted = Array.from({ length: axes }, (_, i) => i);
    return [counted.map((i) => x.rank - axes + i), counted];
  }
  if (!Array.isArray(axes) || axes.length !== 2) {
    throw new TapegradError(
      op,
      `axes is ${JSON.stringify(axes)}. Expected a number, or a pair of axes or lists of them.`,
    );
  }
  const [ofX, ofY] = [listed(op, axes[0], x.rank), listed(op, axes[1], y.rank)];
  if (ofX.length === ofY.length) return [ofX, ofY];
  throw new TapegradError(op, `axes names ${ofX.length} of x and ${ofY.length} of y. Expected as many of both.`);
}

/** Axes counted from the first, in the order in which they are given. */
function listed(op: string, axes: Axes, rank: number): readonly number[] {
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => normalizeAxis(op, axis, rank));
  if (new Set(list).size === list.length) return list;
  throw new TapegradError(op, `axes ${showShape(list)} name an axis twice. Expected each axis once.`);
}

export const dot: Binary = defineComposite({
  name: 'dot',
  doc: "NumPy's dot: of two vectors their inner product, of matrices the matrix product, of a number the multiple; in general the sum over the last axis of x and the last but one of y (the only one of a vector). For batches of matrices see matmul.",
  tex: 'x \\cdot y',
  inputs: ['x', 'y'],
  compute: (x: TensorLike, y: TensorLike): Tensor => {
    const [a, b] = pairOf('dot', x, y);
    if (a.rank === 0 || b.rank === 0) return mul(a, b);
    return contract('dot', a, b, [-1, Math.max(b.rank - 2, 0)]);
  },
  samples: [
    { inputs: [{ shape: [3] }, { shape: [3] }] },
    { inputs: [{ shape: [2, 3] }, { shape: [3] }] },
    { inputs: [{ shape: [2, 3] }, { shape: [2, 3, 2] }] },
    { inputs: [{ shape: [] }, { shape: [2, 2] }] },
    { inputs: [{ shape: [0] }, { shape: [0] }] },
  ],
});

export const outer: Binary = defineComposite({
  name: 'outer',
  doc: 'The products of each element of the vector x with each of the vector y.',
  tex: 'x y^\\top',
  inputs: ['x', 'y'],
  compute: (x: TensorLike, y: TensorLike): Tensor => {
    const [a, b] = pairOf('outer', x, y);
    if (a.rank !== 1 || b.rank !== 1) {
      throw new TapegradError(
        'outer',
        `the shapes are ${showShape(a.shape)} and ${showShape(b.shape)}. Expected two vectors; flatten() what is none.`,
      );
    }
    return mul(reshape(a, [-1, 1]), b);
  },
  samples: [
    { inputs: [{ shape: [3] }, { shape: [2] }] },
    { inputs: [{ shape: [1] }, { shape: [1] }] },
    { inputs: [{ shape: [2] }, { shape: [0] }] },
  ],
});

export const kron: Binary = defineComposite({
  name: 'kron',
  doc: 'The Kronecker product: y in the place of each element of x, multiplied by it. The operand with fewer axes gets leading ones of length 1.',
  tex: 'x \\otimes y',
  inputs: ['x', 'y'],
  compute: (x: TensorLike, y: TensorLike): Tensor => {
    const [a, b] = pairOf('kron', x, y);
    const rank = Math.max(a.rank, b.rank);
    const padded = ({ shape }: Tensor): number[] => [...Array<number>(rank - shape.length).fill(1), ...shape];
    const [m, n] = [padded(a), padded(b)];
    return mul(
      reshape(
        a,
        m.flatMap((length) => [length, 1]),
      ),
      reshape(
        b,
        n.flatMap((length) => [1, length]),
      ),
    ).reshape(m.map((length, axis) => length * n[axis]!));
  },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [2, 2] }] },
    { inputs: [{ shape: [2] }, { shape: [1, 3] }] },
    { inputs: [{ shape: [] }, { shape: [2] }] },
    { inputs: [{ shape: [2, 0] }, { shape: [2, 2] }] },
  ],
});

// Sums of products in Einstein's notation: the notation read, the operands brought into one order of labels, pair after pair
// multiplied. One op.

import { isFloat, promote } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { asTensor, defineComposite, numberTensor, type Op } from '../op.ts';
import { broadcastShapes, showShape, sizeOf } from '../shape.ts';
import { Tensor, type TensorLike } from '../tensor.ts';
import { diagonal } from './diagonals.ts';

/** A label stands for an axis: a letter, or `.3`, the third axis from the last of those under an ellipsis. */
type Labels = readonly string[];

/** A tensor, and what its axes are called. */
interface Term {
  readonly tensor: Tensor;
  readonly labels: Labels;
}

export const einsum: Op<(subscripts: string, ...operands: readonly TensorLike[]) => Tensor> = defineComposite({
  name: 'einsum',
  doc: "Einstein's sum: `einsum('ij,jk->ik', x, y)` names the axes of each operand, and those of the result; over the others it sums. A letter twice in one term takes the diagonal, `...` stands for axes that broadcast. Without `->` the result has the letters that stand once, in alphabetical order. Operands are multiplied from left to right.",
  tex: '\\sum_j x_{ij} y_{jk}',
  inputs: ['operands'],
  variadic: true,
  argumentsFirst: true,
  compute: (subscripts: string, ...operands: readonly TensorLike[]): Tensor => {
    const { inputs, output } = parse(subscripts, operands);
    const terms = labelled(subscripts, inputs, sameDType(operands));
    const result = output === undefined ? implicitOutput(terms) : explicitOutput(subscripts, output, terms);
    const single = terms.map(withDiagonals);
    const product = single.reduce((left, right, at) =>
      multiply(left, right, new Set([...result, ...single.slice(at + 1).flatMap(({ labels }) => labels)])),
    );
    const { tensor, labels } = summed(product, result);
    return tensor.transpose(result.map((label) => labels.indexOf(label)));
  },
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [3, 2] }], args: ['ij,jk->ik'] },
    { inputs: [{ shape: [2, 3] }, { shape: [3, 2] }], args: ['ij,jk'] },
    { inputs: [{ shape: [2, 3] }], args: ['ba'] },
    { inputs: [{ shape: [3, 3] }], args: ['ii'] },
    { inputs: [{ shape: [2, 3, 2] }], args: ['iji->ji'] },
    { inputs: [{ shape: [2] }, { shape: [3] }], args: ['i,j->ji'] },
    { inputs: [{ shape: [2, 3, 2] }, { shape: [2, 2, 4] }], args: ['bij,bjk->bik'] },
    { inputs: [{ shape: [2, 1, 2, 3] }, { shape: [2, 3, 2] }], args: ['...ij,...jk->...ik'] },
    { inputs: [{ shape: [2, 3] }, { shape: [3, 2] }, { shape: [2] }], args: ['ij,jk,k->'] },
    { inputs: [{ shape: [2, 2] }, { shape: [2, 2] }, { shape: [2, 2] }], args: ['ij, kj, lk -> li'] },
    { inputs: [{ shape: [] }, { shape: [2] }], args: [',i'] },
    { inputs: [{ shape: [2, 0] }, { shape: [0, 3] }], args: ['ij,jk->ik'] },
  ],
});

/** The terms before and after the arrow. */
function parse(
  subscripts: unknown,
  operands: readonly TensorLike[],
): { readonly inputs: readonly string[]; readonly output: string | undefined } {
  if (typeof subscripts !== 'string') {
    throw new TapegradError('einsum', "the subscripts come first, as text. Expected e.g. einsum('ij,jk->ik', x, y).");
  }
  const sides = subscripts.replaceAll(' ', '').split('->');
  const inputs = sides[0]!.split(',');
  for (const term of [...inputs, ...sides.slice(1)]) {
    if (sides.length > 2 || !/^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(term)) {
      throw new TapegradError(
        'einsum',
        `'${subscripts}' is not understood at '${term}'. Expected letters, at most one '...' a term, ',' between terms and one '->'.`,
      );
    }
  }
  if (inputs.length !== operands.length) {
    throw new TapegradError(
      'einsum',
      `'${subscripts}' has ${inputs.length} terms, and there are ${operands.length} operands. Expected as many of both.`,
    );
  }
  return { inputs, output: sides[1] };
}

/** The operands in the float dtype that they come to; numbers take it too. */
function sameDType(operands: readonly TensorLike[]): readonly Tensor[] {
  const beside = operands.filter((operand) => operand instanceof Tensor).map(({ dtype }) => dtype);
  const promoted = promote('einsum', beside);
  const dtype = isFloat(promoted) ? promoted : 'float32';
  return operands.map((operand, i) => {
    if (typeof operand === 'number') return numberTensor(operand, dtype);
    const tensor = asTensor('einsum', `operand ${i}`, operand);
    return tensor.dtype === dtype ? tensor : tensor.asType(dtype);
  });
}

/** The terms with a label for each axis, whose lengths agree; what is under an ellipsis is broadcast. */
function labelled(subscripts: string, inputs: readonly string[], tensors: readonly Tensor[]): readonly Term[] {
  const terms = tensors.map((tensor, i) => ({ tensor, labels: labelsOf(subscripts, inputs[i]!, tensor, i) }));
  const firsts = new Map<string, { readonly length: number; readonly at: number }>();
  terms.forEach(({ tensor, labels }, at) => {
    labels.forEach((label, axis) => {
      const length = tensor.shape[axis]!;
      const first = firsts.get(label);
      if (first === undefined) firsts.set(label, { length, at });
      else if (!isUnderEllipsis(label) && first.length !== length) {
        throw new TapegradError(
          'einsum',
          `${label} is ${first.length} in '${inputs[first.at]}', operand ${first.at} of shape ${showShape(tensors[first.at]!.shape)}, ` +
            `and ${length} in '${inputs[at]}', operand ${at} of shape ${showShape(tensor.shape)}. Expected equal lengths.`,
        );
      }
    });
  });
  return withBroadcastEllipses(terms);
}

function labelsOf(subscripts: string, term: string, { shape }: Tensor, at: number): Labels {
  const letters = term.replace('...', '').length;
  const more = shape.length - letters;
  if (term.includes('...') ? more < 0 : more !== 0) {
    throw new TapegradError(
      'einsum',
      `'${term}' in '${subscripts}' names ${letters} axes, operand ${at} has shape ${showShape(shape)}. Expected a letter for each axis.`,
    );
  }
  const [before = '', after = ''] = term.split('...');
  return [...before, ...ellipsisLabels(more), ...after];
}

/** Labels for so many axes under an ellipsis, counted from the last as broadcasting does. */
function ellipsisLabels(count: number): Labels {
  return Array.from({ length: count }, (_, i) => `.${count - i}`);
}

function isUnderEllipsis(label: string): boolean {
  return label.startsWith('.');
}

/** Axes under an ellipsis in the lengths that they broadcast to. */
function withBroadcastEllipses(terms: readonly Term[]): readonly Term[] {
  const under = terms.map(({ tensor, labels }) => tensor.shape.filter((_, axis) => isUnderEllipsis(labels[axis]!)));
  const full = broadcastShapes('einsum', under);
  return terms.map(({ tensor, labels }) => {
    const shape = labels.map((label, axis) =>
      isUnderEllipsis(label) ? full[full.length - Number(label.slice(1))]! : tensor.shape[axis]!,
    );
    return { tensor: showShape(shape) === showShape(tensor.shape) ? tensor : tensor.broadcastTo(shape), labels };
  });
}

/** Without an arrow: what is under an ellipsis, then the letters that stand once, in alphabetical order. */
function implicitOutput(terms: readonly Term[]): Labels {
  const all = terms.flatMap(({ labels }) => labels);
  const once = all.filter((label) => !isUnderEllipsis(label) && all.indexOf(label) === all.lastIndexOf(label));
  return [...widestEllipsis(terms), ...once.sort()];
}

function widestEllipsis(terms: readonly Term[]): Labels {
  return ellipsisLabels(Math.max(...terms.map(({ labels }) => labels.filter(isUnderEllipsis).length)));
}

function explicitOutput(subscripts: string, output: string, terms: readonly Term[]): Labels {
  const [before = '', after = ''] = output.split('...');
  const labels = [...before, ...(output.includes('...') ? widestEllipsis(terms) : []), ...after];
  const known = new Set(terms.flatMap((term) => term.labels));
  const wrong = labels.find((label, i) => !known.has(label) || labels.indexOf(label) !== i);
  if (wrong === undefined) return labels;
  const what = known.has(wrong) ? 'stands twice' : 'stands in no operand';
  throw new TapegradError(
    'einsum',
    `${wrong} ${what}: the result in '${subscripts}' is '${output}'. Expected each letter of the result once, and in an operand.`,
  );
}

/** A label that stands twice takes the diagonal of its two axes. */
function withDiagonals({ tensor, labels }: Term): Term {
  const first = labels.findIndex((label, i) => labels.indexOf(label, i + 1) >= 0);
  if (first < 0) return { tensor, labels };
  const second = labels.indexOf(labels[first]!, first + 1);
  const others = [...labels.keys()].filter((axis) => axis !== first && axis !== second);
  return withDiagonals({
    tensor: diagonal(tensor.transpose([...others, first, second])),
    labels: [...others.map((axis) => labels[axis]!), labels[first]!],
  });
}

/** The term without the labels that are not kept: summed over. */
function summed({ tensor, labels }: Term, kept: Iterable<string>): Term {
  const keep = new Set(kept);
  const gone = [...labels.keys()].filter((axis) => !keep.has(labels[axis]!));
  if (gone.length === 0) return { tensor, labels };
  return { tensor: tensor.sum(gone), labels: labels.filter((label) => keep.has(label)) };
}

/** The product of two terms, summed over the labels of both that are not kept: a batch of matrix products. */
function multiply(left: Term, right: Term, kept: ReadonlySet<string>): Term {
  const x = summed(left, [...kept, ...right.labels]);
  const y = summed(right, [...kept, ...left.labels]);
  const common = x.labels.filter((label) => y.labels.includes(label));
  const batch = common.filter((label) => kept.has(label));
  const inner = common.filter((label) => !kept.has(label));
  const rows = x.labels.filter((label) => !common.includes(label));
  const columns = y.labels.filter((label) => !common.includes(label));
  const arranged = ({ tensor, labels }: Term, groups: readonly Labels[]): Tensor =>
    tensor
      .transpose(groups.flat().map((label) => labels.indexOf(label)))
      .reshape(groups.map((group) => sizeOf(lengthsOf({ tensor, labels }, group))));
  const a = arranged(x, [batch, rows, inner]);
  const b = arranged(y, [batch, inner, columns]);
  // Nothing to sum: each with each, without a matrix product of inner size 1.
  const product = inner.length === 0 ? a.mul(b) : a.matmul(b);
  return {
    tensor: product.reshape([...lengthsOf(x, batch), ...lengthsOf(x, rows), ...lengthsOf(y, columns)]),
    labels: [...batch, ...rows, ...columns],
  };
}

function lengthsOf({ tensor, labels }: Term, group: Labels): number[] {
  return group.map((label) => tensor.shape[labels.indexOf(label)]!);
}

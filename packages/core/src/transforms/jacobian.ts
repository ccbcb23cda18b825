// Whole matrices of derivatives: Jacobians, row-wise Jacobians, Hessians. One backward pass for each element of the result.

import { fromData, zeros, zerosLike } from '../create.ts';
import { newData } from '../dtype.ts';
import { TapegradError } from '../errors.ts';
import { concat } from '../ops/joining.ts';
import { type Shape, showShape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { type Leaf, type Like, nameOf, rebuild, sourcesOf, type Tree } from '../tree.ts';
import { checkUnconnected, connected, type GradientOptions } from '../unconnected.ts';
import { type AnyFunction, differentiate } from './gradient.ts';
import { type Recorded, recordOn } from './variables.ts';

/** The nesting of a Jacobian: at each leaf of the result one tensor for each leaf of the argument. */
export type JacobianOf<Out, P extends Tree> = Out extends Tensor
  ? Like<P>
  : Out extends object
    ? { [K in keyof Out]: JacobianOf<Out[K], P> }
    : never;

/**
 * The function that gives all derivatives of what `f` returns by its first argument: a tensor of shape
 * `[...result.shape, ...argument.shape]`. Where result or argument are nestings, one such tensor for each leaf of the result
 * and each leaf of the argument, the result's nesting outside. Further arguments are passed on.
 *
 * ```ts
 * jacobian((x: Tensor) => x.square())(tensor([1, 2])).toArray(); // → 2,0,0,4
 *
 * const line = ({ w, b }: { w: Tensor; b: Tensor }) => w.mul(tensor([1, 2, 3])).add(b);
 * jacobian(line)({ w: scalar(5), b: scalar(0) }).w.toArray(); // → 1,2,3
 * ```
 *
 * @throws TapegradError where the result holds what is no float tensor, or no part of it depends on a part of the argument
 * (unless `unconnected` is `zero`). A part of the result that does not depend on a part of the argument has zeros there.
 */
export function jacobian<P extends Tree, Out extends Tree, Rest extends readonly unknown[]>(
  f: (variables: P, ...rest: Rest) => Out,
  options: GradientOptions = {},
): (variables: P, ...rest: Rest) => JacobianOf<Out, P> {
  return (variables, ...rest) => jacobianOf('jacobian', (own: P) => f(own, ...rest), variables, options);
}

/**
 * The Hessian of a scalar function by its first argument: all second derivatives, a tensor of shape `[...x.shape, ...x.shape]`.
 * Of a nesting: at each leaf the nesting once more, with the derivatives by both. Further arguments are passed on. For the
 * product with one vector use {@link hvp}, which does not form it.
 *
 * ```ts
 * hessian((x: Tensor) => x.pow(3).sum())(tensor([1, 2])).toArray(); // → 6,0,0,12
 *
 * const product = ({ a, b }: { a: Tensor; b: Tensor }) => a.square().mul(b);
 * hessian(product)({ a: scalar(3), b: scalar(5) }).a.b.item(); // → 6
 * ```
 *
 * @throws TapegradError where `f` does not return a scalar tensor, or does not depend on a part of the argument (unless
 * `unconnected` is `zero`).
 */
export function hessian<P extends Tree, Rest extends readonly unknown[]>(
  f: (variables: P, ...rest: Rest) => Tensor,
  options: GradientOptions = {},
): (variables: P, ...rest: Rest) => JacobianOf<Like<P>, P> {
  return (variables, ...rest) => {
    const slope = (own: P) => differentiate('hessian', f as AnyFunction, [own, ...rest], options).gradient as Tree;
    // A gradient that does not change with a variable has second derivatives of 0 by it.
    return jacobianOf('hessian', slope, variables, { unconnected: 'zero' }) as unknown as JacobianOf<Like<P>, P>;
  };
}

/**
 * The Jacobian of each row by itself: where row i of what `f` returns, of shape `[batch, ...out]`, depends on row i of its
 * first argument alone, of shape `[batch, ...in]`, the derivatives of shape `[batch, ...out, ...in]`. One backward pass for
 * each element of a row, however many rows there are. Nestings are as in {@link jacobian}; further arguments are passed on.
 *
 * That rows do not depend on one another is for the caller to know: where they do, what comes out is the derivative of row i's
 * element by row j, summed over i.
 *
 * ```ts
 * const x = tensor([[1, 2], [3, 4]]);
 * batchJacobian((rows: Tensor) => rows.square())(x).toArray(); // → 2,0,0,4,6,0,0,8
 * ```
 *
 * @throws TapegradError where a leaf of argument or result has no rows, or their numbers differ; and as {@link jacobian} does.
 */
export function batchJacobian<P extends Tree, Out extends Tree, Rest extends readonly unknown[]>(
  f: (variables: P, ...rest: Rest) => Out,
  options: GradientOptions = {},
): (variables: P, ...rest: Rest) => JacobianOf<Out, P> {
  const op = 'batchJacobian';
  return (variables, ...rest) => {
    checkUnconnected(op, options);
    const recorded = recordOn(op, variables, (own) => f(own, ...rest));
    const outs = sourcesOf(op, recorded.result, 'the result');
    const batch = requireRows(op, recorded.leaves, outs);
    return matrices(op, recorded, outs, options, {
      seeds: (out) => rowSeeds(out, batch),
      shape: (out, source) => [batch, ...out.shape.slice(1), ...source.shape.slice(1)],
      axis: 1,
    });
  };
}

function jacobianOf<P extends Tree, Out extends Tree>(
  op: string,
  f: (own: P) => Out,
  variables: P,
  options: GradientOptions,
): JacobianOf<Out, P> {
  checkUnconnected(op, options);
  const recorded = recordOn(op, variables, f);
  return matrices(op, recorded, sourcesOf(op, recorded.result, 'the result'), options, {
    seeds: elementSeeds,
    shape: (out, source) => [...out.shape, ...source.shape],
    axis: 0,
  });
}

/** How backward passes make up a matrix. */
interface Layout {
  /** The derivatives that each pass starts from. */
  readonly seeds: (out: Tensor) => Tensor[];
  /** The shape of what they make up. */
  readonly shape: (out: Tensor, source: Tensor) => Shape;
  /** The axis along which the passes lie, before the axes of `out` are told apart. */
  readonly axis: number;
}

function matrices<P extends Tree, Out extends Tree>(
  op: string,
  { tape, leaves, variables, own, result }: Recorded<P, Out>,
  outs: readonly Leaf[],
  options: GradientOptions,
  layout: Layout,
): JacobianOf<Out, P> {
  const met: (Tensor | undefined)[] = variables.map(() => undefined);
  let passes = 0;
  const perOut = outs.map(({ tensor: out }) => {
    const adjoints = layout.seeds(out).map((seed) => tape.pull([out], [seed], variables));
    passes += adjoints.length;
    return rebuild(
      own,
      variables.map((source, i) => {
        const shape = layout.shape(out, source);
        const slices = adjoints.map((adjoint) => adjoint[i]);
        met[i] ??= slices.find((slice) => slice !== undefined);
        if (slices.every((slice) => slice === undefined)) return zeros(shape, source.dtype);
        const { axis } = layout;
        const pass = [...source.shape.slice(0, axis), 1, ...source.shape.slice(axis)];
        const side = slices.map((slice) => (slice ?? zerosLike(source)).reshape(pass));
        return concat(side, axis).reshape(shape);
      }),
    );
  });
  // Of a result without elements nothing can be said.
  if (passes > 0) connected(op, met, leaves, options);
  return rebuild(result, perOut) as JacobianOf<Out, P>;
}

/** One tensor for each element of `out`: 1 there, elsewhere 0. */
function elementSeeds(out: Tensor): Tensor[] {
  return Array.from({ length: out.size }, (_, element) => {
    const data = newData(out.dtype, out.size);
    data[element] = 1;
    return fromData(data, out.shape, out.dtype);
  });
}

/** One tensor for each element of a row of `out`: 1 there in every row, elsewhere 0. */
function rowSeeds(out: Tensor, batch: number): Tensor[] {
  const length = sizeOf(out.shape.slice(1));
  return Array.from({ length }, (_, element) => {
    const data = newData(out.dtype, out.size);
    for (let row = 0; row < batch; row++) data[row * length + element] = 1;
    return fromData(data, out.shape, out.dtype);
  });
}

/** How many rows all leaves have. */
function requireRows(op: string, sources: readonly Leaf[], outs: readonly Leaf[]): number {
  const shown = (leaves: readonly Leaf[], what: string) =>
    leaves.map((leaf) => {
      const { shape } = leaf.tensor;
      return { shape, text: `${nameOf(leaf, what)} has shape ${showShape(shape)}` };
    });
  const all = [...shown(sources, 'the argument'), ...shown(outs, 'the result')];
  const [first] = all;
  const batch = first?.shape[0] ?? 0;
  for (const other of all) {
    if (other.shape.length > 0 && other.shape[0] === batch) continue;
    const wrong = other === first ? other.text : `${other.text}, ${first!.text}`;
    throw new TapegradError(op, `${wrong}. Expected rows: a first axis of the same length in all of them.`);
  }
  return batch;
}

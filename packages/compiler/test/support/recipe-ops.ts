// What a random program may do: ops of all kinds, on operands and with arguments that they choose.

import {
  argmax,
  argsort,
  concat,
  full,
  indexAdd,
  linearRecurrence,
  matmul,
  maximum,
  minimum,
  scatterAdd,
  stack,
  type Tensor,
  take,
  takeAlongAxis,
  where,
} from '@tapegrad/core';
import {
  type Act,
  anyFrom,
  axesOf,
  broadcastShape,
  floatFrom,
  indicesFor,
  mostElements,
  pairFrom,
  ranked,
  sizeOf,
} from './recipe-choices.ts';

const unary =
  (...fs: readonly ((x: Tensor) => Tensor)[]): Act =>
  (around) => {
    const x = floatFrom(around);
    return x && around.choices.of(fs)(x);
  };

/** With a kink, or a jump, where the distance is 0. */
const bent =
  (...fs: readonly (readonly [(x: Tensor) => Tensor, distance: (x: Tensor) => Tensor])[]): Act =>
  (around) => {
    const x = floatFrom(around);
    const [f, distance] = around.choices.of(fs);
    return x && around.steady(() => distance(x)) ? f(x) : undefined;
  };

const fraction = (x: Tensor): Tensor => x.sub(x.floor());
/** How far from a whole number. */
const fromWhole = (x: Tensor): Tensor => minimum(fraction(x), fraction(x).neg().add(1));

const binary =
  (...fs: readonly ((x: Tensor, y: Tensor) => Tensor)[]): Act =>
  (around) => {
    const pair = pairFrom(around);
    return pair && around.choices.of(fs)(...pair);
  };

const bentBinary =
  (...fs: readonly ((x: Tensor, y: Tensor) => Tensor)[]): Act =>
  (around) => {
    const pair = pairFrom(around);
    return pair && around.steady(() => pair[0].sub(pair[1])) ? around.choices.of(fs)(...pair) : undefined;
  };

const reduction =
  (...fs: readonly ((x: Tensor, axes: number[] | undefined, options: { keepDims: boolean }) => Tensor)[]): Act =>
  (around) => {
    const x = anyFrom(around);
    return around.choices.of(fs)(x, axesOf(around, x), { keepDims: around.choices.below(2) === 1 });
  };

/** An extreme: of the others none may come near it. */
const extreme: Act = (around) => {
  const x = floatFrom(around, ({ size }) => size > 0);
  if (x === undefined) return undefined;
  const axes = axesOf(around, x);
  const [name, keepDims] = [around.choices.of(['max', 'min'] as const), around.choices.below(2) === 1];
  return around.steady(() =>
    x
      .reshape([-1])
      .sort()
      .slice(1)
      .sub(x.reshape([-1]).sort().slice(0, -1)),
  )
    ? x[name](axes, { keepDims })
    : undefined;
};

const alongAxis =
  (...fs: readonly ((x: Tensor, axis: number) => Tensor)[]): Act =>
  (around) => {
    const place = ranked(around);
    return place && around.choices.of(fs)(...place);
  };

const sorted: Act = (around) => {
  const place = ranked(around);
  if (place === undefined) return undefined;
  const [x, axis] = place;
  const flat = (): Tensor => x.reshape([-1]).sort();
  if (!around.steady(() => flat().slice(1).sub(flat().slice(0, -1)))) return undefined;
  switch (around.choices.below(3)) {
    case 0:
      return x.sort({ axis });
    case 1:
      return argsort(x, { axis });
    default:
      return argmax(x, axis);
  }
};

const sliced: Act = (around) => {
  const { choices } = around;
  const x = choices.of(around.values);
  if (x.rank === 0) return undefined;
  const axis = choices.below(x.rank);
  const n = x.shape[axis]!;
  const [start, stop] = [choices.below(n + 1), choices.below(n + 1)];
  return x.slice(start, stop, { axis, step: choices.of([1, 2, 3, -1, -2]) });
};

const viewed: Act = (around) => {
  const { choices } = around;
  const x = choices.of(around.values);
  const axis = choices.below(x.rank + 1);
  switch (choices.below(7)) {
    case 0:
      return x.transpose();
    case 1:
      return x.reshape([-1]);
    case 2:
      return x.expandDims(axis);
    case 3:
      return x.squeeze();
    case 4:
      return x.flip();
    case 5: {
      const shape = [
        choices.of([1, 2, 3]),
        ...x.shape.map((length) => (length === 1 ? choices.of([1, 3, 4]) : length)),
      ];
      return sizeOf(shape) <= mostElements && x.rank < 5 ? x.broadcastTo(shape) : undefined;
    }
    default: {
      const order = [...Array(x.rank).keys()];
      order.push(...order.splice(0, axis));
      return x.transpose(order);
    }
  }
};

const product: Act = (around) => {
  const x = floatFrom(around, ({ rank }) => rank > 0);
  if (x === undefined) return undefined;
  const k = x.shape.at(-1)!;
  const batch = x.shape.slice(0, -2);
  const y = floatFrom(around, (other) => {
    if (other.rank === 0) return false;
    if ((other.rank === 1 ? other.shape[0] : other.shape.at(-2)) !== k) return false;
    const over = broadcastShape(batch, other.shape.slice(0, -2));
    const [m, n] = [x.rank === 1 ? 1 : x.shape.at(-2)!, other.rank === 1 ? 1 : other.shape.at(-1)!];
    return over !== undefined && sizeOf(over) * m * n <= mostElements && sizeOf(over) * m * n * k <= 50_000;
  });
  if (y !== undefined) return matmul(x, y);
  // with itself turned round there is always one
  return x.rank >= 2 && x.size * x.shape.at(-2)! <= 50_000 ? x.matmul(x.swapAxes(-1, -2)).mul(0.1) : undefined;
};

const joined: Act = (around) => {
  const { choices } = around;
  const x = floatFrom(around, ({ rank, size }) => rank > 0 && size < mostElements / 3);
  if (x === undefined) return undefined;
  const axis = choices.below(x.rank);
  const same = (y: Tensor): boolean => String(y.shape) === String(x.shape);
  const along = (y: Tensor): boolean => y.rank === x.rank && y.shape.every((n, i) => i === axis || n === x.shape[i]);
  const small = (y: Tensor): boolean => y.size < mostElements / 3;
  switch (choices.below(4)) {
    case 0:
      return stack([x, floatFrom(around, same)!, x.neg()], choices.below(x.rank + 1));
    case 1:
      return x.pad(x.shape.map(() => [choices.below(3), choices.below(2)] as [number, number]));
    case 2:
      return x.roll(choices.below(5), axis);
    default:
      return concat([x, floatFrom(around, (y) => along(y) && small(y))!], axis);
  }
};

const indexed: Act = (around) => {
  const place = ranked(around);
  if (place === undefined) return undefined;
  const [x, axis] = place;
  const n = x.shape[axis]!;
  const few = 1 + around.choices.below(4);
  const replaced = x.shape.map((length, i) => (i === axis ? few : around.choices.of([1, length])));
  switch (around.choices.below(4)) {
    case 0:
      return take(x, indicesFor(around, n, around.choices.of([[few], [2, 2], []])), axis);
    case 1:
      return takeAlongAxis(x, indicesFor(around, n, replaced), axis);
    case 2:
      return scatterAdd(x, indicesFor(around, n, replaced), x.slice(0, 1, { axis }).mul(0.5), axis);
    default:
      return indexAdd(x, indicesFor(around, n, [few]), x.slice(0, 1, { axis }).sin(), axis);
  }
};

const chosen: Act = (around) => {
  const pair = pairFrom(around);
  if (pair === undefined) return undefined;
  const [x, y] = pair;
  const conditions = around.values.filter(
    (c) => c.dtype === 'bool' && broadcastShape(c.shape, broadcastShape(x.shape, y.shape)!) !== undefined,
  );
  if (conditions.length > 0) return where(around.choices.of(conditions), x, y);
  return around.steady(() => x.sub(0.25)) ? x.greater(0.25) : undefined;
};

/** All of them, those that say more oftener. */
export const acts: readonly Act[] = [
  unary(
    (x) => x.sin(),
    (x) => x.tanh(),
    (x) => x.sigmoid(),
    (x) => x.softplus(),
    (x) => x.tanh().exp(),
    (x) => x.square().add(0.5).log(),
    (x) => x.square().add(0.5).sqrt(),
    (x) => x.gelu(),
    (x) => x.erf(),
  ),
  unary(
    (x) => x.neg(),
    (x) => x.mul(0.5).add(1),
    (x) => x.square().mul(0.25),
    (x) => x.div(3),
    (x) => x.square().add(1).reciprocal(),
    (x) => x.asinh(),
    (x) => x.cos().pow(3),
    (x) => x.silu(),
    (x) => x.sub(1).stopGradient(),
  ),
  bent(
    [(x) => x.relu(), (x) => x],
    [(x) => x.abs(), (x) => x],
    [(x) => x.leakyRelu(), (x) => x],
    [(x) => x.clip(-1, 1), (x) => x.abs().sub(1)],
    [(x) => x.elu(), (x) => x],
    [(x) => x.sign(), (x) => x],
    [(x) => x.floor(), fromWhole],
    [(x) => x.asType('int32'), fromWhole],
    [(x) => x.mod(1), fromWhole],
    [(x) => x.greater(0.5), (x) => x.sub(0.5)],
    [(x) => x.lessEqual(-0.5), (x) => x.add(0.5)],
  ),
  binary(
    (x, y) => x.add(y),
    (x, y) => x.sub(y),
    (x, y) => x.mul(y),
    (x, y) => x.div(y.square().add(1)),
    (x, y) => x.squaredDifference(y),
  ),
  bentBinary(
    maximum,
    minimum,
    (x, y) => x.greater(y),
    (x, y) => x.less(y),
  ),
  reduction(
    (x, axes, options) => x.sum(axes, options),
    (x, axes, options) => x.mean(axes, options),
    (x, axes, options) => x.tanh().prod(axes, options),
    (x, axes, options) => x.variance(axes, options),
    (x, axes, options) => x.logSumExp(axes, options),
  ),
  reduction(
    (x, axes, options) => x.mul(0.5).sum(axes, options),
    (x, axes, options) => x.sin().mean(axes, options),
    // of truth values: whether a number is 0 is decided by its last bit
    (x, axes, options) => x.isFinite().countNonzero(axes, options),
  ),
  extreme,
  alongAxis(
    (x, axis) => x.softmax(axis),
    (x, axis) => x.logSoftmax(axis),
    (x, axis) => x.cumsum(axis),
    (x, axis) => x.cumsum(axis, { reverse: true, exclusive: true }),
    (x, axis) => x.tanh().cumprod(axis),
    (x, axis) => linearRecurrence(x.tanh(), x, axis),
    (x, axis) => x.center(axis),
    (x, axis) => x.sub(x.mean(axis, { keepDims: true })),
  ),
  sorted,
  indexed,
  sliced,
  viewed,
  viewed,
  product,
  joined,
  chosen,
  ({ random, choices, dtype }) => random.uniform(choices.of([[], [3], [4, 1], [1, 5]]), -1, 1, dtype),
  ({ choices, dtype }) => full(choices.of([[], [3], [2, 4]]), choices.of([0, -0, 1, -1, 2.5]), dtype),
];

// Derivatives of element-wise functions: left out, taken twice, taken of another function or at another value, or replaced by the value
// itself.

import { type Op, onesLike, ops, RandomGenerator, sub, type Tensor, tensor, vjp } from '@tapegrad/core';
import { dot } from '../factors.ts';
import type { Edge } from '../region.ts';
import { type Hypothesis, namedValues, type Suspect, sameShape, savedAt, valueAt } from './suspect.ts';

type Unary = Op<(x: Tensor) => Tensor>;

/** The functions that are taken for one another. */
const activationNames = ['sigmoid', 'tanh', 'relu', 'softplus', 'silu', 'gelu', 'elu', 'leakyRelu', 'exp'] as const;

export function* activations(suspect: Suspect): Iterable<Hypothesis> {
  const { region, name, expected } = suspect;
  for (const edge of region.edges) {
    const { op, inputs } = region.node(edge.node);
    const input = region.node(inputs[edge.position]!);
    const output = region.node(edge.node);
    // One tensor in, one of its shape out: an activation.
    if (op === null || inputs.length !== 1 || input.shape.join() !== output.shape.join()) continue;
    if (isLinear(suspect, edge) || onlyMoves(suspect, edge)) continue;
    yield* ofOne(suspect, edge, op.name);
  }
  const own = suspect.pass.values.get(name);
  for (const [other, value] of namedValues(suspect)) {
    const sameAsOwn = own !== undefined && value !== own && sameShape(value, own) && sameElements(value, own);
    if (sameAsOwn || !broadcasts(value.shape, expected.shape)) continue;
    yield {
      kind: 'activation',
      text:
        value === own
          ? `it is multiplied by ${name} itself: the derivative of a linear activation is 1, not its input`
          : `it is multiplied by ${other}, which does not belong there`,
      value: () => expected.mul(value),
      cost: value === own ? 1 : 3,
    };
    yield { kind: 'activation', text: `it is divided by ${other}`, value: () => expected.div(value), cost: 3 };
  }
}

/** Whether the derivative is the same whatever the value is: that of a sign or a scale, not of an activation. */
function isLinear({ region, pass }: Suspect, edge: Edge): boolean {
  const g = new RandomGenerator(1).uniform(region.node(edge.node).shape, 1, 2, pass.precision);
  const elsewhere = region.raw(edge, g, (_edge, _name, x) => (x.dtype === pass.precision ? x.mul(0.9).add(0.05) : x));
  const [here, there] = [region.raw(edge, g)?.toData(), elsewhere?.toData()];
  return here === undefined || there === undefined || here.every((slope, i) => slope === there[i]);
}

/** Whether the elements of what comes in are passed on as they are, in other places: by a transpose or a sort. */
function onlyMoves({ region, pass }: Suspect, edge: Edge): boolean {
  const g = new RandomGenerator(1).uniform(region.node(edge.node).shape, 1, 2, pass.precision).toData();
  const out = region.raw(edge, tensor(g, { shape: region.node(edge.node).shape }))?.toData();
  const ones = g.map(() => 1);
  // Random numbers whose sum and sum of squares are the same are the same numbers.
  const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.abs(b);
  return (
    out !== undefined && out.length === g.length && same(dot(out, ones), dot(g, ones)) && same(dot(out, out), dot(g, g))
  );
}

/** What may have been done with the derivative of one activation. */
function* ofOne(suspect: Suspect, edge: Edge, op: string): Iterable<Hypothesis> {
  const { region } = suspect;
  const [inputAt, outputAt] = [savedAtInput(suspect, edge), edge.node];
  const [z, a] = [region.label(inputAt), region.label(outputAt)];
  const along = (change: (g: Tensor, asIs: () => Tensor | null) => Tensor | null) => (): Tensor | null =>
    region.sweep({
      along: (other, asIs, g) =>
        other.node === edge.node && other.position === edge.position ? change(g, asIs) : asIs(),
    });
  yield {
    kind: 'activation',
    text: `the derivative of ${op} at ${z} is missing`,
    value: along((g) => g),
    cost: 1,
  };
  yield {
    kind: 'activation',
    text: `the derivative of ${op} at ${z} is taken twice`,
    value: along((_g, asIs) => {
      const once = asIs();
      return once === null ? null : region.raw(edge, once);
    }),
    cost: 1,
  };
  yield {
    kind: 'activation',
    text: `it is divided by the derivative of ${op} at ${z}, not multiplied`,
    value: along((g) => {
      const slope = region.raw(edge, onesLike(g));
      return slope === null ? null : g.div(slope);
    }),
    cost: 2,
  };
  const [x, out] = [valueAt(suspect, inputAt), valueAt(suspect, outputAt) ?? applied(op, valueAt(suspect, inputAt))];
  const factor = (text: string, of: () => Tensor, cost: number): Hypothesis => ({
    kind: 'activation',
    text,
    value: along((g) => {
      const slope = of();
      return sameShape(g, slope) ? g.mul(slope) : null;
    }),
    cost,
  });
  if (x !== undefined) {
    yield factor(`${z} itself stands where the derivative of ${op} belongs`, () => x, 1);
    yield factor(
      `${z}(1 − ${z}) stands for the derivative: the formula is for the output ${a}, not for ${z}`,
      () => x.mul(sub(1, x)),
      1,
    );
    yield factor(
      `1 − ${z}² stands for the derivative: the formula is for the output ${a}, not for ${z}`,
      () => sub(1, x.square()),
      1,
    );
  }
  if (out !== undefined) {
    yield factor(`${a}, the output of ${op}, stands where its derivative belongs`, () => out, 1);
    yield factor(
      `1 − ${a} stands where the derivative of ${op} belongs: its other factor is missing`,
      () => sub(1, out),
      2,
    );
    yield factor(`${a}(1 − ${a}) stands where the derivative of ${op} belongs`, () => out.mul(sub(1, out)), 2);
    yield factor(`1 − ${a}² stands where the derivative of ${op} belongs`, () => sub(1, out.square()), 2);
  }
  for (const other of activationNames) {
    for (const [label, v, isInput] of [
      [z, x, true],
      [a, out, false],
    ] as const) {
      if (v === undefined || (isInput && other === op)) continue;
      const text =
        other === op
          ? `the derivative of ${op} is taken at its output ${label}, where its input ${z} belongs`
          : `the derivative of ${other} at ${label} stands where that of ${op} at ${z} belongs`;
      yield factor(text, () => slopeOf(other, v), other === op ? 1 : 2);
    }
  }
  for (const [label, v] of namedValues(suspect)) {
    if (x === undefined || !sameShape(v, x) || label === z || label === a || !(op in ops)) continue;
    yield factor(`the derivative of ${op} is taken at ${label}, where ${z} belongs`, () => slopeOf(op, v), 2);
  }
}

function savedAtInput(suspect: Suspect, { node, position }: Edge): number {
  const { op, inputs } = suspect.region.node(node);
  return op === null ? inputs[position]! : savedAt(suspect, node, op.inputs[position]!);
}

/** The derivative of an element-wise op of this name, at each element. */
function slopeOf(op: string, x: Tensor): Tensor {
  const [out, pullback] = vjp(ops[op as 'sigmoid'] as Unary, x);
  return pullback(onesLike(out))[0] as Tensor;
}

function applied(op: string, x: Tensor | undefined): Tensor | undefined {
  const f = ops[op as keyof typeof ops] as Unary | undefined;
  return x === undefined || f === undefined ? undefined : f(x);
}

/** Whether a value can be multiplied to a gradient of this shape without changing it. */
function broadcasts(from: readonly number[], to: readonly number[]): boolean {
  const lead = to.length - from.length;
  return from.length > 0 && lead >= 0 && from.every((length, i) => length === to[lead + i] || length === 1);
}

function sameElements(a: Tensor, b: Tensor): boolean {
  const [x, y] = [a.toData(), b.toData()];
  return x.every((element, i) => element === y[i]);
}

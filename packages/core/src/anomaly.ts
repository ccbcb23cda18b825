// The first NaN or infinity, forward or backward, as an error that says where it was born and of what.

import {
  describeEdge,
  describeOutput,
  type Ingredient,
  nameOfOperand,
  opOf,
  type Reported,
  showPlace,
} from './anomaly-text.ts';
import { isFloat } from './dtype.ts';
import { AnomalyError } from './errors.ts';
import { sameShape } from './shape.ts';
import { firstNonFinite, indicesOf, positionAt } from './summary.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';

let sweeps = 0;

/** Runs a backward sweep: what its rules compute on the way may be infinite, if only what they give is not. */
export function inSweep<T>(f: () => T): T {
  sweeps++;
  try {
    return f();
  } finally {
    sweeps--;
  }
}

/** What is looked for: NaN and infinities, or NaN alone. */
export type AnomalyKind = true | 'NaN';

/** @throws AnomalyError where a step that is about to be put on the tape gave NaN, or an infinity that was not meant. */
export function requireFiniteOutput(
  tape: Reported,
  node: TapeNode,
  operands: readonly Tensor[],
  output: Tensor,
  kind: AnomalyKind,
): void {
  if (sweeps > 0 || !isFloat(output.dtype)) return;
  const first = firstAnomaly(output, kind, () => whichAreMeant(tape, node, operands, output));
  if (first === undefined) return;
  const ingredients = operands.map((value, i) => ({ name: nameOfOperand(node, i), value, at: node.inputs[i]! }));
  const message = describeOutput(tape, node, showPlace(node, tape.nodes.length), ingredients, output, first);
  const advice = ingredients.some((each) => isForeignInfinity(tape, each)) ? howToAllow : '';
  throw new AnomalyError(opOf(node), message + advice);
}

const howToAllow =
  " If this infinity is meant, as in a mask, write it as a number, where(mask, x, -Infinity), or look for NaN alone: detectAnomaly: 'NaN'.";

/**
 * Of a step that is not put on the tape, as it depends on no watched tensor: whether it gave infinities that were meant. Those that came
 * in from outside are told where a step on the tape uses them.
 *
 * @throws AnomalyError where it gave NaN, or an infinity was born there.
 */
export function requireFiniteConstant(
  tape: Reported,
  node: TapeNode,
  operands: readonly Tensor[],
  output: Tensor,
  kind: AnomalyKind,
): boolean {
  if (sweeps > 0 || !isFloat(output.dtype)) return false;
  const first = firstAnomaly(output, kind, () => {
    const behind = operands.map((x) => infinitiesBehind(x, node, output));
    return (at) => behind.some((isInfiniteAt) => isInfiniteAt(at));
  });
  if (first === undefined)
    return kind === true && operands.every((x) => isNumber(x) || tape.isMeant(x) || !hasInfinity(x));
  const ingredients = operands.map((value, i) => ({ name: nameOfOperand(node, i), value }));
  const place = showPlace(node, 'a constant to the tape');
  throw new AnomalyError(opOf(node), describeOutput(tape, node, place, ingredients, output, first));
}

/** Of an element, by its position in row-major order. */
type ElementTest = (at: number) => boolean;

/** The first element that is NaN, or an infinity that was not meant. Which were is asked once, at the first infinity. */
function firstAnomaly(x: Tensor, kind: AnomalyKind, whichAreMeant: () => ElementTest): number | undefined {
  const first = firstNonFinite(x);
  if (first === undefined) return undefined;
  const data = x.toData();
  let isMeantAt: ElementTest | undefined;
  for (let at = first; at < data.length; at++) {
    const value = data[at]!;
    if (Number.isNaN(value)) return at;
    if (kind === 'NaN' || !isInfinity(value)) continue;
    isMeantAt ??= whichAreMeant();
    if (!isMeantAt(at)) return at;
  }
  return undefined;
}

/**
 * Which infinities that a step gave were meant. One that goes back to an operand that is the number ∞ itself, as in
 * `where(mask, x, -Infinity)`, or that was let through before: any other one was complained of where it was born. And a −∞ that the step
 * adds or selects out of a constant: that is a mask from outside. In data, −∞ is told by the first step that computes with it otherwise.
 */
function whichAreMeant(tape: Reported, node: TapeNode, operands: readonly Tensor[], output: Tensor): ElementTest {
  const data = output.toData();
  const canMask = addsOrSelects(node, operands);
  const behind = operands.flatMap((x, i) => {
    const { inputs, origin } = tape.nodes[node.inputs[i]!]!;
    const isConstant = origin === 'constant';
    const wasMeant = inputs.length > 0 || (isConstant && (isNumber(x) || tape.isMeant(x)));
    if (!wasMeant && !(isConstant && canMask)) return [];
    const isInfiniteAt = infinitiesBehind(x, node, output);
    return [wasMeant ? isInfiniteAt : (at: number) => data[at]! < 0 && isInfiniteAt(at)];
  });
  return (at) => behind.some((isMeantAt) => isMeantAt(at));
}

/** Whether a step is a sum, or a choice, element by element: its derivatives then depend on no value, and it keeps none. */
function addsOrSelects({ op }: TapeNode, operands: readonly Tensor[]): boolean {
  if (op?.elementwise !== true) return false;
  return op.saves.every((name) => name !== 'out' && !isFloat(operands[op.inputs.indexOf(name)]!.dtype));
}

/** For each element of a step's output, whether an operand is infinite there; where elements have no place of their own, anywhere. */
function infinitiesBehind(x: Tensor, { op, shape }: TapeNode, output: Tensor): ElementTest {
  const data = x.toData();
  if (op?.elementwise !== true || !sameShape(output.shape, shape)) {
    const anywhere = data.some(isInfinity);
    return () => anywhere;
  }
  return (at) => isInfinity(data[positionAt(x, indicesOf(at, shape))]!);
}

/** Whether a constant is a plain number. */
function isNumber({ rank, name }: Tensor): boolean {
  return rank === 0 && name === undefined;
}

function isForeignInfinity({ nodes, isMeant }: Reported, { at, value }: Ingredient): boolean {
  return at !== undefined && nodes[at]!.inputs.length === 0 && value.rank > 0 && !isMeant(value) && hasInfinity(value);
}

function hasInfinity(x: Tensor): boolean {
  return x.toData().some(isInfinity);
}

function isInfinity(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** @throws AnomalyError where the contribution along an edge is NaN or infinite. */
export function requireFiniteEdge(
  tape: Reported,
  at: number,
  position: number,
  g: Tensor,
  contribution: Tensor,
  kind: AnomalyKind,
): void {
  const first = firstAnomaly(contribution, kind, () => () => false);
  if (first === undefined) return;
  throw new AnomalyError(opOf(tape.nodes[at]!), describeEdge(tape, at, position, g, contribution, first));
}

// The first NaN or infinity, forward or backward, as an error that says where it was born and of what.

import { isFloat } from './dtype.ts';
import { operandName } from './edge.ts';
import { AnomalyError } from './errors.ts';
import { sameShape, showShape } from './shape.ts';
import { elementAt, firstNonFinite, indicesOf, positionAt, showElement, showNumber, summaryOf } from './summary.ts';
import { visible } from './symbols.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';

/** A value that went into another, under the name that the op's entry has for it. */
interface Ingredient {
  readonly name: string;
  readonly value: Tensor;
  /** Where it stands on the tape; undefined for the derivative that came in. */
  readonly at?: number | undefined;
}

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

/** A tape, as far as a report reads it. */
export interface Reported {
  readonly nodes: readonly TapeNode[];
  /** The formula of a node. */
  readonly formulaAt: (at: number) => string;
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
  const first = firstAnomaly(output, kind, (at) => isMeant(tape, node, operands, output, at));
  if (first === undefined) return;
  const ingredients = operands.map((value, i) => ({ name: nameOfOperand(node, i), value, at: node.inputs[i]! }));
  const message = describeOutput(tape, node, showPlace(node, tape.nodes.length), ingredients, output, first);
  const advice = ingredients.some((each) => isForeignInfinity(tape, each)) ? howToAllow : '';
  throw new AnomalyError(opOf(node), message + advice);
}

/** @throws AnomalyError where a step that is not put on the tape, as it depends on no watched tensor, gave NaN or an infinity. */
export function requireFiniteConstant(
  node: TapeNode,
  operands: readonly Tensor[],
  output: Tensor,
  kind: AnomalyKind,
): void {
  if (sweeps > 0 || !isFloat(output.dtype)) return;
  const isInfinite = operands.some(hasInfinity);
  const first = firstAnomaly(output, kind, () => isInfinite);
  if (first === undefined) return;
  const ingredients = operands.map((value, i) => ({ name: nameOfOperand(node, i), value }));
  const place = `a constant to the tape${showOutside(node)}`;
  const nothing = { nodes: [], formulaAt: String };
  throw new AnomalyError(opOf(node), describeOutput(nothing, node, place, ingredients, output, first));
}

function describeOutput(
  tape: Reported,
  node: TapeNode,
  place: string,
  ingredients: readonly Ingredient[],
  output: Tensor,
  first: number,
): string {
  // The entries of ops say where they are not finite.
  const doc = /NaN|∞|infinite/.test(node.op?.doc ?? '') ? ` ${opOf(node)} is documented as: ${node.op?.doc}` : '';
  const cause = describeCause(tape, node, ingredients, output, first);
  return `gave ${describeElement(output, first)} (${place}), ${cause}. ${count(output)}${doc}`;
}

const howToAllow =
  " If this infinity is meant, as in a mask, write it as a number, where(mask, x, -Infinity), or look for NaN alone: detectAnomaly: 'NaN'.";

/** The first element that is NaN, or an infinity that was not meant. */
function firstAnomaly(x: Tensor, kind: AnomalyKind, isMeantAt: (at: number) => boolean): number | undefined {
  const first = firstNonFinite(x);
  if (first === undefined) return undefined;
  const data = x.toData();
  for (let at = first; at < data.length; at++) {
    const value = data[at]!;
    if (Number.isNaN(value)) return at;
    if (kind === true && value - value !== 0 && !isMeantAt(at)) return at;
  }
  return undefined;
}

/**
 * Whether an infinity that a step gave was meant: it goes back to an operand that is the number ∞ itself, as in `where(mask, x, -Infinity)`,
 * or to one that was let through before. Any other one was complained of where it was born.
 */
function isMeant(
  { nodes }: Reported,
  node: TapeNode,
  operands: readonly Tensor[],
  output: Tensor,
  at: number,
): boolean {
  const indices =
    node.op?.elementwise === true && sameShape(output.shape, node.shape) ? indicesOf(at, output.shape) : undefined;
  return operands.some((x, i) => {
    const { inputs, origin, name } = nodes[node.inputs[i]!]!;
    const isNumber = origin === 'constant' && x.rank === 0 && name === undefined;
    if (!isNumber && inputs.length === 0) return false;
    return indices === undefined ? hasInfinity(x) : isInfinity(elementAt(x, indices));
  });
}

function isForeignInfinity({ nodes }: Reported, { at, value }: Ingredient): boolean {
  return at !== undefined && nodes[at]!.inputs.length === 0 && value.rank > 0 && hasInfinity(value);
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
  const first = firstAnomaly(contribution, kind, () => false);
  if (first === undefined) return;
  throw new AnomalyError(opOf(tape.nodes[at]!), describeEdge(tape, at, position, g, contribution, first));
}

/** What is to be said of an edge whose contribution is not finite. */
export function describeEdge(
  tape: Reported,
  at: number,
  position: number,
  g: Tensor,
  contribution: Tensor,
  first: number = firstNonFinite(contribution)!,
): string {
  const node = tape.nodes[at]!;
  const saved = Object.entries(node.saved).map(([name, value]) => {
    const i = node.op!.inputs.indexOf(name);
    return { name, value, at: i < 0 ? at : node.inputs[i]! };
  });
  const operand = node.op === null ? tape.nodes[node.inputs[position]!]!.name : undefined;
  const whose = nameOfOperand(node, position) + (operand === undefined ? '' : ` '${visible(operand)}'`);
  const what = `the gradient by ${whose} is ${describeElement(contribution, first)}`;
  const cause = describeCause(tape, node, [{ name: 'g', value: g }, ...saved], contribution, first);
  return `${what} (${showPlace(node, at)}), ${cause}. ${count(contribution)}`;
}

/** How reports call a step: `%5 'A1'`, with its layer and the line that made it. */
export function showPlace(node: TapeNode, at: number): string {
  return `${showNode(node, at)}${showOutside(node)}`;
}

function showOutside({ scope, site }: TapeNode): string {
  return (scope === undefined ? '' : ` in layer ${scope}`) + (site === undefined ? '' : ` at ${site}`);
}

/** The same, without where it was made. */
export function showNode({ name }: TapeNode, at: number): string {
  return name === undefined ? `%${at}` : `%${at} '${visible(name)}'`;
}

export function opOf({ op, origin }: TapeNode): string {
  return op?.name ?? origin;
}

function nameOfOperand({ op, inputs }: TapeNode, position: number): string {
  if (op === null) return inputs.length === 1 ? 'its input' : `input ${position}`;
  return op.variadic ? `${operandName(op, position)}[${position}]` : operandName(op, position);
}

function describeElement(x: Tensor, at: number): string {
  const place = x.rank === 0 ? '' : ` at ${showShape(indicesOf(at, x.shape))}`;
  return `${showElement(x.toData()[at]!, x.dtype)}${place}`;
}

function describeCause(
  tape: Reported,
  node: TapeNode,
  ingredients: readonly Ingredient[],
  result: Tensor,
  first: number,
): string {
  // Element by element, what stands in the same place is the cause.
  const indices =
    node.op?.elementwise === true && sameShape(result.shape, node.shape) ? indicesOf(first, result.shape) : undefined;
  const spoilt = ingredients.find(({ name, value }) => name !== 'out' && spoiltAt(value, indices) !== undefined);
  if (spoilt !== undefined) {
    const was = describeElement(spoilt.value, spoiltAt(spoilt.value, indices)!);
    return `as ${spoilt.name} already is ${was}${showIdentities(tape, [spoilt])}${showOrigin(tape, spoilt)}`;
  }
  const values = ingredients.map(({ name, value }) =>
    indices === undefined
      ? `${name} ${showRange(value)}`
      : `${name} = ${showElement(elementAt(value, indices), value.dtype)}`,
  );
  return `from ${values.join(', ')}${showIdentities(tape, ingredients)}`;
}

/** Where an ingredient is not finite: anywhere, or where it stands behind an element of the result. */
function spoiltAt(x: Tensor, indices: readonly number[] | undefined): number | undefined {
  if (indices === undefined) return firstNonFinite(x);
  const at = positionAt(x, indices);
  return Number.isFinite(x.toData()[at]!) ? undefined : at;
}

/** What the ingredients are on the tape: `, where x is 1 − A (%10)`. Not said of plain numbers, and of the step itself. */
function showIdentities({ nodes, formulaAt }: Reported, ingredients: readonly Ingredient[]): string {
  const told = ingredients.flatMap(({ name, at, value }) => {
    const node = at === undefined || name === 'out' ? undefined : nodes[at];
    if (node === undefined || (node.origin === 'constant' && node.name === undefined && value.rank === 0)) return [];
    const known = node.name !== undefined || node.inputs.length === 0;
    return [`${name} is ${known ? showNode(node, at!) : `${formulaAt(at!)} (%${at})`}`];
  });
  return told.length === 0 ? '' : `, where ${told.join(' and ')}`;
}

/** How a value that is not finite came onto the tape. */
function showOrigin({ nodes }: Reported, { at, value }: Ingredient): string {
  const node = at === undefined ? undefined : nodes[at];
  if (node === undefined) return '';
  if (node.inputs.length > 0) return `: ${opOf(node)} made it${node.site === undefined ? '' : ` at ${node.site}`}`;
  return `: it came in from outside, a ${node.origin} ${value.dtype}${showShape(value.shape)}`;
}

function showRange(x: Tensor): string {
  const { min, max } = summaryOf(x);
  if (min === null || max === null) return 'without elements';
  return min === max ? `= ${showNumber(min)}` : `in ${showNumber(min)} to ${showNumber(max)}`;
}

function count(x: Tensor): string {
  const { size, nans, infinities } = summaryOf(x);
  const kinds = [...(nans > 0 ? [`${nans} NaN`] : []), ...(infinities > 0 ? [`${infinities} infinite`] : [])];
  return `Of ${size} ${size === 1 ? 'element' : 'elements'} of ${x.dtype}${showShape(x.shape)}: ${kinds.join(', ')}.`;
}

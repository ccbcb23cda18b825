// What is said of a NaN or an infinity: which step gave it, where, and what it was made of. Finding it is in `anomaly.ts`.

import { operandName } from './edge.ts';
import { sameShape, showShape } from './shape.ts';
import { elementAt, firstNonFinite, indicesOf, positionAt, showElement, showNumber, summaryOf } from './summary.ts';
import { visible } from './symbols.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';

/** A tape, as far as a report reads it. */
export interface Reported {
  readonly nodes: readonly TapeNode[];
  /** The formula of a node. */
  readonly formulaAt: (at: number) => string;
  /** Whether `x` is a constant whose infinities all go back to the number ∞. */
  readonly isMeant: (x: Tensor) => boolean;
}

/** A value that went into another, under the name that the op's entry has for it. */
export interface Ingredient {
  readonly name: string;
  readonly value: Tensor;
  /** Where it stands on the tape; undefined for the derivative that came in. */
  readonly at?: number | undefined;
}

/** What is to be said of a step whose output is not finite. */
export function describeOutput(
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
export function showPlace(node: TapeNode, at: number | string): string {
  const { scope, site } = node;
  const name = typeof at === 'string' ? at : showNode(node, at);
  return name + (scope === undefined ? '' : ` in layer ${scope}`) + (site === undefined ? '' : ` at ${site}`);
}

/** The same, without where it was made. */
export function showNode({ name }: TapeNode, at: number): string {
  return name === undefined ? `%${at}` : `%${at} '${visible(name)}'`;
}

/** The name of what a step did. */
export function opOf({ op, origin }: TapeNode): string {
  return op?.name ?? origin;
}

/** How reports call an operand of a step. */
export function nameOfOperand({ op, inputs }: TapeNode, position: number): string {
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
function showOrigin({ nodes, isMeant }: Reported, { at, value }: Ingredient): string {
  const node = at === undefined ? undefined : nodes[at];
  if (node === undefined) return '';
  if (node.inputs.length > 0) return `: ${opOf(node)} made it${node.site === undefined ? '' : ` at ${node.site}`}`;
  const how = isMeant(value) ? 'it came of the number ∞' : 'it came in from outside';
  return `: ${how}, a ${node.origin} ${value.dtype}${showShape(value.shape)}`;
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

// Why a gradient is missing, zero or not finite: found by following a source's paths to the target.

import type { Adjoints, EdgeContribution } from './adjoints.ts';
import { describeEdge, opOf, type Reported, showNode, showPlace } from './anomaly-text.ts';
import { isFloat } from './dtype.ts';
import { isDifferentiable, operandName } from './edge.ts';
import { sameShape, showShape, sizeOf } from './shape.ts';
import { isAllFinite, isAllZero, showNumber, summaryOf } from './summary.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';

/** At most so many reasons of a kind are told. */
const most = 3;

/** Why no derivative reached a source. */
export function whyMissing(
  nodes: readonly TapeNode[],
  target: number,
  source: number,
): { readonly state: 'unconnected' | 'stopped'; readonly reasons: readonly string[] } {
  const used = reachedFrom(nodes, source, () => true);
  const leading = leadingTo(nodes, target);
  if (!used.has(target)) {
    const others = [...used].filter((at) => at !== source);
    const reason =
      others.length === 0
        ? 'No recorded step uses it. What runs under noGrad or stopRecording, or outside of record(), is not recorded.'
        : `${others.length} recorded ${others.length === 1 ? 'step depends' : 'steps depend'} on it, the last ` +
          `${opOf(nodes[others.at(-1)!]!)} (${showPlace(nodes[others.at(-1)!]!, others.at(-1)!)}), but none leads to the target.`;
    return { state: 'unconnected', reasons: [reason] };
  }
  const open = (at: number, position: number): boolean => flows(nodes, at, position);
  const followed = reachedFrom(nodes, source, open);
  const stops: string[] = [];
  for (const at of used) {
    if (!leading.has(at)) continue;
    nodes[at]!.inputs.forEach((input, position) => {
      if (followed.has(input) && !open(at, position)) stops.push(showStop(nodes, at, position));
    });
  }
  // A function that stands there as one step may give nothing back.
  if (stops.length === 0) {
    const silent = [...used].filter((at) => leading.has(at) && at !== source && nodes[at]!.op === null);
    stops.push(...silent.map((at) => `${opOf(nodes[at]!)} (${showPlace(nodes[at]!, at)}) gave no derivative.`));
  }
  return { state: 'stopped', reasons: several([...new Set(stops)], 'more stops') };
}

/** The nodes through which derivatives flow to one of these sources, and the sources. */
export function leadingBack(nodes: readonly TapeNode[], sources: readonly number[]): ReadonlySet<number> {
  const leading = new Set(sources);
  nodes.forEach(({ inputs }, at) => {
    if (inputs.some((input, position) => leading.has(input) && flows(nodes, at, position))) leading.add(at);
  });
  return leading;
}

/** Whether derivatives can flow along an edge. */
function flows(nodes: readonly TapeNode[], at: number, position: number): boolean {
  const { op, inputs } = nodes[at]!;
  const operand = nodes[inputs[position]!]!;
  return op === null ? isFloat(operand.dtype) : isDifferentiable(op, position, operand);
}

function showStop(nodes: readonly TapeNode[], at: number, position: number): string {
  const node = nodes[at]!;
  const operand = nodes[node.inputs[position]!]!;
  const place = `Stopped by ${opOf(node)} (${showPlace(node, at)})`;
  if (!isFloat(operand.dtype)) return `${place}: its operand is ${operand.dtype}, which has no gradient.`;
  return `${place}: it is not differentiable by ${operandName(node.op!, position)}. ${opOf(node)} is documented as: ${node.op!.doc}`;
}

/** Why a derivative that reached a source is 0. */
export function whyZero(nodes: readonly TapeNode[], source: number, { edges, ofNodes }: Adjoints): readonly string[] {
  const used = reachedFrom(nodes, source, () => true);
  const dead = edges.filter(
    ({ node, input, value }) => used.has(input) && isAllZero(value) && !isAllZero(ofNodes[node]!),
  );
  if (dead.length > 0)
    return several(
      dead.map((edge) => showDead(nodes, edge)),
      'more such steps',
    );
  return ['What flowed to it along different paths adds up to 0.'];
}

function showDead(nodes: readonly TapeNode[], { node: at, position }: EdgeContribution): string {
  const node = nodes[at]!;
  const by = node.op === null ? '' : ` by ${operandName(node.op, position)}`;
  const what = `${opOf(node)} (${showPlace(node, at)}) passes nothing on${by}`;
  const zero = Object.entries(node.saved).filter(([, value]) => isAllZero(value));
  const told = (zero.length > 0 ? zero : Object.entries(node.saved)).map(([name, value]) => showSaved(name, value));
  return told.length === 0 ? `${what}.` : `${what}: ${told.join(', ')}.`;
}

function showSaved(name: string, x: Tensor): string {
  const { min, max } = summaryOf(x);
  const size = x.shape.join(' × ');
  if (isAllZero(x)) {
    if (x.rank === 0) return `its ${name === 'out' ? 'output' : name} is 0`;
    return name === 'out' ? `its ${size} outputs are all 0` : `all ${size} elements of ${name} are 0`;
  }
  if (min === null || max === null) return `${name} is ${x.size === 0 ? 'empty' : 'not finite'}`;
  return `${name} is ${min === max ? showNumber(min, 4) : `in ${showNumber(min, 4)} to ${showNumber(max, 4)}`}`;
}

/** Why a derivative that reached a source is NaN or infinite. */
export function whyNotFinite(tape: Reported, source: number, { edges, ofNodes }: Adjoints): readonly string[] {
  const { nodes } = tape;
  const used = reachedFrom(nodes, source, () => true);
  const first = edges.find(
    ({ node, input, value }) => used.has(input) && !isAllFinite(value) && isAllFinite(ofNodes[node]!),
  );
  if (first === undefined) return ['The derivatives that were added up are finite, their sum is not.'];
  const { node: at, position, value } = first;
  const node = nodes[at]!;
  const told = `Born here: ${opOf(node)}: ${describeEdge(tape, at, position, ofNodes[at]!, value)}`;
  if (Object.values(node.saved).every(isAllFinite)) return [told];
  return [told, 'The forward pass was not finite before: new Tape({ detectAnomaly: true }) stops where that began.'];
}

/** Columns of element-wise steps that pass nothing on, though something came for them: dead units of a layer. */
export function deadUnits(nodes: readonly TapeNode[], { edges, ofNodes }: Adjoints): readonly string[] {
  const notes: string[] = [];
  for (const { node: at, value } of edges) {
    const node = nodes[at]!;
    if (node.op?.elementwise !== true || node.shape.length < 2 || !sameShape(value.shape, node.shape)) continue;
    const units = node.shape.at(-1)!;
    if (sizeOf(node.shape) === units) continue; // one row says little
    const g = zeroColumns(ofNodes[at]!, units);
    const passed = zeroColumns(value, units);
    const dead = Array.from({ length: units }, (_, unit) => unit).filter((unit) => passed[unit] && !g[unit]);
    if (dead.length === 0 || dead.length === units) continue;
    const one = dead.length === 1;
    const zero = Object.entries(node.saved).find(([, saved]) => {
      if (saved.shape.at(-1) !== units) return false;
      const columns = zeroColumns(saved, units);
      return dead.every((unit) => columns[unit]);
    });
    const what = zero?.[0] === 'out' ? (one ? 'it is' : 'they are') : `its ${zero?.[0]} is`;
    const why = zero === undefined ? '' : `: ${what} 0 on every row`;
    notes.push(
      `${one ? 'Unit' : 'Units'} ${listed(dead)} of ${showNode(node, at)} (${opOf(node)}, ${showShape(node.shape)}) ` +
        `${one ? 'passes' : 'pass'} nothing on${why}.`,
    );
  }
  return notes;
}

/** Which columns, along the last axis, are 0 on every row. */
function zeroColumns(x: Tensor, units: number): boolean[] {
  const zero = new Array<boolean>(units).fill(true);
  x.toData().forEach((value, i) => {
    if (value !== 0) zero[i % units] = false;
  });
  return zero;
}

function listed(units: readonly number[]): string {
  const shown = units.slice(0, 8);
  const rest = units.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length === 1 ? String(shown[0]) : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function several(reasons: readonly string[], what: string): readonly string[] {
  return reasons.length <= most ? reasons : [...reasons.slice(0, most), `… and ${reasons.length - most} ${what}.`];
}

/** The nodes that depend on one, and it itself, along the edges that are `open`. */
function reachedFrom(
  nodes: readonly TapeNode[],
  source: number,
  open: (at: number, position: number) => boolean,
): Set<number> {
  const reached = new Set([source]);
  for (let at = source + 1; at < nodes.length; at++) {
    if (nodes[at]!.inputs.some((input, position) => reached.has(input) && open(at, position))) reached.add(at);
  }
  return reached;
}

/** The nodes that a target depends on, and it itself. */
function leadingTo(nodes: readonly TapeNode[], target: number): Set<number> {
  const leading = new Set([target]);
  for (let at = target; at >= 0; at--) {
    if (leading.has(at)) for (const input of nodes[at]!.inputs) leading.add(input);
  }
  return leading;
}

// The part of a tape that one formula of a hand-written chain stands for: from a value to the next ones whose gradients were handed in
// before. It can be swept again with one thing changed: every hypothesis about a mistake is such a change.

import { ones, sumTo, type TapeNode, type Tensor } from '@tapegrad/core';
import { sameShape } from '../comparison.ts';
import { costOf } from './cost.ts';
import type { ForwardPass } from './forward-pass.ts';

/** A link of a chain, as far as it says what a formula works on. */
interface Link {
  readonly name: string;
  readonly uses: readonly string[];
}

/** An edge of a tape: an operand of a node. */
export interface Edge {
  readonly node: number;
  readonly position: number;
}

/** What a sweep does otherwise than the tape. */
export interface Change {
  /** Another contribution along an edge; null for none. `asIs` gives the one that the tape makes. */
  readonly along?: (edge: Edge, asIs: () => Tensor | null, g: Tensor) => Tensor | null;
  /** Another value in the place of one that a rule uses. */
  readonly saved?: (edge: Edge, name: string, value: Tensor) => Tensor;
  /** Another gradient by a node's output. */
  readonly incoming?: (node: number, g: Tensor) => Tensor;
}

/** The nodes between a value and a frontier. */
export class Region {
  /** The edges that gradients to the value flow along, from the loss down. */
  readonly edges: readonly Edge[];
  /** The nodes whose gradients are known from before, and start the sweep. */
  readonly frontier: readonly number[];
  private readonly pass: ForwardPass;
  private readonly at: number;
  private readonly seeds: Map<number, Tensor> = new Map();
  private readonly nodes: readonly number[];

  constructor(pass: ForwardPass, at: number, frontier: ReadonlySet<number>) {
    this.pass = pass;
    this.at = at;
    const inside = new Set([at]);
    for (let i = at + 1; i <= pass.target; i++) {
      const { inputs } = pass.nodes[i]!;
      if (inputs.some((input) => inside.has(input) && (input === at || !frontier.has(input)))) inside.add(i);
    }
    this.nodes = [...inside].filter((i) => i !== at).sort((a, b) => b - a);
    for (const i of this.nodes) {
      if (frontier.has(i))
        this.seeds.set(i, pass.adjoints.ofNodes[i] ?? ones(pass.nodes[i]!.shape, pass.precision).mul(0));
    }
    if (inside.has(pass.target) && !frontier.has(pass.target)) this.seeds.set(pass.target, ones([], pass.precision));
    this.frontier = this.nodes.filter((i) => frontier.has(i));
    this.edges = pass.adjoints.edges.filter(
      ({ node, input }) =>
        inside.has(node) && node !== at && inside.has(input) && !(frontier.has(input) && input !== at),
    );
  }

  /** Whether the formula starts at the loss itself. */
  get fromLoss(): boolean {
    return this.frontier.length === 0;
  }

  /** About how many milliseconds a sweep takes. */
  get cost(): number {
    return 2 * costOf(this.pass.nodes, this.nodes);
  }

  node(i: number): TapeNode {
    return this.pass.nodes[i]!;
  }

  /**
   * The gradient by the value, with a change; null where nothing flows there.
   *
   * @param startFrom - what stands for a known gradient at the frontier; by default itself.
   */
  sweep(change: Change = {}, startFrom: (node: number, gradient: Tensor) => Tensor = (_node, g) => g): Tensor | null {
    const adjoints = new Map<number, Tensor>();
    for (const [node, gradient] of this.seeds) {
      adjoints.set(node, this.frontier.includes(node) ? startFrom(node, gradient) : gradient);
    }
    const edgesOf = new Map<number, Edge[]>();
    for (const edge of this.edges) edgesOf.set(edge.node, [...(edgesOf.get(edge.node) ?? []), edge]);
    for (const i of this.nodes) {
      const adjoint = adjoints.get(i);
      if (adjoint === undefined) continue;
      const g = change.incoming?.(i, adjoint) ?? adjoint;
      for (const edge of edgesOf.get(i) ?? []) {
        const asIs = (): Tensor | null => this.contribution(edge, g, change.saved);
        const value = change.along === undefined ? asIs() : change.along(edge, asIs, g);
        if (value === null) continue;
        const input = this.node(i).inputs[edge.position]!;
        const sum = adjoints.get(input);
        adjoints.set(input, sum === undefined ? value : sum.add(value));
      }
    }
    return adjoints.get(this.at) ?? null;
  }

  /** What flows along an edge, before it is summed back to the shape of an operand that was broadcast. */
  raw(edge: Edge, g: Tensor, replace?: Change['saved']): Tensor | null {
    return rawContribution(this.pass.nodes, edge, g, replace);
  }

  private contribution(edge: Edge, g: Tensor, replace?: Change['saved']): Tensor | null {
    if (this.node(edge.node).op !== null) return contributionOf(this.pass.nodes, edge, g, replace);
    // A function with a rule of its own: what it gave for the right gradient is all that is known of it.
    const kept = this.pass.adjoints.edges.find((e) => e.node === edge.node && e.position === edge.position);
    return kept?.value ?? null;
  }

  /** How reports call a node: by its name, or by its op. */
  label(i: number): string {
    const { name, op, origin } = this.node(i);
    return name ?? `${op?.name ?? origin} (%${i})`;
  }
}

/** What an op's rule makes of the gradient by its output, before it is summed back to the shape of an operand that was broadcast. */
function rawContribution(nodes: readonly TapeNode[], edge: Edge, g: Tensor, replace?: Change['saved']): Tensor | null {
  const { op, attrs, inputs, saved } = nodes[edge.node]!;
  if (op === null) return null;
  const rule = op.vjp[op.inputs[op.variadic ? 0 : edge.position]!]!;
  if (rule === 'not differentiable') return null;
  const values =
    replace === undefined
      ? saved
      : Object.fromEntries(Object.entries(saved).map(([name, value]) => [name, replace(edge, name, value)]));
  return rule(g, values, { attrs, inputs: inputs.map((input) => nodes[input]!), position: edge.position });
}

/** What flows along an edge to its operand; null where nothing does, or no op made the node. */
export function contributionOf(
  nodes: readonly TapeNode[],
  edge: Edge,
  g: Tensor,
  replace?: Change['saved'],
): Tensor | null {
  const raw = rawContribution(nodes, edge, g, replace);
  if (raw === null) return null;
  const { op, inputs } = nodes[edge.node]!;
  const { shape } = nodes[inputs[edge.position]!]!;
  return op!.broadcasts && !sameShape(raw.shape, shape) ? sumTo(raw, shape) : raw;
}

/** The part of the tape that a formula stands for. */
export function regionOf(pass: ForwardPass, links: readonly Link[], link: Link): Region {
  return new Region(pass, pass.named.get(link.name)!.at, frontierOf(pass, links, link));
}

/** The nodes at which a formula starts: what was handed in before, but for what its author went past to something earlier. */
function frontierOf(pass: ForwardPass, links: readonly Link[], link: Link): Set<number> {
  const before = links.slice(0, links.indexOf(link)).map(({ name }) => name);
  const at = (name: string): number => pass.named.get(name)!.at;
  const leads = (from: number, to: number): boolean => {
    const reached = new Set([from]);
    for (let i = from + 1; i <= to; i++) if (pass.nodes[i]!.inputs.some((input) => reached.has(input))) reached.add(i);
    return reached.has(to);
  };
  const passed = (name: string): boolean =>
    !link.uses.includes(name) && link.uses.some((used) => used !== name && leads(at(name), at(used)));
  return new Set(before.filter((name) => !passed(name)).map(at));
}

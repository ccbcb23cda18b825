// From a function to a graph: it is run once, on tensors without values, and every op that it does becomes nodes.

import { type Parameter, Tensor } from '@tapegrad/core';
import {
  type Abstract,
  abstractArray,
  isAbstract,
  type NdArray,
  type OpEntry,
  type Tracer,
  type TypedData,
} from '@tapegrad/core/compiling';
import { Graph, type Value } from './graph.ts';
import { GraphLowering } from './lowering.ts';

/** A value that is made anew before each run. */
export interface Feed extends Abstract {
  readonly make: () => TypedData;
}

/** A parameter, as a program sees it: its value before a run, and the one that the run gives it, if it does. */
export interface State {
  readonly parameter: Parameter;
  readonly before: Value;
  after: Value | undefined;
  /** How often a run assigns it. */
  assigned: number;
  /** Which of its values it had before the trace. */
  readonly version: number;
}

/** Listens to a function, and writes down what it does. */
export class GraphTracer implements Tracer {
  readonly graph: Graph = new Graph();
  readonly states: State[] = [];
  readonly feeds: Feed[] = [];
  readonly preparations: (() => void)[] = [];
  readonly effects: (() => void)[] = [];
  private readonly lowering: GraphLowering = new GraphLowering(this.graph);
  private readonly values: Map<NdArray, Value> = new Map();
  private readonly stateOf: Map<Parameter, State> = new Map();
  /** What stands for the present values of parameters. */
  private readonly present: Map<Parameter, NdArray> = new Map();

  readonly argumentNames: string[] = [];

  /** A tensor that stands for the next argument; `path` is the way to it. */
  argument({ shape, dtype, name }: Tensor, path: string): Tensor {
    const index = this.argumentNames.push(name ?? path) - 1;
    const value = this.graph.add({ kind: 'source', shape, dtype, source: { from: 'argument', index } });
    return new Tensor(this.standIn(value), dtype, name);
  }

  /** The value of a tensor. */
  valueOfTensor(x: Tensor): Value {
    const { array } = x;
    return this.values.get(array) ?? this.lowering.constant(array, x.dtype);
  }

  /** The value as a node of its own. */
  materialized(x: Value): Value {
    return this.lowering.materialized(x);
  }

  /** The value as a node of its own that is no source. */
  copied(x: Value): Value {
    return this.graph.nodes[x.node]!.kind === 'source' ? this.lowering.copied(x) : this.lowering.materialized(x);
  }

  onOp(
    entry: OpEntry,
    operands: readonly Tensor[],
    result: Abstract & { readonly attrs: unknown },
  ): NdArray | undefined {
    // asking for the array of a parameter is what makes it a state
    if (operands.every((x) => !isAbstract(x.array))) return undefined;
    const values = operands.map((x) => this.valueOfTensor(x));
    return this.standIn(this.lowering.apply(entry, values, result));
  }

  valueOf(parameter: Parameter): NdArray {
    const known = this.present.get(parameter);
    if (known !== undefined) return known;
    const { shape, dtype } = parameter;
    const index = this.states.length;
    const before = this.graph.add({ kind: 'source', shape, dtype, source: { from: 'state', index } });
    const state: State = { parameter, before, after: undefined, assigned: 0, version: parameter.version };
    this.states.push(state);
    this.stateOf.set(parameter, state);
    const array = this.standIn(before);
    this.present.set(parameter, array);
    return array;
  }

  onAssign(parameter: Parameter, value: Tensor): void {
    this.valueOf(parameter);
    const state = this.stateOf.get(parameter)!;
    state.after = this.valueOfTensor(value);
    state.assigned++;
    this.present.set(parameter, this.standIn(state.after));
  }

  feed(result: Abstract, make: () => TypedData): Tensor {
    const index = this.feeds.push({ ...result, make }) - 1;
    const value = this.graph.add({ kind: 'source', ...result, source: { from: 'feed', index } });
    return new Tensor(this.standIn(value), result.dtype);
  }

  beforeEach(effect: () => void): void {
    this.preparations.push(effect);
  }

  afterEach(effect: () => void): void {
    this.effects.push(effect);
  }

  /** Makes parameters what they were before: a trace changes none. */
  restore(): void {
    for (const { parameter, version } of this.states) parameter.version = version;
  }

  private standIn(value: Value): NdArray {
    const array = abstractArray(value.view.shape);
    this.values.set(array, value);
    return array;
  }
}

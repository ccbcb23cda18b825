// Ops as nodes of a graph: the loops that op entries are written in, and the entries applied.

import type {
  Abstract,
  Combine,
  ElementwiseKernel,
  Lowering,
  NdArray,
  OpEntry,
  Piece,
  ScanPath,
  Shape,
} from '@tapegrad/core/compiling';
import { copyOf, isContiguous, reducedShape, reshapedView, sameShape, sizeOf, wrap } from '@tapegrad/core/compiling';
import { addFormula, computedIn } from './formula.ts';
import { type Graph, scalarTypes, uniformValue, type Value, valueKey } from './graph.ts';
import { addGather, addIndices, addScan, addScatter, knownPositions, spread } from './indexed.ts';
import { ScalarBody, type ScalarType, showNumber } from './scalar.ts';
import { addThreefry } from './threefry.ts';
import { broadcast, isWhole, viewBy, wholeView } from './view.ts';

/** Adds ops to a graph. */
export class GraphLowering implements Lowering<Value> {
  readonly graph: Graph;
  /** The numbers of constants, and of ops' arguments, so that equal nodes have equal keys. */
  private readonly identities: Map<unknown, number> = new Map();
  /** The bodies of maps, by what they are made of. */
  private readonly bodies: WeakMap<object, Map<string, Said>> = new WeakMap();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** What an op makes of these operands. */
  apply(entry: OpEntry, operands: readonly Value[], result: Abstract & { readonly attrs: unknown }): Value {
    this.graph.op = entry.name;
    if (entry.isView) return this.view(operands[0]!, (x) => entry.forward([x], result));
    if (entry.lower !== undefined) return entry.lower<Value>(this, operands, result);
    const { shape, dtype, attrs } = result;
    return this.graph.add({ kind: 'host', shape, dtype, entry, operands, attrs });
  }

  of(x: Value): Abstract {
    return this.graph.of(x);
  }

  /** A known array. */
  constant(array: NdArray, dtype: Abstract['dtype']): Value {
    // of a repeated element the one is enough
    const shape = array.shape.map((length, axis) => (array.stride[axis] === 0 ? Math.min(length, 1) : length));
    const repeated = !sameShape(shape, array.shape);
    const once = repeated ? array.hi(...shape) : array;
    const whole = isContiguous(once) && once.data.length === sizeOf(shape) ? once : copyOf(once as NdArray, dtype);
    const key = `constant ${this.identity(whole.data)} ${dtype} ${shape}`;
    const value = this.graph.add(
      { kind: 'source', shape, dtype, source: { from: 'constant', array: wrap(whole.data, shape) } },
      key,
    );
    return repeated ? { ...value, view: broadcast(value.view, array.shape) } : value;
  }

  map(kernel: ElementwiseKernel, operands: readonly Value[], result: Abstract): Value {
    const { formula } = kernel;
    if (formula === undefined) throw new Error('internal: a kernel that does not say what it does is to be compiled');
    const kinds = operands.map((x) => this.of(x).dtype);
    const type = computedIn(formula, kinds, result.dtype);
    return this.mapped(formula, operands, result, (body, steps) => addFormula(body, formula, steps, type));
  }

  view(x: Value, by: (x: NdArray) => NdArray): Value {
    const made = viewBy(x.view, by);
    if (made !== undefined) return { node: x.node, view: made };
    const whole = this.materialized(x);
    const view = viewBy(whole.view, by);
    if (view === undefined) throw new Error('internal: a view op copied its operand');
    return { node: whole.node, view };
  }

  reshape(x: Value, shape: Shape): Value {
    return this.view(x, (array) => reshapedView(array, shape) ?? copied);
  }

  assemble(
    { shape, dtype }: Abstract,
    fill: number,
    pieces: readonly Piece<Value>[],
    { add = false }: { readonly add?: boolean } = {},
  ): Value {
    const parts = pieces.map(({ value, into }) => {
      const view = viewBy(wholeView(shape), into);
      if (view === undefined) throw new Error('internal: a piece is no view of the whole');
      return { value: { ...value, view: broadcast(value.view, view.shape) }, into: view };
    });
    const key = parts.map(({ value, into }) => `${valueKey(value)}→${into.shape};${into.strides};${into.offset}`);
    return this.graph.add(
      { kind: 'assemble', shape, dtype, fill, parts, add },
      `assemble ${shape} ${dtype} ${showNumber(fill)} ${add} ${key}`,
    );
  }

  reduce(combine: Combine, x: Value, axes: readonly number[], dtype: Abstract['dtype']): Value {
    const { shape } = x.view;
    // of single elements there is nothing to take together
    if (axes.every((axis) => shape[axis] === 1)) return this.cast(x, dtype);
    const kept = reducedShape(shape, axes, true);
    return this.graph.add(
      { kind: 'reduce', shape: kept, dtype, combine, operand: x, axes },
      `${combine} ${axes} ${dtype} ${valueKey(x)}`,
    );
  }

  position(which: 'max' | 'min', x: Value, axis: number): Value {
    const shape = reducedShape(x.view.shape, [axis], true);
    return this.graph.add(
      { kind: 'position', shape, dtype: 'int32', which, operand: x, axis },
      `position ${which} ${axis} ${valueKey(x)}`,
    );
  }

  randomWords(key: Value, n: number): readonly [Value, Value] {
    const counters = this.constant(countersTo(n), 'int32');
    const word = (at: number): Value => ({
      ...key,
      view: { shape: [n], strides: [0], offset: key.view.offset + at * key.view.strides[0]! },
    });
    const side = (which: 0 | 1): Value =>
      this.mapped(
        sides[which],
        [counters, word(0), word(1)],
        { shape: [n], dtype: 'int32' },
        (body, [counter, k0, k1]) => addThreefry(body, [k0!, k1!], counter!)[which],
      );
    return [side(0), side(1)];
  }

  checkIndices(op: string, indices: Value, axis: number, length: number): Value {
    const known = knownPositions(this.graph, op, indices, axis, length);
    const value =
      known === undefined ? addIndices(this.graph, op, indices, axis, length) : this.constant(known, 'int32');
    return spread(value, indices.view.shape);
  }

  gather(x: Value, positions: Value, axis: number): Value {
    return addGather(this.graph, x, positions, axis);
  }

  scatterAdd(x: Value, positions: Value, updates: Value, axis: number): Value {
    return addScatter(this.graph, x, positions, updates, axis);
  }

  scan(combine: Combine, x: Value, path: ScanPath, dtype: Abstract['dtype']): Value {
    return addScan(this.graph, combine, [x], path, { shape: x.view.shape, dtype });
  }

  recurrence(x: Value, y: Value, { axis, reverse }: Omit<ScanPath, 'exclusive'>, result: Abstract): Value {
    return addScan(this.graph, 'recurrence', [x, y], { axis, reverse, exclusive: false }, result);
  }

  product(x: Value, y: Value, { shape, dtype }: Abstract): Value {
    const batch = shape.slice(0, -2);
    const over = (operand: Value): Value => ({
      ...operand,
      view: broadcast(operand.view, [...batch, ...operand.view.shape.slice(-2)]),
    });
    const [left, right] = [over(this.cast(x, dtype)), over(this.cast(y, dtype))];
    return this.graph.add(
      { kind: 'product', shape, dtype, x: left, y: right },
      `product ${shape} ${valueKey(left)} ${valueKey(right)}`,
    );
  }

  /** The value in another dtype. */
  cast(x: Value, dtype: Abstract['dtype']): Value {
    const { shape, dtype: from } = this.of(x);
    return from === dtype ? x : this.mapped(same, [x], { shape, dtype }, (_body, [step]) => step!);
  }

  /** The value as a node of its own, its elements in row-major order. */
  materialized(x: Value): Value {
    const { shape } = this.of(x);
    if (isWhole(x.view, sizeOf(this.graph.nodes[x.node]!.shape))) return { ...x, view: wholeView(shape) };
    return this.copied(x);
  }

  /** A copy of the value. */
  copied(x: Value): Value {
    return this.mapped(same, [x], this.of(x), (_body, [step]) => step!);
  }

  /** A map whose body `say` adds the steps of. What it says must depend on `what` alone, and on the operands' types and constants. */
  private mapped(
    what: object,
    operands: readonly Value[],
    { shape, dtype }: Abstract,
    say: (body: ScalarBody, steps: readonly number[]) => number,
  ): Value {
    const loads: Value[] = [];
    const kinds = operands.map((x): OperandKind => {
      const type = scalarTypes[this.of(x).dtype];
      const value = uniformValue(this.graph.nodes[x.node]!);
      if (value !== undefined) return { type, value, load: -1 };
      const view = broadcast(x.view, shape);
      const operand = view === x.view ? x : { ...x, view };
      const at = loads.findIndex((known) => known === operand || valueKey(known) === valueKey(operand));
      return { type, value, load: at >= 0 ? at : loads.push(operand) - 1 };
    });
    const said = this.bodyOf(what, kinds, dtype, say);
    const key = `map ${shape} ${loads.map(valueKey)} ${said.signature}`;
    return this.graph.add({ kind: 'map', shape, dtype, operands: loads, body: said.body, result: said.result }, key);
  }

  private bodyOf(
    what: object,
    kinds: readonly OperandKind[],
    dtype: Abstract['dtype'],
    say: (body: ScalarBody, steps: readonly number[]) => number,
  ): Said {
    const bodies = this.bodies.get(what) ?? new Map<string, Said>();
    this.bodies.set(what, bodies);
    const key = `${dtype} ${kinds.map(({ type, value, load }) => `${type}${load < 0 ? showNumber(value!) : `@${load}`}`)}`;
    const known = bodies.get(key);
    if (known !== undefined) return known;
    const body = new ScalarBody();
    const steps = kinds.map(({ type, value, load }) =>
      load < 0 ? body.constant(value!, type) : body.load(load, type),
    );
    const result = body.convert(say(body, steps), scalarTypes[dtype]);
    const said = { body, result, signature: `${dtype} ${body.signature} ${result}` };
    bodies.set(key, said);
    return said;
  }

  private identity(x: unknown): number {
    const known = this.identities.get(x) ?? this.identities.size;
    this.identities.set(x, known);
    return known;
  }
}

/** What a map reads: a number that is the same for all elements, or the load of this number. */
interface OperandKind {
  readonly type: ScalarType;
  readonly value: number | undefined;
  readonly load: number;
}

/** What a map does. */
interface Said {
  readonly body: ScalarBody;
  readonly result: number;
  readonly signature: string;
}

/** The left and the right word of a pair of random ones. */
const sides = [{}, {}] as const;

const counters = new Map<number, NdArray>();

/** The numbers 0 … n − 1: one array for each n, so that a program holds it once. */
function countersTo(n: number): NdArray {
  const known =
    counters.get(n) ??
    wrap(
      Int32Array.from({ length: n }, (_, i) => i),
      [n],
    );
  counters.set(n, known);
  return known;
}

/** The map that gives its operand on. */
const same = {};

/** What {@link viewBy} takes for a copy: it lies in no view's store. */
const copied: NdArray = wrap(new Float32Array(), [0]);

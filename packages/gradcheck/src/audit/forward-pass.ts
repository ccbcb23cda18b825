// The forward computation of an audit: recorded once, with the tape's gradient by every name; and run again with one element shifted.

import {
  type Adjoints,
  type FloatDType,
  interceptNames,
  noGrad,
  showShape,
  Tape,
  TapegradError,
  type TapeNode,
  Tensor,
  tensor,
  zerosLike,
} from '@tapegrad/core';
import { mapLeaves, type NamedLeaf, namedLeaves, tensorOf } from './leaves.ts';

/** Something that a gradient can be handed in for. */
export interface NamedValue {
  readonly name: string;
  readonly kind: 'intermediate' | 'param' | 'input';
  readonly value: Tensor;
  /** Its position on the tape. */
  readonly at: number;
  /** The tape's gradient by it: zeros where the loss does not depend on it. */
  readonly gradient: Tensor;
}

/** A forward computation, and what the tape makes of it. */
export interface ForwardPass {
  readonly precision: FloatDType;
  readonly loss: Tensor;
  readonly tape: Tape;
  readonly nodes: readonly TapeNode[];
  readonly adjoints: Adjoints;
  /** The position of the loss on the tape. */
  readonly target: number;
  /** What has a gradient, by name. */
  readonly named: ReadonlyMap<string, NamedValue>;
  /** All values, also those that have none (labels, masks), by name. */
  readonly values: ReadonlyMap<string, Tensor>;
  /** The names that the forward pass gives. */
  readonly intermediates: ReadonlySet<string>;
  /** The arguments as `forward` was given them. */
  readonly args: { readonly [name: string]: unknown };
  /** The position of the earliest step that uses a named value; -1 for an unknown name, and where there is none. */
  readonly firstUseOf: (name: string) => number;
  /** The loss where one element of a named value is shifted, in place. */
  readonly lossAt: (name: string, element: number, shift: number) => number;
}

/** What an audit's forward function is given: inputs and parameters, as tensors. */
export type Forward = (values: never) => Tensor;

const op = 'auditBackward';

/**
 * Records `forward` in float64; in the dtypes that were given, where it does not run in float64 because it mixes in others.
 *
 * @throws TapegradError where it is no function of the arguments to a scalar, and for names that come twice.
 */
export function runForward(forward: Forward, inputs: object, params: object): ForwardPass {
  const twice = Object.keys(inputs).find((name) => Object.hasOwn(params, name));
  if (twice !== undefined) {
    throw new TapegradError(op, `${twice} is both an input and a parameter. Give each a name of its own.`);
  }
  try {
    return record(forward, inputs, params, true);
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    const leaves = [...namedLeaves(op, inputs), ...namedLeaves(op, params)];
    if (!leaves.some((leaf) => leaf.tensor.dtype === 'float32')) throw error;
    try {
      return record(forward, inputs, params, false);
    } catch {
      throw error;
    }
  }
}

function record(forward: Forward, inputs: object, params: object, double: boolean): ForwardPass {
  const leaves: NamedLeaf[] = [];
  const toLeaf = (leaf: unknown, name: string): Tensor => {
    const given = tensorOf(op, name, leaf);
    const value = double && given.dtype === 'float32' ? given.asType('float64') : given;
    // A tensor of its own: one that stands under two names is two variables.
    const own = tensor(value.toNdarray(), { dtype: value.dtype });
    leaves.push({ name, tensor: own });
    return own;
  };
  const mapped = { inputs: mapLeaves(op, inputs, toLeaf), params: mapLeaves(op, params, toLeaf) };
  const args = { ...(mapped.inputs as object), ...(mapped.params as object) } as { [name: string]: unknown };
  const paramNames = new Set(namedLeaves(op, params).map(({ name }) => name));
  const variables = leaves.filter((leaf) => isFloat(leaf.tensor));
  const tape = new Tape({ watchParameters: false, persistent: true });
  tape.watch(Object.fromEntries(variables.map((leaf) => [leaf.name, leaf.tensor])));

  const intermediates = new Map<string, Tensor>();
  const collect = (x: Tensor, name: string): Tensor => {
    if (intermediates.has(name)) {
      throw new TapegradError(op, `two intermediate values are named ${name}. Give each a name of its own.`);
    }
    intermediates.set(name, x);
    return x;
  };
  const loss = tape.record(() => interceptNames(() => callForward(forward, args), collect));
  for (const leaf of leaves) {
    const same = intermediates.get(leaf.name);
    if (same === undefined) continue;
    if (tape.positionOf(same) === tape.positionOf(leaf.tensor)) intermediates.delete(leaf.name);
    else throw new TapegradError(op, `${leaf.name} is an argument, and an intermediate value is named so. Rename one.`);
  }

  const target = tape.positionOf(loss);
  if (target === undefined) {
    throw new TapegradError(op, 'the loss depends on none of the inputs and parameters. Compute it from them.');
  }
  const adjoints = tape.adjoints(loss);
  const named = new Map<string, NamedValue>();
  const add = (name: string, kind: NamedValue['kind'], value: Tensor): void => {
    // The name may stand on a step of its own, behind the value that it was given to.
    const byName = tape.nodes.findIndex((node) => node.name === name);
    const at = byName >= 0 ? byName : tape.positionOf(value);
    if (at === undefined || !isFloat(value) || tape.nodes[at]!.origin === 'constant') return;
    const gradient = adjoints.ofNodes[at] ?? zerosLike(value);
    named.set(name, { name, kind, value, at, gradient });
  };
  for (const [name, value] of intermediates) add(name, 'intermediate', value);
  for (const leaf of variables) add(leaf.name, paramNames.has(leaf.name) ? 'param' : 'input', leaf.tensor);

  const lossAt = (name: string, element: number, shift: number): number => {
    const shifted = (x: Tensor): Tensor => shiftElement(x, element, shift);
    return noGrad(() => {
      if (intermediates.has(name)) {
        const replace = (x: Tensor, which: string): Tensor => (which === name ? shifted(x) : x);
        return interceptNames(() => callForward(forward, args), replace).item();
      }
      const moved = mapLeaves(op, args, (leaf, path) => (path === name ? shifted(leaf as Tensor) : leaf));
      return callForward(forward, moved as { [name: string]: unknown }).item();
    });
  };
  return {
    precision: variables.some((leaf) => leaf.tensor.dtype === 'float32') ? 'float32' : 'float64',
    loss,
    tape,
    nodes: [...tape.nodes],
    adjoints,
    target,
    named,
    intermediates: new Set(intermediates.keys()),
    values: new Map([...leaves.map((leaf) => [leaf.name, leaf.tensor] as const), ...intermediates]),
    args,
    firstUseOf: (name) => tape.nodes.findIndex(({ inputs }) => inputs.includes(named.get(name)?.at ?? -1)),
    lossAt,
  };
}

function callForward(forward: Forward, args: { readonly [name: string]: unknown }): Tensor {
  const loss: unknown = (forward as (values: unknown) => unknown)(args);
  if (!(loss instanceof Tensor)) {
    throw new TapegradError(op, `forward returned ${typeof loss}. Expected the loss, a scalar tensor.`);
  }
  if (loss.rank > 0) {
    throw new TapegradError(
      op,
      `the loss has shape ${showShape(loss.shape)}. Reduce it to a scalar first, e.g. loss.mean().`,
    );
  }
  if (!isFloat(loss)) {
    throw new TapegradError(op, `the loss has dtype ${loss.dtype}. Expected float32 or float64, which have gradients.`);
  }
  return loss;
}

function isFloat({ dtype }: Tensor): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

/** `x` with `shift` added to the element at this position in row-major order. */
function shiftElement(x: Tensor, element: number, shift: number): Tensor {
  const data = x.toData();
  data[element]! += shift;
  return tensor(data, { shape: x.shape });
}

// Layers that bring their gradient with them: `call` as one step on the tapes, whose derivative is the layer's own `backward`. Whether
// that is right is asked in shadow-audit.ts.

import { customGradient, type Parameter, showShape, TapegradError, Tensor } from '@tapegrad/core';
import { show, suggestion } from './registry.ts';

/** What a hand-written backward pass is handed beside the incoming gradient. */
export interface BackwardContext {
  /** What `call` was given: `[rows, …]`. */
  readonly inputs: Tensor;
  /** What `call` gave: `[rows, …]`. */
  readonly outputs: Tensor;
  /** Whether that call was part of training. */
  readonly training: boolean;
}

/** The gradients that a hand-written backward pass gives. */
export interface HandWrittenGradients {
  /** By the inputs, of their shape; null where nothing before the layer needs it, as in the first layer. */
  readonly inputs: Tensor | null;
  /** By each weight that is trained, under the name that it was given to `addWeight`, of its shape. */
  readonly weights: { readonly [name: string]: Tensor };
}

/** A weight of the layer's own. */
export interface OwnWeight {
  readonly parameter: Parameter;
  readonly trainable: boolean;
}

/** A layer, as far as its call and its backward are run. */
export interface HandWrittenLayer {
  readonly name: string;
  readonly className: string;
  readonly trainable: boolean;
  readonly layers: readonly { readonly name: string; readonly weights: readonly Parameter[] }[];
  call(inputs: Tensor, options: { readonly training: boolean }): Tensor;
  backward?(g: Tensor, context: BackwardContext): HandWrittenGradients;
}

/** A call of a layer that has a backward of its own. */
export interface HandWrittenCall {
  /** How messages call the layer. */
  readonly layer: string;
  readonly inputs: Tensor;
  readonly training: boolean;
  readonly weights: ReadonlyMap<string, OwnWeight>;
  call(inputs: Tensor): Tensor;
  backward(g: Tensor, context: BackwardContext): unknown;
}

/** The gradients of one call, as they were checked: by the inputs and the weights that are trained. */
export interface GradientsOfCall {
  readonly inputs: Tensor | null;
  readonly weights: { readonly [name: string]: Tensor };
}

/** Someone who looks at hand-written gradients while training goes on. */
export interface Shadow {
  /** Runs the call of a layer; hands out its outputs, and what is to be told of its hand-written gradients, with the g they are of. */
  follow(call: HandWrittenCall): { readonly outputs: Tensor; compare(g: Tensor, gradients: GradientsOfCall): void };
}

let shadow: Shadow | undefined;

/** Runs `f`, a step of training; `watcher` is told of all hand-written gradients in it. */
export function shadowedBy<T>(watcher: Shadow, f: () => T): T {
  const outer = shadow;
  shadow = watcher;
  try {
    return f();
  } finally {
    shadow = outer;
  }
}

/**
 * The outputs of a layer's call; on a tape, one step with the layer's own gradients.
 *
 * @throws TapegradError where the layer computes with weights that its backward cannot give gradients by.
 */
export function callByHand(
  layer: HandWrittenLayer,
  ownWeights: ReadonlyMap<string, OwnWeight>,
  inputs: Tensor,
  options: { readonly training: boolean },
): Tensor {
  const { name, className, trainable } = layer;
  const inner = layer.layers.find((each) => each.weights.length > 0);
  if (inner !== undefined) {
    throw new TapegradError(
      'call',
      `has a backward of its own, and the layer ${inner.name} in it, whose weights that cannot give gradients by. ` +
        `Expected weights by addWeight alone: leave backward out, or ${inner.name}.`,
    );
  }
  const weights = [...ownWeights].map(
    ([key, own]) => [key, { ...own, trainable: own.trainable && trainable }] as const,
  );
  return step({
    layer: `layer ${name} (${className})`,
    inputs,
    training: options.training,
    weights: new Map(weights),
    call: (x) => layer.call(x, options),
    backward: (g, context) => layer.backward!(g, context),
  });
}

function step(call: HandWrittenCall): Tensor {
  const { inputs, training, weights } = call;
  const trained = parametersOf(weights, true);
  const custom = customGradient((x: Tensor, own: typeof trained, _others: typeof trained) => {
    const followed = shadow?.follow({ ...call, inputs: x });
    const outputs = followed?.outputs ?? call.call(x);
    if (!(outputs instanceof Tensor)) throw new TapegradError('call', `returned ${show(outputs)}. Expected a tensor.`);
    return {
      value: outputs,
      vjp: (g: Tensor) => {
        const gradients = gradientsOf(call, g, { inputs: x, outputs, training });
        followed?.compare(g, gradients);
        return [gradients.inputs, Object.keys(own).length === 0 ? null : gradients.weights, null] as const;
      },
    };
  });
  return custom(inputs, trained, parametersOf(weights, false));
}

function parametersOf(
  weights: ReadonlyMap<string, OwnWeight>,
  trainable: boolean,
): { readonly [name: string]: Parameter } {
  const chosen = [...weights].filter(([, weight]) => weight.trainable === trainable);
  return Object.fromEntries(chosen.map(([name, { parameter }]) => [name, parameter]));
}

/** What the hand-written backward pass gives, checked. */
function gradientsOf(call: HandWrittenCall, g: Tensor, context: BackwardContext): GradientsOfCall {
  const refuse = (message: string, cause?: unknown): TapegradError =>
    new TapegradError(call.layer, `backward ${message}`, { cause });
  let returned: unknown;
  try {
    returned = call.backward(g, context);
  } catch (error) {
    throw refuse(`threw: ${error instanceof Error ? error.message : show(error)}`, error);
  }
  if (returned instanceof Promise) {
    returned.catch(() => {}); // the error below is the one to see
    throw refuse('returned a promise. Expected { inputs, weights: { … } } at once: it cannot be async.');
  }
  if (!isRecord(returned) || !isRecord(returned.weights)) {
    const what = isRecord(returned) ? `weights: ${show(returned.weights)}` : show(returned);
    throw refuse(`returned ${what}. Expected { inputs, weights: { … } }.`);
  }
  const { inputs, weights } = returned;
  const names = [...call.weights.keys()];
  for (const name of Object.keys(weights)) {
    if (!names.includes(name)) throw refuse(`gave a gradient by ${name}.${suggestion(name, names)}`);
  }
  const checked: { [name: string]: Tensor } = {};
  for (const [name, { parameter, trainable }] of call.weights) {
    if (!trainable) continue; // whatever it gives, nobody needs it
    if (weights[name] === undefined) throw refuse(`gave no gradient by ${name}. Expected one for each weight.`);
    checked[name] = requireLike(refuse, `by ${name}`, weights[name], parameter);
  }
  return { inputs: inputs == null ? null : requireLike(refuse, 'by inputs', inputs, context.inputs), weights: checked };
}

function requireLike(refuse: (message: string) => TapegradError, what: string, value: unknown, like: Tensor): Tensor {
  const expected = `${like.dtype}${showShape(like.shape)}`;
  const got = value instanceof Tensor ? `${value.dtype}${showShape(value.shape)}` : show(value);
  if (value instanceof Tensor && got === expected) return value;
  throw refuse(`gave ${got} for the gradient ${what}. Expected ${expected}.`);
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Tensor);
}

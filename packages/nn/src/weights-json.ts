// The weights of a stack of Dense layers as plain data, `{ sizes, weights, biases }`, which JSON can hold. No files here: node.ts.

import { fromData, TapegradError, type Tensor } from '@tapegrad/core';
import type { Layer } from './layer.ts';
import { Dense } from './layers/dense.ts';
import type { Model } from './model.ts';
import { show, suggestion } from './registry.ts';
import { Sequential } from './sequential.ts';
import { assignAll, unbuilt } from './weight-values.ts';

/** The weights of a network of fully connected layers. */
export interface WeightsJson {
  /** The number of inputs, then the units of each layer: `[784, 80, 80, 10]`. */
  readonly sizes: readonly number[];
  /**
   * The matrix of each layer, `[outputs, inputs]`: W of W · x + b, where x is a column. The kernel of {@link Dense}, for which x is a row, is its
   * transpose.
   */
  readonly weights: readonly (readonly (readonly number[])[])[];
  /** The bias of each layer, `[outputs]`. */
  readonly biases: readonly (readonly number[])[];
}

const entries = ['sizes', 'weights', 'biases'] as const satisfies (keyof WeightsJson)[];

/**
 * The weights of a model of Dense layers, with whatever layers without weights between them. Each number has few digits, of
 * float32 nine at most, and is read back as the same float.
 *
 * ```ts
 * const model = new Sequential([new Dense(1, { inputShape: [2], kernelInitializer: 'ones' })]);
 * JSON.stringify(exportWeights(model)); // → {"sizes":[2,1],"weights":[[[1,1]]],"biases":[[0]]}
 * ```
 *
 * @throws TapegradError for a model that is not built, for one that is no such stack, and for a weight that is NaN or infinite,
 * which JSON cannot hold.
 */
export function exportWeights(model: Model): WeightsJson {
  const op = 'exportWeights';
  const stack = stackOf(op, model);
  const of = (weight: Tensor, layer: Dense): readonly number[] => {
    const data = weight.toData();
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return Array.from(data, weight.dtype === 'float32' ? brief : (value) => value);
    const what = `a weight of the layer ${layer.name} is ${data[at]}`;
    throw new TapegradError(
      op,
      `${what}, which JSON cannot hold. Expected finite numbers: export a model that was trained to some.`,
    );
  };
  return {
    sizes: sizesOf(stack),
    weights: stack.map(({ layer, kernel, inputs }) => {
      const data = of(kernel, layer);
      const { units } = layer;
      return Array.from({ length: units }, (_, row) =>
        Array.from({ length: inputs }, (_, i) => data[i * units + row]!),
      );
    }),
    biases: stack.map(({ layer, bias }) => of(bias, layer)),
  };
}

/**
 * Replaces the weights of a model by those that {@link exportWeights} gave. Everything is checked before the first one is replaced.
 *
 * ```ts
 * const model = new Sequential([new Dense(1, { inputShape: [2] })]);
 * importWeights(model, { sizes: [2, 1], weights: [[[3, 4]]], biases: [[5]] });
 * (await model.predict([[1, 1]])).item(); // → 12
 * ```
 *
 * @param weights - parsed JSON.
 * @throws TapegradError for what is no such data, and where the sizes are not the model's; the model stays as it was.
 */
export function importWeights(model: Model, weights: WeightsJson): void {
  const op = 'importWeights';
  const stack = stackOf(op, model);
  const { sizes, weights: matrices, biases } = requireWeightsJson(op, weights);
  const expected = sizesOf(stack);
  if (String(sizes) !== String(expected)) {
    throw new TapegradError(
      op,
      `sizes are [${sizes.join(', ')}], those of the model ${model.name} [${expected.join(', ')}]. Expected the same.`,
    );
  }
  const values = new Map<Tensor, Tensor>();
  stack.forEach(({ kernel, bias, inputs, layer: { units } }, k) => {
    const transposed = Array.from({ length: inputs * units }, (_, at) => {
      return matrices[k]![at % units]![Math.floor(at / units)]!;
    });
    values.set(kernel, stored(op, `weights[${k}]`, transposed, kernel));
    values.set(bias, stored(op, `biases[${k}]`, biases[k]!, bias));
  });
  // The stack has all weights of the model.
  assignAll(
    op,
    model,
    model.weights.map((weight) => values.get(weight)!),
  );
}

/**
 * The data in a JSON text of weights, checked.
 *
 * ```ts
 * parseWeights('{"sizes":[2,1],"weights":[[[3,4]]],"biases":[[5]]}').sizes; // → 2,1
 * ```
 *
 * @throws TapegradError for what is no JSON, and for data that are not `{ sizes, weights, biases }` of finite numbers that fit each other.
 */
export function parseWeights(text: string): WeightsJson {
  const op = 'parseWeights';
  if (typeof text !== 'string') throw new TapegradError(op, `got ${show(text)}. Expected a text.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const why = `the text of ${text.length} characters is no JSON: ${(error as SyntaxError).message}`;
    throw new TapegradError(
      op,
      `${why.replace(/\.?$/, '.')} Expected all of what exportWeights gave, by JSON.stringify.`,
      {
        cause: error,
      },
    );
  }
  return requireWeightsJson(op, parsed);
}

/** @throws TapegradError naming the first thing that is not as it should be. */
function requireWeightsJson(op: string, data: unknown): WeightsJson {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new TapegradError(op, `the weights are ${show(data)}. Expected an object { sizes, weights, biases }.`);
  }
  for (const name of Object.keys(data)) {
    if (!entries.some((entry) => entry === name)) {
      throw new TapegradError(op, `the weights have an entry ${name}.${suggestion(name, entries)}`);
    }
  }
  for (const name of entries) {
    if (Object.hasOwn(data, name)) continue;
    throw new TapegradError(op, `the weights have no entry ${name}. Expected an object { sizes, weights, biases }.`);
  }
  const { sizes, weights, biases } = data as { readonly [E in (typeof entries)[number]]: unknown };
  const isSizes =
    Array.isArray(sizes) && sizes.length >= 2 && sizes.every((size) => Number.isInteger(size) && size >= 1);
  if (!isSizes) {
    const expected = 'Expected the inputs, then the units of each layer, in whole numbers >= 1, e.g. [784, 80, 10]';
    throw new TapegradError(op, `sizes are ${show(sizes)}. ${expected}.`);
  }
  const layers = sizes.length - 1;
  requireList(op, 'weights', weights, layers, 'matrices, one for each layer').forEach((matrix, k) => {
    const [inputs, outputs] = [sizes[k], sizes[k + 1]];
    const rows = requireList(op, `weights[${k}]`, matrix, outputs, `rows of ${inputs} numbers`);
    rows.forEach((row, i) => {
      requireNumbers(op, `weights[${k}][${i}]`, row, inputs);
    });
  });
  requireList(op, 'biases', biases, layers, 'vectors, one for each layer').forEach((bias, k) => {
    requireNumbers(op, `biases[${k}]`, bias, sizes[k + 1]);
  });
  return data as WeightsJson;
}

function requireList(op: string, name: string, value: unknown, length: number, what: string): readonly unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  const got = Array.isArray(value) ? `a list of ${value.length}` : show(value);
  throw new TapegradError(op, `${name} is ${got}. Expected a list of ${length} ${what}.`);
}

function requireNumbers(op: string, name: string, value: unknown, length: number): void {
  const list = requireList(op, name, value, length, 'finite numbers');
  const at = list.findIndex((each) => !Number.isFinite(each));
  if (at < 0) return;
  const hint = list[at] === null ? ', as JSON writes NaN and infinities' : '';
  throw new TapegradError(op, `${name}[${at}] is ${show(list[at])}${hint}. Expected a finite number.`);
}

/** The numbers in the dtype of the weight. @throws TapegradError where one is too large for that. */
function stored(op: string, name: string, numbers: readonly number[], { shape, dtype }: Tensor): Tensor {
  const data = dtype === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return fromData(data, shape, dtype);
  throw new TapegradError(
    op,
    `${name} has ${numbers[at]}, which is too large for ${dtype}. Expected numbers up to 3.4e38.`,
  );
}

/** A Dense layer with its weights. */
interface Stage {
  readonly layer: Dense;
  readonly inputs: number;
  readonly kernel: Tensor;
  readonly bias: Tensor;
}

const form = 'The form { sizes, weights, biases } holds Dense layers one after the other';

/** The Dense layers of a model, where they have all of its weights. @throws TapegradError where it is no such stack. */
function stackOf(op: string, model: Model): readonly Stage[] {
  if (!(model instanceof Sequential)) {
    const what =
      (model as unknown) instanceof Object && 'className' in model ? `${model.name} (${model.className})` : show(model);
    throw new TapegradError(
      op,
      `the model is ${what}, no Sequential. ${form}: use getWeights() and setWeights() for others.`,
    );
  }
  if (!model.built) throw unbuilt(op, model.name);
  const stack = flat(model)
    .filter(({ weights }) => weights.length > 0)
    .map((layer) => stageOf(op, layer));
  if (stack.length === 0) throw new TapegradError(op, `the model ${model.name} has no weights. ${form}.`);
  const [all, held] = [model.weights.length, 2 * stack.length];
  if (all !== held) {
    const what = all > held ? 'own weights beside those of its layers' : 'a layer twice';
    throw new TapegradError(
      op,
      `the model ${model.name} has ${what}. ${form}: use getWeights() and setWeights() for others.`,
    );
  }
  stack.forEach(({ layer, inputs }, k) => {
    const before = stack[k - 1];
    if (before === undefined || before.layer.units === inputs) return;
    throw new TapegradError(
      op,
      `the layer ${before.layer.name} has ${before.layer.units} units, ${layer.name} after it ${inputs} inputs. ${form}, with equal numbers.`,
    );
  });
  return stack;
}

/** The layers of a model, with those of models in it in their place. */
function flat(layer: Layer): readonly Layer[] {
  return layer instanceof Sequential ? layer.layers.flatMap(flat) : [layer];
}

function stageOf(op: string, layer: Layer): Stage {
  const { kernel, bias } = layer instanceof Dense ? layer : {};
  if (!(layer instanceof Dense) || kernel === undefined || layer.weights.length > 2) {
    const names = layer.weights.map(({ name }) => name).join(', ');
    throw new TapegradError(
      op,
      `the layer ${layer.name} (${layer.className}) has the weights ${names}. ${form}: use getWeights() and setWeights() for others.`,
    );
  }
  if (bias !== undefined) return { layer, inputs: kernel.shape[0]!, kernel, bias };
  throw new TapegradError(op, `the layer ${layer.name} has no bias. ${form}, each with one: leave useBias out.`);
}

function sizesOf(stack: readonly Stage[]): readonly number[] {
  return [stack[0]!.inputs, ...stack.map(({ layer }) => layer.units)];
}

/** The float32 rounded to as few digits, from six up, as are read back as it. Nine are always enough. */
function brief(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

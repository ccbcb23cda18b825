// The samples of all ops of the core, and calls of them.

import {
  concat,
  type Entry,
  entries,
  ops,
  type RandomGenerator,
  type Sample,
  type Tensor,
  tensor,
} from '@tapegrad/core';

type AnyOp = (...operandsAndArgs: unknown[]) => Tensor | readonly Tensor[];

/** The op called as the sample says. Where it gives several tensors, their elements side by side. */
export function call(entry: Entry, inputs: readonly Tensor[], { args = [] }: Sample): Tensor {
  const op = ops[entry.name as keyof typeof ops] as unknown as AnyOp;
  const operands = entry.variadic ? [inputs] : inputs;
  const result = entry.argumentsFirst ? op(...args, ...inputs) : op(...operands, ...args);
  return Array.isArray(result) ? concat(result.map((x) => x.reshape([-1]))) : (result as Tensor);
}

/** The positions of operands that have a gradient. */
export function differentiable(entry: Entry, sample: Sample): number[] {
  return [...sample.inputs.keys()].filter(
    (i) =>
      sample.inputs[i]!.dtype === undefined && entry.differentiable.includes(entry.inputs[entry.variadic ? 0 : i]!),
  );
}

/** Operands as a sample describes them; floats in `dtype`. */
export function drawInputs(sample: Sample, random: RandomGenerator, dtype: 'float32' | 'float64'): Tensor[] {
  return sample.inputs.map(({ shape, low = -2, high = 2, diagonal = 0, dtype: own }) => {
    if (own === 'bool') return random.bernoulli(shape, 0.5);
    const drawn = random.uniform(shape, low, high, dtype);
    if (own === 'int32') return drawn.asType('int32');
    if (diagonal === 0) return drawn;
    const n = shape.at(-1)!;
    const identity = Array.from({ length: shape.at(-2)! * n }, (_, i) => (Math.floor(i / n) === i % n ? diagonal : 0));
    return drawn.add(tensor(identity, { shape: shape.slice(-2), dtype }));
  });
}

/** Every sample of every op, under a title. */
export const samplesOfAll: readonly { readonly title: string; readonly entry: Entry; readonly sample: Sample }[] =
  entries.flatMap((entry) =>
    entry.samples.map((sample) => {
      const shapes = sample.inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
      const args = sample.args === undefined ? '' : ` with ${JSON.stringify(sample.args)}`;
      return { title: `${entry.name} ${shapes}${args}`, entry, sample };
    }),
  );

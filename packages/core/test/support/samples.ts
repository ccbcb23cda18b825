// The samples of all ops, and the calls that they describe.

import { concat, type Entry, entries, ops, type Sample, type Tensor } from '../../src/index.ts';

type AnyOp = (...operandsAndArgs: unknown[]) => Tensor | readonly Tensor[];

/** The op called as the sample says. Where it gives several tensors, their elements side by side. */
export function call(entry: Entry, inputs: readonly Tensor[], sample: Sample): Tensor {
  const op = ops[entry.name as keyof typeof ops] as unknown as AnyOp;
  const { args = [] } = sample;
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

function describeSample(sample: Sample): string {
  const shapes = sample.inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
  return sample.args === undefined ? shapes : `${shapes} with ${JSON.stringify(sample.args)}`;
}

const rows = entries.flatMap((entry) => entry.samples.map((sample) => ({ entry, sample })));
/** Every sample of every op, under a title. */
export const samplesOfAll = rows.map(({ entry, sample }) => ({
  title: `${entry.name} ${describeSample(sample)}`,
  entry,
  sample,
}));

// The example of a page: operands, calls with their values, gradients (made in gradients.ts). Values are what comes, to the digits
// that tensors print.

import type { Entry, Sample, Tensor } from '@tapegrad/core';
import { all, callText, isWritable, resultOf, saysNothing, shown, tellingOperands, tupleNames } from './calls.ts';
import type { Signature } from './declarations.ts';
import { gradientLines } from './gradients.ts';
import type { Operand } from './operands.ts';

/** An example as code, and its first call. */
export interface Example {
  readonly code: string;
  readonly sample: Sample;
  readonly operands: readonly Operand[];
}

const maxCalls = 3;
const comfortable = 18;

/** Makes the example of an op. */
export function exampleOf(entry: Entry, signature: Signature): Example {
  const candidates = [...entry.samples].filter(isWritable).sort((a, b) => cost(entry, a) - cost(entry, b));
  const sample = candidates.find((each) => !saysNothing(entry, tellingOperands(entry, each), each)) ?? candidates[0];
  if (sample === undefined) throw new Error(`${entry.name}: none of its samples can be written as code.`);
  const operands = tellingOperands(entry, sample);
  const others = entry.samples.filter((other) => other !== sample && isWritable(other) && sameInputs(other, sample));
  const lines = [
    ...operands.map(({ name, code }) => `const ${name} = ${code};`),
    '',
    ...[sample, ...others].slice(0, maxCalls).flatMap((each) => callLines(entry, each, operands, signature)),
    ...gradientLines(entry, sample, operands, signature),
  ];
  return { code: [importLine(entry, lines.join('\n')), '', ...lines].join('\n'), sample, operands };
}

/** How much less readable an example would be. */
function cost(entry: Entry, { inputs, args = [] }: Sample): number {
  const sizes = inputs.map(({ shape }) => shape.reduce((size, length) => size * length, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const missing = entry.variadic ? (inputs.length > 1 ? 0 : 1) : entry.inputs.length - inputs.length;
  return (
    Math.max(0, total - comfortable) +
    (sizes.includes(0) ? 1000 : 0) +
    (sizes[0] === 1 ? 100 : 0) +
    inputs.filter(({ shape }, i) => i > 0 && sizes[i] === 1 && shape.length > 0).length * 30 +
    inputs.filter(({ shape }) => shape.length === 0).length * 2 +
    8 * missing +
    args.filter((arg) => typeof arg === 'object').length +
    args.filter((arg) => typeof arg === 'object' && arg !== null && Object.keys(arg).length === 0).length
  );
}

function sameInputs(a: Sample, b: Sample): boolean {
  return JSON.stringify(a.inputs) === JSON.stringify(b.inputs);
}

function importLine(entry: Entry, code: string): string {
  const names = ['arange', 'grad', 'newAxis', 'tensor', 'Tensor'].filter((name) =>
    new RegExp(String.raw`(?<![.'])\b${name}\b`).test(code),
  );
  const imported = [...names, entry.name].map((name) => (name === 'Tensor' ? 'type Tensor' : name));
  const order = (name: string): string => name.replace('type ', '').toLowerCase();
  const sorted = imported.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : a < b ? -1 : 1));
  return `import { ${sorted.join(', ')} } from '@tapegrad/core';`;
}

function callLines(entry: Entry, sample: Sample, operands: readonly Operand[], signature: Signature): string[] {
  const call = callText(
    entry,
    operands.map(({ name }) => name),
    sample.args,
  );
  const result = resultOf(
    entry,
    operands.map(({ value }) => value),
    sample.args,
  );
  if (!Array.isArray(result)) return [shown(call, result as Tensor)];
  const names = tupleNames(signature);
  if (names.length === 0) return result.map((part, i) => shown(`${call}[${i}]`, part));
  return [`const [${names.join(', ')}] = ${call};`, ...names.map((name, i) => shown(name, all(result)[i]!))];
}

// The gradients in an example: by a scalar made of the op's result, so that they say something.

import { type Entry, grad, type Sample, TapegradError, type Tensor } from '@tapegrad/core';
import { all, callText, differentiable, resultOf, shown, tupleNames } from './calls.ts';
import type { Signature } from './declarations.ts';
import { type Operand, operandName } from './operands.ts';

/** Ways to a scalar. The first whose gradient says something is taken: the sum of a softmax, for one, is always 1. */
const reductions: readonly { readonly code: string; readonly of: (x: Tensor) => Tensor }[] = [
  { code: '.sum()', of: (x) => x.sum() },
  { code: '.square().sum()', of: (x) => x.square().sum() },
  { code: '.pow(3).sum()', of: (x) => x.pow(3).sum() },
];

/** The lines that take an example's gradient by all operands at once, or one by one where no result depends on all. */
export function gradientLines(
  entry: Entry,
  sample: Sample,
  operands: readonly Operand[],
  signature: Signature,
): readonly string[] {
  const of = (by: readonly number[]): string[] => linesBy(by, entry, sample, operands, signature);
  const by = differentiable(entry, sample);
  if (by.length === 0) return [];
  const atOnce = of(by);
  return ['', ...(atOnce.length > 0 ? atOnce : by.flatMap((i) => of([i])))];
}

function linesBy(
  by: readonly number[],
  entry: Entry,
  sample: Sample,
  operands: readonly Operand[],
  signature: Signature,
): string[] {
  const values = operands.map(({ value }) => value);
  const result = resultOf(entry, values, sample.args);
  const call = callText(
    entry,
    operands.map(({ name }) => name),
    sample.args,
  );
  const ways = all(result).flatMap(({ dtype, rank }, part) => {
    if (!dtype.startsWith('float')) return [];
    const place = Array.isArray(result) ? `[${part}]${tupleNames(signature).length === 0 ? '!' : ''}` : '';
    const toScalar = rank === 0 ? [{ code: '', of: (x: Tensor) => x }] : reductions;
    return toScalar.flatMap(({ code, of }) => {
      const f = (xs: readonly Tensor[]): Tensor => of(all(resultOf(entry, xs, sample.args))[part]!);
      const gradients = gradientsBy(by, values, f);
      return gradients === undefined ? [] : [{ loss: `${call}${place}${code}`, gradients }];
    });
  });
  const way = ways.find(({ gradients }) => gradients.every(isTelling)) ?? ways[0];
  if (way === undefined) return [];
  // by an operand that the op is linear in, an adjoint may be 0 throughout, and rounding all that is left of it
  const some = way.gradients.some(isTelling);
  const told = [...by.keys()].filter((k) => !some || isTelling(way.gradients[k]!));
  const names = told.map((k) => operandName(entry, by[k]!));
  const gradients = told.map((k) => way.gradients[k]!.value);
  return gradientCode(way.loss, names, gradients);
}

interface Gradient {
  readonly value: Tensor;
  /** The same, computed in float64. */
  readonly exact: Tensor;
}

/** The gradients by some of the values; undefined where one is not connected. */
function gradientsBy(
  by: readonly number[],
  values: readonly Tensor[],
  f: (xs: readonly Tensor[]) => Tensor,
): Gradient[] | undefined {
  const of = (all: readonly Tensor[]): readonly Tensor[] =>
    grad((moved: readonly Tensor[]) => f(all.map((value, i) => (by.includes(i) ? moved[by.indexOf(i)]! : value))))(
      by.map((i) => all[i]!),
    );
  try {
    const exact = of(values.map((value) => (value.dtype === 'float32' ? value.asType('float64') : value)));
    return of(values).map((value, i) => ({ value, exact: exact[i]! }));
  } catch (error) {
    if (error instanceof TapegradError) return undefined;
    throw error;
  }
}

/** Whether a gradient is more than zeros, and what rounding left of them. */
function isTelling({ value, exact }: Gradient): boolean {
  const [single, double] = [value.toData(), exact.toData()];
  const largest = Math.max(...Array.from(double, Math.abs));
  return (
    largest > 1e-5 && Number.isFinite(largest) && single.every((x, i) => Math.abs(x - double[i]!) < 1e-5 * largest)
  );
}

function gradientCode(loss: string, names: readonly string[], gradients: readonly Tensor[]): string[] {
  const parameters = names.map((name) => `${name}: Tensor`).join(', ');
  if (names.length === 1) return [shown(`grad((${parameters}) => ${loss})(${names[0]})`, gradients[0]!)];
  const results = names.map((name) => (name.length === 1 ? `d${name}` : `d${name[0]!.toUpperCase()}${name.slice(1)}`));
  return [
    `const loss = (${parameters}) => ${loss};`,
    `const [${results.join(', ')}] = grad(loss, { argument: [${names.map((_, i) => i).join(', ')}] })(${names.join(', ')});`,
    ...results.map((name, i) => shown(name, gradients[i]!)),
  ];
}

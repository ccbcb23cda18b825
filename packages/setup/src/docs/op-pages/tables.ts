// The tables of a page that come of trying: which shapes give which, and which dtypes.

import { type DType, type Entry, type Sample, TapegradError, type Tensor } from '@tapegrad/core';
import { all, argumentTexts, resultOf, tellingOperands } from './calls.ts';
import { operandName, readableOperands } from './operands.ts';
import { code, shapeText, table } from './text.ts';

const maxRows = 5;

interface Row {
  readonly sample: Sample;
  readonly cells: readonly string[];
  /** What the row shows that others may not. */
  readonly features: ReadonlySet<string>;
}

/** Shapes of operands, arguments, and the shape that they give: of the samples the example's, and those that show most. */
export function shapesTable(entry: Entry, example: Sample): string {
  const rows = chosen(
    entry.samples.map((sample) => shapesRow(entry, sample)),
    entry.samples.indexOf(example),
  );
  const hasArguments = rows.some(({ sample }) => argumentTexts(sample.args ?? []).length > 0);
  const names = entry.variadic ? [entry.inputs[0]!] : entry.inputs;
  const head = [...names.map(code), ...(hasArguments ? ['arguments'] : []), 'result'];
  const cells = rows.map((row) => (hasArguments ? row.cells : row.cells.toSpliced(-2, 1)));
  return table(head, cells);
}

function shapesRow(entry: Entry, sample: Sample): Row {
  const { inputs, args = [] } = sample;
  const operands = readableOperands(entry, sample, 'counting').map(({ value }) => value);
  const result = resultOf(entry, operands, args);
  const shapes = all(result).map(({ shape }) => shapeText(shape));
  const given = entry.variadic
    ? [inputs.map(({ shape }) => shapeText(shape)).join(', ')]
    : entry.inputs.map((_, i) => (inputs[i] === undefined ? '–' : shapeText(inputs[i].shape)));
  // operands that are left out stand before the arguments as undefined
  const left = entry.variadic ? 0 : entry.inputs.length - inputs.length;
  const texts = argumentTexts(args.slice(0, left).every((arg) => arg === undefined) ? args.slice(left) : args);
  const cells = [...given, texts.length === 0 ? '' : code(texts.join(', ')), shapes.join(', ')];
  return { sample, cells, features: featuresOf(sample, cells) };
}

function featuresOf({ inputs, args = [] }: Sample, cells: readonly string[]): Set<string> {
  const features = new Set([`result ${cells.at(-1)}`, `operands ${inputs.length}`]);
  const shapes = inputs.map(({ shape }) => shape);
  features.add(`ranks ${shapes.map((shape) => shape.length)}`);
  if (shapes.some((shape) => shape.includes(0))) features.add('empty');
  if (new Set(shapes.map(String)).size > 1) features.add('shapes that differ');
  if (new Set(shapes.map((shape) => shape.length)).size > 1) features.add('ranks that differ');
  for (const arg of args) {
    const names = typeof arg === 'object' && arg !== null && !Array.isArray(arg) ? Object.keys(arg) : [String(arg)];
    for (const name of names) features.add(`argument ${name}`);
  }
  return features;
}

/** The row at `first`, then the one that shows most of what none did before; in the order of the samples. */
function chosen(rows: readonly Row[], first: number): Row[] {
  const distinct = rows.filter((row, i) => rows.findIndex(({ cells }) => String(cells) === String(row.cells)) === i);
  const shown = new Set<string>();
  const taken = new Set<Row>();
  const news = ({ features }: Row): number => [...features].filter((feature) => !shown.has(feature)).length;
  while (taken.size < Math.min(maxRows, distinct.length)) {
    const left = distinct.filter((row) => !taken.has(row));
    const example = taken.size === 0 ? left.find(({ sample }) => sample === rows[first]?.sample) : undefined;
    const best = example ?? left.reduce((most, row) => (news(row) > news(most) ? row : most));
    taken.add(best);
    for (const feature of best.features) shown.add(feature);
  }
  return distinct.filter((row) => taken.has(row));
}

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];

/** What comes of operands of each dtype. */
export function dtypesTable(entry: Entry): string {
  const free = entry.samples.some(({ inputs }) => inputs.some(({ dtype }) => dtype === undefined));
  const results = dtypes.map((dtype) => resultDType(entry, dtype, free));
  const fixed = fixedOperands(entry, free);
  const head = [free && fixed !== '' ? 'other operands' : 'operands', ...dtypes];
  return table(head, [['**result**', ...results]]) + (fixed === '' ? '' : `\n\n${fixed}`);
}

/** Operands whose dtype the op prescribes. Where all are of one, the table says what becomes of the others. */
function fixedOperands(entry: Entry, free: boolean): string {
  if (!free) return '';
  const names = new Map<string, string>();
  for (const { inputs } of entry.samples) {
    inputs.forEach(({ dtype }, i) => {
      if (dtype !== undefined) names.set(entry.variadic ? entry.inputs[0]! : operandName(entry, i), dtype);
    });
  }
  const always = [...names].filter(([name]) =>
    entry.samples.every(({ inputs }) => inputs[entry.inputs.indexOf(name)]?.dtype !== undefined),
  );
  return always.map(([name, dtype]) => `${code(name)} is ${dtype}.`).join(' ');
}

/** The first sample that goes through tells. What is refused only for its values is tried with others. */
function resultDType(entry: Entry, dtype: DType, free: boolean): string {
  for (const sample of [...entry.samples].sort((a, b) => elements(a) - elements(b))) {
    const operands = tellingOperands(entry, sample).map(({ value }, i) => {
      return free && sample.inputs[i]!.dtype !== undefined ? value : value.asType(dtype);
    });
    try {
      return dtypeText(all(resultOf(entry, operands, sample.args)));
    } catch (error) {
      if (!(error instanceof TapegradError)) throw error;
    }
  }
  return 'refused';
}

function elements({ inputs }: Sample): number {
  return inputs.reduce((total, { shape }) => total + shape.reduce((size, length) => size * length, 1), 0);
}

function dtypeText(results: readonly Tensor[]): string {
  return [...new Set(results.map(({ dtype }) => dtype))].join(', ');
}

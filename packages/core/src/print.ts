// A tensor as text in the way in which NumPy prints arrays: in columns, in lines of one width, large ones by their edges. In one
// line, with its dtype: `String(x)`, in tensor.ts. The reference is NumPy 1.24; 2.3 and later write float32 from 1e6 on in powers of ten.

import type { NdArray } from './arrays.ts';
import { type DType, isFloat } from './dtype.ts';
import { nearestName, TapegradError } from './errors.ts';
import { Tensor } from './tensor.ts';

/** How {@link showTensor} writes; the defaults are NumPy's. */
export interface ShowTensorOptions {
  /** At most so many digits after the point, 0 to 20; fewer where they say all. Default: 8. */
  readonly precision?: number;
  /** Tensors with more elements than this are shown by their edges, `...` between them. Default: 1000. */
  readonly threshold?: number;
  /** How many elements, rows and so on are shown at each edge, from 1 on. Default: 3. */
  readonly edgeItems?: number;
  /** Lines longer than this are wrapped, from 1 on. Default: 75. */
  readonly lineWidth?: number;
  /** Whether small numbers are written as 0 where the others need no powers of ten. Default: false. */
  readonly suppressSmall?: boolean;
}

/**
 * Prints values on the console, a space between them, as Python's `print` does with NumPy arrays: tensors by {@link showTensor}.
 *
 * ```ts
 * print('W =', tensor([1, 2.5])); // the console shows: W = [1.  2.5]
 * ```
 *
 * @throws TracingError for a tensor whose value is not known, while a function is compiled.
 */
export function print(...values: readonly unknown[]): void {
  const texts = values.map((value) => (value instanceof Tensor ? showTensor(value) : String(value)));
  (globalThis as unknown as Platform).console.log(texts.join(' '));
}

/** What pages and Node.js both have. */
interface Platform {
  readonly console: { log(text: string): void };
}

/**
 * The elements as text, as NumPy's `str` writes an array: all with the digits that the dtype has, up to `precision` of them, in powers of
 * ten where they differ too much in size; in columns; a blank line between matrices.
 *
 * ```ts
 * showTensor(tensor([0.1, 2, 30])); // → [ 0.1  2.  30. ]
 * showTensor(tensor([1e-5, 1])); // → [1.e-05 1.e+00]
 * showTensor(arange(2000)); // → [0.000e+00 1.000e+00 2.000e+00 ... 1.997e+03 1.998e+03 1.999e+03]
 * ```
 *
 * @throws TapegradError for options that there are not, and TracingError for a tensor whose value is not known.
 */
export function showTensor(x: Tensor, options: ShowTensorOptions = {}): string {
  const { precision, threshold, edgeItems, lineWidth, suppressSmall } = checked(x, options);
  if (x.rank === 0) return showScalar(x.item(), x.dtype);
  if (x.size === 0) return '[]';
  const positions = x.shape.map((length) => shownPositions(length, x.size > threshold ? edgeItems : length));
  const words = wordsOf(elementsAt(x.array, positions), x.dtype, precision, suppressSmall).values();
  const block = (axis: number): string => {
    const indent = ' '.repeat(axis + 1);
    const isRow = axis === x.rank - 1;
    const parts = positions[axis]!.map((i) => (i === gap ? '...' : isRow ? words.next().value! : block(axis + 1)));
    if (isRow) return `[${wrapped(parts, indent, lineWidth - axis - 1)}]`;
    return `[${parts.join('\n'.repeat(x.rank - axis - 1) + indent)}]`;
  };
  return block(0);
}

type Layout = Required<ShowTensorOptions>;

const defaults: Layout = { precision: 8, threshold: 1000, edgeItems: 3, lineWidth: 75, suppressSmall: false };

type Range = readonly [least: number, most: number];

const ranges: Omit<Record<keyof Layout, Range>, 'suppressSmall'> = {
  precision: [0, 20],
  threshold: [0, Number.POSITIVE_INFINITY],
  edgeItems: [1, Number.POSITIVE_INFINITY],
  lineWidth: [1, Number.POSITIVE_INFINITY],
};

function checked(x: Tensor, options: ShowTensorOptions): Layout {
  const refuse = (message: string): never => {
    throw new TapegradError('showTensor', message);
  };
  if (!(x instanceof Tensor)) refuse(`x is ${String(x)}. Expected a tensor; make one by tensor(x).`);
  const names = Object.keys(defaults);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    const question = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    refuse(`no option ${name}.${question} Known: ${names.join(', ')}.`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const layout: Layout = { ...defaults, ...Object.fromEntries(given) };
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value: unknown = layout[name as keyof typeof ranges];
    const isCount = Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
    if (isCount && Number(value) >= least && Number(value) <= most) continue;
    const range = Number.isFinite(most) ? `from ${least} to ${most}` : `>= ${least}`;
    refuse(`${name} is ${String(value)}. Expected a whole number ${range}.`);
  }
  if (typeof layout.suppressSmall !== 'boolean') {
    refuse(`suppressSmall is ${String(layout.suppressSmall)}. Expected true or false.`);
  }
  return layout;
}

/** Stands among positions for those that are left out. */
const gap = -1;

/** The positions on an axis that are shown: all, or the first and last `edge` of them around a gap. */
function shownPositions(length: number, edge: number): number[] {
  if (length <= 2 * edge) return Array.from({ length }, (_, i) => i);
  const ends = Array.from({ length: edge }, (_, i) => i);
  return [...ends, gap, ...ends.map((i) => length - edge + i)];
}

/** The elements at these positions in row-major order. No others are looked at. */
function elementsAt({ data, offset, stride }: NdArray, positions: readonly (readonly number[])[]): number[] {
  const values: number[] = [];
  const walk = (axis: number, at: number): void => {
    if (axis === positions.length) values.push(data[at]!);
    else for (const i of positions[axis]!) if (i !== gap) walk(axis + 1, at + i * stride[axis]!);
  };
  walk(0, offset);
  return values;
}

/** Words in lines of at most `width` characters, of which the closing bracket takes one. All but the first are indented. */
function wrapped(words: readonly string[], indent: string, width: number): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    if (line.length + word.length > width && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  lines.push(line.slice(0, -1)); // only the last space: the padding of a number stays
  return lines.join('\n').slice(indent.length);
}

/** The elements of an array as words that are equally long. */
function wordsOf(values: readonly number[], dtype: DType, precision: number, suppressSmall: boolean): string[] {
  if (dtype === 'bool') return values.map((value) => (value === 0 ? 'False' : ' True'));
  if (dtype === 'int32') return aligned(values.map(String));
  const finite = values.filter(Number.isFinite);
  const texts = needsPowers(finite, dtype, suppressSmall)
    ? wordsInPowers(finite, dtype, precision)
    : wordsInFull(finite, dtype, precision);
  const remaining = texts.values();
  return aligned(values.map((value) => (Number.isFinite(value) ? remaining.next().value! : showNonFinite(value))));
}

/** Points below each other: fractions are filled up with spaces. What is left of the point is exact, whatever the dtype. */
function wordsInFull(values: readonly number[], dtype: DType, precision: number): string[] {
  const numbers = values.map((value) => inFull(value, dtype, precision, 0));
  const decimals = longest(numbers.map(({ fraction }) => fraction));
  return numbers.map(({ whole, fraction }) => `${whole}.${fraction.padEnd(decimals)}`);
}

/** All with the digits that the longest of them needs: not zeros, but what the others really have there. */
function wordsInPowers(values: readonly number[], dtype: DType, precision: number): string[] {
  const decimals = longest(values.map((value) => inPowers(value, dtype, precision, 0).fraction));
  const numbers = values.map((value) => inPowers(value, dtype, decimals, decimals));
  const digits = longest(numbers.map(({ power }) => power));
  return numbers.map(
    ({ whole, fraction, sign, power }) =>
      `${whole}.${fraction.padEnd(decimals, '0')}e${sign}${power.padStart(digits, '0')}`,
  );
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function aligned(texts: readonly string[]): string[] {
  const width = longest(texts);
  return texts.map((text) => text.padStart(width));
}

function showNonFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
}

/** Whether numbers are so large, so small or so different in size that all are written in powers of ten. */
function needsPowers(finite: readonly number[], dtype: DType, suppressSmall: boolean): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const value of finite) {
    if (value === 0) continue;
    least = Math.min(least, Math.abs(value));
    most = Math.max(most, Math.abs(value));
  }
  const ratio = dtype === 'float32' ? Math.fround(most / least) : most / least;
  return most >= 1e8 || (!suppressSmall && (least < 1e-4 || ratio > 1000));
}

/** A scalar is written with all its digits, whatever the precision: NumPy prints it as a number, not as an array. */
function showScalar(value: number, dtype: DType): string {
  if (dtype === 'bool') return value === 0 ? 'False' : 'True';
  if (!isFloat(dtype)) return String(value);
  if (!Number.isFinite(value)) return showNonFinite(value);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) {
    const { whole, fraction } = inFull(value, dtype, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    return `${whole}.${fraction || '0'}`;
  }
  const { whole, fraction, sign, power } = inPowers(value, dtype, Number.POSITIVE_INFINITY, 0);
  return `${whole}${fraction && '.'}${fraction}e${sign}${power}`;
}

/** A number in parts: −1.5e-07 has the whole `-1`, the fraction `5`, the sign `-` and the power `07`. */
interface Parts {
  readonly whole: string;
  readonly fraction: string;
  readonly sign: string;
  readonly power: string;
}

/** The number without a power of ten: the digits that it needs, from the decimal place `least` on at least, to `most` at most. */
function inFull(value: number, dtype: DType, most: number, least: number): Parts {
  const size = Math.abs(value);
  const { whole: first, fraction: rest, sign, power } = partsOf(shortest(size, dtype));
  const exponent = Number(sign + power);
  const needed = rest.length - exponent;
  const decimals = Math.min(most, Math.max(least, needed));
  if (decimals !== needed) return signed(value, partsOf(rounded(size, decimals, 'toFixed')));
  const digits = exponent < 0 ? '0'.repeat(-exponent) + first + rest : (first + rest).padEnd(exponent + 1, '0');
  const point = Math.max(0, exponent) + 1;
  return signed(value, { whole: digits.slice(0, point), fraction: digits.slice(point), sign: '', power: '' });
}

/** The number with one digit before the point, and after it those that it needs: `least` of them or more, `most` or fewer. */
function inPowers(value: number, dtype: DType, most: number, least: number): Parts {
  const size = Math.abs(value);
  const parts = partsOf(shortest(size, dtype));
  const decimals = Math.min(most, Math.max(least, parts.fraction.length));
  if (parts.fraction.length === decimals) return signed(value, parts);
  return signed(value, partsOf(rounded(size, decimals, 'toExponential')));
}

function signed(value: number, parts: Parts): Parts {
  const negative = value < 0 || Object.is(value, -0);
  return { ...parts, whole: `${negative ? '-' : ''}${parts.whole}`, fraction: parts.fraction.replace(/0+$/, '') };
}

/** The fewest digits that give the number back in its dtype, as `d.ddde±d`. */
function shortest(size: number, dtype: DType): string {
  if (dtype === 'float64') return size.toExponential();
  for (let decimals = 0; decimals < 8; decimals++) {
    const nearest = rounded(size, decimals, 'toExponential');
    if (Math.fround(Number(nearest)) === size) return nearest;
    // The float32 below a power of two is nearer than the one above: what is no longer it downward may be so upward.
    const { whole, fraction, sign, power } = partsOf(nearest);
    const above = Number(`${Number(whole + fraction) + 1}e${Number(sign + power) - decimals}`);
    if (Math.fround(above) === size) return above.toExponential(decimals);
  }
  return rounded(size, 8, 'toExponential');
}

/** The number to so many decimals. A tie goes to the even digit, where JavaScript's own functions take the larger one. */
function rounded(size: number, decimals: number, form: 'toFixed' | 'toExponential'): string {
  const exact = size[form](100);
  const [, kept, tail, power] = new RegExp(`^(\\d+\\.\\d{${decimals}})(\\d*)(.*)$`).exec(exact)!;
  const isTie = /^50*$/.test(tail!);
  const isEven = /[02468]\.?$/.test(kept!);
  return isTie && isEven ? `${kept}${power}` : size[form](decimals);
}

function partsOf(text: string): Parts {
  const [, whole, fraction = '', sign = '', power] = /^(\d+)\.?(\d*)(?:e([+-])(\d+))?$/.exec(text)!;
  return { whole: whole!, fraction, sign, power: power?.padStart(2, '0') ?? '' };
}

// Names and numbers as formulas show them, plainly and in TeX.

import { type Shape, showShape } from './shape.ts';

/** The same formula as plain text and as TeX. */
export interface Formula {
  readonly plain: string;
  readonly tex: string;
}

/** A name in TeX: `W1` with an index, `dZ2` as a differential, longer ones upright. */
export function texOfName(name: string): string {
  const [, d, letter, index] = /^(d?)([A-Za-z])_?(\d*)$/.exec(name) ?? [];
  if (letter === undefined) return `\\mathrm{${escaped(name)}}`;
  const symbol = index === '' ? letter : `${letter}_${index!.length > 1 ? `{${index}}` : index}`;
  return d === '' ? symbol : `\\mathrm{d}${symbol}`;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\backslash '],
  ['~', '\\sim '],
  ['^', '\\wedge '],
  [' ', '\\ '],
]);

/** Text as TeX shows it letter by letter. */
export function escaped(text: string): string {
  return visible(text).replace(/[\\~^ _%#&${}]/g, (sign) => escapes.get(sign) ?? `\\${sign}`);
}

/** A name as a symbol. */
export function nameSymbol(name: string): Formula {
  return { plain: isWord(name) ? name : `'${visible(name)}'`, tex: texOfName(name) };
}

/** Whether a name reads as one in a formula, and not as a number, a position or an expression. */
function isWord(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{M}\p{N}_%./:[\]′]*$/u.test(name);
}

/** A name in one line: control characters, line breaks among them, as JSON writes them. */
export function visible(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (sign) =>
    sign === '\n' ? '\\n' : sign === '\t' ? '\\t' : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A node without a name, by its position. */
export function nodeSymbol(at: number): Formula {
  return { plain: `%${at}`, tex: `\\%${at}` };
}

/** The derivative of the target by what a symbol stands for. */
export function differential({ plain, tex }: Formula): Formula {
  return {
    plain: /^[%\w]+$/.test(plain) && !/^\d/.test(plain) ? `d${plain}` : `d(${plain})`,
    tex: `\\mathrm{d}${tex}`,
  };
}

/** A constant that has no name and is no single number. */
export function constantSymbol(shape: Shape): Formula {
  return { plain: `c${showShape(shape)}`, tex: `c_{${showShape(shape)}}` };
}

/** A number, large ones with an exponent. */
export function compact(value: number): string {
  return Math.abs(value) < 1e7 || !Number.isFinite(value) ? String(value) : value.toExponential();
}

/** A number to the digits that its dtype has; the reciprocal of a whole number as a fraction. */
export function numberSymbol(value: number, dtype: string): Formula {
  if (Number.isNaN(value)) return { plain: 'NaN', tex: '\\mathrm{NaN}' };
  const sign = value < 0 || Object.is(value, -0) ? ['−', '-'] : ['', ''];
  if (!Number.isFinite(value)) return { plain: `${sign[0]}∞`, tex: `${sign[1]}\\infty` };
  const size = Number(Math.abs(value).toPrecision(dtype === 'float32' ? 6 : 12));
  // 1/3 and 1/32, not 0.333333; short decimals stay, and 1/0.7 is no whole number.
  const inverse = Math.round(1 / Math.abs(value));
  const exact = Math.abs(Math.abs(value) * inverse - 1) < (dtype === 'float32' ? 1e-7 : 1e-15);
  if (inverse > 2 && inverse < 1e5 && exact && String(size).length > 5) {
    return { plain: `${sign[0]}1/${inverse}`, tex: `${sign[1]}\\frac{1}{${inverse}}` };
  }
  const digits = compact(size);
  const [mantissa, exponent] = digits.split('e');
  if (exponent === undefined) return { plain: sign[0] + digits, tex: sign[1] + digits };
  const power = `10^{${Number(exponent)}}`;
  return { plain: sign[0] + digits, tex: `${sign[1]}${mantissa === '1' ? power : `${mantissa} \\cdot ${power}`}` };
}

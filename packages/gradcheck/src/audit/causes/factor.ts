// A constant factor, and nothing else.

import type { Cause } from '../audit-report.ts';
import { factorOf, isOne, nameFactor } from '../factors.ts';
import type { Suspect } from './suspect.ts';

/**
 * What is said of a gradient that is a multiple of the right one; undefined where it is none, and where a single number is held against
 * a single number: these always are, so that only a factor with an explanation says something.
 */
export function factorCause({ manual, expected, lengths }: Suspect): Cause | undefined {
  if (manual.size !== expected.size) return undefined;
  const factor = factorOf(manual, expected);
  if (factor === null || isOne(factor)) return undefined;
  const numbers = expected.toData().filter((element) => element !== 0).length;
  return numbers < 2 && nameFactor(factor, lengths) === undefined ? undefined : factorCauseOf(factor, lengths);
}

/** The same, of a factor that is known. */
export function factorCauseOf(factor: number, lengths: Suspect['lengths']): Cause {
  const named = nameFactor(factor, lengths);
  const common = { residual: 0, factor: named?.value ?? factor };
  if (named === undefined) {
    const text = `it is ${Number(factor.toPrecision(6))} times what it should be, a factor that no length of an axis explains`;
    return { kind: 'factor', text, ...common };
  }
  if (named.value === -1) return { kind: 'sign', text: 'the sign is wrong', ...common };
  const sign = factor < 0 ? 'the sign is wrong, and ' : '';
  const text = named.text.replace('-', '');
  const origin = named.origin === '' ? '' : ` (${named.origin})`;
  const size = Math.abs(named.value);
  const guess =
    named.origin === ''
      ? ''
      : size > 1
        ? `: a division by ${text} is missing`
        : `: it is divided once too often, or a mean stands where a sum belongs`;
  return { kind: 'factor', text: `${sign}it is ${text} times what it should be${guess}${origin}`, ...common };
}

// Numbers as people read them: four digits, an exponent where it is shorter, a dash for what is not there.

/**
 * A number in at most four significant digits: `0.03125`, `1.2e-7`, `—` for null and what is not finite. Whole numbers below a million
 * are shown whole.
 */
export function showNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '—';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1e-3 && size < 1e4) return String(Number(value.toPrecision(4)));
  const [mantissa, exponent] = value.toExponential(3).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** A factor: `×32`, `×1/32`, `×-1`. */
export function showFactor(factor: number): string {
  const inverse = Math.round(1 / factor);
  const isFraction = Math.abs(inverse) > 1 && Math.abs(factor * inverse - 1) < 1e-6;
  return `×${isFraction ? `${Math.sign(factor) < 0 ? '-' : ''}1/${Math.abs(inverse)}` : showNumber(factor)}`;
}

/** A share as a percentage in two digits: `3.1%`, `< 0.01%`. */
export function showPercent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '—';
  const percent = share * 100;
  return percent > 0 && percent < 0.01 ? '< 0.01%' : `${Number(percent.toPrecision(2))}%`;
}

/** The place of an element: `[0, 3]`. */
export function showIndex(index: readonly number[]): string {
  return `[${index.join(', ')}]`;
}

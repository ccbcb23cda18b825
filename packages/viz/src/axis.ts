// An axis: from values to pixels, and which values get a tick. Scales, ticks and their text are d3-scale's.

import { TapegradError } from '@tapegrad/core';
import { scaleLinear, scaleLog } from 'd3-scale';
import { requireOneOf, requireOptions, requireRange, requireText } from './checks.ts';

/** What an axis shows. */
export interface AxisOptions {
  /** What is measured. */
  readonly label: string;
  /** In what it is measured, such as `s` or `bits`; shown in parentheses after the label. */
  readonly unit?: string;
  /** `linear` (default) or `log`. On a logarithmic axis a value of 0 or less is a gap. */
  readonly scale?: 'linear' | 'log';
  /** The first and last value of the axis; by default what the values need. */
  readonly domain?: readonly [number, number];
}

/** @throws TapegradError for options that are no {@link AxisOptions}. */
export function checkAxis(op: string, name: string, axis: AxisOptions): void {
  requireOptions(op, name, axis, ['label', 'unit', 'scale', 'domain']);
  const { label, unit, scale = 'linear', domain } = axis;
  requireText(op, `${name}.label`, label);
  if (unit !== undefined) requireText(op, `${name}.unit`, unit);
  requireOneOf(op, `${name}.scale`, scale, ['linear', 'log']);
  if (domain === undefined) return;
  requireRange(op, `${name}.domain`, domain);
  if (scale === 'log' && domain[0] <= 0) {
    throw new TapegradError(
      op,
      `${name}.domain starts at ${domain[0]}, and the scale is "log". Expected numbers above 0; or leave the scale out.`,
    );
  }
}

/** An axis' label with its unit. */
export function axisTitle({ label, unit }: AxisOptions): string {
  return unit === undefined ? label : `${label} (${unit})`;
}

/** Whether an axis can show a value. */
export function isShown(value: number, { scale }: AxisOptions): boolean {
  return Number.isFinite(value) && (scale !== 'log' || value > 0);
}

/** A tick; those between two labelled ones of a logarithmic axis have no text. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** An axis laid out. */
export interface Scale {
  /** From a value to pixels. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** What the axis of some values covers: round ends where `nice`, and never a single point. */
export function domainOf(values: readonly number[], axis: AxisOptions, nice: boolean): readonly [number, number] {
  if (axis.domain) return axis.domain;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!isShown(value, axis)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (axis.scale === 'log') {
    const ends: [number, number] = low === high ? [low / 2, low * 2] : [low, high];
    return nice ? niceLog(ends) : ends;
  }
  const room = low === high ? Math.abs(low) / 10 || 1 : 0;
  const linear = scaleLinear([low - room, high + room], [0, 1]);
  const [from, to] = (nice ? linear.nice(6) : linear).domain();
  return [from!, to!];
}

/** To whole numbers of their decades: whole decades would waste up to half of the picture. */
function niceLog([low, high]: readonly [number, number]): [number, number] {
  const steps = (value: number): number[] => {
    const decade = 10 ** Math.floor(Math.log10(value));
    return Array.from({ length: 10 }, (_, i) => (i + 1) * decade);
  };
  return [steps(low).findLast((step) => step <= low) ?? low, steps(high).find((step) => step >= high) ?? high];
}

/** Lays an axis out between two pixels, with about `count` labelled ticks, on whole numbers where `whole`. */
export function layOut(
  domain: readonly [number, number],
  range: readonly [number, number],
  axis: AxisOptions,
  count: number,
  whole = false,
): Scale {
  if (axis.scale === 'log') {
    const scale = scaleLog(domain, range);
    const format = scale.tickFormat(count, domain[1] / domain[0] > 1e4 ? '~e' : '~g');
    // Within about a decade d3 labels as on a linear axis.
    return { at: (value) => scale(value), ticks: scale.ticks(count).map((at) => ({ at, text: power(format(at)) })) };
  }
  const scale = scaleLinear(domain, range);
  const largest = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const values = scale.ticks(count);
  const plain = whole ? ',d' : undefined;
  const format = scale.tickFormat(count, largest >= 1e6 || largest < 1e-3 ? '~e' : plain);
  return {
    at: (value) => scale(value),
    ticks: values
      .filter((at) => !whole || Number.isInteger(at))
      .map((at) => ({ at, text: at === 0 ? '0' : power(format(at)) })),
  };
}

/** `1e-7` as 10⁻⁷, `2e+6` as 2·10⁶. */
function power(text: string): string {
  const [, factor, exponent] = /^(.*)e\+?(.*)$/.exec(text) ?? [];
  if (factor === undefined || exponent === undefined) return text;
  const raised = Array.from(exponent, (sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? '⁻').join('');
  return factor === '1' ? `10${raised}` : `${factor}·10${raised}`;
}

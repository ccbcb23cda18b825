// An axis: from values to pixels, and which values get a tick. Scales, linear ticks and the text of numbers are d3-scale's.

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
  requireOptions(op, name, axis, { label: true, unit: true, scale: true, domain: true });
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

/**
 * To whole numbers of their decades: whole decades would waste up to half of the picture. Ends that are nearer to each other than 1 is
 * to 2 become round as on a linear axis.
 */
function niceLog([low, high]: readonly [number, number]): readonly [number, number] {
  if (high < 2 * low) {
    const [from, to] = scaleLinear([low, high], [0, 1]).nice(6).domain();
    return [from!, to!];
  }
  const steps = stepsAround([low, high], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  return [steps.findLast((step) => step <= low) ?? low, steps.find((step) => step >= high) ?? high];
}

/** These multiples of each power of ten, from below a range to above it. */
function stepsAround([low, high]: readonly [number, number], factors: readonly number[]): number[] {
  const first = Math.floor(Math.log10(low)) - 1;
  const decades = Array.from({ length: Math.floor(Math.log10(high)) + 2 - first + 1 }, (_, i) => first + i);
  // read, not computed: 3 · 10⁻¹ would be 0.30000000000000004
  const steps = decades.flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`)));
  return steps.filter((step) => step > 0 && Number.isFinite(step));
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
    return { at: (value) => scale(value), ticks: logTicks(domain, count) };
  }
  const scale = scaleLinear(domain, range);
  return { at: (value) => scale(value), ticks: linearTicks(domain, count, whole) };
}

function linearTicks(domain: readonly [number, number], count: number, whole: boolean): Tick[] {
  const scale = scaleLinear(domain, [0, 1]);
  const largest = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const plain = whole ? ',d' : undefined;
  const format = scale.tickFormat(count, largest >= 1e6 || largest < 1e-3 ? '~e' : plain);
  return scale
    .ticks(count)
    .filter((at) => !whole || Number.isInteger(at))
    .map((at) => ({ at, text: at === 0 ? '0' : power(format(at)) }));
}

/**
 * Decades; over about two of them or less, where there is place, 1, 2 and 5 of each; within one such step what a linear axis has,
 * since there the two differ little. Not d3's choice, which may be 0.1, 0.2, 0.3, 0.4, 0.6.
 */
function logTicks(domain: readonly [number, number], count: number): Tick[] {
  const [low, high] = domain;
  const within = (factors: readonly number[]): number[] =>
    stepsAround(domain, factors).filter((step) => step >= low && step <= high);
  const [decades, fine] = [within([1]), within([1, 2, 5])];
  const span = Math.log10(high) - Math.log10(low); // the quotient may be infinite
  // From 1 to 2 it is a third of a decade, which must be two thirds of the place that a label has.
  const isFine = span <= Math.min(2.5, 0.45 * count) || decades.length < 2;
  if (isFine && (fine.length < 2 || fine.every((step) => step === low || step === high))) {
    return linearTicks(domain, count, false);
  }
  const stride = strideOf(decades, Math.max(3, count));
  const isLabelled = (step: number): boolean => isFine || exponentOf(step) % stride === 0;
  const labelled = new Set((isFine ? fine : decades).filter(isLabelled));
  const format = scaleLog().tickFormat(Number.POSITIVE_INFINITY, isPlain(domain) ? ',~g' : '~e');
  const shown = isFine || stride === 1 ? within([1, 2, 3, 4, 5, 6, 7, 8, 9]) : decades;
  return shown.map((at) => ({ at, text: labelled.has(at) ? power(format(at)) : '' }));
}

/** Every how many decades a label stands, for at most `most` of them; with three or more, at least two do. */
function strideOf(decades: readonly number[], most: number): number {
  let stride = 1;
  while (decades.filter((decade) => exponentOf(decade) % stride === 0).length > most) stride++;
  return stride;
}

function exponentOf(decade: number): number {
  return Math.round(Math.log10(decade));
}

/** Whether numbers are read more easily than powers of ten: few zeros, and not of many lengths. */
function isPlain([low, high]: readonly [number, number]): boolean {
  return low >= 1e-4 && high < 1e6 && high / low <= 1e4;
}

/** `1e-7` as 10⁻⁷, `−1e+7` as −10⁷, `2e+6` as 2·10⁶. */
function power(text: string): string {
  const [, factor, exponent] = /^(.*)e\+?(.*)$/.exec(text) ?? [];
  if (factor === undefined || exponent === undefined) return text;
  const raised = Array.from(exponent, (sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? '⁻').join('');
  const times = /^−?1$/.test(factor) ? factor.slice(0, -1) : `${factor}·`;
  return `${times}10${raised}`;
}

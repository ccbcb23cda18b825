import { TapegradError } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { type AxisOptions, axisTitle, checkAxis, domainOf, layOut } from '../src/axis.ts';

const linear: AxisOptions = { label: 'loss' };
const log: AxisOptions = { label: 'loss', scale: 'log' };
const labels = (domain: readonly [number, number], axis: AxisOptions, count: number, whole = false) =>
  layOut(domain, [0, 100], axis, count, whole)
    .ticks.map(({ text }) => text)
    .filter((text) => text !== '');

describe('what an axis covers', () => {
  it.each([
    ['round ends', [0.13, 1.96], linear, true, [0, 2]],
    ['the ends of the values, where they need not be round', [1, 60], linear, false, [1, 60]],
    ['something around a single value', [5, 5], linear, false, [4.5, 5.5]],
    ['something around zero', [0], linear, false, [-1, 1]],
    ['finite values only', [Number.NaN, 1, Number.POSITIVE_INFINITY, 3], linear, false, [1, 3]],
    ['whole numbers of decades', [0.013, 230], log, true, [0.01, 300]],
    ['round ends within less than an octave', [0.0010012, 0.0010987], log, true, [0.001, 0.0011]],
    ['all numbers', [1.5e-323, 1.5e308], log, true, [1e-323, 1.5e308]],
    ['values above 0 on a logarithmic axis', [-3, 0, 2, 5], log, false, [2, 5]],
    ['both sides of a single value on a logarithmic axis', [4], log, false, [2, 8]],
    ['its domain', [1, 2], { ...linear, domain: [0, 10] }, true, [0, 10]],
  ] as const)('%s', (_name, values, axis, nice, expected) => {
    const domain = domainOf(values, axis, nice);
    expect(domain.map((end) => Number(end.toPrecision(12)))).toEqual(expected);
  });
});

describe('ticks', () => {
  it.each([
    ['are round', [0, 1], linear, 5, ['0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    ['have a minus of the width of digits', [-1, 1], linear, 3, ['−1.0', '−0.5', '0', '0.5', '1.0']],
    ['are grouped', [0, 40000], linear, 4, ['0', '10,000', '20,000', '30,000', '40,000']],
    ['are powers of ten where they are large', [0, 4e7], linear, 4, ['0', '10⁷', '2·10⁷', '3·10⁷', '4·10⁷']],
    ['are negative powers of ten', [-2e7, 2e7], linear, 4, ['−2·10⁷', '−10⁷', '0', '10⁷', '2·10⁷']],
    ['are powers of ten where they are small', [0, 2e-4], linear, 2, ['0', '10⁻⁴', '2·10⁻⁴']],
    ['are decades on a logarithmic axis', [0.01, 100], log, 5, ['0.01', '0.1', '1', '10', '100']],
    ['are powers of many decades', [1e-3, 1e3], log, 7, ['10⁻³', '10⁻²', '10⁻¹', '10⁰', '10¹', '10²', '10³']],
    ['are 1, 2 and 5 within a decade', [0.4, 3], log, 5, ['0.5', '1', '2']],
    ['are 1, 2 and 5 within two decades', [0.01, 0.7], log, 6, ['0.01', '0.02', '0.05', '0.1', '0.2', '0.5']],
    ['are 1, 2 and 5 of large numbers', [1000, 9e4], log, 6, ['1,000', '2,000', '5,000', '10,000', '20,000', '50,000']],
    ['are 1, 2 and 5 of small numbers', [3e-7, 4e-6], log, 5, ['5·10⁻⁷', '10⁻⁶', '2·10⁻⁶']],
    ['are decades alone where there is little place', [0.01, 0.7], log, 2, ['0.01', '0.1']],
    ['are 1, 2 and 5 where a single decade would be left', [0.4, 3], log, 2, ['0.5', '1', '2']],
    ['are decades alone over more than about two', [2, 900], log, 6, ['10', '100']],
    ['are evenly spread over many decades', [1e-12, 10], log, 5, ['10⁻¹²', '10⁻⁹', '10⁻⁶', '10⁻³', '10⁰']],
    ['are at least two over many decades', [1e-8, 1e-1], log, 2, ['10⁻⁶', '10⁻³']],
    ['reach over all numbers', [1e-300, 1e300], log, 3, ['10⁻¹⁵¹', '10⁰', '10¹⁵¹']],
    ['are linear within one step of 1, 2 and 5', [0.21, 0.45], log, 5, ['0.25', '0.30', '0.35', '0.40', '0.45']],
    ['are linear from one step to the next', [0.2, 0.5], log, 3, ['0.2', '0.3', '0.4', '0.5']],
    ['are linear where 1, 2 and 5 would leave one', [0.3, 0.9], log, 3, ['0.4', '0.6', '0.8']],
  ] as const)('%s', (_name, domain, axis, count, expected) => {
    expect(labels(domain, axis, count)).toEqual(expected);
  });

  it('without text are whole numbers of decades, where these are labelled', () => {
    const values = layOut([0.05, 30], [0, 100], log, 4).ticks.map(({ at, text }) => text || at);
    expect(values.slice(0, 7)).toEqual([0.05, 0.06, 0.07, 0.08, 0.09, '0.1', 0.2]);
    expect(values.slice(-4)).toEqual([9, '10', 20, 30]);
  });

  it('are whole numbers of epochs', () => {
    expect(labels([1, 4], linear, 6, true)).toEqual(['1', '2', '3', '4']);
  });
});

it('the unit stands in parentheses', () => {
  expect([axisTitle(linear), axisTitle({ label: 'time', unit: 'ms' })]).toEqual(['loss', 'time (ms)']);
});

it.each([
  [{}, 'y.label is undefined. Expected a text that is not empty.'],
  [{ label: '' }, 'y.label is "". Expected a text that is not empty.'],
  [{ label: 'l', unit: 3 }, 'y.unit is 3. Expected a text that is not empty.'],
  [{ label: 'l', scale: 'sqrt' }, 'y.scale is "sqrt". Expected "linear" or "log".'],
  [{ label: 'l', lable: 3 }, 'y has no option lable. Did you mean label? Known: label, unit, scale, domain.'],
  [{ label: 'l', domain: [2, 1] }, 'y.domain is [2, 1]. Expected two finite numbers, the smaller one first.'],
  [{ label: 'l', domain: 2 }, 'y.domain is 2. Expected two finite numbers, the smaller one first.'],
  [
    { label: 'l', scale: 'log', domain: [0, 1] },
    'y.domain starts at 0, and the scale is "log". Expected numbers above 0; or leave the scale out.',
  ],
  [undefined, 'y is undefined. Expected an object of options.'],
])('refuses %j', (axis, message) => {
  expect(() => checkAxis('curves', 'y', axis as AxisOptions)).toThrow(new TapegradError('curves', message));
});

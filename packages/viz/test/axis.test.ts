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
    ['are powers of ten where they are small', [0, 2e-4], linear, 2, ['0', '10⁻⁴', '2·10⁻⁴']],
    ['are decades on a logarithmic axis', [0.01, 100], log, 5, ['0.01', '0.1', '1', '10', '100']],
    ['are powers of many decades', [1e-3, 1e3], log, 7, ['10⁻³', '10⁻²', '10⁻¹', '10⁰', '10¹', '10²', '10³']],
    ['are few within a decade', [0.2, 0.8], log, 4, ['0.2', '0.3', '0.4', '0.5']],
  ] as const)('%s', (_name, domain, axis, count, expected) => {
    expect(labels(domain, axis, count)).toEqual(expected);
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

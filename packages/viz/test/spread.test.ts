import { expect, it } from 'vitest';
import { spread } from '../src/spread.ts';

it('leaves what is far enough apart where it is', () => {
  expect(spread([50, 10, 90], 16, 0, 100)).toEqual([50, 10, 90]);
});

it('moves labels apart around their middle, in their order', () => {
  expect(spread([50, 50], 10, 0, 100)).toEqual([45, 55]);
  expect(spread([60, 50, 52], 10, 0, 100)).toEqual([64, 44, 54]);
});

it('keeps them between the bounds', () => {
  expect(spread([0, 1, 2], 10, 0, 100)).toEqual([0, 10, 20]);
  expect(spread([100, 99, 98], 10, 0, 100)).toEqual([100, 90, 80]);
});

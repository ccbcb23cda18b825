import { describe, expect, it } from 'vitest';
import { countOf, firstOf, normalised, sevensAndEights } from '../src/data.ts';

const { train, heldOut } = await sevensAndEights({ digits: 60, heldOut: 20 }, 1);

describe('sevensAndEights', () => {
  it('has a column of 784 pixels for each digit, and a label', () => {
    expect([train.X.shape, train.Y.shape]).toEqual([[784, 40], [1, 40]]); // biome-ignore format: two shapes
    expect([heldOut.X.shape, heldOut.Y.shape]).toEqual([[784, 20], [1, 20]]); // biome-ignore format: two shapes
    expect([train.X.min().item(), train.X.max().item()]).toEqual([0, 255]);
  });

  it('labels sevens 1 and eights 0: eights have more ink below the middle', () => {
    const ink = train.X.reshape([28, 28, 40]).slice(14).sum([0, 1]).toData();
    const meanOf = (label: number): number => {
      const some = [...train.Y.toData()].flatMap((each, i) => (each === label ? [ink[i]!] : []));
      expect(some.length).toBeGreaterThan(10);
      return some.reduce((sum, each) => sum + each, 0) / some.length;
    };
    expect(meanOf(0)).toBeGreaterThan(1.3 * meanOf(1));
  });

  it('takes the same digits for the same seed, others for another', async () => {
    const again = await sevensAndEights({ digits: 60, heldOut: 20 }, 1);
    expect(again.train.X.sub(train.X).abs().sum().item()).toBe(0);
    const other = await sevensAndEights({ digits: 60, heldOut: 20 }, 2);
    expect(other.train.X.sub(train.X).abs().sum().item()).toBeGreaterThan(0);
  });
});

describe('firstOf and normalised', () => {
  it('take the first columns, and bring pixels to 0 to 1', () => {
    const few = normalised(firstOf(train, 3));
    expect(countOf(few)).toBe(3);
    expect(few.X.shape).toEqual([784, 3]);
    expect(
      few.X.mul(255)
        .sub(train.X.slice(0, 3, { axis: 1 }))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-4);
    expect(few.Y.toData()).toEqual(train.Y.toData().slice(0, 3));
  });
});

import { describe, expect, it } from 'vitest';
import { partOfBlock } from '../src/blocks.ts';
import { dtypes, newData, storesAs } from '../src/dtype.ts';
import { tensor } from '../src/index.ts';

describe('small stores', () => {
  it.each(dtypes)('of %s are zeros, whatever was written to others', (dtype) => {
    for (let size = 0; size < 700; size += 3) {
      const data = partOfBlock(dtype, size);
      expect(storesAs(data, dtype)).toBe(true);
      expect(data.length).toBe(size);
      expect(data.every((x) => x === 0)).toBe(true);
      data.fill(1);
    }
  });

  it('do not overlap, also of several dtypes in turn', () => {
    const stores = Array.from({ length: 400 }, (_, i) => partOfBlock(dtypes[i % dtypes.length]!, 65 + (i % 37)));
    for (const [i, data] of stores.entries()) data.fill(i % 100);
    for (const [i, data] of stores.entries()) expect(data.every((x) => x === i % 100)).toBe(true);
  });

  it('are parts of few blocks, and large ones none', () => {
    const blocks = new Set(Array.from({ length: 128 }, () => partOfBlock('float32', 100).buffer));
    expect(blocks.size).toBeLessThan(6);
    expect(partOfBlock('float32', 10_000).buffer.byteLength).toBe(40_000);
  });

  it('are not handed out: what users get is theirs', () => {
    const x = tensor(newData('float32', 100)).add(1);
    for (const { buffer, byteOffset } of [x.toData(), x.toNdarray().data]) {
      expect([byteOffset, buffer.byteLength]).toEqual([0, 400]);
    }
  });
});

import { type Tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/index.ts';
import { turnsOf } from '../../src/threads/meetings.ts';

/** The plan of a function, and addresses of its buffers, one behind another. */
function planOf(f: (...xs: Tensor[]) => Tensor | readonly Tensor[], ...shapes: readonly (readonly number[])[]) {
  const compiled = compile(f as (...xs: Tensor[]) => Tensor, { threads: 1 });
  compiled(...shapes.map((shape) => zeros(shape)));
  const { plan } = compiled.programs[0]!;
  let end = 0;
  const addresses = plan.buffers.map(({ length }) => {
    end += 8 * length + 64;
    return end - 8 * length;
  });
  return { plan, addresses };
}

describe('turnsOf', () => {
  it('leaves small programs to one thread', () => {
    const { plan, addresses } = planOf((x, y) => x.matmul(y), [100, 100], [100, 10]);
    expect(turnsOf(plan, addresses)).toBe(undefined);
  });

  it('has threads meet where one reads what another wrote, and only there', () => {
    const { plan, addresses } = planOf(
      (x, y, z) => [x.matmul(y).transpose().relu(), z.matmul(x)],
      [256, 256],
      [256, 256],
      [256, 256],
    );
    const kinds = plan.kernels.map(({ kind }) => kind);
    expect([...kinds].sort()).toEqual(['loop', 'product', 'product']);
    const turns = turnsOf(plan, addresses)!;
    const meeting = turns.filter(({ meets }) => meets);
    expect(turns.every(({ pieces }) => pieces > 0)).toBe(true);
    expect(meeting).toHaveLength(1);
    expect(turns[kinds.indexOf('loop')]!.meets).toBe(true);
  });

  it('has no threads meet between a product and its epilogue', () => {
    const { plan, addresses } = planOf((x, y) => x.matmul(y).relu(), [256, 256], [256, 256]);
    expect(turnsOf(plan, addresses)!.map(({ meets }) => meets)).toEqual([false]);
  });

  it('has threads meet where buffers share their bytes', () => {
    const { plan, addresses } = planOf((x, y, z) => [x.matmul(y), z.matmul(x)], [256, 256], [256, 256], [256, 256]);
    expect(turnsOf(plan, addresses)!.map(({ meets }) => meets)).toEqual([false, false]);
    const [first, second] = plan.outputs;
    const shared = addresses.map((address, buffer) =>
      buffer === second!.buffer ? addresses[first!.buffer]! : address,
    );
    expect(turnsOf(plan, shared)!.map(({ meets }) => meets)).toEqual([false, true]);
  });

  it('gives small kernels to the first thread, which does one after another without meeting', () => {
    const { plan, addresses } = planOf((x, y) => x.matmul(y).sum(1).sum(0).exp(), [300, 300], [300, 300]);
    const turns = turnsOf(plan, addresses)!;
    const alone = turns.filter(({ pieces }) => pieces === 0);
    expect(alone.length).toBeGreaterThan(0);
    expect(alone.filter(({ meets }) => meets).length).toBeLessThanOrEqual(1);
    expect(turns.at(-1)).toEqual({ pieces: 0, columns: false, meets: alone.length === 1 });
  });
});

import { RandomGenerator } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { workLayout } from '../../src/passes/memory.ts';
import { type LoopKernel, type Plan, type PlanBuffer, readsOf, writesOf } from '../../src/plan.ts';

const work = (length: number): PlanBuffer => ({ type: 'f32', length, holds: { kind: 'work' } });
const bytesOf =
  ({ buffers }: Plan) =>
  (buffer: number): number =>
    4 * buffers[buffer]!.length;

/** A loop that reads and writes these buffers. */
function loop(reads: readonly number[], writes: readonly number[]): LoopKernel {
  const to = (buffer: number) => ({ buffer, strides: [1], offset: 0 });
  return {
    ...{ kind: 'loop', ops: [], shape: [1], reduced: [], reductions: [], body: [] },
    loads: reads.map(to),
    stores: writes.map((buffer) => ({ step: 0, to: to(buffer), add: false })),
  };
}

function plan(buffers: readonly PlanBuffer[], kernels: readonly LoopKernel[], outputs: readonly number[] = []): Plan {
  return {
    ...{ buffers, kernels, argumentBuffers: [], stateBuffers: [], feedBuffers: [] },
    outputs: outputs.map((buffer) => ({ buffer, strides: [1], offset: 0, shape: [1], dtype: 'float32' })),
  };
}

/** A plan by chance, in which each kernel writes one new buffer and reads some of the earlier ones. */
function randomPlan(random: RandomGenerator): Plan {
  const below = (n: number): number => Math.floor(random.next() * n);
  const count = 1 + below(30);
  const buffers = Array.from({ length: count }, () => work(below(4) === 0 ? 0 : below(100)));
  const kernels = buffers.map((_, at) =>
    loop(
      Array.from({ length: at === 0 ? 0 : below(4) }, () => below(at)),
      [at],
    ),
  );
  return plan(
    buffers,
    kernels,
    Array.from({ length: 1 + below(3) }, () => below(count)),
  );
}

/** The first and the last kernel that a buffer must outlive. */
function lifeOf(given: Plan, buffer: number): readonly [number, number] {
  const uses = given.kernels.flatMap((kernel, at) =>
    [...readsOf(kernel), ...writesOf(kernel)].includes(buffer) ? at : [],
  );
  if (given.outputs.some((output) => output.buffer === buffer)) uses.push(given.kernels.length);
  return [Math.min(...uses), Math.max(...uses)];
}

describe('work buffers', () => {
  it('that are needed at the same time do not overlap (200 random plans)', () => {
    const random = new RandomGenerator(20261126);
    for (let turn = 0; turn < 200; turn++) {
      const given = randomPlan(random);
      const { offsets, bytes } = workLayout(given, bytesOf(given));
      const places = [...offsets].map(([buffer, offset]) => {
        const [first, last] = lifeOf(given, buffer);
        return { buffer, offset, end: offset + bytesOf(given)(buffer), first, last };
      });
      expect(places.length).toBe(given.buffers.length);
      for (const a of places) {
        expect(a.offset).toBeGreaterThanOrEqual(0);
        expect(a.end).toBeLessThanOrEqual(bytes);
        for (const b of places) {
          const together = a.buffer !== b.buffer && a.first <= b.last && b.first <= a.last;
          if (together) expect(a.end <= b.offset || b.end <= a.offset, `${a.buffer} and ${b.buffer}`).toBe(true);
        }
      }
    }
  });

  it('of a chain take turns in two places', () => {
    const count = 10;
    const buffers = Array.from({ length: count }, () => work(16));
    const given = plan(
      buffers,
      buffers.map((_, at) => loop(at === 0 ? [] : [at - 1], [at])),
      [count - 1],
    );
    expect(workLayout(given, bytesOf(given)).bytes).toBe(2 * 64);
  });

  it('are kept while something may still read them, and outputs to the end', () => {
    const given = plan([work(4), work(4), work(4)], [loop([], [0]), loop([0], [1]), loop([0], [2])], [1, 2]);
    const { offsets, bytes } = workLayout(given, bytesOf(given));
    expect(new Set(offsets.values()).size).toBe(3);
    expect(bytes).toBe(48);
  });

  it('that are written twice live from the first writing on', () => {
    const given = plan(
      [work(4), work(4), work(4)],
      [loop([], [0]), loop([], [1]), loop([1], [0]), loop([0], [2])],
      [2],
    );
    const { offsets } = workLayout(given, bytesOf(given));
    expect(offsets.get(0)).not.toBe(offsets.get(1));
  });

  it('alone are laid out: arguments, states and constants lie elsewhere', () => {
    const argument: PlanBuffer = { type: 'f32', length: 4, holds: { kind: 'argument', index: 0 } };
    const given = plan([argument, work(4)], [loop([0], [1])], [1]);
    expect([...workLayout(given, bytesOf(given)).offsets]).toEqual([[1, 0]]);
  });

  it('are none in a plan that makes nothing', () => {
    const given = plan([], []);
    expect(workLayout(given, bytesOf(given))).toEqual({ offsets: new Map(), bytes: 0 });
  });
});

import { Parameter, Tape, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/index.ts';
import { words } from '../../src/threads/control.ts';
import { thisThreadHost } from '../../src/threads/workers.ts';
import { bitsOf, convolutional, dense, partsDone, ready, type Step, testMemory } from './steps.ts';

/** The losses of so many steps. */
function train({ step, x, y }: Step, steps: number): readonly number[] {
  return Array.from({ length: steps }, () => step(x, y).item());
}

describe('a program on several threads', () => {
  it.each([
    ['dense layers', dense],
    ['a convolution', convolutional],
  ] as const)(
    'trains %s to the same bits as one thread',
    async (_, make) => {
      const one = make(1);
      const losses = train(one, 51);
      expect(one.step.programs[0]!.stats.threads).toBe(1);
      expect(losses[50]).toBeLessThan(losses[0]!);
      for (const threads of [2, 3]) {
        const several = make(threads);
        const first = train(several, 1);
        expect(several.step.programs[0]!.stats.threads).toBe(threads);
        await ready(several.memory);
        expect([...first, ...train(several, 50)]).toEqual(losses);
        expect(partsDone(several.memory)).toBeGreaterThanOrEqual((threads - 1) * 40);
        expect(bitsOf(several)).toEqual(bitsOf(one));
      }
    },
    60_000,
  );

  it('runs at once, while workers start, and goes on with them in the middle of a loop', async () => {
    const [one, two] = [dense(1), dense(2)];
    expect(train(two, 100)).toEqual(train(one, 100));
    await ready(two.memory);
    expect(train(two, 8)).toEqual(train(one, 8));
    expect(partsDone(two.memory)).toBeGreaterThanOrEqual(8);
  }, 60_000);

  it('shares a memory, and its workers, with other programs', async () => {
    const memory = testMemory();
    const [train2, other2, alone, alone2] = [
      dense(2, memory),
      dense(2, memory, 64),
      dense(1),
      dense(1, testMemory(), 64),
    ];
    for (let i = 0; i < 20; i++) {
      expect([...train(train2, 1), ...train(other2, 1)]).toEqual([...train(alone, 1), ...train(alone2, 1)]);
      if (i === 3) await ready(memory);
    }
    expect(memory.crewOf(5)!.threads).toBe(2);
    expect(partsDone(memory)).toBeGreaterThanOrEqual(16);
  }, 60_000);

  it('leaves small programs to one thread, and starts no worker for them', () => {
    const memory = testMemory({
      start: () => {
        throw new Error('a worker was started');
      },
    });
    const f = compile((x: Tensor) => x.mul(2).sum(), { threads: 2, memory });
    expect(f(tensor([1, 2, 3])).item()).toBe(12);
    expect(f.programs[0]!.stats.threads).toBe(1);
    expect(String(f.programs[0])).not.toContain('threads');
  });

  it('says how many threads run it', () => {
    const { step, x, y } = dense(2);
    step(x, y);
    expect(String(step.programs[0])).toMatch(/of WebAssembly; 2 threads\n/);
  });

  it('stays whole where JavaScript throws in the middle of a run', async () => {
    const memory = testMemory();
    const w = new Parameter(zeros([200, 200]), 'w');
    const step = compile(
      (x: Tensor, at: Tensor) => {
        const tape = new Tape();
        const loss = tape.record(() => x.matmul(w).add(1).tanh().gather(1, at).square().mean());
        w.assign(w.sub(tape.gradient(loss, w)));
        return loss;
      },
      { threads: 2, memory },
    );
    const x = tensor(
      Array.from({ length: 200 * 200 }, (_, i) => Math.sin(i)),
      { shape: [200, 200] },
    );
    const at = (index: number) => tensor(Array(200).fill(index), { shape: [200, 1], dtype: 'int32' });
    step(x, at(0));
    await ready(memory);
    const before = w.toArray();
    for (let i = 0; i < 3; i++) {
      expect(() => step(x, at(200))).toThrow('200');
      expect(w.toArray()).toEqual(before);
    }
    const done = partsDone(memory);
    expect(done).toBeGreaterThan(0);
    expect(memory.crewOf(2)!.ready).toBe(true);
    expect(step(x, at(1)).item()).toBeGreaterThan(0);
    expect(w.toArray()).not.toEqual(before);
    expect(partsDone(memory)).toBe(done + 1);
  }, 60_000);

  it('needs no workers: where they cannot be started one thread does all', () => {
    const start = (): never => {
      throw new Error('no workers here');
    };
    const [one, two] = [dense(1), dense(2, testMemory({ start }))];
    expect(train(two, 5)).toEqual(train(one, 5));
    expect(two.step.programs[0]!.stats.threads).toBe(1);
  });

  it('needs no shared memory: in a page that is not cross-origin isolated one thread does all', () => {
    const [one, two] = [dense(1), dense(2, testMemory({ shares: false }))];
    expect(train(two, 5)).toEqual(train(one, 5));
    expect(two.step.programs[0]!.stats.threads).toBe(1);
    expect(two.memory.arena.memory.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('goes on with one thread where a worker cannot take a program in', async () => {
    const host = thisThreadHost();
    const memory = testMemory({
      start: (source, lost) => host.start(source.replace('new WebAssembly.Instance', 'new WebAssembly.Missing'), lost),
    });
    const [one, two] = [dense(1), dense(2, memory)];
    expect(train(two, 5)).toEqual(train(one, 5));
    const control = new Int32Array(memory.arena.memory.buffer);
    for (let i = 0; i < 3000 && Atomics.load(control, words.failed) === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(Atomics.load(control, words.failed)).toBe(1);
    expect(train(two, 5)).toEqual(train(one, 5));
    expect(partsDone(memory)).toBe(0);
  }, 60_000);

  it('goes on with one thread where a worker died', async () => {
    const host = thisThreadHost();
    let kill: (() => void) | undefined;
    const memory = testMemory({
      start: (source, lost) => {
        const worker = host.start(source, lost);
        kill = worker.end;
        return worker;
      },
    });
    const [one, two] = [dense(1), dense(2, memory)];
    expect(train(two, 1)).toEqual(train(one, 1));
    await ready(memory);
    kill!();
    // nobody told the program yet: the worker does not come when it is called
    expect(train(two, 2)).toEqual(train(one, 2));
    expect(memory.crewOf(2)!.ready).toBe(false);
    expect(train(two, 20)).toEqual(train(one, 20));
  }, 60_000);

  it('says where a worker failed in the middle of a run, and goes on with one thread', async () => {
    const host = thisThreadHost();
    const memory = testMemory({
      start: (source, lost) => {
        const broken = source.replace(
          '.exports.run)',
          '.exports.run && ((...args) => { Atomics.add(control, words.arrived, 1); throw new Error("broken"); }))',
        );
        return host.start(broken, lost);
      },
    });
    const { step, x, y } = dense(2, memory);
    step(x, y);
    await ready(memory);
    expect(() => step(x, y)).toThrow(
      'compile: a worker failed in the middle of a run, whose results are lost. Set threads to 1 to see whether it is the program that fails.',
    );
    expect(Number.isFinite(step(x, y).item())).toBe(true);
  }, 60_000);

  it('ends its workers when the memory is collected', async () => {
    const host = thisThreadHost();
    let ended = 0;
    const run = async () => {
      const memory = testMemory({
        start: (source, lost) =>
          host.start(source, () => {
            ended++;
            lost();
          }),
      });
      const two = dense(2, memory);
      train(two, 2);
      await ready(memory);
      train(two, 2);
    };
    await run();
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let i = 0; i < 400 && ended === 0; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(ended).toBe(1);
  }, 60_000);
});

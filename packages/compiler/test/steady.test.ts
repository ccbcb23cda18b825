// A compiled step that runs again and again: it leaves nothing behind.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Parameter, RandomGenerator, Tape, type Tensor } from '@tapegrad/core';
import { expect, it } from 'vitest';
import { compile, ProgramMemory } from '../src/index.ts';

function training(memory: ProgramMemory) {
  const random = new RandomGenerator(1);
  const [w, b] = [new Parameter(random.normal([20, 8]), 'w'), new Parameter(random.normal([8]), 'b')];
  const step = compile(
    (x: Tensor) => {
      const tape = new Tape();
      const loss = tape.record(() => x.matmul(w).add(b).tanh().square().mean());
      const gradients = tape.gradient(loss, { w, b });
      w.assign(w.sub(gradients.w.mul(0.01)));
      b.assign(b.sub(gradients.b.mul(0.01)));
      return loss;
    },
    { memory },
  );
  return { step, x: random.normal([16, 20]), weights: [w, b] };
}

it('leaves the memory of its program as it is', () => {
  const memory = new ProgramMemory();
  const { step, x } = training(memory);
  step(x);
  const before = [memory.arena.bytes, memory.arena.memory.buffer.byteLength];
  for (let i = 0; i < 1000; i++) step(x);
  expect([memory.arena.bytes, memory.arena.memory.buffer.byteLength]).toEqual(before);
});

it('leaves less than 16 bytes a step on the heap, over 5,000 steps', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { step, x, weights } = training(new ProgramMemory());
  const steps = (count: number): void => {
    for (let i = 0; i < count; i++) step(x);
    for (const weight of weights) weight.toArray();
  };
  steps(1000);
  collect();
  const before = process.memoryUsage();
  steps(5000);
  collect();
  const after = process.memoryUsage();
  expect(after.heapUsed - before.heapUsed).toBeLessThan(16 * 5000);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4096);
});

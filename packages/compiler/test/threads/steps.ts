// Training steps to be run on several threads, and memories whose threads can be counted on.

import {
  conv2d,
  layerNorm,
  maxPool2d,
  Parameter,
  RandomGenerator,
  Tape,
  type Tensor,
  tensor,
  zeros,
} from '@tapegrad/core';
import { type Compiled, compile, ProgramMemory } from '../../src/index.ts';
import { words } from '../../src/threads/control.ts';
import { type ThreadHost, thisThreadHost } from '../../src/threads/workers.ts';

/** A memory whose programs find several threads and one equally fast, so that both are used; and what else is said of its host. */
export function testMemory(host: Partial<ThreadHost> = {}): ProgramMemory {
  return new ProgramMemory({ ...thisThreadHost(), env: {}, now: () => 0, ...host });
}

/** A step of training, its data, and its parameters. */
export interface Step {
  readonly step: Compiled<[Tensor, Tensor], Tensor>;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly parameters: readonly Parameter[];
  readonly memory: ProgramMemory;
}

type Model = (x: Tensor, parameters: readonly Parameter[]) => Tensor;

/** Gradient descent with momentum on the cross-entropy of a model's logits. */
function training(
  model: Model,
  weights: readonly (readonly number[])[],
  [x, y]: readonly [Tensor, Tensor],
  threads: number,
  memory: ProgramMemory,
): Step {
  const random = new RandomGenerator(3);
  const parameters = weights.map((shape, i) => new Parameter(random.normal(shape, 0, 0.1), `w${i}`));
  const speeds = parameters.map(({ shape }, i) => new Parameter(zeros(shape), `m${i}`));
  const step = compile(
    (x: Tensor, y: Tensor) => {
      const tape = new Tape();
      const loss = tape.record(() => model(x, parameters).logSoftmax().mul(y).sum(-1).mean().neg());
      tape.gradient(loss, parameters).forEach((g, i) => {
        const speed = speeds[i]!.mul(0.9).add(g);
        speeds[i]!.assign(speed);
        parameters[i]!.assign(parameters[i]!.sub(speed.mul(0.01)));
      });
      return loss;
    },
    { threads, memory, native: false },
  );
  return { step, x, y, parameters: [...parameters, ...speeds], memory };
}

function oneHot(count: number, classes: number): Tensor {
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from({ length: classes }, (_, j) => (j === (i * 7) % classes ? 1 : 0)),
  );
  return tensor(rows);
}

/** Dense layers of odd sizes, the last one normalised. */
export function dense(threads: number, memory: ProgramMemory = testMemory(), batch = 101): Step {
  const model: Model = (x, [w0, b0, w1, b1, w2]) =>
    layerNorm(x.matmul(w0!).add(b0!).relu().matmul(w1!).add(b1!).tanh()).matmul(w2!);
  const data = [new RandomGenerator(1).normal([batch, 37]), oneHot(batch, 10)] as const;
  return training(model, [[37, 131], [131], [131, 67], [67], [67, 10]], data, threads, memory);
}

/** A convolution, pooling, and a layer. */
export function convolutional(threads: number, memory: ProgramMemory = testMemory()): Step {
  const model: Model = (x, [kernel, w]) =>
    maxPool2d(conv2d(x, kernel!, { padding: 'same' }).relu(), 2)
      .reshape([13, -1])
      .matmul(w!);
  const data = [new RandomGenerator(1).normal([13, 14, 10, 3]), oneHot(13, 5)] as const;
  return training(
    model,
    [
      [3, 3, 3, 9],
      [7 * 5 * 9, 5],
    ],
    data,
    threads,
    memory,
  );
}

/** Waits until the workers of a memory have taken in all programs. */
export async function ready(memory: ProgramMemory): Promise<void> {
  for (let i = 0; !memory.crewOf(2)!.ready; i++) {
    if (i === 3000) throw new Error('workers do not become ready');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How many runs workers have ended: they say so a moment after the main thread has gone on, so that it waits until nothing changes. */
export function partsDone(memory: ProgramMemory): number {
  const control = new Int32Array(memory.arena.memory.buffer);
  for (;;) {
    const done = Atomics.load(control, words.finished);
    Atomics.wait(control, words.finished, done, 50);
    if (Atomics.load(control, words.finished) === done) return done;
  }
}

/** The bits of the parameters. */
export function bitsOf({ parameters }: Step): readonly number[] {
  return parameters.flatMap((parameter) => {
    const data = parameter.toData();
    return [...new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4)];
  });
}

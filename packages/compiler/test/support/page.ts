// What the browser test runs in a page: a training step compiled, for one thread and for two, and op by op.

import { Parameter, RandomGenerator, Tape, type Tensor } from '@tapegrad/core';
import { compile } from '../../src/index.ts';

/** What the page found: losses of the same training. */
export interface Found {
  readonly eager: readonly number[];
  readonly compiled: readonly number[];
  readonly together: readonly number[];
  /** How many threads the program for two has. */
  readonly threads: number;
  readonly program: string;
}

const steps = 60;

function training() {
  const random = new RandomGenerator(1);
  const [w, v] = [new Parameter(random.normal([300, 200]), 'w'), new Parameter(random.normal([200, 1]), 'v')];
  const x = random.normal([129, 300]);
  const step = (): Tensor => {
    const tape = new Tape();
    const loss = tape.record(() => x.matmul(w).mul(0.05).tanh().matmul(v).sigmoid().log().mean().neg());
    const gradients = tape.gradient(loss, { w, v });
    w.assign(w.sub(gradients.w.mul(0.1)));
    v.assign(v.sub(gradients.v.mul(0.1)));
    return loss;
  };
  return step;
}

async function losses(step: () => Tensor): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < steps; i++) {
    values.push(step().item());
    await new Promise((resolve) => setTimeout(resolve, 5)); // workers start meanwhile
  }
  return values;
}

const [alone, two] = [compile(training(), { threads: 1 }), compile(training(), { threads: 2 })];
const [eager, compiled, together] = [await losses(training()), await losses(alone), await losses(two)];
const { threads } = two.programs[0]!.stats;
(globalThis as { found?: Found }).found = { eager, compiled, together, threads, program: String(alone.programs[0]) };

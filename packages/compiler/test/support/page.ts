// What the browser test runs in a page: a training step compiled and op by op, and what both come to.

import { Parameter, RandomGenerator, Tape, type Tensor } from '@tapegrad/core';
import { compile } from '../../src/index.ts';

/** What the page found. */
export interface Found {
  readonly compiled: readonly number[];
  readonly eager: readonly number[];
  readonly program: string;
}

function losses(jit: boolean): readonly [number[], string] {
  const random = new RandomGenerator(1);
  const [w, v] = [new Parameter(random.normal([12, 17]), 'w'), new Parameter(random.normal([17, 1]), 'v')];
  const step = (x: Tensor): Tensor => {
    const tape = new Tape();
    const loss = tape.record(() => x.matmul(w).tanh().matmul(v).sigmoid().log().mean().neg());
    const gradients = tape.gradient(loss, { w, v });
    w.assign(w.sub(gradients.w.mul(0.1)));
    v.assign(v.sub(gradients.v.mul(0.1)));
    return loss;
  };
  const x = random.normal([9, 12]);
  const compiled = compile(step);
  const run = jit ? compiled : step;
  const values = Array.from({ length: 20 }, () => run(x).item());
  return [values, String(compiled.programs[0])];
}

const [[compiled, program], [eager]] = [losses(true), losses(false)];
(globalThis as { found?: Found }).found = { compiled, eager, program };

// A loop of a plan as a function.

import { binaryQuad, type DefinedFunction, type LoopReduction, type LoopSource, loopFunction } from '@tapegrad/wasm';
import { runningType } from '../passes/loop-nodes.ts';
import type { LoopKernel } from '../plan.ts';
import { type BodyOptions, bodyWriter } from './body.ts';
import { type BufferPlaces, loopAccess } from './nest.ts';

/** The function that does it, or a part of it: see `loopFunction`. */
export function loopKernel(
  kernel: LoopKernel,
  name: string,
  options: BodyOptions & BufferPlaces,
  split: LoopSource['split'],
): DefinedFunction {
  const { shape, reduced, body, stores, reductions } = kernel;
  const write = bodyWriter(body, options);
  // what is added to is read first
  const sums = stores.filter(({ add }) => add);
  const loads = [...kernel.loads, ...sums.map(({ to }) => to)];
  return loopFunction({
    name,
    shape,
    reduced,
    split,
    loads: loads.map((access) => loopAccess(options, access)),
    stores: stores.map(({ to }) => loopAccess(options, to)),
    reductions: reductions.map(({ combine, to }): LoopReduction => {
      const access = loopAccess(options, to);
      return { combine, running: runningType(combine, access.type), to: access };
    }),
    body: (quads, steps, once) => {
      const values = write(quads, steps, once);
      return {
        stores: stores.map((store) => {
          const value = values[store.step]!;
          const before = sums.indexOf(store);
          return before < 0 ? value : binaryQuad(steps, 'add', quads[kernel.loads.length + before]!, value);
        }),
        reductions: reductions.map(({ step }) => values[step]!),
      };
    },
  });
}

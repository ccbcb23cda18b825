// Small functions as graphs and plans, for the tests of what is made of them.

import type { Tensor } from '@tapegrad/core';
import { traceWith } from '@tapegrad/core/compiling';
import type { Graph, Value } from '../../src/graph.ts';
import { makePlan } from '../../src/make-plan.ts';
import type { LoopKernel, Plan, PlanKernel } from '../../src/plan.ts';
import { GraphTracer } from '../../src/trace.ts';

/** A function that was traced, and the values that it gives. */
export interface Traced {
  readonly tracer: GraphTracer;
  readonly graph: Graph;
  readonly results: readonly Value[];
}

type Traceable = (...args: Tensor[]) => Tensor | readonly Tensor[] | undefined;

/** Traces a function on arguments that are like these. */
export function trace(f: Traceable, ...args: Tensor[]): Traced {
  const tracer = new GraphTracer();
  const given = args.map((x, i) => tracer.argument(x, 'xyzuvw'[i]!));
  try {
    return traceWith(tracer, () => {
      const result = f(...given) ?? [];
      const tensors = Array.isArray(result) ? result : [result];
      return { tracer, graph: tracer.graph, results: tensors.map((x: Tensor) => tracer.valueOfTensor(x)) };
    });
  } finally {
    tracer.restore();
  }
}

export function planOf(f: Traceable, ...args: Tensor[]): Plan {
  const { tracer, results } = trace(f, ...args);
  return makePlan(tracer, results);
}

/** What a plan's kernels do, in a word each: the ops of loops, and the kinds of others. */
export function kernelsIn({ kernels }: Plan): string[] {
  return kernels.map((kernel) => {
    if (kernel.kind === 'loop') return kernel.ops.join(' ');
    if (kernel.kind === 'product' && kernel.epilogue) return `product: ${kernel.epilogue.ops.join(' ')}`;
    return kernel.kind === 'host' ? `host ${kernel.entry.name}` : kernel.kind;
  });
}

export function asLoop(kernel: PlanKernel | undefined): LoopKernel {
  if (kernel?.kind !== 'loop') throw new Error(`expected a loop, got ${kernel?.kind}`);
  return kernel;
}

// `compile`: a function of tensors as programs, one for each combination of shapes and dtypes that it is called with.

import { type Like, nearestName, Parameter, TapegradError, Tensor, type Tree } from '@tapegrad/core';
import {
  activeRecorders,
  activeTracer,
  describe,
  leavesOf,
  rebuild,
  showShape,
  traceWith,
} from '@tapegrad/core/compiling';
import type { Value } from './graph.ts';
import { makePlan } from './make-plan.ts';
import { findNativeGemm } from './native/find.ts';
import { blasPays } from './native/gemm.ts';
import { threadsWanted } from './threads/option.ts';
import { GraphTracer } from './trace.ts';
import { WasmProgram } from './wasm/program.ts';
import { ProgramMemory } from './wasm/program-memory.ts';

/** What a function that is compiled may give: tensors in any nesting, or nothing. */
export type CompiledResult<Result> = Result extends Tree ? Like<Result> : undefined;

/** A compiled function. */
export interface Compiled<Args extends readonly Tree[], Result> {
  (...args: Args): CompiledResult<Result>;
  /** The programs that were made, of those that are kept: the one that was used last is the last one. */
  readonly programs: readonly WasmProgram[];
}

/** How {@link compile} compiles. */
export interface CompileOptions {
  /** The memory that the programs work on. Default: one of their own. */
  readonly memory?: ProgramMemory;
  /**
   * Whether large products of matrices are handed to an OpenBLAS or Accelerate library of the machine, where one is found and the package
   * `koffi` is installed. The environment variable `TAPEGRAD_BLAS=off` says no for the whole process. Default: true.
   */
  readonly native?: boolean;
  /**
   * How many threads run a step together, where it is large enough for that: each does a part of every kernel. With more than one, products
   * are computed in WebAssembly, by no library; results are the same bits whatever the number, and with one where `native` is false. Where
   * the first program of `memory` wanted one thread, where workers or shared memory are missing (a page that is not cross-origin isolated),
   * and until workers have started, one thread does all. Default: the environment variable `TAPEGRAD_THREADS`, or 1.
   */
  readonly threads?: number;
}

const optionNames: { readonly [Name in keyof CompileOptions]-?: true } = { memory: true, native: true, threads: true };

/** @throws TapegradError for what is no options, for one that there is not, and for a value that is none of its values. */
function requireOptions(options: CompileOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TapegradError('compile', `the options are ${describe(options)}. Expected an object of options.`);
  }
  const known = Object.keys(optionNames);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearestName(name, known);
    const expected = near === undefined ? 'Expected memory, native or threads.' : `Did you mean ${near}?`;
    throw new TapegradError('compile', `no option ${name}. ${expected}`);
  }
  const { native } = options;
  if (native !== undefined && typeof native !== 'boolean') {
    throw new TapegradError('compile', `native is ${JSON.stringify(native)}. Expected true or false.`);
  }
}

/** So many programs of a function are kept; past that the one that was not used for longest goes. */
const mostPrograms = 64;

interface Entry {
  readonly program: WasmProgram;
  readonly result: Tree | undefined;
}

/**
 * The same function as a WebAssembly program that does all of it at once: forward, backward, and what an optimizer does, where the function
 * has them.
 *
 * The function is run once for each combination of shapes and dtypes, on tensors without values, to see what it does; from then on the
 * program runs instead. So it must do the same ops each time: it may decide by shapes, not by values, and reading a value is an error that
 * names the line. What else it takes from JavaScript is read once, when it is traced; what it does besides (printing, counting) is done
 * then; a parameter that it makes is made once. Random tensors are drawn anew in each run, in the order in which the function draws them.
 * While a tape records, the function itself runs, so that derivatives go through it.
 *
 * Parameters are no part of that: the program uses the values that they have when it is called, also where they were assigned in between,
 * and `assign` in the function changes them. They stay in the program's memory, where they are updated in place; whoever reads one gets a copy.
 *
 * Results agree with those of the function but for rounding: relative 1e-5 in float32, 1e-12 in float64.
 *
 * ```ts
 * const w = new Parameter(tensor([1, 2, 3]), 'w');
 * const step = compile((x: Tensor, y: Tensor) => {
 *   const tape = new Tape();
 *   const loss = tape.record(() => x.matmul(w).sub(y).square().mean());
 *   w.assign(w.sub(tape.gradient(loss, w).mul(0.5)));
 *   return loss;
 * });
 * step(tensor([[1, 0, 0]]), tensor([2])).item(); // → 1
 * w.toArray(); // → 2,2,3
 * step(tensor([[1, 0, 0]]), tensor([2])).item(); // → 0
 * ```
 *
 * @param f - from tensors, in any nesting of arrays and objects, to tensors in any nesting, or nothing. Called while another function is
 * traced, the compiled function is `f` itself.
 * @throws TapegradError at a call, for arguments that are no tensors, for results that are none, and where memory does not suffice.
 * @throws TracingError at a call, where `f` reads a value.
 */
export function compile<Args extends readonly Tree[], Result>(
  f: (...args: Args) => Result,
  options: CompileOptions = {},
): Compiled<Args, Result> {
  requireOptions(options);
  const { memory = new ProgramMemory(), native = true } = options;
  if (typeof f !== 'function') throw new TapegradError('compile', `got ${describe(f)}. Expected a function.`);
  if (!(memory instanceof ProgramMemory)) {
    throw new TapegradError('compile', `memory is ${describe(memory)}. Expected a ProgramMemory.`);
  }
  const threads = threadsWanted(options.threads, memory.host.env);
  const entries = new Map<string, Entry>();
  const call = (...args: Args): unknown => {
    // what is recorded step by step is done step by step: to a tape, a program would be a constant
    if (activeTracer() !== undefined || activeRecorders().length > 0) return f(...args);
    const leaves = leavesOf('compile', args, 'the arguments').map(({ tensor }) => tensor);
    const key = keyOf(args);
    memory.requireIdle();
    const entry = entries.get(key) ?? makeEntry(f, args, memory, native, threads);
    // the last one again, so that the first one is what was not used for longest
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > mostPrograms) {
      const [oldest, { program }] = entries.entries().next().value!;
      entries.delete(oldest);
      program.dispose();
    }
    const results = entry.program.call(leaves.filter((x) => !(x instanceof Parameter)));
    return entry.result === undefined ? undefined : rebuild(entry.result, results);
  };
  return Object.defineProperty(call, 'programs', {
    get: () => Array.from(entries.values(), ({ program }) => program),
  }) as Compiled<Args, Result>;
}

function makeEntry<Args extends readonly Tree[], Result>(
  f: (...args: Args) => Result,
  args: Args,
  memory: ProgramMemory,
  native: boolean,
  threads: number,
): Entry {
  const tracer = new GraphTracer();
  const standIns = leavesOf('compile', args).map(({ tensor, path }) =>
    // a parameter is itself: what is done to it is done to that one
    tensor instanceof Parameter ? tensor : tracer.argument(tensor, `arguments${path}`),
  );
  const given = rebuild(args as unknown as Tree, standIns) as unknown as Args;
  const { result, values } = traced(tracer, () => f(...given));
  const plan = makePlan(tracer, values);
  const { states, feeds, preparations, effects } = tracer;
  // looking for a library takes 20 ms: not for a program that would leave nothing to it
  const large = plan.kernels.some((kernel) => kernel.kind === 'product' && blasPays(kernel.m, kernel.n, kernel.k));
  const library = native && large ? findNativeGemm() : undefined;
  return {
    program: new WasmProgram({ plan, states, feeds, preparations, effects, memory, native: library, threads }),
    result,
  };
}

/** Runs a function while the tracer listens. Returns its result, and the values in it. */
function traced(
  tracer: GraphTracer,
  f: () => unknown,
): { readonly result: Tree | undefined; readonly values: readonly Value[] } {
  try {
    return traceWith(tracer, () => {
      const result = f() as Tree | undefined;
      if (result === undefined) return { result, values: [] };
      if (result instanceof Promise) {
        throw new TapegradError(
          'compile',
          'the function returned a promise. Expected a synchronous function: await the data first, then call it.',
        );
      }
      const leaves = leavesOf('compile', result, 'the result');
      return { result, values: leaves.map(({ tensor }) => tracer.valueOfTensor(tensor)) };
    });
  } finally {
    tracer.restore();
  }
}

/** Arguments with equal keys are alike: the same nesting, shapes and dtypes, and the same parameters. */
function keyOf(tree: unknown): string {
  if (tree instanceof Parameter) return `parameter ${numberOf(tree)}`;
  if (tree instanceof Tensor) return `${tree.dtype}${showShape(tree.shape)}`;
  if (Array.isArray(tree)) return `[${tree.map(keyOf)}]`;
  const kind: object | null = Object.getPrototypeOf(tree);
  // what a method does, its class says
  const of = kind === null || kind === Object.prototype ? '' : `class ${numberOf(kind)}`;
  return `${of}{${Object.entries(tree as object).map(([key, child]) => `${JSON.stringify(key)}:${keyOf(child)}`)}}`;
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(object: object): number {
  if (!numbers.has(object)) numbers.set(object, ++lastNumber);
  return numbers.get(object)!;
}

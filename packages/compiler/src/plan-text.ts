// A plan as text: a line for each kernel, in the order in which they run.

import { showShape } from '@tapegrad/core/compiling';
import { type Plan, type PlanKernel, readsOf, writesOf } from './plan.ts';

const dtypes = { f32: 'float32', f64: 'float64', i32: 'int32', bool: 'bool' } as const;
const bytes = { f32: 4, f64: 8, i32: 4, bool: 1 } as const;

/** Figures of a plan. */
export interface PlanStats {
  /** How many functions run one after another. */
  readonly kernels: number;
  /** How many ops were traced that became part of a loop with others. */
  readonly fused: number;
  /** How many kernels JavaScript computes. */
  readonly hostCalls: number;
  /** How many multiplications and additions the products of matrices take. */
  readonly flops: number;
  /** Bytes of parameters, and of what optimizers keep. */
  readonly stateBytes: number;
  /** Bytes of arguments, feeds and constants. */
  readonly inputBytes: number;
}

export function statsOf({ kernels, buffers }: Plan): PlanStats {
  const bytesOf = (kinds: readonly string[]): number =>
    buffers.reduce(
      (total, { type, length, holds }) => total + (kinds.includes(holds.kind) ? length * bytes[type] : 0),
      0,
    );
  const count = (of: (kernel: PlanKernel) => number): number =>
    kernels.reduce((total, kernel) => total + of(kernel), 0);
  return {
    kernels: kernels.length,
    fused: count(fusedOps),
    hostCalls: count(({ kind }) => (kind === 'host' ? 1 : 0)),
    flops: count((kernel) => (kernel.kind === 'product' ? productFlops(kernel) : 0)),
    stateBytes: bytesOf(['state']),
    inputBytes: bytesOf(['argument', 'feed', 'constant']),
  };
}

function fusedOps(kernel: PlanKernel): number {
  if (kernel.kind === 'product') return kernel.epilogue?.ops.length ?? 0;
  return kernel.kind === 'loop' && kernel.ops.length > 1 ? kernel.ops.length : 0;
}

function productFlops({ batch, m, n, k }: Extract<PlanKernel, { kind: 'product' }>): number {
  return 2 * m * n * k * batch.reduce((total, length) => total * length, 1);
}

/** Bytes in a unit that shows few digits. */
export function shownBytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 2 ** 20 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 2 ** 20).toFixed(1)} MiB`;
}

/** The lines of a plan's kernels. `by` says what stands before what a kernel does. */
export function planText(plan: Plan, by: (kernel: number) => string = () => ''): string {
  const lines = plan.kernels.map((kernel, number) => [
    `${number}`,
    by(number) + whatOf(kernel),
    intoOf(plan, kernel),
    fromOf(plan, kernel),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]!.length), 0));
  return lines
    .map(([number, what, into, from]) =>
      [number!.padStart(widths[0]!), what!.padEnd(widths[1]!), `→ ${into!.padEnd(widths[2]!)}`, `← ${from}`]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const mostOps = 6;

function shownOps(ops: readonly string[]): string {
  const shown = ops.length > mostOps ? [...ops.slice(0, mostOps - 1), `… ${ops.length - mostOps + 1} more`] : ops;
  return shown.join(', ') || 'copy';
}

function whatOf(kernel: PlanKernel): string {
  switch (kernel.kind) {
    case 'loop': {
      const { ops, shape, reduced } = kernel;
      const over = reduced.length === 0 ? '' : ` over ${reduced.length === 1 ? 'axis' : 'axes'} ${reduced.join(', ')}`;
      return `loop ${showShape(shape)}${over}: ${shownOps(ops)}`;
    }
    case 'product': {
      const { batch, m, n, k, epilogue } = kernel;
      const then = epilogue === undefined ? '' : `: ${shownOps(epilogue.ops)}`;
      return `product ${showShape([...batch, m, k])} · ${showShape([...batch, k, n])}${then}`;
    }
    case 'position':
      return `arg${kernel.which} ${showShape(kernel.shape)}`;
    case 'indices':
      return `indices ${showShape(kernel.shape)} of ${kernel.op} among ${kernel.length}`;
    case 'gather':
      return `gather ${showShape(kernel.shape)} along axis ${kernel.axis}`;
    case 'lists':
      return `lists ${showShape(kernel.shape)} of ${kernel.length} positions`;
    case 'scatter':
      return `scatter ${showShape(kernel.shape)} along axis ${kernel.axis}: ${kernel.count} added`;
    case 'scan':
      return `${kernel.combine === 'recurrence' ? '' : 'running '}${kernel.combine} ${showShape(kernel.shape)} along axis ${kernel.path.axis}`;
    case 'host':
      return `host ${kernel.entry.name} ${showShape(kernel.to.shape)}`;
    default:
      return kernel satisfies never;
  }
}

function intoOf(plan: Plan, kernel: PlanKernel): string {
  return unique(writesOf(kernel).map((buffer) => nameOf(plan, buffer))).join(', ');
}

function fromOf(plan: Plan, kernel: PlanKernel): string {
  return unique(readsOf(kernel).map((buffer) => nameOf(plan, buffer))).join(', ');
}

function nameOf({ buffers }: Plan, buffer: number): string {
  const { name, type, length, holds } = buffers[buffer]!;
  if (name !== undefined) return name;
  if (holds.kind === 'work') return `%${buffer}`;
  return `${holds.kind} ${dtypes[type]}[${length}]`;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

// Which kernels of a plan are done by all threads together, and before which ones the threads must meet.

import { elementBytes, gemmPieces } from '@tapegrad/wasm';
import { type Plan, type PlanKernel, readsOf, writesOf } from '../plan.ts';
import { columnKernels } from './columns.ts';
import { canDivide, costOf } from './cost.ts';

/** How a kernel is run by several threads. */
export interface Turn {
  /**
   * How many pieces of it each thread has; 0 where the first one does all. Who is done with its own pieces takes some of the others: a thread
   * that was disturbed does not hold them up for long.
   */
  readonly pieces: number;
  /** Whether each thread has some of the columns, see {@link columnKernels}; pieces are then pieces of these. */
  readonly columns: boolean;
  /** Whether all threads meet before it. */
  readonly meets: boolean;
}

/**
 * Cheaper kernels are left to one thread, in nanoseconds: a barrier takes about 200, twice that on a busy machine, and what the other thread
 * has in its cache must come over.
 */
const worthMeeting = 1500;

/** Programs whose divided kernels take less altogether run on one thread, in nanoseconds: calling in a worker that sleeps takes half of that. */
const worthThreads = 100_000;

/** Kernels that take more than so many nanoseconds are divided into several pieces for each thread: two, four or eight. */
const worthPieces = [10_000, 30_000, 200_000];

/** Bytes of memory. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** How the kernels of a plan are run, whose buffers lie at these addresses; undefined where one thread is as fast. */
export function turnsOf(plan: Plan, addresses: readonly number[]): readonly Turn[] | undefined {
  const costs = plan.kernels.map((kernel) => (canDivide(kernel) ? costOf(kernel) : 0));
  const shared = costs.reduce((total, cost) => total + (cost >= worthMeeting ? cost : 0), 0);
  if (shared < worthThreads) return undefined;
  const columns = columnKernels(plan);
  const stretch = (buffer: number): Stretch => {
    const { type, length } = plan.buffers[buffer]!;
    const start = addresses[buffer]!;
    return { start, end: start + length * elementBytes[type] };
  };
  let [read, written]: [Stretch[], Stretch[]] = [[], []];
  // kernels that only the first thread does need not wait for each other
  let [ownRead, ownWritten]: [Stretch[], Stretch[]] = [[], []];
  return plan.kernels.map((kernel, number) => {
    const together = costs[number]! >= worthMeeting;
    const [reads, writes] = [readsOf(kernel).map(stretch), writesOf(kernel).map(stretch)];
    const [othersRead, othersWritten] = together
      ? [
          [...read, ...ownRead],
          [...written, ...ownWritten],
        ]
      : [read, written];
    const meets = overlap(reads, othersWritten) || overlap(writes, othersWritten) || overlap(writes, othersRead);
    if (meets) [read, written, ownRead, ownWritten] = [[], [], [], []];
    (together ? read : ownRead).push(...reads);
    (together ? written : ownWritten).push(...writes);
    const most = 2 ** worthPieces.filter((cost) => costs[number]! >= cost).length;
    const pieces = columns.has(number) ? Math.min(most, columnPieces(kernel)) : most;
    return { pieces: together ? pieces : 0, columns: columns.has(number), meets };
  });
}

/**
 * How many pieces each thread has at most, where columns are divided. Of a product a piece is some rows of the thread's columns, unless each would
 * have to pack these; else, as of a loop, it is some of the columns, and so many that a row of them is a line of the cache or more.
 */
function columnPieces(kernel: PlanKernel): number {
  if (kernel.kind === 'product') {
    const { type, m, n, y } = kernel;
    const [yRow, yColumn] = y.strides.slice(-2).map((stride) => stride * elementBytes[type]) as [number, number];
    const { rows, packs } = gemmPieces({ type }, m, yRow, yColumn);
    return packs ? columnsIn(n) : Math.max(1, Math.floor(m / rows));
  }
  return kernel.kind === 'loop' ? columnsIn(kernel.shape.at(-1)!) : 1;
}

function columnsIn(width: number): number {
  return Math.max(1, Math.floor(width / 32));
}

function overlap(some: readonly Stretch[], others: readonly Stretch[]): boolean {
  return some.some((a) => others.some((b) => a.start < b.end && b.start < a.end));
}

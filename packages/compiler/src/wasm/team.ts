// The kernels of a plan as several threads do them together: who does which piece, and where they wait for each other.

import {
  atomic,
  block,
  branch,
  branchIf,
  callFor,
  type DefinedFunction,
  defineFunction,
  type Expression,
  exit,
  i32,
  increase,
  type Local,
  local,
  loop,
  memory,
  type Statement,
  select,
  set,
  when,
} from '@tapegrad/wasm';
import type { Plan } from '../plan.ts';
import { barrierFunction, mostThreads } from '../threads/control.ts';
import type { Turn } from '../threads/meetings.ts';
import { kernelStatements } from './kernels.ts';
import type { KernelOptions, ThreadPart } from './options.ts';

/** Bytes of the counters of one thread: one for each kernel, in lines of the cache of their own. */
function counterBytes(turns: readonly Turn[]): number {
  return Math.ceil((4 * turns.length) / 64) * 64;
}

/** Bytes in which threads note which pieces they have begun. */
export function teamBytes(turns: readonly Turn[]): number {
  return mostThreads * counterBytes(turns);
}

/**
 * `run(thread, threads, sleeps)`: what one of several threads does, at the same time as the others do theirs, on the same memory. All begin
 * at a barrier, to which thread 0 may only come when the others wait there: it resets the counters. It ends when all is done, or the run
 * is given up. For `sleeps` see `barrierFunction`.
 *
 * @param counters - the address of {@link teamBytes} bytes.
 */
export function runTogether(
  plan: Plan,
  options: KernelOptions,
  turns: readonly Turn[],
  counters: number,
): DefinedFunction {
  const [thread, threads, sleeps] = [local('i32'), local('i32'), local('i32')];
  const meet = when(i32.gt_s(threads, 1), [when(callFor('i32', barrierFunction, threads, sleeps), [exit()])]);
  const body: Statement[] = [
    when(i32.eqz(thread), [memory.fill(i32.const(counters), 0, i32.mul(threads, counterBytes(turns)))]),
    meet,
  ];
  let alone: Statement[] = [];
  const endAlone = (): void => {
    if (alone.length > 0) body.push(when(i32.eqz(thread), alone));
    alone = [];
  };
  plan.kernels.forEach((kernel, number) => {
    const { pieces, meets, columns } = turns[number]!;
    if (pieces > 0 || meets) endAlone();
    if (meets) body.push(meet);
    if (pieces === 0) {
      alone.push(...kernelStatements(kernel, number, options));
    } else if (pieces === 1) {
      body.push(
        ...kernelStatements(kernel, number, options, {
          part: thread,
          parts: threads,
          thread,
          each: i32.const(1),
          columns,
        }),
      );
    } else {
      const counterOf = (other: Expression<'i32'>) =>
        i32.add(i32.mul(other, counterBytes(turns)), counters + 4 * number);
      const once = (part: Piece) => kernelStatements(kernel, number, options, { ...part, thread, columns });
      body.push(...inPieces(thread, threads, pieces, counterOf, once));
    }
  });
  endAlone();
  return defineFunction({ name: 'run', params: [thread, threads, sleeps], body: [...body, meet] });
}

type Piece = Pick<ThreadPart, 'part' | 'parts' | 'each'>;

/** Each thread does its own pieces, which it takes one after another, so that others can take those that it has not begun; and then theirs. */
function inPieces(
  thread: Local<'i32'>,
  threads: Local<'i32'>,
  pieces: number,
  counterOf: (thread: Expression<'i32'>) => Expression<'i32'>,
  once: (part: Piece) => readonly Statement[],
): readonly Statement[] {
  const [each, owner, left, taken] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const [part, parts] = [local('i32'), local('i32')];
  return [
    set(each, select(i32.const(1), i32.const(pieces), i32.eq(threads, 1))),
    set(parts, i32.mul(each, threads)),
    set(owner, thread),
    set(left, threads),
    loop((next) => [
      block((done) => [
        loop((again) => [
          set(taken, atomic['rmw.add'](counterOf(owner), 1)),
          branchIf(done, i32.ge_s(taken, each)),
          set(part, i32.add(i32.mul(owner, each), taken)),
          ...once({ part, parts, each }),
          branch(again),
        ]),
      ]),
      increase(owner, 1),
      when(i32.eq(owner, threads), [set(owner, i32.const(0))]),
      increase(left, -1),
      branchIf(next, left),
    ]),
  ];
}

// Where threads meet: words at the beginning of a shared memory, and the barrier, which is a function of WebAssembly.

import {
  atomic,
  block,
  branch,
  branchIf,
  type DefinedFunction,
  defineFunction,
  drop,
  type Expression,
  i32,
  i64,
  increase,
  type Local,
  local,
  loop,
  set,
  when,
} from '@tapegrad/wasm';

/**
 * The words, each by its number as an element of an `Int32Array`. Those that threads wait for lie in lines of the cache of their own, so that
 * nobody's writing beside them slows the waiting down.
 */
export const words = {
  /** Goes up with each order: workers wait for that. */
  epoch: 0,
  /** The number of the program that is to be run; 0 for none. */
  program: 1,
  /** How many threads are to run it. */
  parts: 2,
  /** How many messages were posted to the workers. */
  posted: 3,
  /** Whether a run is given up: nobody goes past a barrier then. */
  abandoned: 4,
  /** Whether a worker cannot go on. */
  failed: 5,
  /** Whether workers are to end. */
  quit: 6,
  /** How many workers sleep until the next order. */
  idle: 16,
  /** How many threads have come to the barrier. */
  arrived: 32,
  /** Goes up when all threads have come to the barrier: the others wait for that. */
  phase: 48,
  /** How many of them sleep meanwhile. */
  sleeping: 64,
  /** How many runs workers have ended. */
  finished: 80,
  /** How many messages each worker has taken in, from the one of part 1 on. */
  handled: 96,
} as const;

/** More threads than this gain nothing here. */
export const mostThreads = 32;

/** Bytes of the words. */
export const controlBytes: number = 4 * (words.handled + mostThreads);

/**
 * How often a thread looks before it sleeps. It looks about once in a nanosecond: so long that workers are awake when the next step of a training
 * comes, after JavaScript has brought its batch in, which takes 0.1 ms for 400 KB. On W2 of the benchmark, with two threads, an epoch takes 7 %
 * longer where they give up after 0.03 ms.
 */
export const spins = 200_000;

/** Nanoseconds after which a sleeper looks whether the run was given up. */
const nap = 100_000_000n;

const at = (word: number): Expression<'i32'> => i32.const(4 * word);

/**
 * `barrier(parts, sleeps)`: waits until so many threads have come here; those whose `sleeps` is 0 never sleep (the main thread of a page must
 * not). What they wrote before it can be read by all after it. Gives 1 where the run was given up, else 0.
 */
export const barrierFunction: DefinedFunction = makeBarrier();

function makeBarrier(): DefinedFunction {
  const [parts, sleeps, phase, left]: readonly Local<'i32'>[] = Array.from({ length: 4 }, () => local('i32')) as [];
  const changed = i32.ne(atomic.load(at(words.phase)), phase!);
  const add = (word: number, by: number): Expression<'i32'> => atomic['rmw.add'](at(word), i32.const(by));
  const wait = block((done) => [
    loop((again) => [
      set(left!, i32.const(spins)),
      loop((next) => [branchIf(done, changed), increase(left!, -1), branchIf(next, left!)]),
      branchIf(done, atomic.load(at(words.abandoned))),
      when(sleeps!, [
        drop(add(words.sleeping, 1)),
        drop(atomic.wait32(at(words.phase), phase!, i64.const(nap))),
        drop(add(words.sleeping, -1)),
      ]),
      branch(again),
    ]),
  ]);
  return defineFunction({
    name: 'barrier',
    params: [parts!, sleeps!],
    body: [
      set(phase!, atomic.load(at(words.phase))),
      when(
        i32.eq(i32.add(add(words.arrived, 1), 1), parts!),
        [
          atomic.store(at(words.arrived), 0),
          drop(add(words.phase, 1)),
          // whoever is about to sleep sees the phase in its last look
          when(atomic.load(at(words.sleeping)), [drop(atomic.notify(at(words.phase), parts!))]),
        ],
        [wait],
      ),
    ],
    result: atomic.load(at(words.abandoned)),
  });
}

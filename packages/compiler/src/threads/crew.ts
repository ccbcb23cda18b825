// The workers of a shared memory: programs are handed to them, and run by them and the calling thread together. Where they are not ready, or
// not there any more, the calling thread does all.

import { TapegradError } from '@tapegrad/core';
import type { WasmMemory, WasmModule } from '@tapegrad/wasm';
import { spins, words } from './control.ts';
import { type WorkerMessage, workerSource } from './worker-source.ts';
import type { ThreadHost, Worker } from './workers.ts';

/** `run(thread, threads, sleeps)` of a program's module, which begins with a barrier. */
export type RunPart = (thread: number, threads: number, sleeps: number) => unknown;

/** So long the calling thread waits until all workers have begun, in milliseconds: then one must have died. */
const patience = 2000;

/** What must not know the crew: it is what is left to do when the crew was collected. */
interface Quarters {
  readonly control: Int32Array;
  readonly workers: Worker[];
  /** The numbers of programs that were collected, and that workers still have. */
  dropped: number[];
  closed: boolean;
}

const collectedCrews = new FinalizationRegistry<Quarters>(close);
const collectedPrograms = new FinalizationRegistry<readonly [Quarters, number]>(([quarters, number]) => {
  quarters.dropped.push(number);
});

/** Ends the workers, also in the middle of a run. */
function close(quarters: Quarters): void {
  if (quarters.closed) return;
  quarters.closed = true;
  const { control, workers } = quarters;
  Atomics.store(control, words.quit, 1);
  Atomics.store(control, words.abandoned, 1);
  for (const word of [words.phase, words.epoch]) {
    Atomics.add(control, word, 1);
    Atomics.notify(control, word);
  }
  for (const worker of workers) worker.end();
}

/** Workers, and the thread that made them, on one memory. They end when this is collected, and with the process. */
export class Crew {
  /** How many threads, with the one that calls. */
  readonly threads: number;
  private readonly memory: WasmMemory;
  private readonly quarters: Quarters;
  private readonly sleeps: boolean;
  private programs = 0;
  /** How many parts were given to workers so far. */
  private begun = 0;

  /** @throws Error where there are no workers; `memory` is a shared one, which begins with the words of `control.ts`. */
  constructor(memory: WasmMemory, threads: number, host: ThreadHost) {
    this.memory = memory;
    this.threads = threads;
    this.sleeps = host.sleeps;
    const quarters: Quarters = { control: new Int32Array(memory.buffer), workers: [], dropped: [], closed: false };
    this.quarters = quarters;
    try {
      for (let part = 1; part < threads; part++) {
        quarters.workers.push(host.start(workerSource, () => close(quarters)));
      }
    } catch (error) {
      close(quarters);
      throw error;
    }
    this.post((worker) => ({ part: worker + 1, memory, dropped: [] }));
    collectedCrews.register(this, quarters);
  }

  /** Whether workers would take part in a run now. They need some time for each program that they are handed. */
  get ready(): boolean {
    const { control, closed, workers } = this.quarters;
    if (closed) return false;
    const posted = Atomics.load(control, words.posted);
    const all = workers.every((_, worker) => Atomics.load(control, words.handled + worker) === posted);
    if (Atomics.load(control, words.failed) === 0) return all;
    close(this.quarters);
    return false;
  }

  /** Hands a program to the workers, for as long as `owner` is there. Returns its number. */
  add(module: WasmModule, owner: object): number {
    const number = ++this.programs;
    const { dropped } = this.quarters;
    this.quarters.dropped = [];
    this.post(() => ({ memory: this.memory, program: { number, module }, dropped }));
    collectedPrograms.register(owner, [this.quarters, number]);
    return number;
  }

  /**
   * Runs a program, of which `run` is the calling thread's: on `parts` threads where they are ready, else on this one.
   *
   * @throws TapegradError where a worker fails in the middle; and whatever `run` throws.
   */
  run(number: number, parts: number, run: RunPart): void {
    if (parts === 1 || !this.ready || !this.begin(number, parts)) {
      run(0, 1, 0);
      return;
    }
    const { control } = this.quarters;
    try {
      run(0, parts, this.sleeps ? 1 : 0);
    } catch (error) {
      this.abandon();
      throw error;
    }
    if (Atomics.load(control, words.abandoned) === 0) return;
    close(this.quarters);
    throw new TapegradError(
      'compile',
      'a worker failed in the middle of a run, whose results are lost. Set threads to 1 to see whether it is the program that fails.',
    );
  }

  /** Calls the workers to the barrier. Returns false where one does not come: nothing was done then, and none will. */
  private begin(number: number, parts: number): boolean {
    const { control } = this.quarters;
    Atomics.store(control, words.program, number);
    Atomics.store(control, words.parts, parts);
    Atomics.add(control, words.epoch, 1);
    if (Atomics.load(control, words.idle) > 0) Atomics.notify(control, words.epoch);
    if (!this.waitFor(words.arrived, parts - 1)) {
      close(this.quarters);
      return false;
    }
    this.begun += parts - 1;
    return true;
  }

  /** Sends the workers back from whatever barrier they are at. */
  private abandon(): void {
    const { control } = this.quarters;
    Atomics.store(control, words.abandoned, 1);
    this.release();
    if (!this.waitFor(words.finished, this.begun | 0)) {
      close(this.quarters);
      return;
    }
    Atomics.store(control, words.arrived, 0);
    Atomics.store(control, words.abandoned, 0);
  }

  private release(): void {
    const { control } = this.quarters;
    Atomics.add(control, words.phase, 1);
    if (Atomics.load(control, words.sleeping) > 0) Atomics.notify(control, words.phase);
  }

  /** Waits until a word has a value, or patience ends. */
  private waitFor(word: number, value: number): boolean {
    const { control } = this.quarters;
    for (let i = 0; i < spins; i++) if (Atomics.load(control, word) === value) return true;
    const end = Date.now() + patience;
    for (;;) {
      const found = Atomics.load(control, word);
      if (found === value) return true;
      if (Date.now() > end) return false;
      // nobody wakes this thread: it looks again after some time
      if (this.sleeps) Atomics.wait(control, word, found, 0.05);
    }
  }

  private post(messageFor: (worker: number) => WorkerMessage): void {
    const { control, workers, closed } = this.quarters;
    if (closed) return;
    // first, so that workers stay in their event loops until the message is there
    Atomics.add(control, words.posted, 1);
    Atomics.store(control, words.program, 0);
    Atomics.add(control, words.epoch, 1);
    Atomics.notify(control, words.epoch);
    try {
      workers.forEach((worker, at) => {
        worker.post(messageFor(at));
      });
    } catch {
      // a host that does not hand over memories or modules
      close(this.quarters);
    }
  }
}

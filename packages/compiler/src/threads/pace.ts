// Whether several threads are faster than one, found by trying: on a busy machine they are not, and results are the same bits either way.

/** Milliseconds since some time. */
export type Clock = () => number;

/** Runs of a trial: so many, or fewer if they take long. */
const [mostRuns, fewestRuns, longEnough] = [8, 3, 20];

/** Runs between trials: at first, and at most where the same way wins again and again. */
const [firstHold, longestHold] = [256, 4096];

/**
 * Times the runs of a program. It tries some with all threads, then some with one, and goes on with what was faster; after some time it tries
 * again.
 */
export class Pace {
  private readonly clock: Clock;
  /** What is tried or held now. */
  private together = true;
  private times: number[] = [];
  /** The time of a run with all threads, while one is tried. */
  private rival: number | undefined;
  private hold = firstHold;
  /** Runs until the next trial; 0 during one. */
  private left = 0;
  private winner: boolean | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Runs, with all threads or with one. */
  run(run: (together: boolean) => unknown): void {
    if (this.left > 0) {
      run(this.together);
      if (--this.left === 0) this.together = true;
      return;
    }
    const start = this.clock();
    run(this.together);
    this.times.push(this.clock() - start);
    this.judge();
  }

  /** Ends a part of a trial, when it was long enough. */
  private judge(): void {
    const { times } = this;
    const total = times.reduce((sum, time) => sum + time, 0);
    if (times.length < mostRuns && (times.length < fewestRuns || total < longEnough)) return;
    const median = times.sort((a, b) => a - b)[times.length >> 1]!;
    this.times = [];
    if (this.rival === undefined) {
      this.rival = median;
      this.together = false;
      return;
    }
    this.together = this.rival <= median;
    this.rival = undefined;
    this.hold = this.together === this.winner ? Math.min(2 * this.hold, longestHold) : firstHold;
    this.winner = this.together;
    this.left = this.hold;
  }
}

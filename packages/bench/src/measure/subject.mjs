// A subject: a library in a process of its own, which does one thing at a time and only when it is asked.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** @typedef {import('./serve.mjs').Request} Request */
/** @typedef {import('./serve.mjs').Answer} Answer */
/** @typedef {{ readonly name: string, readonly command: string, readonly args: readonly string[] }} Runner */

/** Nobody waits longer for an answer. */
const patience = 180_000;

// one thread, for whatever library is behind a subject
const environment = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/**
 * What still runs: it must not outlive this process, and one that computes does not notice that its input ended.
 * @type {Set<import('node:child_process').ChildProcess>}
 */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export class Subject {
  /** @readonly @type {string} */
  name;
  /** Why it cannot be measured, once that is known. @type {string | undefined} */
  missing;
  /** @type {string | undefined} */
  version;
  /** @type {((answer: Answer | undefined) => void) | undefined} */
  #waiting;
  /** What it complains of. */
  #errors = '';
  /** @readonly */
  #process;

  /**
   * @param {Runner} runner
   * @param {string} data folder of the data
   */
  constructor({ name, command, args }, data) {
    this.name = name;
    const env = { ...process.env, ...environment, BENCH_DATA: data };
    this.#process = spawn(command, args, { stdio: 'pipe', env });
    running.add(this.#process);
    this.#process.stderr.on('data', (/** @type {unknown} */ text) => {
      this.#errors += String(text);
    });
    // a process that ended no longer reads: that it ended is told by 'close'
    this.#process.stdin.on('error', () => {});
    this.#process.on('error', () => {
      this.missing ??= 'not installed';
    });
    this.#process.on('close', () => {
      running.delete(this.#process);
      const lines = this.#errors.trim().split('\n');
      this.missing ??= `failed: ${lines.find((line) => /\w*Error\b/.test(line))?.trim() ?? lines.at(-1)}`;
      this.#answer(undefined);
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      if (line.startsWith('@')) this.#answer(JSON.parse(line.slice(1)));
    });
  }

  /** Waits until the process is up, or is known to be missing. */
  async started() {
    const answer = await this.#next();
    this.missing ??= answer?.missing;
    this.version = answer?.version;
  }

  /**
   * The answer to a request, or undefined (and `missing` says why) where the process ended over it.
   * @param {Request} request
   */
  ask(request) {
    if (this.missing !== undefined) return Promise.resolve(undefined);
    const answer = this.#next();
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return answer;
  }

  /** Ends the process. */
  async end() {
    if (this.#process.exitCode !== null || this.#process.pid === undefined) return;
    const closed = new Promise((resolve) => this.#process.once('close', resolve));
    this.missing ??= 'ended';
    this.#process.kill('SIGKILL');
    await closed;
  }

  /** @returns {Promise<Answer | undefined>} */
  #next() {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.missing ??= `no answer in ${patience / 1000} s`;
        this.#process.kill('SIGKILL');
      }, patience);
      this.#waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
    });
  }

  /** @param {Answer | undefined} answer */
  #answer(answer) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }
}

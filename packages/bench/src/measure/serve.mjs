// The side of a measured process: it waits for requests, a line of JSON each, and answers. peers/python.py speaks the same.

import { createInterface } from 'node:readline';

/**
 * What is measured: `run` once is one figure; `result` says what came of it, after a number of runs that all subjects share.
 * @typedef {object} Prepared
 * @property {() => unknown} run
 * @property {() => unknown} [result]
 */

/**
 * What a subject can do: by name, functions that make ready. A case that a subject lacks is asked of it by no workload.
 * @typedef {{ readonly [name: string]: (argument: never) => Prepared | Promise<Prepared> }} Cases
 */

/**
 * A request. `prepare`: make `name` ready for `argument`, run it `settle` times, answer with the result, and with the time of the first
 * run; then, unless `cold`, go on until it is warm. `round`: run it `runs` times.
 * @typedef {{ do: 'prepare', key: string, name: string, argument: unknown, settle: number, cold: boolean }
 *   | { do: 'round', key: string, runs: number }} Request
 */

/**
 * An answer. `ms` is of one run; `cpu` the processor time that the process took for a millisecond of the clock: below 1 it was kept
 * waiting, above 1 it used other threads.
 * @typedef {{ missing?: string, version?: string, first: number, ms: number, cpu: number, result: unknown }} Answer
 */

/** What answers begin with, so that what libraries print is not taken for one. */
const sign = '@';

/** @param {Partial<Answer>} answer */
function send(answer) {
  process.stdout.write(`${sign}${JSON.stringify(answer)}\n`);
}

/** @param {string} reason */
export function sayMissing(reason) {
  send({ missing: reason });
}

/**
 * Serves until the input ends.
 * @param {string} version
 * @param {Cases} cases
 */
export async function serve(version, cases) {
  /** @type {Map<string, Prepared>} */
  const ready = new Map();
  send({ version });
  for await (const line of createInterface({ input: process.stdin })) {
    /** @type {Request} */
    const request = JSON.parse(line);
    if (request.do === 'prepare') {
      const make = cases[request.name];
      if (make === undefined) throw new Error(`internal: there is no case ${request.name}.`);
      const prepared = await make(/** @type {never} */ (request.argument));
      ready.set(request.key, prepared);
      send(await begin(prepared, request));
    } else {
      const prepared = ready.get(request.key);
      if (prepared === undefined) throw new Error(`internal: ${request.key} is not prepared.`);
      send(await timed(prepared.run, request.runs));
    }
  }
}

/**
 * @param {Prepared} prepared
 * @param {{ settle: number, cold: boolean }} how
 */
async function begin({ run, result }, { settle, cold }) {
  const { ms: first, cpu } = await timed(run, 1);
  if (settle > 1) await timed(run, settle - 1);
  const came = await result?.();
  return cold ? { first, cpu, result: came } : { first, result: came, ms: await warm(run) };
}

/**
 * Milliseconds of a run once the engine has made up its mind: after half a second and three runs, or two seconds.
 * @param {() => unknown} run
 */
async function warm(run) {
  let last = (await timed(run, 1)).ms;
  const start = performance.now();
  for (let runs = 1; ; runs++) {
    const time = performance.now() - start;
    if (time > 2000 || (time > 500 && runs >= 3)) return last;
    last = (await timed(run, Math.max(1, Math.min(1000, Math.floor(20 / last))))).ms;
  }
}

/**
 * @param {() => unknown} run
 * @param {number} runs
 */
async function timed(run, runs) {
  const [start, busy] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < runs; i++) {
    const promise = run();
    // not every run: waiting for what is no promise takes time too
    if (promise instanceof Promise) await promise;
  }
  const time = performance.now() - start;
  const { user, system } = process.cpuUsage(busy);
  return { ms: time / runs, cpu: (user + system) / 1000 / time };
}

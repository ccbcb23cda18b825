// The harness. Every subject waits in a process of its own; the rounds go from one to the next, so that a change of the machine's mood
// meets all of them alike.

import { Figures, median } from './figures.mjs';
import { Subject } from './subject.mjs';

/**
 * @typedef {object} Case
 * @property {string} key
 * @property {string} name of the case, as the subjects know it
 * @property {unknown} [argument]
 * @property {readonly import('./subject.mjs').Runner[]} [only] who has this case. Default: all.
 * @property {number} [settle] runs before the result is asked for. Default: 1.
 */

/**
 * How to measure.
 * @typedef {object} Settings
 * @property {number} rounds
 * @property {number} roundMs how long a round of a subject is to take
 * @property {string} data folder of the data
 */

/**
 * Measures cases of subjects, warm, in interleaved rounds.
 * @param {readonly import('./subject.mjs').Runner[]} runners
 * @param {readonly Case[]} cases
 * @param {Settings} settings
 */
export async function measure(runners, cases, { rounds, roundMs, data }) {
  const figures = new Figures();
  /** @type {{ subject: Subject, key: string, runs: number }[]} */
  const plan = [];
  const subjects = [];
  for (const runner of runners) {
    const subject = await start(runner, data, figures);
    subjects.push(subject);
    for (const { key, name, argument, settle = 1, only } of cases) {
      if (only !== undefined && !only.includes(runner)) continue;
      const answer = await subject.ask({ do: 'prepare', key, name, argument, settle, cold: false });
      if (answer === undefined) break;
      Object.assign(figures.series(subject.name, key), { first: answer.first, result: answer.result });
      plan.push({ subject, key, runs: Math.max(1, Math.round(roundMs / answer.ms)) });
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { key } of cases) {
      for (const { subject, key: planned, runs } of plan) {
        if (planned !== key) continue;
        const answer = await subject.ask({ do: 'round', key, runs });
        if (answer === undefined) continue;
        figures.series(subject.name, key).times.push(answer.ms);
        figures.series(subject.name, key).cpu.push(answer.cpu);
      }
    }
  }
  await endAll(subjects, figures);
  return figures;
}

/**
 * Measures the first run of a case, each time in a fresh process.
 * @param {readonly import('./subject.mjs').Runner[]} runners
 * @param {Case} given
 * @param {Settings} settings
 */
export async function measureFirst(runners, { key, name, argument, settle = 1 }, { rounds, data }) {
  const figures = new Figures();
  for (let round = 0; round < rounds; round++) {
    for (const runner of runners) {
      if (figures.missing.has(runner.name)) continue;
      const subject = await start(runner, data, figures);
      const answer = await subject.ask({ do: 'prepare', key, name, argument, settle, cold: true });
      if (answer !== undefined) {
        const series = figures.series(subject.name, key);
        series.times.push(answer.first);
        series.cpu.push(answer.cpu);
        series.result = answer.result;
      }
      await endAll([subject], figures);
    }
  }
  return figures;
}

/**
 * How much two processes get done beside each other, in times of what one of them does alone.
 * @param {import('./subject.mjs').Runner} runner
 * @param {Case} given
 * @param {Settings} settings
 */
export async function measureBeside(runner, { key, name, argument, settle = 1 }, { rounds, roundMs, data }) {
  const figures = new Figures();
  const pair = [await start(runner, data, figures), await start(runner, data, figures)];
  let runs = 1;
  for (const subject of pair) {
    const answer = await subject.ask({ do: 'prepare', key, name, argument, settle, cold: false });
    if (answer !== undefined) runs = Math.max(1, Math.round(roundMs / answer.ms));
  }
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    const alone = await pair[round % 2]?.ask({ do: 'round', key, runs });
    const beside = await Promise.all(pair.map((subject) => subject.ask({ do: 'round', key, runs })));
    ratios.push(beside.reduce((sum, answer) => sum + Number(alone?.ms) / Number(answer?.ms), 0));
  }
  await endAll(pair, figures);
  return median(ratios);
}

/**
 * @param {import('./subject.mjs').Runner} runner
 * @param {string} data
 * @param {Figures} figures
 */
async function start(runner, data, figures) {
  const subject = new Subject(runner, data);
  await subject.started();
  if (subject.version !== undefined) figures.versions.set(subject.name, subject.version);
  return subject;
}

/**
 * @param {readonly Subject[]} subjects
 * @param {Figures} figures
 */
async function endAll(subjects, figures) {
  for (const subject of subjects) {
    if (subject.missing !== undefined) figures.missing.set(subject.name, subject.missing);
    await subject.end();
  }
}

// What was measured, and what is read from it: medians and ratios.

/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One case of one subject: milliseconds of a run, round by round. */
export class Series {
  /** @type {number[]} */
  times = [];
  /** @type {number[]} */
  cpu = [];
  /** Milliseconds of the first run. */
  first = Number.NaN;
  /** @type {unknown} */
  result;

  get ms() {
    return median(this.times);
  }
}

export class Figures {
  /** @type {Map<string, Series>} */
  #series = new Map();
  /** Why a subject was not measured. @readonly @type {Map<string, string>} */
  missing = new Map();
  /** @readonly @type {Map<string, string>} */
  versions = new Map();

  /**
   * @param {string} subject
   * @param {string} key of the case
   */
  series(subject, key) {
    const name = `${subject}/${key}`;
    const series = this.#series.get(name) ?? new Series();
    this.#series.set(name, series);
    return series;
  }

  /**
   * Milliseconds of a run, the median of rounds; NaN where it was not measured.
   * @param {string} subject
   * @param {string} key
   */
  ms(subject, key) {
    return this.#series.get(`${subject}/${key}`)?.ms ?? Number.NaN;
  }

  /**
   * Time of `subject` in times of `peer`: the median of the rounds' ratios, so that what slows down a whole round slows down neither.
   * @param {string} subject
   * @param {string} peer
   * @param {string} key
   */
  ratio(subject, peer, key) {
    const [times, others] = [this.series(subject, key).times, this.series(peer, key).times];
    return times.length === others.length ? median(times.map((time, i) => time / Number(others[i]))) : Number.NaN;
  }

  /**
   * The result of a case, a number.
   * @param {string} subject
   * @param {string} key
   */
  result(subject, key) {
    return Number(this.#series.get(`${subject}/${key}`)?.result ?? Number.NaN);
  }

  /** How much processor time each case of each subject had for a millisecond of the clock. */
  get shares() {
    return Array.from(this.#series.values(), ({ cpu }) => median(cpu)).filter((share) => !Number.isNaN(share));
  }
}

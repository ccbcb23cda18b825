// What a live line in a terminal can do. Only types: the implementations are beside this file, chosen by `#terminal`.

/** Numbers to be shown as a row of bars. */
export interface Trend {
  readonly values: readonly number[];
  /** What the tallest bar is above the lowest at least: smaller differences are noise, and are drawn small. */
  readonly leastRange: number;
}

/** A line that is rewritten in place, below lines that stay. */
export interface LiveBar {
  /**
   * Shows that `done` of the total is done, and beside the bar where training is, and how it goes, as far as there is place; in what is
   * left then, `trend`, as many of its last numbers as fit. It is read, as the lists are, whenever the line is drawn.
   */
  update(done: number, where: readonly string[], logs: readonly string[], trend: Trend): void;
  /** Prints a line that stays, above the bar. */
  keep(line: string): void;
  /** Removes the bar and leaves the terminal as it was. */
  close(): void;
}

// What a live line in a terminal can do. Only types: the implementations are beside this file, chosen by `#terminal`.

/** A line that is rewritten in place, below lines that stay. */
export interface LiveBar {
  /**
   * Shows that `done` of the total is done, and beside the bar where training is, and how it goes, as far as there is place; where some
   * is left then, `trend` as a row of small bars, as many of the last numbers as fit. The lists are read whenever the line is drawn.
   */
  update(done: number, where: readonly string[], logs: readonly string[], trend: readonly number[]): void;
  /** Prints a line that stays, above the bar. */
  keep(line: string): void;
  /** Removes the bar and leaves the terminal as it was. */
  close(): void;
}

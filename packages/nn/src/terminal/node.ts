// The live bar in a terminal of Node.js. A bundler for the browser never gets here: `#terminal` is browser.ts there.

import process from 'node:process';
import cliProgress, { type GenericFormatter } from 'cli-progress';
import type { LiveBar, Trend } from './bar.ts';
import { sparkline } from './sparkline.ts';

/** Whether a live bar is wanted: on a terminal, and not in continuous integration. */
export function isInteractive(): boolean {
  return process.stdout.isTTY === true && !isSet(process.env.CI);
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '' && variable !== '0' && variable !== 'false';
}

/** How many characters a line of the output has: no limit where it is no terminal. */
export function terminalWidth(): number {
  return process.stdout.isTTY === true ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY;
}

/** A row of fewer bars shows no trend. */
const shortestTrend = 4;

/** The bar and as many texts beside it as fit whole: half a number would be another one. The trend takes what is left then. */
const barLine: GenericFormatter = (options, { progress }, { where, logs, trend }: Beside) => {
  const width = terminalWidth();
  const room = width - 3; // an echoed ^C takes three
  let line = cliProgress.Format.BarFormat(progress, { ...options, barsize: width < 140 ? 10 : 20 });
  for (const piece of [...where, ...logs]) {
    const longer = `${line}  ${piece}`;
    if (longer.length > room) break;
    line = longer;
  }
  const { values, leastRange } = trend;
  const free = room - line.length - 2;
  return free >= shortestTrend && values.length > 1 ? `${line}  ${sparkline(values.slice(-free), leastRange)}` : line;
};

/** What stands beside the bar, as `update` takes it. */
interface Beside {
  readonly where: readonly string[];
  readonly logs: readonly string[];
  readonly trend: Trend;
}

/** A bar over `total` steps; undefined where the output is no terminal. Whatever ends the process, the cursor comes back. */
export function liveBar(total: number): LiveBar | undefined {
  if (process.stdout.isTTY !== true) return undefined;
  const bars = new cliProgress.MultiBar({
    format: barLine,
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stdout,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: true, // otherwise lines that stay are cut off at the terminal's width
    gracefulExit: false, // it swallows Ctrl-C: the bar would go, the training go on
  });
  const nothing: Beside = { where: [], logs: [], trend: { values: [], leastRange: 0 } };
  const bar = bars.create(total, 0, nothing);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const signal of signals) process.removeListener(signal, onSignal);
    process.removeListener('exit', close);
    bars.update(); // writes the lines that still wait
    bars.stop();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    close();
    // Our listener kept the signal from its usual effect. Where it was the only one, that is made up for.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  // Before all others: one that is there for once would be gone when it is this one's turn.
  for (const signal of signals) process.prependListener(signal, onSignal);
  process.on('exit', close);
  return {
    update: (done, where, logs, trend) => bar.update(done, { where, logs, trend } satisfies Beside),
    keep: (line) => bars.log(`${line}\n`),
    close,
  };
}

// No terminal: in a browser lines go to the console, and there is no live one.

import type { LiveBar } from './bar.ts';

/** Whether a live bar is wanted. */
export function isInteractive(): boolean {
  return false;
}

/** How many characters a line has: no limit. */
export function terminalWidth(): number {
  return Number.POSITIVE_INFINITY;
}

/** No bar: there is nowhere to show it. */
export function liveBar(_total: number): LiveBar | undefined {
  return undefined;
}

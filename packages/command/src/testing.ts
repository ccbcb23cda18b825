// A program in a test: run in this process, with what it prints caught.

/** What came of a program. */
export interface Ran {
  /** All lines on the console, of `log` and `error`. */
  readonly printed: string;
  /** Undefined where nothing was said, which means 0. */
  readonly exitCode: number | string | undefined;
}

/**
 * Runs a program as if it had been started with these arguments. Afterwards the process is as it was.
 *
 * @param load - imports the program, anew each time.
 * @throws whatever the program throws.
 */
export async function runProgram(load: () => Promise<unknown>, args: readonly string[]): Promise<Ran> {
  const { argv, exitCode } = process;
  const { log, error } = console;
  const listeners = process.stdout.listeners('error');
  let printed = '';
  const print = (...values: readonly unknown[]): void => {
    printed += `${values.join(' ')}\n`;
  };
  Object.assign(console, { log: print, error: print });
  process.argv = [...argv.slice(0, 2), ...args];
  process.exitCode = undefined;
  try {
    await load();
    return { printed, exitCode: process.exitCode };
  } finally {
    Object.assign(console, { log, error });
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.includes(listener)) process.stdout.off('error', listener as () => void);
    }
    process.argv = argv;
    process.exitCode = exitCode;
  }
}

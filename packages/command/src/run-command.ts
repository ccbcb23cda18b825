// A program from its arguments to its exit code.

import { TapegradError } from '@tapegrad/core';
import { type Command, helpOf, type Option, type OptionValues, readOptions } from './options.ts';

/**
 * Runs a program on the options of the process; prints its help instead where that is asked for. What is wrong with the options is one line
 * on the console, as is a TapegradError of the program; both make the exit code 1. Other errors are mistakes of ours, and pass with their stack.
 * Where nobody reads what is printed any more, as in `program | head`, the process ends.
 */
export async function runCommand<Options extends { readonly [name: string]: Option<unknown> }>(
  command: Command<Options>,
  run: (options: OptionValues<Options>) => void | Promise<void>,
): Promise<void> {
  if (!process.stdout.listeners('error').includes(endUnread)) process.stdout.on('error', endUnread);
  const values = valuesOrFailure(command);
  if (values === undefined) return;
  try {
    await run(values);
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    fail(error);
  }
}

function valuesOrFailure<Options extends { readonly [name: string]: Option<unknown> }>(
  command: Command<Options>,
): OptionValues<Options> | undefined {
  try {
    const values = readOptions(command, process.argv.slice(2));
    if (values === undefined) console.log(helpOf(command));
    return values;
  } catch (error) {
    fail(error);
    return undefined;
  }
}

function endUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

function fail(error: unknown): void {
  console.error((error as Error).message);
  process.exitCode = 1;
}

import { TapegradError } from '@tapegrad/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { options } from '../src/options.ts';
import { runCommand } from '../src/run-command.ts';

const { argv, exitCode } = process;
let printed: string[];

beforeEach(() => {
  printed = [];
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      printed.push(`${method}: ${line}`);
    });
  }
});

afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  vi.restoreAllMocks();
});

const command = { usage: 'x', about: 'Does x.', options: { times: options.whole('how often', 2, 1) } };

async function run(args: readonly string[], program: (times: number) => void = () => {}): Promise<void> {
  process.argv = [...argv.slice(0, 2), ...args];
  await runCommand(command, ({ times }) => program(times));
}

describe('runCommand', () => {
  it('runs the program on what was said', async () => {
    const program = vi.fn();
    await run(['--times', '3'], program);
    expect(program.mock.calls).toEqual([[3]]);
    expect(process.exitCode).toBe(exitCode);
  });

  it('prints the help instead', async () => {
    const program = vi.fn();
    await run(['--help'], program);
    expect(program).not.toHaveBeenCalled();
    expect(printed).toEqual([
      'log: Does x.\n\nx [options]\n  --times N  how often (default 2)\n  --help     this text',
    ]);
  });

  it('says what is wrong with an option in a line, and fails', async () => {
    await run(['--times', 'x']);
    expect(printed).toEqual(['error: --times is "x". Expected a whole number from 1 on.']);
    expect(process.exitCode).toBe(1);
  });

  it('says what the program found wrong in a line, and fails', async () => {
    await run([], () => {
      throw new TapegradError('read', 'the file is too short. Expected more.');
    });
    expect(printed).toEqual(['error: read: the file is too short. Expected more.']);
    expect(process.exitCode).toBe(1);
  });

  it('lets other errors pass with their stack', async () => {
    const error = new TypeError('a mistake');
    await expect(
      run([], () => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(printed).toEqual([]);
  });

  it('ends without a word where nobody reads on, and only there', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    await run([]);
    await run([]);
    process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    expect(exit.mock.calls).toEqual([[]]);
    expect(printed).toEqual([]);
    expect(() => process.stdout.emit('error', new Error('write ENOSPC'))).toThrow('write ENOSPC');
  });
});

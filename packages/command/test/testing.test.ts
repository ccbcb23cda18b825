import { describe, expect, it } from 'vitest';
import { runProgram } from '../src/testing.ts';

describe('runProgram', () => {
  it('catches what is printed and the exit code, and leaves the process as it was', async () => {
    const before = [process.argv, process.exitCode, console.log, console.error, process.stdout.listenerCount('error')];
    const ran = await runProgram(async () => {
      console.log('args', process.argv.slice(2).join(' '));
      console.error('wrong');
      process.stdout.on('error', () => {});
      process.exitCode = 3;
    }, ['a', '--b']);
    expect(ran).toEqual({ printed: 'args a --b\nwrong\n', exitCode: 3 });
    expect([process.argv, process.exitCode, console.log, console.error, process.stdout.listenerCount('error')]).toEqual(
      before,
    );
  });

  it('throws what the program throws, and leaves the process as it was', async () => {
    const before = [process.argv, console.log];
    await expect(runProgram(() => Promise.reject(new RangeError('no')), [])).rejects.toThrow('no');
    expect([process.argv, console.log]).toEqual(before);
  });
});

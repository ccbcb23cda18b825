// The live bar on a terminal that the tests make up.

import process from 'node:process';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { isInteractive, liveBar } from '../../src/terminal/node.ts';

const [hideCursor, showCursor] = ['\x1B[?25l', '\x1B[?25h'];
let write: MockInstance;

function written(): string {
  return write.mock.calls.map(([text]) => text).join('');
}

function setTerminal(isTTY: boolean): void {
  Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true });
}

const { isTTY } = process.stdout;

beforeEach(() => {
  setTerminal(true);
  write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  setTerminal(isTTY);
});

describe('the live bar', () => {
  test('keeps lines, and gives the cursor back when it is closed', () => {
    const bar = liveBar(10)!;
    bar.keep('a line that stays');
    bar.update(5, ['Epoch 1/2'], ['loss 0.5000']);
    expect(written()).toContain(hideCursor);
    expect(written()).not.toContain(showCursor);
    bar.close();
    expect(written()).toContain('a line that stays\n');
    expect(written()).toContain('█████░░░░░  Epoch 1/2');
    expect(written()).toContain('  loss 0.5000');
    expect(written()).toContain(showCursor);
  });

  test('shows whole pieces alone, as many as the terminal is wide enough for', () => {
    const shown = (columns: number): string => {
      Object.assign(process.stdout, { columns });
      const bar = liveBar(100)!;
      bar.update(50, ['Epoch 500/1000', 'batch 2/4'], ['loss 0.1234', 'accuracy 0.9876', 'val_loss 0.5678']);
      bar.close();
      const text = written();
      write.mockClear();
      return text;
    };
    const { columns } = process.stdout;
    expect(shown(120)).toMatch(
      /░ {2}Epoch 500\/1000 {2}batch 2\/4.* {2}loss 0.1234 {2}accuracy 0.9876 {2}val_loss 0.5678/,
    );
    expect(shown(80)).toMatch(/░ {2}Epoch 500\/1000 {2}batch 2\/4.* {2}loss 0.1234 {2}accuracy 0.9876(?! )/);
    expect(shown(30)).toMatch(/░ {2}Epoch 500\/1000(?! {2}b)/);
    Object.assign(process.stdout, { columns });
  });

  test('leaves no listener behind, however often it is closed', () => {
    const events = ['SIGINT', 'SIGTERM', 'exit'];
    const before = events.map((event) => process.listenerCount(event));
    const bar = liveBar(10)!;
    expect(events.map((event) => process.listenerCount(event))).toEqual(before.map((count) => count + 1));
    bar.close();
    bar.close();
    expect(events.map((event) => process.listenerCount(event))).toEqual(before);
  });

  test('gives the cursor back at Ctrl-C, which then ends the process as usual', () => {
    const others = process.listeners('SIGINT');
    process.removeAllListeners('SIGINT');
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    liveBar(10);
    process.emit('SIGINT', 'SIGINT');
    for (const other of others) process.on('SIGINT', other);
    expect(written()).toContain(showCursor);
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGINT');
  });

  test('leaves Ctrl-C to whoever else listens for it', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const own = vi.fn();
    process.once('SIGINT', own);
    liveBar(10);
    process.emit('SIGINT', 'SIGINT');
    expect(own).toHaveBeenCalledOnce();
    process.removeListener('SIGINT', own);
    expect(written()).toContain(showCursor);
    expect(kill).not.toHaveBeenCalled();
  });

  test('is not there where the output is no terminal', () => {
    setTerminal(false);
    expect(liveBar(10)).toBeUndefined();
  });
});

test.each([
  [true, '', true],
  [true, 'false', true],
  [true, 'true', false],
  [true, '1', false],
  [false, '', false],
])('with a terminal: %s and CI=%j a bar is wanted: %s', (terminal, ci, wanted) => {
  setTerminal(terminal);
  vi.stubEnv('CI', ci);
  expect(isInteractive()).toBe(wanted);
});

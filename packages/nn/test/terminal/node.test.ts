// The live bar on a terminal that the tests make up.

import process from 'node:process';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { isInteractive, liveBar } from '../../src/terminal/node.ts';

const none = { values: [], leastRange: 0 };
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
    bar.update(5, ['Epoch 1/2'], ['loss 0.5000'], none);
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
      bar.update(50, ['Epoch 500/1000', 'batch 2/4'], ['loss 0.1234', 'accuracy 0.9876', 'val_loss 0.5678'], none);
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

  describe('beside it, the trend', () => {
    const { columns } = process.stdout;
    const rising = Array.from({ length: 16 }, (_, i) => i);

    afterEach(() => {
      Object.assign(process.stdout, { columns });
    });

    /** The last line that was drawn, without the sequences that move the cursor. */
    function shown(width: number, values: readonly number[], leastRange: number = 0): string {
      Object.assign(process.stdout, { columns: width });
      const bar = liveBar(100)!;
      write.mockClear();
      bar.update(50, ['Epoch 5/9'], ['loss 0.1234', 'accuracy 0.9876'], { values, leastRange });
      bar.keep('drawn');
      bar.close();
      const line = written()
        // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what begins such a sequence
        .replace(/\x1B\[[0-9;?]*[A-Za-z]/g, '')
        .split('\n')
        .findLast((text) => /[█░]/.test(text))!
        .replace(/^.*\r/, '');
      write.mockClear();
      return line;
    }

    test('comes after all else', () => {
      expect(shown(120, [0.9, 0.5, 0.3, 0.2])).toMatch(/ {2}loss 0\.1234 {2}accuracy 0\.9876 {2}█▄▂▁$/);
      expect(shown(120, rising)).toMatch(/ {2}accuracy 0\.9876 {2}▁▁▂▂▃▃▄▄▅▅▆▆▇▇██$/);
    });

    test('shows fewer of the last numbers where it is narrow, and none below four', () => {
      const whole = shown(90, []).length;
      // two columns before it, three free behind
      expect(shown(whole + 2 + 16 + 3, rising)).toMatch(/\S {2}[▁-█]{16}$/);
      expect(shown(whole + 2 + 7 + 3, rising)).toMatch(/\S {2}[▁-█]{7}$/);
      expect(shown(whole + 2 + 4 + 3, rising)).toMatch(/\S {2}[▁-█]{4}$/);
      expect(shown(whole + 2 + 3 + 3, rising)).toMatch(/accuracy 0\.9876$/);
    });

    test('is never in the place of a text', () => {
      for (let width = 20; width < 100; width++) {
        const line = shown(width, rising);
        expect(line.length).toBeLessThanOrEqual(width - 3);
        expect(line.replace(/ {2}[▁-█]{4,}$/, '')).toBe(shown(width, []));
      }
    });

    test('takes what is left where the next text is too long', () => {
      const withoutAccuracy = shown(90, []).length - '  accuracy 0.9876'.length;
      expect(shown(withoutAccuracy + 2 + 9 + 3, rising)).toMatch(/loss 0\.1234 {2}[▁-█]{9}$/);
    });

    test('is drawn with its least range', () => {
      expect(shown(120, [1, 2, 1, 2], 7)).toMatch(/ {2}▁▂▁▂$/);
    });

    test('is not there for a single number', () => {
      expect(shown(120, [1])).toMatch(/accuracy 0\.9876$/);
    });
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

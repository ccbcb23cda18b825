// The lines that training prints. The live bar: terminal/node.test.ts.

import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { Dense, EarlyStopping, Sequential } from '../src/index.ts';
import { epochLine } from '../src/progress.ts';

let log: MockInstance;

beforeEach(() => {
  log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(performance, 'now').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function lines(options: object): Promise<string[]> {
  const model = new Sequential([new Dense(1, { inputShape: [1], kernelInitializer: 'zeros' })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy'] });
  await model.fit([0, 0], [0, 0], { verbose: 2, ...options });
  return log.mock.calls.map(([line]) => line);
}

describe('lines', () => {
  test('show epoch, logs and time', async () => {
    expect(await lines({ validationData: [[1], [2]] })).toEqual([
      'Epoch 1/1  loss 0.0000  accuracy 1.0000  val_loss 4.0000  val_accuracy 0.0000  (0.0 s)',
    ]);
  });

  test('are folded between two numbers where the terminal is narrow, validation below training', () => {
    const logs = { loss: 0.5, accuracy: 0.75, val_loss: 0.5, val_accuracy: 1 };
    expect(epochLine(12, 120, logs, 0.3, 80)).toBe(
      'Epoch  12/120  loss 0.5000  accuracy 0.7500\n               val_loss 0.5000  val_accuracy 1.0000  (0.3 s)',
    );
    expect(epochLine(1, 2, logs, 0.3, 30)).toBe(
      [
        'Epoch 1/2  loss 0.5000',
        '           accuracy 0.7500',
        '           val_loss 0.5000',
        '           val_accuracy 1.0000',
        '           (0.3 s)',
      ].join('\n'),
    );
    expect(epochLine(12, 120, logs, 0.3, 100)).not.toContain('\n');
  });

  test('come for every epoch up to 20 of them', async () => {
    expect((await lines({ epochs: 20 })).length).toBe(20);
  });

  test('come ten times for more', async () => {
    const printed = await lines({ epochs: 100 });
    expect(printed.map((line) => line.slice(0, 14))).toEqual([
      'Epoch  10/100 ',
      'Epoch  20/100 ',
      'Epoch  30/100 ',
      'Epoch  40/100 ',
      'Epoch  50/100 ',
      'Epoch  60/100 ',
      'Epoch  70/100 ',
      'Epoch  80/100 ',
      'Epoch  90/100 ',
      'Epoch 100/100 ',
    ]);
  });

  test('come as often as logEvery says, and at the end', async () => {
    expect((await lines({ epochs: 5, logEvery: 2 })).map((line) => line.slice(0, 9))).toEqual([
      'Epoch 2/5',
      'Epoch 4/5',
      'Epoch 5/5',
    ]);
  });

  test('end with the last epoch, also where training ends early', async () => {
    const heads = async (options: object): Promise<string[]> => {
      log.mockClear();
      return (await lines({ epochs: 100, ...options })).map((line) => line.slice(0, 13));
    };
    expect(await heads({ callbacks: [new EarlyStopping({ monitor: 'loss', patience: 3 })] })).toEqual([
      'Epoch   4/100',
    ]);
    expect(await heads({ logEvery: 3, callbacks: [new EarlyStopping({ monitor: 'loss', patience: 4 })] })).toEqual([
      'Epoch   3/100',
      'Epoch   5/100',
    ]);
    expect(await heads({ logEvery: 2, callbacks: [new EarlyStopping({ monitor: 'loss', patience: 3 })] })).toEqual([
      'Epoch   2/100',
      'Epoch   4/100',
    ]);
  });

  test('show very small and very large numbers in powers of ten', async () => {
    expect((await lines({ validationData: [[0], [1e4]] }))[0]).toContain('val_loss 1.000e+8');
    log.mockClear();
    expect((await lines({ validationData: [[0], [0.01]] }))[0]).toContain('val_loss 1.000e-4');
  });

  test('are not printed at verbose 0', async () => {
    expect(await lines({ verbose: 0 })).toEqual([]);
  });

  test('take the place of the live bar where the output is no terminal', async () => {
    expect((await lines({ verbose: 1 })).length).toBe(1);
  });
});

test.each([
  [{ verbose: 3 }, "fit: verbose is 3. Expected 'auto', 0, 1 or 2."],
  [{ logEvery: 0 }, 'fit: logEvery is 0. Expected a whole number >= 1.'],
])('%j is refused', async (options, message) => {
  await expect(lines(options)).rejects.toThrow(message);
});

// The table of layers, as it is printed.

import process from 'node:process';
import { describe, expect, test, vi } from 'vitest';
import { Dense, Dropout, Sequential } from '../src/index.ts';

function summary(model: Sequential): string {
  let text = '';
  model.summary({
    print: (printed) => {
      text += printed;
    },
  });
  return text;
}

test('shows the layers as Keras does, with shapes and counts of parameters', () => {
  const model = new Sequential([
    new Dense(128, { activation: 'relu', inputShape: [30] }),
    new Dropout(0.5),
    new Dense(1, { activation: 'sigmoid', trainable: false }),
  ]);
  expect(summary(model)).toBe(`Model: "sequential"
┌───────────────────────────────────┬────────────────────────┬───────────────┐
│ Layer (type)                      │ Output Shape           │       Param # │
├───────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                     │ (None, 128)            │         3,968 │
├───────────────────────────────────┼────────────────────────┼───────────────┤
│ dropout (Dropout)                 │ (None, 128)            │             0 │
├───────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_1 (Dense)                   │ (None, 1)              │           129 │
└───────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 4,097 (16.00 KB)
 Trainable params: 3,968 (15.50 KB)
 Non-trainable params: 129 (516.00 B)`);
});

test('shows 14,337 parameters for 30-128-64-32-1, in 56 KB', () => {
  const model = new Sequential([new Dense(128, { inputShape: [30] }), new Dense(64), new Dense(32), new Dense(1)]);
  expect(summary(model)).toContain(' Total params: 14,337 (56.00 KB)\n');
});

test('does not build a model that waits for data', () => {
  const model = new Sequential([new Dense(4)], { name: 'waiting' });
  expect(summary(model)).toContain('Model: "waiting"');
  expect(summary(model)).toContain('│ ?                      │   0 (unbuilt) │');
  expect(model.built).toBe(false);
});

test('widens for long names', () => {
  const name = 'a_layer_whose_name_is_longer_than_the_column';
  const text = summary(new Sequential([new Dense(1, { name, inputShape: [1] })]));
  expect(text).toContain(`│ ${name} (Dense) │`);
});

test('counts float64 weights as eight bytes', () => {
  const model = new Sequential([new Dense(1, { inputShape: [1] })], { dtype: 'float64' });
  expect(summary(model)).toContain(' Total params: 2 (16.00 B)');
});

describe('in a narrow terminal', () => {
  const narrow = (columns: number, model: Sequential): string => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { isTTY, columns: before } = process.stdout;
    Object.assign(process.stdout, { isTTY: true, columns });
    model.summary();
    Object.assign(process.stdout, { isTTY, columns: before });
    const text = log.mock.calls[0]![0] as string;
    log.mockRestore();
    return text;
  };

  test('keeps its columns, and the type in sight below a long name', () => {
    const model = new Sequential([
      new Dense(128, { inputShape: [30] }),
      new Dense(1, { name: 'a_layer_with_quite_a_long_name' }),
    ]);
    expect(narrow(50, model)).toBe(`Model: "sequential"
┌───────────────────────┬──────────────┬─────────┐
│ Layer (type)          │ Output Shape │ Param # │
├───────────────────────┼──────────────┼─────────┤
│ dense (Dense)         │ (None, 128)  │   3,968 │
├───────────────────────┼──────────────┼─────────┤
│ a_layer_with_quite_a… │ (None, 1)    │     129 │
│ (Dense)               │              │         │
└───────────────────────┴──────────────┴─────────┘
 Total params: 4,097 (16.00 KB)
 Trainable params: 4,097 (16.00 KB)
 Non-trainable params: 0 (0.00 B)`);
  });

  test('is as Keras’s where that fits', () => {
    const model = new Sequential([new Dense(1, { inputShape: [1] })]);
    expect(narrow(80, model)).toBe(summary(model));
  });
});

test('refuses options that there are not', () => {
  const model = new Sequential();
  expect(() => model.summary({ lineLength: 40 } as object)).toThrow('summary: no option lineLength. Known: print.');
  expect(() => model.summary({ print: 'x' } as object)).toThrow('summary: print is "x". Expected a function.');
});

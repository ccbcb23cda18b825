// What callbacks are told, and when; and the history.

import { describe, expect, test } from 'vitest';
import { Callback, type CallbackMethods, Dense, LambdaCallback, type Logs, Sequential } from '../src/index.ts';
import { mistake } from './support/errors.ts';

class Recorder extends Callback {
  readonly seen: string[] = [];
  override onTrainBegin(): void {
    this.seen.push('train');
  }
  override onEpochBegin(epoch: number): void {
    this.seen.push(`epoch ${epoch}`);
  }
  override onTrainBatchBegin(batch: number): void {
    this.seen.push(`batch ${batch}`);
  }
  override onTrainBatchEnd(_batch: number, logs: Logs): void {
    this.seen.push(Object.keys(logs).join());
  }
  override async onEpochEnd(_epoch: number, logs: Logs): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    this.seen.push(Object.keys(logs).join());
  }
  override onTrainEnd(): void {
    this.seen.push('end');
  }
}

function model(): Sequential {
  const made = new Sequential([new Dense(1, { inputShape: [1] })], { seed: 1 });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mse'] });
  return made;
}

describe('callbacks', () => {
  test('are told of everything in order, and waited for', async () => {
    const recorder = new Recorder();
    await model().fit([1, 2, 3], [1, 2, 3], {
      batchSize: 2,
      validationData: [[4], [4]],
      verbose: 0,
      callbacks: [recorder],
    });
    expect(recorder.seen).toEqual([
      'train',
      'epoch 0',
      'batch 0',
      'loss,mse',
      'batch 1',
      'loss,mse',
      'loss,mse,val_loss,val_mse',
      'end',
    ]);
  });

  test('may give back anything: only promises are waited for, in order', async () => {
    const seen: unknown[] = [];
    const short = { onEpochEnd: (epoch: number) => seen.push(epoch) };
    const later = {
      onEpochEnd: async () => {
        await new Promise((resolve) => setTimeout(resolve));
        return seen.push('later');
      },
    };
    const last = {
      onEpochEnd: () => {
        seen.push('last');
        return null;
      },
    };
    const callbacks = [short, later, last] as unknown as readonly CallbackMethods[];
    await model().fit([1], [1], { epochs: 2, verbose: 0, callbacks });
    expect(seen).toEqual([0, 'later', 'last', 1, 'later', 'last']);
  });

  test('can end training after an epoch', async () => {
    class Stop extends Callback {
      override onEpochEnd(epoch: number): void {
        this.model.stopTraining = epoch === 1;
      }
    }
    const trained = model();
    const history = await trained.fit([1], [1], { epochs: 10, verbose: 0, callbacks: [new Stop()] });
    expect(history.epoch).toEqual([0, 1]);
    expect((await trained.fit([1], [1], { epochs: 3, verbose: 0 })).epoch).toEqual([0, 1, 2]);
  });

  test('can end training after a batch, as in Keras: the epoch is reported all the same', async () => {
    class Stop extends Recorder {
      override onTrainBatchEnd(batch: number): void {
        this.seen.push(`after ${batch}`);
        this.model.stopTraining = true;
      }
    }
    const stop = new Stop();
    const history = await model().fit([1, 2], [1, 2], { batchSize: 1, epochs: 9, verbose: 0, callbacks: [stop] });
    expect(stop.seen).toEqual(['train', 'epoch 0', 'batch 0', 'after 0', 'loss,mse', 'end']);
    expect(history.epoch).toEqual([0]);
  });

  test('that throw end training with their error, and the model can be trained again', async () => {
    class Throw extends Callback {
      override onTrainBatchEnd(): void {
        throw new RangeError('on purpose');
      }
    }
    const trained = model();
    await expect(trained.fit([1], [1], { verbose: 0, callbacks: [new Throw()] })).rejects.toThrow(RangeError);
    expect((await trained.fit([1], [1], { verbose: 0 })).epoch).toEqual([0]);
  });

  test('may be plain objects of functions, whose this they keep', async () => {
    const seen: string[] = [];
    const plain = {
      onEpochEnd(epoch: number, logs: Logs): void {
        seen.push(`${epoch} ${Object.keys(logs)} ${this === plain}`);
      },
    };
    const onTrainEnd = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve));
      seen.push('end');
    };
    await model().fit([1], [1], {
      epochs: 2,
      verbose: 0,
      callbacks: [plain, { onTrainEnd }, new LambdaCallback(plain)],
    });
    const [first, second] = ['0 loss,mse true', '1 loss,mse true'];
    expect(seen).toEqual([first, first, second, second, 'end']);
  });

  test('are told of evaluation, of that after each epoch too, and of prediction', async () => {
    const seen: string[] = [];
    const told = (what: string) => (batch: number | Logs, logs?: Logs) => {
      seen.push([what, ...(logs === undefined ? [] : [batch]), ...Object.keys(logs ?? (batch as Logs))].join(' '));
    };
    const names = ['Test', 'Predict'].flatMap((of) => [
      `on${of}Begin`,
      `on${of}BatchBegin`,
      `on${of}BatchEnd`,
      `on${of}End`,
    ]);
    const callbacks: CallbackMethods[] = [Object.fromEntries(names.map((name) => [name, told(name)]))];
    const trained = model();
    await trained.evaluate([1, 2, 3], [1, 2, 3], { batchSize: 2, callbacks });
    const test = ['onTestBegin', 'onTestBatchBegin 0', 'onTestBatchEnd 0 loss mse'];
    const rest = ['onTestBatchBegin 1', 'onTestBatchEnd 1 loss mse', 'onTestEnd loss mse'];
    expect(seen.splice(0)).toEqual([...test, ...rest]);
    await trained.predict([1], { callbacks });
    expect(seen.splice(0)).toEqual(['onPredictBegin', 'onPredictBatchBegin 0', 'onPredictBatchEnd 0', 'onPredictEnd']);
    await trained.fit([1], [1], { validationData: [[4], [4]], verbose: 0, callbacks });
    expect(seen).toEqual([...test, 'onTestEnd loss mse']);
  });

  test.each([
    [[{}], 'callbacks has an instance of Object. '],
    [[undefined], 'callbacks has undefined. '],
    [[new Date(0)], 'callbacks has an instance of Date. '],
    [{ onEpochEnd: () => {} }, 'callbacks has an instance of Object. '],
  ])('are refused unless they are a list of those: %j', async (callbacks, message) => {
    const expected =
      'Expected a list of instances of Callback, or of objects of its methods, e.g. { onEpochEnd: (epoch, logs) => … }.';
    for (const call of ['fit', 'evaluate'] as const) {
      await expect(model()[call]([1], [1], { callbacks: callbacks as never })).rejects.toThrow(
        mistake(`${call}: ${message}${expected}`),
      );
    }
  });

  test('with names that there are not are refused', async () => {
    const known =
      'onTrainBegin, onEpochBegin, onTrainBatchBegin, onTrainBatchEnd, onEpochEnd, onTrainEnd, onTestBegin, onTestBatchBegin, ' +
      'onTestBatchEnd, onTestEnd, onPredictBegin, onPredictBatchBegin, onPredictBatchEnd, onPredictEnd';
    await expect(model().fit([1], [1], { callbacks: [{ on_epoch_end: () => {} } as object] })).rejects.toThrow(
      mistake(`fit: no option on_epoch_end. Did you mean onEpochEnd? Known: ${known}.`),
    );
    expect(() => new LambdaCallback({ onEpochEnd: 3 as never })).toThrow(
      mistake('LambdaCallback: onEpochEnd is 3. Expected a function.'),
    );
  });
});

test('the history has a number for each epoch and log name', async () => {
  const trained = model();
  const history = await trained.fit([1, 2], [1, 2], { epochs: 4, initialEpoch: 1, validationSplit: 0.5, verbose: 0 });
  expect(history.epoch).toEqual([1, 2, 3]);
  expect(Object.keys(history.history)).toEqual(['loss', 'mse', 'val_loss', 'val_mse']);
  expect(history.history.val_mse!.length).toBe(3);
  expect(trained.history).toBe(history);
});

test('a history can be printed and stored without the model', async () => {
  const history = await model().fit([1, 2], [1, 2], { verbose: 0 });
  expect(Object.keys(JSON.parse(JSON.stringify(history)))).toEqual(['history', 'epoch']);
});

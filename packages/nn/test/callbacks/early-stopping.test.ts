// When training is ended early, and with which weights.

import { type Tensor, type TensorData, tensor } from '@tapegrad/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  Callback,
  Dense,
  EarlyStopping,
  type EarlyStoppingOptions,
  Sequential,
  SGD,
  type WatchedModel,
} from '../../src/index.ts';
import { mistake } from '../support/errors.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A model whose weights say which epoch it is. */
class Counting implements WatchedModel {
  readonly name = 'counting';
  readonly weights = [];
  readonly optimizer = undefined;
  stopTraining = false;
  epoch = -1;
  restored: readonly unknown[] | undefined;
  getWeights(): readonly Tensor[] {
    return [tensor([this.epoch])];
  }
  setWeights(values: readonly (Tensor | TensorData)[]): void {
    this.restored = values.map((value) => (value as Tensor).item());
  }
  evaluate(): never {
    throw new Error('not asked for');
  }
  predict(): never {
    throw new Error('not asked for');
  }
}

/** What a callback does when the log comes to these values: how many epochs there are, and of which the weights are put back. */
function run(options: EarlyStoppingOptions, values: readonly number[], callback = new EarlyStopping(options)) {
  const model = new Counting();
  callback.model = model;
  callback.onTrainBegin();
  const log = options.monitor ?? 'val_loss';
  for (const [epoch, value] of values.entries()) {
    if (model.stopTraining) break;
    model.epoch = epoch;
    callback.onEpochEnd(epoch, { [log]: value });
  }
  callback.onTrainEnd();
  return { epochs: model.epoch + 1, stopped: model.stopTraining, restored: model.restored?.[0], callback };
}

const nan = Number.NaN;

describe('as Keras has it', () => {
  test.each<[string, EarlyStoppingOptions, number[], number, number | undefined]>([
    ['an improvement each time goes on', { restoreBestWeights: true }, [3, 2, 1], 3, 2],
    ['patience 0 ends at the first epoch that is no better', {}, [3, 3, 1], 2, undefined],
    ['the first epoch never ends training, not even by NaN', {}, [nan, 3, 3], 3, undefined],
    ['a better value never does', { baseline: 0 }, [3, 2, 2], 3, undefined],
    ['patience counts epochs since the best', { patience: 2, restoreBestWeights: true }, [3, 2, 4, 5, 1], 4, 1],
    ['an improvement begins it anew', { patience: 2, restoreBestWeights: true }, [3, 4, 2, 3, 3, 0], 5, 2],
    [
      'the best is restored also where it was not ended early',
      { patience: 9, restoreBestWeights: true },
      [1, 2, 3],
      3,
      0,
    ],
    ['without being asked nothing is restored', { patience: 1 }, [1, 2, 3], 2, undefined],
    ['a change of minDelta is no improvement', { minDelta: 0.5, patience: 2 }, [3, 2.5, 2.1, 1.7], 4, undefined],
    ['less than minDelta neither', { minDelta: 0.5, patience: 2, restoreBestWeights: true }, [3, 2.75, 2.5, 1], 3, 0],
    ['an accuracy is to grow', { monitor: 'val_accuracy', restoreBestWeights: true }, [0.5, 0.75, 0.7], 3, 1],
    ['mode max', { monitor: 'mine', mode: 'max', restoreBestWeights: true }, [1, 2, 1.5], 3, 1],
    ['mode min', { monitor: 'mine', mode: 'min', restoreBestWeights: true }, [1, 2, 0], 2, 0],
    ['NaN is no improvement', { restoreBestWeights: true, patience: 2 }, [3, nan, nan, 1], 3, 0],
    ['of NaN alone the first is kept', { restoreBestWeights: true, patience: 2 }, [nan, nan, nan], 2, 0],
    ['a number after NaN is one', { restoreBestWeights: true, patience: 2 }, [nan, 5, 6, 7], 4, 1],
    [
      'below a baseline patience does not begin anew',
      { baseline: 1, patience: 2, restoreBestWeights: true },
      [5, 4, 3, 2],
      4,
      3,
    ],
    ['with a baseline that is beaten it does', { baseline: 4.5, patience: 2 }, [5, 4, 4.2, 4.3, 0], 4, undefined],
    [
      'epochs before the first one count nothing',
      { startFromEpoch: 2, restoreBestWeights: true },
      [1, 1, 5, 4, 4, 0],
      5,
      3,
    ],
  ])('%s', (_what, options, values, epochs, restored) => {
    expect(run(options, values)).toMatchObject({ epochs, restored });
  });

  test('says what it did', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { callback } = run({ verbose: 1, restoreBestWeights: true, patience: 1 }, [2, 1, 3]);
    expect(log.mock.calls).toEqual([
      ['Epoch 3: early stopping'],
      ['Restoring the weights from the end of the best epoch: 2'],
    ]);
    expect(callback).toMatchObject({ stoppedEpoch: 2, bestEpoch: 1, best: 1 });
  });

  test('begins anew with each training', () => {
    const callback = new EarlyStopping({ restoreBestWeights: true });
    run({}, [1, 2], callback);
    expect(run({}, [9, 8, 10], callback)).toMatchObject({ epochs: 3, restored: 1 });
  });

  test('warns once a training where the log is missing, and goes on', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const callback = new EarlyStopping();
    callback.model = new Counting();
    for (let training = 0; training < 2; training++) {
      callback.onTrainBegin();
      for (let epoch = 0; epoch < 3; epoch++) callback.onEpochEnd(epoch, { loss: 1, accuracy: 0 });
    }
    expect(callback.model.stopTraining).toBe(false);
    const line =
      'EarlyStopping: there is no log val_loss, only loss, accuracy. Give fit validationData or validationSplit.';
    expect(warn.mock.calls).toEqual([[line], [line]]);
  });
});

describe('which way is better, a log says by its name', () => {
  const less = ['binary_crossentropy', 'categorical_crossentropy', 'sparse_categorical_crossentropy'];
  test.each([...less, 'mean_squared_error', 'mse', 'loss'].flatMap((name) => [name, `val_${name}`]))(
    'less of %s',
    (monitor) => {
      expect(run({ monitor, restoreBestWeights: true }, [3, 2, 4])).toMatchObject({ epochs: 3, restored: 1 });
    },
  );

  test.each(['accuracy', 'binary_accuracy', 'categorical_accuracy', 'val_sparse_categorical_accuracy'])(
    'more of %s',
    (monitor) => {
      expect(run({ monitor, restoreBestWeights: true }, [3, 4, 2])).toMatchObject({ epochs: 3, restored: 1 });
    },
  );
});

describe('options', () => {
  test.each<[object, string]>([
    [{ monitor: 3 }, "monitor is 3. Expected the name of a log, e.g. 'val_loss'."],
    [
      { monitor: 'val_mine' },
      "monitor is \"val_mine\", whose name does not say whether less is better or more. Say so: mode: 'min' or mode: 'max'.",
    ],
    [{ mode: 'less' }, "mode is \"less\". Expected 'auto', 'min' or 'max'."],
    [{ patience: -1 }, 'patience is -1. Expected a whole number >= 0.'],
    [{ startFromEpoch: 0.5 }, 'startFromEpoch is 0.5. Expected a whole number >= 0.'],
    [{ minDelta: -0.1 }, 'minDelta is -0.1. Expected a number >= 0.'],
    [{ baseline: nan }, 'baseline is NaN. Expected a number that is finite.'],
    [{ restoreBestWeights: 'yes' }, 'restoreBestWeights is "yes". Expected true or false.'],
    [{ verbose: 2 }, 'verbose is 2. Expected 0 or 1.'],
    [
      { restore_best_weights: true },
      'no option restore_best_weights. Did you mean restoreBestWeights? Known: monitor, minDelta, patience, verbose, mode, baseline, ' +
        'restoreBestWeights, startFromEpoch.',
    ],
  ])('%j are refused', (options, message) => {
    expect(() => new EarlyStopping(options)).toThrow(mistake(`EarlyStopping: ${message}`));
  });
});

describe.each([true, false])('in fit, with jit: %s', (jit) => {
  test('the parameters stay, with the values of the best epoch; nothing is compiled again', async () => {
    const calls = vi.fn();
    const optimizer = new SGD({ learningRate: 0.1 });
    const model = new Sequential([new Dense(1, { inputShape: [1] })], { seed: 3 });
    model.compile({
      optimizer,
      loss: (y, p) => {
        calls();
        return p.sub(y).square().mean();
      },
      jit,
    });
    const kept: string[] = [];
    const traces: number[] = [];
    class Watch extends Callback {
      override onEpochEnd(epoch: number): void {
        kept.push(String(this.model.getWeights().map((weight) => weight.toArray())));
        traces.push(calls.mock.calls.length);
        if (epoch === 4) optimizer.learningRate = 3; // from here on it gets worse
      }
    }
    const parameters = [...model.weights];
    const stopping = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    const data = { epochs: 50, verbose: 0, validationData: [[2], [4]] } as const;
    const { epoch, history } = await model.fit([1, -1], [2, -2], { ...data, callbacks: [new Watch(), stopping] });
    expect(epoch.length).toBe(7);
    expect(stopping).toMatchObject({ bestEpoch: 4, stoppedEpoch: 6, best: history.val_loss![4] });
    expect(model.weights.every((weight, i) => weight === parameters[i])).toBe(true);
    expect(String(model.weights.map((weight) => weight.toArray()))).toBe(kept[4]);
    // what is restored is what is computed with
    expect((await model.evaluate([2], [4])).loss).toBe(history.val_loss![4]);
    if (jit) expect(traces.at(-1)).toBe(traces[0]);
    // and training goes on from there
    optimizer.learningRate = 0.1;
    const again = await model.fit([1, -1], [2, -2], { ...data, epochs: 1 });
    expect(again.history.val_loss![0]!).toBeLessThan(history.val_loss![4]!);
  });
});

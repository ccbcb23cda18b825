import { describe, expect, it } from 'vitest';
import { noGrad, scalar, TapegradError } from '../src/index.ts';
import { activeRecorders, type Recorder, recordWith } from '../src/recording.ts';
import { refusal } from './refusal.ts';

interface Listener extends Recorder {
  readonly heard: string[];
}

function listener(): Listener {
  const heard: string[] = [];
  return {
    heard,
    onOp: (op) => heard.push(op.name),
    nameOf: () => undefined,
    rename: () => {},
  };
}

const x = scalar(2);

describe('recorders', () => {
  it('hear the operations that run while they listen, in order', () => {
    const recorder = listener();
    x.neg();
    const out = recordWith('record', recorder, () => x.square().add(1));
    x.exp();
    expect(recorder.heard).toEqual(['square', 'add']);
    expect(out.item()).toBe(5);
  });

  it('are nested: the inner ones are added to the outer ones', () => {
    const [outer, inner] = [listener(), listener()];
    recordWith('record', outer, () => {
      x.neg();
      recordWith('record', inner, () => {
        expect(activeRecorders()).toEqual([outer, inner]);
        x.exp();
      });
      x.abs();
    });
    expect(outer.heard).toEqual(['neg', 'exp', 'abs']);
    expect(inner.heard).toEqual(['exp']);
  });

  it('hear nothing of what noGrad runs, and go on afterwards', () => {
    const [recorder, inner] = [listener(), listener()];
    recordWith('record', recorder, () => {
      noGrad(() => {
        x.exp();
        recordWith('record', inner, () => x.neg());
      });
      x.abs();
    });
    expect(recorder.heard).toEqual(['abs']);
    expect(inner.heard).toEqual(['neg']);
  });

  it('hear nothing of an operation that was refused', () => {
    const recorder = listener();
    expect(() => recordWith('record', recorder, () => scalar(1).softmax())).toThrow(TapegradError);
    expect(recorder.heard).toEqual([]);
  });

  it.each<[string, (f: () => never) => unknown]>([
    ['recordWith', (f) => recordWith('record', listener(), f)],
    ['noGrad', (f) => noGrad(f)],
  ])('are the same as before when the function of %s throws', (_, run) => {
    const outer = listener();
    recordWith('record', outer, () => {
      expect(() =>
        run(() => {
          throw new Error('mine');
        }),
      ).toThrow(new Error('mine'));
      expect(activeRecorders()).toEqual([outer]);
    });
    expect(activeRecorders()).toEqual([]);
  });
});

describe('a promise', () => {
  const message = (op: string): string =>
    `${op}: the function returned a promise. Expected a synchronous function: await the data first, then record.`;

  it.each<[string, (f: () => unknown) => unknown]>([
    ['record', (f) => recordWith('record', listener(), f)],
    ['noGrad', (f) => noGrad(f)],
  ])('is refused by %s', (op, run) => {
    expect(() => run(async () => x)).toThrow(refusal(message(op)));
    // a rejection is not reported a second time, as one that nobody handles
    expect(() => run(() => Promise.reject(new Error('unhandled')))).toThrow(refusal(message(op)));
    expect(activeRecorders()).toEqual([]);
  });

  it('is told by its then, whoever made it', () => {
    // biome-ignore lint/suspicious/noThenProperty: the thing under test
    expect(() => noGrad(() => ({ then: () => {} }))).toThrow(refusal(message('noGrad')));
    expect(noGrad(() => null)).toBeNull();
    expect(noGrad(() => undefined)).toBeUndefined();
  });
});

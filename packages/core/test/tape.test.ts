// The tape: watching, recording, gradients, printing; and what it refuses.

import { describe, expect, it } from 'vitest';
import {
  concat,
  grad,
  noGrad,
  ones,
  Parameter,
  RandomGenerator,
  scalar,
  stopGradient,
  Tape,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../src/index.ts';

const x = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);

describe('gradient', () => {
  it('gives the gradients in the nesting of the sources', () => {
    const layers = [{ W: ones([2, 3]), b: zeros([3]) }, { W: ones([3, 1]) }] as const;
    const tape = new Tape();
    tape.watch(layers);
    const loss = tape.record(() => x.matmul(layers[0].W).add(layers[0].b).matmul(layers[1].W).sum());
    const [first, second] = tape.gradient(loss, layers);
    expect(first.W.toArray()).toEqual([
      [9, 9, 9],
      [12, 12, 12],
    ]);
    expect(first.b.toArray()).toEqual([3, 3, 3]);
    expect(second.W.toArray()).toEqual([[21], [21], [21]]);
  });

  it('follows parameters without being told to', () => {
    const w = new Parameter(tensor([1, 2]), 'w');
    const b = new Parameter(tensor([3, 4]), 'b');
    const tape = new Tape();
    const loss = tape.record(() => w.mul(b).sum());
    const [dw, db] = tape.gradient(loss, [w, b] as const);
    expect(dw.toArray()).toEqual([3, 4]);
    expect(db.toArray()).toEqual([1, 2]);
  });

  it('differentiates by a step in between', () => {
    const w = scalar(3);
    const tape = new Tape({ persistent: true });
    tape.watch(w);
    const [square, loss] = tape.record(() => {
      const inner = w.square();
      return [inner, inner.mul(5)] as const;
    });
    expect(tape.gradient(loss, square).item()).toBe(5);
    expect(tape.gradient(loss, { w, square }).w.item()).toBe(30);
  });

  it('adds up what comes over several recordings', () => {
    const w = scalar(3);
    const tape = new Tape();
    tape.watch(w);
    const square = tape.record(() => w.square());
    const loss = tape.record(() => square.add(w));
    expect(tape.gradient(loss, w).item()).toBe(7);
  });

  it('is zero for an unused source on request', () => {
    const sources = { used: scalar(1), unused: tensor([1, 2]) };
    const tape = new Tape();
    tape.watch(sources);
    const loss = tape.record(() => sources.used.mul(2));
    const gradients = tape.gradient(loss, sources, { unconnected: 'zero' });
    expect(gradients.used.item()).toBe(2);
    expect(gradients.unused.toArray()).toEqual([0, 0]);
  });

  it('does not let the branch that was not taken spoil it', () => {
    const w = tensor([0, 4]);
    const tape = new Tape();
    tape.watch(w);
    // d√w at 0 is infinite, but not chosen there
    const loss = tape.record(() => where(w.greater(0), where(w.greater(0), w, 1).sqrt(), 0).sum());
    expect(tape.gradient(loss, w).toArray()).toEqual([0, 0.25]);
  });

  it('is the right one after a step outside of the recording', () => {
    const w = new Parameter(scalar(2), 'w');
    const losses: number[] = [];
    for (let step = 0; step < 3; step++) {
      const tape = new Tape();
      const loss = tape.record(() => w.square());
      losses.push(loss.item());
      w.assign(w.sub(tape.gradient(loss, w).mul(0.25)));
    }
    expect(losses).toEqual([4, 1, 0.25]);
  });

  it('can be differentiated once more on a tape that still records', () => {
    // A gradient penalty: d/dw (w³)'² = d/dw 9w⁴ = 36w³
    const w = scalar(2);
    const tape = new Tape({ persistent: true });
    tape.watch(w);
    const penalty = tape.record(() => tape.gradient(w.pow(3), w).square());
    expect(tape.gradient(penalty, w).item()).toBe(36 * 8);
  });

  it('goes through a million steps forward and backward', () => {
    const w = scalar(1, 'float64');
    const tape = new Tape();
    tape.watch(w);
    const out = tape.record(() => {
      let value: Tensor = w;
      for (let i = 0; i < 1_000_000; i++) value = value.neg();
      return value;
    });
    expect(tape.nodes.length).toBe(1_000_001);
    expect(tape.gradient(out, w).item()).toBe(1);
  }, 60_000);
});

describe('nested tapes', () => {
  it('differentiate each by its own variable', () => {
    const w = scalar(3);
    const outer = new Tape();
    outer.watch(w);
    const slope = outer.record(() => {
      const inner = new Tape();
      inner.watch(w);
      const cube = inner.record(() => w.pow(3));
      return inner.gradient(cube, w);
    });
    expect(slope.item()).toBe(27);
    expect(outer.gradient(slope, w).item()).toBe(18);
  });
});

describe('a persistent tape', () => {
  it('is asked for as many gradients as one likes, and goes on recording', () => {
    const w = scalar(3);
    const tape = new Tape({ persistent: true });
    tape.watch({ w });
    const square = tape.record(() => w.square());
    expect(tape.gradient(square, w).item()).toBe(6);
    const fourth = tape.record(() => square.square());
    expect(tape.gradient(fourth, w).item()).toBe(108);
    expect(tape.gradient(square, w).item()).toBe(6);
  });

  it('keeps what was saved, another one lets it go', () => {
    const w = tensor([1, 2, 3]);
    const keptBy = (persistent: boolean): number[] => {
      const tape = new Tape({ persistent });
      tape.watch({ w });
      const loss = tape.record(() => w.exp().mul(w).sum());
      const before = tape.keptBytes;
      tape.gradient(loss, w);
      return [before, tape.keptBytes];
    };
    // exp keeps its output, mul both operands: the output once more, and w
    expect(keptBy(true)).toEqual([24, 24]);
    expect(keptBy(false)).toEqual([24, 0]);
  });

  it('records its own gradient once, also where it is asked inside its recording', () => {
    const w = scalar(2);
    const tape = new Tape({ persistent: true });
    tape.watch({ w });
    const slopes = tape.record(() => {
      const cube = w.pow(3);
      return [tape.gradient(cube, w), tape.stopRecording(() => tape.gradient(cube, w))];
    });
    expect(slopes.map((slope) => slope.item())).toEqual([12, 12]);
    expect(tape.gradient(slopes[0]!, w).item()).toBe(12);
    expect(() => tape.gradient(slopes[1]!, w)).toThrow('gradient: the target does not depend on the source.');
  });
});

describe('stopRecording', () => {
  it('leaves out what runs inside, on this tape alone', () => {
    const w = scalar(3);
    const [outer, inner] = [new Tape(), new Tape()];
    outer.watch({ w });
    inner.watch({ w });
    const loss = outer.record(() => inner.record(() => w.mul(inner.stopRecording(() => w.square()))));
    expect(inner.gradient(loss, w).item()).toBe(9);
    expect(outer.gradient(loss, w).item()).toBe(27);
  });

  it('gives back what the function gives, and goes on when it throws', () => {
    const w = scalar(3);
    const tape = new Tape();
    tape.watch({ w });
    const loss = tape.record(() => {
      expect(tape.stopRecording(() => 'a reading')).toBe('a reading');
      expect(() =>
        tape.stopRecording(() => {
          throw new Error('mine');
        }),
      ).toThrow('mine');
      return w.square();
    });
    expect(tape.gradient(loss, w).item()).toBe(6);
  });

  it('is lifted by record, and does nothing to a tape that does not record', () => {
    const w = scalar(3);
    const tape = new Tape();
    tape.watch({ w });
    const loss = tape.record(() => tape.stopRecording(() => tape.record(() => w.square()).add(w)).mul(1));
    expect(tape.stopRecording(() => w.exp()).rank).toBe(0);
    expect(tape.nodes.map((node) => node.op?.name ?? node.origin)).toEqual(['watched', 'square']);
    expect(loss.item()).toBe(12);
  });

  it('refuses a promise', () => {
    expect(() => new Tape().stopRecording(async () => 1)).toThrow(
      'stopRecording: the function returned a promise. Expected a synchronous function: await the data first, then record.',
    );
  });
});

describe('keptBytes', () => {
  it('counts a store once, whoever keeps it, and as a whole', () => {
    const w = zeros([100], 'float64');
    const tape = new Tape();
    tape.watch({ w });
    tape.record(() => w.square().mul(2).add(w.slice(0, 10).square().sum()));
    // square keeps w, the second square a view of it; mul keeps the square and 2
    expect(tape.keptBytes).toBe(800 + 800 + 8);
  });
});

describe('what is on the tape', () => {
  it('prints a node a line: index, dtype and shape, op and inputs, name', () => {
    const W = tensor([
      [0.1, -0.2],
      [0.3, 0.4],
    ]);
    const b = new Parameter(zeros([2]), 'b');
    const tape = new Tape();
    tape.watch({ W });
    tape.record(() =>
      x.named('x').matmul(W).add(b).named('z').sigmoid().named('a').mean([0], { keepDims: true }).sum(),
    );
    expect(String(tape)).toBe(
      [
        '%0  float32[2, 2]  watched                              W',
        '%1  float32[3, 2]  constant                             x',
        '%2  float32[3, 2]  matmul(%1, %0)',
        '%3  float32[2]     parameter                            b',
        '%4  float32[3, 2]  add(%2, %3)                          z',
        '%5  float32[3, 2]  sigmoid(%4)                          a',
        '%6  float32[1, 2]  mean(%5, axes=[0], keepDims=true)',
        '%7  float32[]      sum(%6, axes=[0,1], keepDims=false)',
      ].join('\n'),
    );
  });

  it('is only what depends on a watched tensor', () => {
    const w = scalar(2);
    const tape = new Tape();
    tape.watch(w);
    tape.record(() => w.mul(scalar(3).square().exp()));
    expect(tape.nodes.map((node) => node.op?.name ?? node.origin)).toEqual(['watched', 'constant', 'mul']);
  });

  it('holds a constant once, however often it is used', () => {
    const w = scalar(2);
    const c = scalar(3);
    const tape = new Tape();
    tape.watch(w);
    tape.record(() => w.mul(c).mul(c));
    expect(tape.nodes.map((node) => node.inputs)).toEqual([[], [], [0, 1], [2, 1]]);
  });

  it('is nothing of what noGrad runs', () => {
    const w = scalar(2);
    const tape = new Tape();
    tape.watch(w);
    const loss = tape.record(() => noGrad(() => w.square()).mul(w));
    expect(tape.gradient(loss, w).item()).toBe(4);
  });

  it('is a step that stops the gradient', () => {
    const w = scalar(2);
    const tape = new Tape();
    tape.watch(w);
    const loss = tape.record(() => stopGradient(w.square()).mul(w));
    expect(tape.gradient(loss, w).item()).toBe(4);
    expect(String(tape)).toContain('stopGradient(%1)');
  });

  it('gives a second name for the same step a step of its own', () => {
    const w = scalar(2);
    const tape = new Tape();
    tape.watch({ w });
    tape.record(() => w.square().named('Z').named('A'));
    expect(tape.nodes.map((node) => node.name)).toEqual(['w', 'Z', 'A']);
  });

  it('stays as it was when the recorded function throws', () => {
    const w = scalar(2);
    const tape = new Tape();
    tape.watch(w);
    expect(() =>
      tape.record(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    w.square(); // nobody listens any more
    expect(tape.nodes.length).toBe(1);
  });
});

describe('refusals', () => {
  const w = tensor([1, 2]);
  const watching = (source: object = w): Tape => {
    const tape = new Tape();
    tape.watch(source);
    return tape;
  };
  const integers = tensor([1, 2], { dtype: 'int32' });

  it.each<[string, () => unknown, string]>([
    [
      'a target that is no scalar',
      () => {
        const tape = watching();
        return tape.gradient(
          tape.record(() => w.mul(2)),
          w,
        );
      },
      'gradient: the target has shape [2]. Reduce it to a scalar first, e.g. loss.mean().',
    ],
    [
      'a target without gradients',
      () => {
        const tape = watching();
        return tape.gradient(
          tape.record(() => w.argmax()),
          w,
        );
      },
      'gradient: the target has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [
      'a source that the target does not depend on',
      () => {
        const tape = watching({ w, v: x });
        return tape.gradient(
          tape.record(() => w.sum()),
          { w, v: x },
        );
      },
      "gradient: the target does not depend on v. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.",
    ],
    [
      'a target that was not recorded',
      () => watching().gradient(w.sum(), { w }),
      "gradient: the target does not depend on w. Leave it out of the sources, or pass { unconnected: 'zero' } for zeros.",
    ],
    [
      'a source that is not watched',
      () => {
        const tape = watching();
        return tape.gradient(
          tape.record(() => w.sum()),
          { layers: [x] },
        );
      },
      'gradient: layers[0] is not on the tape. Call tape.watch() with it before record().',
    ],
    [
      'a source that is no tensor',
      () => watching().gradient(scalar(1), { rate: 0.1 }),
      'gradient: rate is a number. Expected tensors, in any nesting of arrays and objects.',
    ],
    [
      'watching whole numbers',
      () => new Tape().watch({ integers }),
      'watch: integers has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [
      'a second gradient of a tape that is not persistent',
      () => {
        const tape = watching();
        const loss = tape.record(() => w.sum());
        tape.gradient(loss, w);
        return tape.gradient(loss, w);
      },
      'gradient: the tape was used up by an earlier call. Make a new Tape for each step; new Tape({ persistent: true }) can be asked more than once.',
    ],
    [
      'a promise from record',
      () => new Tape().record(async () => 1),
      'record: the function returned a promise. Expected a synchronous function: await the data first, then record.',
    ],
    [
      'a parameter that was assigned since',
      () => {
        const v = new Parameter(tensor([1, 2]), 'kernel');
        const tape = new Tape();
        const loss = tape.record(() => v.mul(v).sum());
        v.assign(zeros([2]));
        return tape.gradient(loss, v);
      },
      'gradient: the parameter kernel was assigned after mul used it, and its old value is gone. Take the gradient before you update.',
    ],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(message);
  });

  it('watches nothing where one of the tensors cannot be watched', () => {
    const tape = new Tape();
    expect(() => tape.watch({ w, integers })).toThrow('watch: integers');
    expect(tape.nodes.length).toBe(0);
  });

  it('can be asked again after a refusal', () => {
    const tape = watching();
    const loss = tape.record(() => w.square());
    expect(() => tape.gradient(loss, w)).toThrow('Reduce it');
    const sum = tape.record(() => loss.sum());
    expect(tape.gradient(sum, w).toArray()).toEqual([2, 4]);
  });
});

describe('memory', () => {
  it('is not held by a value that outlives its tape', () => {
    // The tape knows its tensors; a tensor knows only a number of the tape.
    const random = new RandomGenerator(1);
    const w = random.normal([3]);
    const tape = new Tape();
    tape.watch(w);
    const loss = tape.record(() => concat([w, w]).square().sum());
    expect(Object.values(loss.place ?? {}).some((value) => value instanceof Tape)).toBe(false);
    expect(grad((v: Tensor) => v.square().sum())(w).place).toBeNull();
  });
});

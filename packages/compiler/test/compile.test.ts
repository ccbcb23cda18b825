import {
  grad,
  noGrad,
  Parameter,
  RandomGenerator,
  scalar,
  Tape,
  TapegradError,
  type Tensor,
  TracingError,
  tensor,
  zeros,
} from '@tapegrad/core';
import { describe, expect, it, vi } from 'vitest';
import { compile, ProgramMemory } from '../src/index.ts';

describe('a compiled function', () => {
  it('gives what the function gives', () => {
    const f = (x: Tensor, y: Tensor) => x.mul(2).add(y).square();
    const [x, y] = [tensor([0, 1, 2, 3, 4]), tensor([1, 1, 1, 1, 0])];
    expect(compile(f)(x, y).toArray()).toEqual(f(x, y).toArray());
  });

  it('differentiates', () => {
    const f = grad((w: Tensor) => w.mul(w).mul(w).sum());
    const w = tensor([[1, 2, 3], [4, -5, 6]], { dtype: 'float64' }); // biome-ignore format: a matrix
    expect(compile(f)(w).toArray()).toEqual([[3, 12, 27], [48, 75, 108]]); // biome-ignore format: a matrix
  });

  it('takes and gives any nesting', () => {
    const f = compile(({ w, rest: [b, c] }: { w: Tensor; rest: [Tensor, Tensor] }) => ({
      sum: w.add(b),
      list: [c.neg(), { square: w.square() }],
    }));
    const result = f({ w: scalar(3), rest: [scalar(4), scalar(5)] });
    expect(result.sum.item()).toBe(7);
    expect((result.list[0] as Tensor).item()).toBe(-5);
    expect((result.list[1] as { square: Tensor }).square.item()).toBe(9);
  });

  it('gives back what it was given, as a value of its own', () => {
    const x = tensor([1, 2]);
    const result = compile((y: Tensor) => [y, y.reshape([2, 1])])(x);
    expect(result.map((y) => y.toArray())).toEqual([
      [1, 2],
      [[1], [2]],
    ]);
  });

  it('gives constants too', () => {
    expect(compile((_x: Tensor) => tensor([7, 8]))(scalar(1)).toArray()).toEqual([7, 8]);
  });

  it('may give nothing', () => {
    const w = new Parameter(scalar(1), 'w');
    const step = compile((x: Tensor) => {
      w.assign(w.add(x));
    });
    expect(step(scalar(2))).toBeUndefined();
    expect(w.item()).toBe(3);
  });

  it('takes views of any strides', () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]]).transpose(); // biome-ignore format: a matrix
    expect(compile((y: Tensor) => y.add(1))(x).toArray()).toEqual(x.add(1).toArray());
  });

  it('keeps its results when it runs again', () => {
    const f = compile((x: Tensor) => x.mul(2));
    const first = f(tensor([1, 2]));
    f(tensor([3, 4]));
    expect(first.toArray()).toEqual([2, 4]);
  });

  it('runs once for each combination of shapes and dtypes, by a program each', () => {
    const traced = vi.fn((x: Tensor) => x.mul(2));
    const f = compile(traced);
    expect(f(zeros([3])).shape).toEqual([3]);
    expect(f(zeros([5])).shape).toEqual([5]);
    expect(f(zeros([3], 'float64')).dtype).toBe('float64');
    expect(f(tensor([1, 2, 3])).toArray()).toEqual([2, 4, 6]);
    expect(traced).toHaveBeenCalledTimes(3);
    expect(f.programs.length).toBe(3);
  });

  it('tells objects of one class from those of another', () => {
    class Pair {
      readonly x: Tensor;
      constructor(x: Tensor) {
        this.x = x;
      }
      made(): Tensor {
        return this.x.mul(2);
      }
    }
    class Square extends Pair {
      override made(): Tensor {
        return this.x.square();
      }
    }
    const f = compile((pair: { readonly x: Tensor }) => (pair as Pair).made());
    expect([f(new Pair(scalar(3))), f(new Square(scalar(3))), f(new Pair(scalar(4)))].map((x) => x.item())).toEqual([
      6, 9, 8,
    ]);
  });

  it('is given the same tensors again, and others in between', () => {
    const memory = new ProgramMemory();
    const [add, multiply] = [
      compile((x: Tensor, y: Tensor) => x.add(y), { memory }),
      compile((x: Tensor, y: Tensor) => x.mul(y), { memory }),
    ];
    const [a, b, c] = [tensor([1, 2, 3]), tensor([10, 20, 30]), tensor([5, 5, 5])];
    const results = [
      add(a, b),
      add(a, b),
      add(a, c),
      multiply(c, b),
      add(a, c),
      add(c, a),
      multiply(c, b),
      multiply(c, c),
    ];
    expect(results.map((result) => result.toArray())).toEqual([
      [11, 22, 33],
      [11, 22, 33],
      [6, 7, 8],
      [50, 100, 150],
      [6, 7, 8],
      [6, 7, 8],
      [50, 100, 150],
      [25, 25, 25],
    ]);
  });

  it('lets programs go that were not used for long', () => {
    const traced = vi.fn((x: Tensor) => x.neg());
    const f = compile(traced);
    for (let n = 0; n < 70; n++) f(zeros([n]));
    expect(f.programs.length).toBe(64);
    f(zeros([69]));
    expect(traced).toHaveBeenCalledTimes(70);
    f(zeros([0]));
    expect(traced).toHaveBeenCalledTimes(71);
  });

  it('gives back the memory of those', () => {
    const memory = new ProgramMemory();
    const constant = new RandomGenerator(1).uniform([100_000]);
    const f = compile((x: Tensor) => constant.add(x.sum()).mean(), { memory });
    const use = (): number => {
      for (let n = 0; n < 70; n++) f(zeros([n]));
      return memory.arena.bytes;
    };
    const [first] = [use(), f.programs[0]!];
    for (let i = 0; i < 3; i++) expect(use()).toBe(first);
    const [oldest] = f.programs;
    f(zeros([100]));
    expect(() => oldest!.call([zeros([7])])).toThrow(
      'compile: this program was given up for newer ones. Expected a call of the function itself.',
    );
  });

  it('takes ever larger arguments without keeping places for all the smaller ones', () => {
    const bytesOf = (sizes: readonly number[]): number => {
      const memory = new ProgramMemory();
      const f = compile((x: Tensor) => x.mul(2).cumsum(0).sum(), { memory });
      for (const size of sizes) f(zeros([size]));
      expect(f(tensor([1, 2, 3])).item()).toBe(20);
      return memory.arena.bytes;
    };
    const sizes = Array.from({ length: 60 }, (_, i) => 2000 * (i + 1));
    expect(bytesOf(sizes)).toBeLessThan(4 * bytesOf(sizes.slice(-1)));
  });

  it('is done step by step where a tape records, so that derivatives go through it', () => {
    const w = new Parameter(scalar(2), 'w');
    const f = compile((x: Tensor) => x.square().mul(w).sum());
    const x = tensor([1, 2]);
    expect(f(x).item()).toBe(10);
    expect(grad((x: Tensor) => f(x).add(x.sum()))(x).toArray()).toEqual([5, 9]);
    const tape = new Tape();
    const loss = tape.record(() => w.mul(f(x)));
    expect(tape.gradient(loss, w).item()).toBe(20);
    expect(noGrad(() => f(x)).item()).toBe(10);
    expect(f.programs.length).toBe(1);
  });

  it('is a part of a compiled function that calls it', () => {
    const inner = compile((x: Tensor) => x.mul(2));
    const outer = compile((x: Tensor) => inner(x).add(1));
    expect(outer(scalar(3)).item()).toBe(7);
    expect(inner.programs.length).toBe(0);
  });

  it('decides by shapes', () => {
    const f = compile((x: Tensor) => (x.rank === 1 ? x.sum() : x.mean()));
    expect(f(tensor([1, 2, 3])).item()).toBe(6);
    expect(f(tensor([[1, 2, 3]])).item()).toBe(2);
  });

  it('passes NaN and infinities on', () => {
    const f = (x: Tensor) => [x.exp(), x.sum(), x.max(), x.softmax()];
    const x = tensor([1, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(compile(f)(x).map((y) => y.toArray())).toEqual(f(x).map((y) => y.toArray()));
  });
});

describe('parameters of a compiled function', () => {
  function regression(w: Parameter) {
    return (x: Tensor) => {
      const tape = new Tape();
      const loss = tape.record(() => w.mul(x).square().mean());
      w.assign(w.sub(tape.gradient(loss, w).mul(0.1)));
      return loss;
    };
  }

  it('are changed by it', () => {
    const [w, eager] = [new Parameter(tensor([1, 2, 3]), 'w'), new Parameter(tensor([1, 2, 3]), 'w')];
    const step = compile(regression(w));
    for (let i = 0; i < 5; i++) {
      expect(step(tensor([1, 2, 1])).item()).toBeCloseTo(regression(eager)(tensor([1, 2, 1])).item(), 6);
    }
    expect(w.version).toBe(eager.version);
    (w.toArray() as number[]).forEach((value, i) => {
      expect(value).toBeCloseTo((eager.toArray() as number[])[i]!, 6);
    });
  });

  it('are not changed by tracing', () => {
    const w = new Parameter(scalar(1), 'w');
    const reading = compile((x: Tensor) => {
      w.assign(w.add(x));
      return scalar(w.item());
    });
    expect(() => reading(scalar(1))).toThrow(TracingError);
    expect([w.item(), w.version]).toEqual([1, 0]);
  });

  it('have the values that they are given in between', () => {
    const w = new Parameter(scalar(2), 'w');
    const f = compile((x: Tensor) => w.mul(x));
    expect(f(scalar(3)).item()).toBe(6);
    w.assign(scalar(5));
    expect(f(scalar(3)).item()).toBe(15);
  });

  it('keep what was read of them before', () => {
    const w = new Parameter(tensor([1, 1]), 'w');
    const step = compile((x: Tensor) => w.assign(w.add(x)));
    step(tensor([1, 1]));
    const [before, view] = [w.mul(1), noGrad(() => w.reshape([2, 1]))];
    step(tensor([1, 1]));
    expect([before.toArray(), view.toArray(), w.toArray()]).toEqual([
      [2, 2],
      [[2], [2]],
      [3, 3],
    ]);
  });

  it('are shared by functions with memories of their own, and with one memory', () => {
    const memory = new ProgramMemory();
    for (const options of [{}, { memory }]) {
      const w = new Parameter(scalar(1), 'w');
      const double = compile(() => w.assign(w.mul(2)), options);
      const increase = compile((x: Tensor) => w.assign(w.add(x)), options);
      for (let i = 0; i < 3; i++) {
        double();
        increase(scalar(1));
      }
      expect(w.item()).toBe(15);
    }
  });

  it('make a tape that used the value before refuse', () => {
    const w = new Parameter(scalar(3), 'w');
    const tape = new Tape();
    const loss = tape.record(() => w.square());
    compile(() => w.assign(w.add(1)))();
    expect(() => tape.gradient(loss, w)).toThrow('the parameter w was assigned after square used it');
  });

  it('may change places', () => {
    const [a, b] = [new Parameter(scalar(1), 'a'), new Parameter(scalar(2), 'b')];
    const swap = compile(() => {
      const [x, y] = [a.mul(1), b.mul(1)];
      a.assign(y);
      b.assign(x);
    });
    swap();
    expect([a.item(), b.item()]).toEqual([2, 1]);
    swap();
    expect([a.item(), b.item()]).toEqual([1, 2]);
  });

  it('may be its arguments', () => {
    const [v, w] = [new Parameter(scalar(1), 'v'), new Parameter(scalar(10), 'w')];
    const f = compile((p: Parameter, x: Tensor) => p.assign(p.add(x)));
    f(v, scalar(1));
    f(w, scalar(2));
    f(v, scalar(3));
    expect([v.item(), w.item()]).toEqual([5, 12]);
  });

  it('stay as they are where an op refuses its operands', () => {
    const w = new Parameter(tensor([[1, 2], [2, 1]], { dtype: 'float64' }), 'w'); // biome-ignore format: a matrix
    const step = compile((x: Tensor) => {
      const root = w.cholesky(); // which this matrix has not
      w.assign(w.add(x));
      return root;
    });
    expect(() => step(scalar(1, 'float64'))).toThrow(TapegradError);
    expect([w.toArray(), w.version]).toEqual([[[1, 2], [2, 1]], 0]); // biome-ignore format: a matrix
  });
});

describe('random numbers of a compiled function', () => {
  it('are those that the function would draw, run by run', () => {
    const [compiled, eager] = [new RandomGenerator(3), new RandomGenerator(3)];
    const noisy = (random: RandomGenerator) => (x: Tensor) => x.add(random.normal([4])).mul(random.bernoulli([4], 0.5));
    const f = compile(noisy(compiled));
    for (let i = 0; i < 3; i++) expect(f(zeros([4])).toArray()).toEqual(noisy(eager)(zeros([4])).toArray());
  });

  it('begin anew where the function makes the generator', () => {
    const f = () => new RandomGenerator(5).uniform([3]);
    const g = compile((x: Tensor) => f().add(x));
    for (let i = 0; i < 2; i++) expect(g(zeros([3])).toArray()).toEqual(f().toArray());
  });

  it('begin anew also after a run that threw', () => {
    const f = (x: Tensor, i: Tensor) => new RandomGenerator(5).uniform([3]).add(x.take(i));
    const g = compile(f);
    const [x, good, bad] = [tensor([1, 2]), tensor(1, { dtype: 'int32' }), tensor(2, { dtype: 'int32' })];
    const expected = f(x, good).toArray();
    expect(g(x, good).toArray()).toEqual(expected);
    expect(() => g(x, bad)).toThrow(TapegradError);
    for (let i = 0; i < 2; i++) expect(g(x, good).toArray()).toEqual(expected);
  });

  it('of a seeded dropout are always the same', () => {
    const f = (x: Tensor) => x.dropout(0.5, { seed: 1 });
    const g = compile(f);
    const x = tensor([1, 2, 3, 4, 5, 6]);
    for (let i = 0; i < 2; i++) expect(g(x).toArray()).toEqual(f(x).toArray());
  });
});

describe('compile refuses', () => {
  it('an engine without WebAssembly vectors, and a page that may not compile', () => {
    const f = (x: Tensor): Tensor => x.mul(2);
    const { WebAssembly: engine } = globalThis as unknown as {
      WebAssembly: { validate: () => boolean; Module: new () => object };
    };
    const validate = vi.spyOn(engine, 'validate').mockReturnValue(false);
    expect(() => compile(f)(tensor([1]))).toThrow(
      'compile: this engine has no WebAssembly with vectors of 128 bits. Expected Node.js, or a browser from 2023 on; elsewhere call the ' +
        'function uncompiled.',
    );
    validate.mockRestore();
    const module = vi.spyOn(engine, 'Module').mockImplementation(
      class {
        constructor() {
          throw new Error('blocked by CSP');
        }
      },
    );
    try {
      expect(() => compile(f)(tensor([1]))).toThrow(
        'compile: the engine refused to compile (blocked by CSP). Expected a page whose content security policy allows ' +
          "'wasm-unsafe-eval'; elsewhere call the function uncompiled.",
      );
    } finally {
      module.mockRestore();
    }
    expect(compile(f)(tensor([1])).toArray()).toEqual([2]);
  });

  it('to read a value, and names the line', () => {
    const f = compile((x: Tensor) => (x.sum().item() > 0 ? x : x.neg()));
    expect(() => f(tensor([1]))).toThrow(
      /^compile: a value is read while the function is traced, at packages\/compiler\/test\/compile\.test\.ts:\d+:\d+\. Expected operations on tensors only, and decisions by shapes: choose between values by where\(\)\.$/,
    );
  });

  it.each([
    ['toArray', (x: Tensor) => x.toArray()],
    ['toData', (x: Tensor) => x.toData()],
    ['toNdarray', (x: Tensor) => x.toNdarray()],
    ['item', (x: Tensor) => x.sum().item()],
  ])('to read by %s', (_name, read) => {
    const f = compile((x: Tensor) => {
      read(x);
      return x;
    });
    expect(() => f(tensor([1, 2]))).toThrow(TracingError);
  });

  it('to read a parameter', () => {
    const w = new Parameter(scalar(1), 'w');
    expect(() => compile((x: Tensor) => x.mul(w.item()))(scalar(1))).toThrow(TracingError);
  });

  it('to draw a single number', () => {
    const random = new RandomGenerator(1);
    expect(() => compile((x: Tensor) => x.mul(random.next()))(scalar(1))).toThrow(
      'compile: a random number is drawn while the function is traced: it would be the same one in each run. Expected a random tensor, e.g. random.uniform([]).',
    );
  });

  it('arguments and results that are no tensors', () => {
    const f = compile(((x: unknown) => x) as (x: Tensor) => Tensor);
    expect(() => f(3 as unknown as Tensor)).toThrow(
      'compile: [0] is a number. Expected tensors, in any nesting of arrays and objects.',
    );
    const g = compile((() => ({ loss: 3 })) as unknown as (x: Tensor) => Tensor);
    expect(() => g(scalar(1))).toThrow(
      'compile: loss is a number. Expected tensors, in any nesting of arrays and objects.',
    );
  });

  it('a promise', () => {
    const f = compile((async (x: Tensor) => x) as unknown as (x: Tensor) => Tensor);
    expect(() => f(scalar(1))).toThrow(
      'compile: the function returned a promise. Expected a synchronous function: await the data first, then call it.',
    );
  });

  it('JavaScript operators on tensors', () => {
    const f = compile((x: Tensor) => x.mul(1 - (x as unknown as number)));
    expect(() => f(scalar(1))).toThrow(
      /^compile: float32\[\] is used as a number while the function is traced, at packages\/compiler\/test\/compile\.test\.ts:\d+:\d+\. Expected a method, e\.g\. x\.mul\(2\)\.$/,
    );
  });

  it('loops that no counter counts', () => {
    const f = compile((x: Tensor) => x.broadcastTo([2 ** 40]).mean());
    expect(() => f(scalar(1))).toThrow(
      'compile: a loop goes over [1099511627776], 1099511627776 elements. Expected at most 2147483647: use smaller shapes.',
    );
  });

  it('more memory than there is, and keeps nothing', () => {
    const memory = new ProgramMemory();
    const constant = new RandomGenerator(1).uniform([250_000]);
    const f = compile((x: Tensor) => [constant.mul(x), x.broadcastTo([40_000, 40_000]).cumsum(0)], { memory });
    const before = memory.arena.bytes;
    for (let i = 0; i < 3; i++) expect(() => f(scalar(1))).toThrow(/^compile: the program needs \d+ bytes of memory\./);
    expect(memory.arena.bytes).toBe(before);
  });

  it('more memory than there is, and goes on with less', () => {
    const f = compile((x: Tensor) => x.broadcastTo([40_000, 40_000]).exp());
    expect(() => f(zeros([1, 40_000]))).toThrow(
      /^compile: the program needs \d+ bytes of memory\. Expected at most 2147418112, which 32-bit addresses reach: use smaller batches\.$/,
    );
    const g = compile((x: Tensor) => x.add(1));
    expect(g(scalar(1)).item()).toBe(2);
  });

  it('to be called by an op of a program that runs', () => {
    const memory = new ProgramMemory();
    const inner = compile((x: Tensor) => x.mul(2), { memory });
    expect(inner(scalar(1)).item()).toBe(2);
    expect(() => memory.exclusively({}, () => inner(scalar(1)))).toThrow(
      'compile: a compiled function is called while another one with the same memory runs.',
    );
    expect(inner(scalar(4)).item()).toBe(8);
  });

  it('options that are none', () => {
    expect(() => compile((x: Tensor) => x, { memory: {} as ProgramMemory })).toThrow(
      'compile: memory is an instance of Object. Expected a ProgramMemory.',
    );
    const refused =
      (options: unknown): (() => unknown) =>
      () =>
        compile((x: Tensor) => x, options as object);
    expect(refused({ thread: 2 })).toThrow('compile: no option thread. Did you mean threads?');
    expect(refused({ fast: true })).toThrow('compile: no option fast. Expected memory, native or threads.');
    expect(refused({ native: 'yes' })).toThrow('compile: native is "yes". Expected true or false.');
    expect(refused(null)).toThrow('compile: the options are null. Expected an object of options.');
    expect(refused(3)).toThrow('compile: the options are a number. Expected an object of options.');
    expect(() => compile(3 as unknown as (x: Tensor) => Tensor)).toThrow('compile: got a number. Expected a function.');
  });
});

describe('a program', () => {
  it('shows what it does', () => {
    const f = compile((x: Tensor, w: Tensor) => x.matmul(w).relu().sum(0), { native: false });
    f(zeros([8, 4]), zeros([4, 3]));
    const [program] = f.programs;
    expect(program!.stats).toMatchObject({
      kernels: 2,
      fused: 2,
      hostCalls: 0,
      flops: 192,
      stateBytes: 0,
      inputBytes: 176,
    });
    const [head, ...lines] = String(program).split('\n');
    expect(head).toMatch(
      /^2 kernels; 2 ops fused into loops; 0 B of state, 176 B of inputs and constants, \d+ B of work; [\d.]+ KiB of WebAssembly$/,
    );
    expect(lines).toEqual([
      '0  product [8, 4] · [4, 3]             → %2  ← arguments[0], arguments[1]',
      '1  loop [8, 3] over axis 0: relu, sum  → %3  ← %2',
    ]);
  });
});

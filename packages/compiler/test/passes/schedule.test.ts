import { Parameter, RandomGenerator, type Tensor, tensor, zeros } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/index.ts';
import type { Plan } from '../../src/plan.ts';
import { readsOf, writesOf } from '../../src/plan.ts';
import { kernelsIn, planOf } from '../support/traced.ts';

const parameter = (name: string, ...values: number[]): Parameter => new Parameter(tensor(values), name);

/** The names of what a kernel writes. */
const written = ({ buffers, kernels }: Plan): (string | undefined)[][] =>
  kernels.map((kernel) => writesOf(kernel).map((buffer) => buffers[buffer]!.name));

/** Runs a function twice, eagerly and compiled, on parameters of their own. Returns both: results and parameters after each run. */
function both(f: (a: Parameter, b: Parameter, x: Tensor) => Tensor[]): readonly [eager: unknown, compiled: unknown] {
  const ways = [false, true].map((isCompiled) => {
    const [a, b] = [parameter('a', 1, 2, 3), parameter('b', 40, 50, 60)];
    const plain = (x: Tensor): Tensor[] => f(a, b, x);
    const run = isCompiled ? compile(plain) : plain;
    return [tensor([0.5, 1.5, 2.5]), tensor([7, 8, 9])].map((x) => {
      const results = run(x).map((y) => y.toArray());
      return [results, a.toArray(), b.toArray(), a.version, b.version];
    });
  });
  return ways as [unknown, unknown];
}

describe('the order of kernels', () => {
  it('has each after what it reads, and otherwise as they were recorded', () => {
    const plan = planOf(
      (x, y) => [y.matmul(y), x.matmul(y).matmul(x), x.sin().matmul(y)],
      zeros([3, 3]),
      zeros([3, 3]),
    );
    expect(kernelsIn(plan)).toEqual(['product', 'product', 'product', 'sin', 'product']);
    const ready = new Set(plan.argumentBuffers);
    for (const kernel of plan.kernels) {
      for (const buffer of readsOf(kernel)) expect(ready.has(buffer)).toBe(true);
      for (const buffer of writesOf(kernel)) ready.add(buffer);
    }
  });
});

describe('a parameter is written over in place', () => {
  it('by the loop that makes its new value', () => {
    const w = parameter('w', 1, 2, 3);
    const plan = planOf((x) => w.assign(w.sub(x.mul(0.1))) as unknown as undefined, zeros([3]));
    expect([kernelsIn(plan), written(plan)]).toEqual([['mul sub'], [['w']]]);
  });

  it('after the last one that reads the old value', () => {
    const w = new Parameter(zeros([3, 3]), 'w');
    const plan = planOf(
      (x) => {
        const y = w.add(x);
        const old = [w.matmul(x), x.matmul(w), w.transpose().exp()];
        w.assign(y.tanh());
        return old;
      },
      zeros([3, 3]),
    );
    expect(written(plan).findIndex((names) => names.includes('w'))).toBe(plan.kernels.length - 1);
  });

  it('together with others in one loop', () => {
    const [w, m] = [parameter('w', 1, 2, 3), parameter('m', 0, 0, 0)];
    const plan = planOf(
      (g) => {
        m.assign(m.mul(0.9).add(g));
        w.assign(w.sub(m.mul(0.1)));
        return undefined;
      },
      zeros([3]),
    );
    expect(written(plan)).toEqual([['m', 'w']]);
  });
});

describe('a parameter is copied over at the end', () => {
  it('where its new value is read in another order', () => {
    const w = new Parameter(zeros([3, 3]), 'w');
    const plan = planOf(() => {
      w.assign(w.transpose().add(w));
      return undefined;
    });
    expect(kernelsIn(plan)).toEqual(['add', 'copy']);
    expect(written(plan)).toEqual([[undefined], ['w']]);
  });

  it('where something that comes later needs the old one', () => {
    const w = new Parameter(zeros([3, 3]), 'w');
    const plan = planOf(
      (x) => {
        const y = w.add(x);
        const z = y.matmul(w);
        w.assign(y);
        return z;
      },
      zeros([3, 3]),
    );
    expect(kernelsIn(plan)).toEqual(['add', 'product', 'copy']);
  });

  it('where no loop makes the new one', () => {
    const w = new Parameter(zeros([3, 3]), 'w');
    expect(kernelsIn(planOf((x) => w.assign(w.matmul(x)) as unknown as undefined, zeros([3, 3])))).toEqual([
      'product',
      'copy',
    ]);
    expect(kernelsIn(planOf((x) => w.assign(x.sum(0, { keepDims: true }).mul(x.sum(1, { keepDims: true }))) as unknown as undefined, zeros([3, 3])))).toEqual(['sum', 'sum', 'mul']); // biome-ignore format: one plan
  });
});

describe('what JavaScript may refuse comes first', () => {
  it('whatever was recorded first', () => {
    const w = new Parameter(zeros([3, 3]), 'w');
    const plan = planOf(
      (x) => {
        w.assign(w.add(x));
        return x.cholesky();
      },
      zeros([3, 3]),
    );
    expect(kernelsIn(plan)).toEqual(['host cholesky', 'add']);
  });

  it('where it reads the new value, which is copied over afterwards', () => {
    const w = new Parameter(zeros([3, 3]), 'w');
    const plan = planOf(
      (x) => {
        w.assign(w.add(x));
        return w.cholesky();
      },
      zeros([3, 3]),
    );
    expect(kernelsIn(plan)).toEqual(['add', 'host cholesky', 'copy']);
  });

  it.each<[string, (x: Tensor) => Tensor]>([
    ['a host op', (x) => x.mul(-1).cholesky()],
    ['an index that is out of range', (x) => x.take(x.asType('int32').add(99).reshape([-1]), 0)],
  ])('so that %s leaves values and versions as they were', (_name, refuse) => {
    const [v, w] = [new Parameter(zeros([2, 2]), 'v'), new Parameter(zeros([2, 2]), 'w')];
    const eye = tensor([[1, 0], [0, 1]]); // biome-ignore format: a matrix
    const step = compile((x: Tensor) => {
      v.assign(v.add(x));
      w.assign(v.matmul(w).add(x));
      return refuse(v.add(w));
    });
    for (let run = 0; run < 2; run++) {
      expect(() => step(eye)).toThrow();
      for (const p of [v, w]) expect([p.toArray(), p.version]).toEqual([[[0, 0], [0, 0]], 0]); // biome-ignore format: a matrix
    }
    v.assign(eye);
    expect(() => step(eye)).toThrow();
    expect([v.toArray(), v.version, w.version]).toEqual([eye.toArray(), 1, 0]);
  });
});

describe('assignments do what they do eagerly', () => {
  it.each<[string, (a: Parameter, b: Parameter, x: Tensor) => Tensor[]]>([
    [
      'where two change places by values made before',
      (a, b) => {
        const [x, y] = [a.mul(1), b.mul(1)];
        a.assign(y);
        b.assign(x);
        return [];
      },
    ],
    [
      'where one gets the other, and that one the first again',
      (a, b) => {
        a.assign(b);
        b.assign(a);
        return [a, b];
      },
    ],
    [
      'where each gets what is made of both old ones',
      (a, b) => {
        const [sum, difference] = [a.add(b), a.sub(b)];
        a.assign(sum);
        b.assign(difference);
        return [];
      },
    ],
    [
      'where each gets the other one backwards',
      (a, b) => {
        const [x, y] = [a.flip(), b.flip()];
        a.assign(y);
        b.assign(x);
        return [x, y];
      },
    ],
    [
      'where two get the same value',
      (a, b, x) => {
        const y = a.mul(b).add(x);
        a.assign(y);
        b.assign(y);
        return [y];
      },
    ],
    [
      'where two get the same argument',
      (a, b, x) => {
        a.assign(x);
        b.assign(x);
        return [x];
      },
    ],
    [
      'where one gets an argument, backwards',
      (a, _b, x) => {
        a.assign(x.flip());
        return [a.add(1)];
      },
    ],
    [
      'where one gets a constant, and another the same one repeated',
      (a, b) => {
        a.assign(tensor([9, 8, 7]));
        b.assign(tensor([5]).broadcastTo([3]));
        return [a];
      },
    ],
    [
      'where the old value is given beside the new one',
      (a, _b, x) => {
        const old = a.mul(1);
        a.assign(a.add(x));
        return [old, a, a.mul(2)];
      },
    ],
    [
      'where a view of the old value is given beside the new one',
      (a, _b, x) => {
        const old = a.reshape([3, 1]);
        a.assign(a.add(x));
        return [old, a.reshape([1, 3])];
      },
    ],
    [
      'where one gets itself',
      (a) => {
        a.assign(a);
        return [a];
      },
    ],
    [
      'where one gets itself backwards',
      (a) => {
        a.assign(a.flip());
        return [a];
      },
    ],
    [
      'where one is assigned twice, and used between',
      (a, b, x) => {
        a.assign(a.add(x));
        b.assign(b.mul(a));
        a.assign(a.mul(2));
        return [a, b];
      },
    ],
    [
      'where one is assigned what a product makes of it',
      (a, b, x) => {
        const y = a.outer(x);
        a.assign(y.matmul(b));
        b.assign(y.matmul(a));
        return [y];
      },
    ],
    [
      'where one is assigned a sum of itself',
      (a, b) => {
        a.assign(a.sum().broadcastTo([3]).add(a));
        b.assign(b.cumsum(0));
        return [];
      },
    ],
  ])('%s', (_name, f) => {
    const [eager, compiled] = both(f);
    expect(compiled).toEqual(eager);
  });

  it('for many parameters that get what others were, in any order (20 random programs)', () => {
    const random = new RandomGenerator(3);
    for (let turn = 0; turn < 20; turn++) {
      const from = Array.from({ length: 6 }, () => Math.floor(random.next() * 5));
      const ways = [false, true].map((isCompiled) => {
        const ps = Array.from({ length: 5 }, (_, i) => parameter(`p${i}`, i, 10 * i, 100 * i));
        const f = (x: Tensor): Tensor => {
          const old = ps.map((p, i) => (i % 2 === 0 ? p.mul(1) : p.flip().add(x)));
          from.forEach((source, i) => {
            ps[i % 5]!.assign(i % 3 === 0 ? old[source]! : ps[source]!);
          });
          return old[from[0]!]!;
        };
        const run = isCompiled ? compile(f) : f;
        return [1, 2].map((value) => [
          run(tensor([value, 0, -value])).toArray(),
          ps.map((p) => [p.toArray(), p.version]),
        ]);
      });
      expect(ways[1]).toEqual(ways[0]);
    }
  });
});

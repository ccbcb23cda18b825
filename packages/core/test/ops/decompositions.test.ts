// What golden/ and special-values/ leave open: accuracy on larger matrices, dtypes, errors; of systems and determinants.

import { describe, expect, it } from 'vitest';
import {
  cholesky,
  cofactorDerivative,
  det,
  grad,
  inv,
  logAbsDet,
  RandomGenerator,
  type Shape,
  slogdet,
  solve,
  solveTriangular,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { refusal } from '../refusal.ts';

const random = new RandomGenerator(5);
const n = 60;
const a = random.uniform([2, n, n], -1, 1, 'float64');
const identity = tensor(
  Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
  { shape: [n, n], dtype: 'float64' },
);

function largest(x: Tensor): number {
  return x.abs().max().item();
}

describe(`of ${n} × ${n} matrices`, () => {
  it('a solution solves', () => {
    const y = random.uniform([n, 3], -1, 1, 'float64');
    expect(largest(a.matmul(solve(a, y)).sub(y))).toBeLessThan(1e-11);
  });

  it('the inverse times the matrix is the identity, from both sides', () => {
    expect(largest(inv(a).matmul(a).sub(identity))).toBeLessThan(1e-11);
    expect(largest(a.matmul(inv(a)).sub(identity))).toBeLessThan(1e-11);
  });

  it('the Cholesky factor times its transpose is the matrix', () => {
    const x = a.matmul(a.transpose([0, 2, 1])).add(identity);
    const l = cholesky(x);
    expect(largest(l.matmul(l.transpose([0, 2, 1])).sub(x))).toBeLessThan(1e-12);
    expect(largest(l.triu({ diagonal: 1 }))).toBe(0);
  });

  it('the determinant of a product is the product of the determinants', () => {
    const [first, second] = [a.slice(0, 1), a.slice(1, 2)];
    const [sign, log] = slogdet(first.matmul(second));
    const parts = [slogdet(first), slogdet(second)] as const;
    expect(sign.item()).toBe(parts[0][0].item() * parts[1][0].item());
    expect(log.item()).toBeCloseTo(parts[0][1].item() + parts[1][1].item(), 10);
    expect(det(first).item() / (parts[0][0].item() * Math.exp(parts[0][1].item()))).toBeCloseTo(1, 12);
  });
});

describe('dtypes', () => {
  it('of whole numbers all is float32, beside float64 that', () => {
    const whole = tensor(
      [
        [2, 0],
        [0, 4],
      ].flat(),
      { shape: [2, 2], dtype: 'int32' },
    );
    expect(String(inv(whole))).toBe('float32[2, 2] [[0.5, 0], [0, 0.25]]');
    expect(String(det(whole))).toBe('float32[] 8');
    expect(String(solve(whole, tensor([1, 1], { dtype: 'float64' })))).toBe('float64[2] [0.5, 0.25]');
  });

  it('float32 is computed in float64, and rounded once', () => {
    const x = tensor([
      [1, 1],
      [1, 1 + 2 ** -20],
    ]);
    expect(det(x).item()).toBe(2 ** -20);
  });
});

describe('systems', () => {
  it.each<[Shape, Shape, Shape]>([
    [[2, 2], [2], [2]],
    [
      [2, 2],
      [2, 3],
      [2, 3],
    ],
    [[5, 2, 2], [2], [5, 2]],
    [
      [5, 2, 2],
      [2, 1],
      [5, 2, 1],
    ],
    [
      [5, 1, 2, 2],
      [4, 2, 3],
      [5, 4, 2, 3],
    ],
    [
      [0, 0],
      [0, 3],
      [0, 3],
    ],
  ])('of %j with %j have solutions of %j', (x, y, shape) => {
    const size = x[x.length - 1]!;
    const identities = identity.slice(0, size).slice(0, size, { axis: 1 }).broadcastTo(x);
    expect(solve(identities, zeros(y, 'float64')).shape).toEqual(shape);
    expect(solveTriangular(identities, zeros(y, 'float64')).shape).toEqual(shape);
  });

  it('read one triangle only where they are triangular', () => {
    const x = tensor([
      [2, Number.NaN],
      [1, 4],
    ]);
    expect(solveTriangular(x, tensor([2, 9])).toArray()).toEqual([1, 2]);
    expect(solveTriangular(x, tensor([4, 8]), { transposed: true }).toArray()).toEqual([1, 2]);
    expect(grad((z: Tensor) => solveTriangular(z, tensor([2, 9])).sum())(x).toArray()).toEqual([
      [-0.375, 0],
      [-0.25, -0.5],
    ]);
  });
});

describe('refused are', () => {
  const singular = tensor([
    [1, 2],
    [2, 4],
  ]);
  const batch = tensor([
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 2],
      [2, 4],
    ],
  ]);

  it('singular matrices, by rank and place', () => {
    const message = 'is singular: its rank is 1 of 2. Expected one that has an inverse.';
    expect(() => solve(singular, tensor([1, 1]))).toThrow(refusal(`solve: the matrix ${message}`));
    expect(() => inv(batch)).toThrow(refusal(`inv: the matrix at [1] of the batch ${message}`));
    expect(() => inv(batch.reshape([2, 1, 2, 2]))).toThrow(
      refusal(`inv: the matrix at [1, 0] of the batch ${message}`),
    );
    expect(() => grad((x: Tensor) => logAbsDet(x))(singular)).toThrow(refusal(`inv: the matrix ${message}`));
    expect(() =>
      solveTriangular(
        tensor(
          [
            [1, 0],
            [5, 0],
          ].flat(),
          { shape: [2, 2] },
        ),
        tensor([1, 1]),
      ),
    ).toThrow(
      refusal('solveTriangular: the matrix is singular: its diagonal is 0 at 1. Expected one that has an inverse.'),
    );
  });

  it('third derivatives of the determinant at singular matrices', () => {
    const f = (x: Tensor): Tensor =>
      cofactorDerivative(
        x,
        tensor(
          [
            [1, 0],
            [0, 1],
          ].flat(),
          { shape: [2, 2] },
        ),
      ).sum();
    expect(() => grad(f)(singular)).toThrow(
      refusal('inv: the matrix is singular: its rank is 1 of 2. Expected one that has an inverse.'),
    );
  });

  it('Cholesky factors of what is not positive definite', () => {
    const rest =
      'Expected a symmetric positive definite one; adding a small multiple of the identity may make it that.';
    expect(() => cholesky(singular)).toThrow(
      refusal(`cholesky: the matrix is not positive definite: pivot 1 is 0. ${rest}`),
    );
    expect(() => cholesky(batch.sub(tensor([0, 2]).reshape([2, 1, 1])))).toThrow(
      refusal(`cholesky: the matrix at [1] of the batch is not positive definite: pivot 0 is -1. ${rest}`),
    );
  });

  it.each(['inv', 'cholesky', 'det', 'cofactor', 'logAbsDet', 'detSign'] as const)(
    '%s of what is not square',
    (name) => {
      for (const shape of [[2, 3], [3], []]) {
        expect(() => zeros(shape)[name]()).toThrow(
          refusal(`${name}: x has shape [${shape.join(', ')}]. Expected a square matrix, or a batch of them.`),
        );
      }
    },
  );

  it('right sides that do not fit', () => {
    const matrix = zeros([2, 2]);
    expect(() => solve(matrix, zeros([3]))).toThrow(
      refusal('solve: the shapes are [2, 2] and [3]. Expected the second operand to be [2] or [..., 2, k].'),
    );
    expect(() => solve(matrix, 1)).toThrow(
      refusal('solve: the shapes are [2, 2] and []. Expected the second operand to be [2] or [..., 2, k].'),
    );
    expect(() => solveTriangular(zeros([2, 3]), zeros([2]))).toThrow(
      refusal('solveTriangular: x has shape [2, 3]. Expected a square matrix, or a batch of them.'),
    );
    expect(() => cofactorDerivative(matrix, zeros([2, 1]))).toThrow(
      refusal('cofactorDerivative: the shapes are [2, 2] and [2, 1]. Expected equal ones.'),
    );
  });
});

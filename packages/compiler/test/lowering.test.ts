// Ops of one's own: their expressions mean compiled what they mean eagerly.

import { binary, elementwise, type Tensor, type TensorLike, tensor, unary } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/index.ts';

type DTypes = readonly ('float32' | 'float64' | 'int32' | 'bool')[];
const edge = 'not differentiable';

/** An op with this expression over x, or x and y, and a result of this dtype. */
function opOf(expression: string, dtype: DTypes[number]): (...xs: TensorLike[]) => Tensor {
  const about = { name: 'own', doc: 'Of a test.', tex: '?', dtype: () => () => dtype, saves: [] };
  const unaryOp = unary({ ...about, kernel: elementwise('own', ['x'], expression), vjp: edge });
  const binaryOp = binary({ ...about, kernel: elementwise('own', ['x', 'y'], expression), vjp: { x: edge, y: edge } });
  return (...xs) => (/\by\b/.test(expression) ? binaryOp(xs[0]!, xs[1]!) : unaryOp(xs[0]!));
}

function expectSame(expression: string, dtype: DTypes[number], ...operands: Tensor[]): void {
  const op = opOf(expression, dtype);
  const compiled = compile((...xs: Tensor[]) => op(...xs));
  expect(compiled(...operands).toArray()).toEqual(op(...operands).toArray());
}

const whole = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' });
const [large, small] = [2 ** 31 - 1, -(2 ** 31)];

describe('a question about whole numbers', () => {
  it.each(['x<0.5', 'x<=-0.5', 'x===1.5', 'x<3e9', 'x>=-3000000000', 'x<.5?1:0', 'x>1e-3', 'x>Math.PI', 'x/2>1'])(
    '%s compares with the number that it names',
    (expression) => {
      expectSame(expression, 'bool', whole(-2, -1, 0, 1, 2, 3, 4, large, small));
    },
  );

  it.each(['x+y>0', 'x-y>0', 'x*y>0', '-x>0', '(x+1)>y', 'x*x===y'])('%s does not overflow', (expression) => {
    expectSame(expression, 'bool', whole(large, small, large, 65536, 3), whole(1, 1, large, 65536, small));
  });

  it.each(['x<y', 'x===y', 'x!==0&&y!==0', 'x<7?1:0', '!x', 'x&&y>0?1:0', 'x||y?1:0', 'x?y>0:1'])(
    '%s is answered',
    (expression) => {
      expectSame(expression, 'bool', whole(0, 0, 1, 7, small), whole(0, 5, 0, 7, large));
    },
  );
});

describe('a question about float32', () => {
  it.each(['x<=0.1', 'x>=0.1', 'x===0.1', 'x>1e40', 'x<0.5', 'x>=Math.PI'])(
    '%s compares with the number that it names',
    (expression) => {
      expectSame(expression, 'bool', tensor([0.1, 0.5, 0, -1, Math.PI, Number.POSITIVE_INFINITY, Number.NaN]));
    },
  );
});

describe('whole numbers beside float32', () => {
  it('keep their digits until the result is rounded', () => {
    expectSame('x-y', 'float32', whole(2 ** 24 + 1, large), tensor([2 ** 24, 2 ** 31]));
    expectSame('x/3-y', 'float32', whole(2 ** 30 + 3, 7), whole(357913942, 2));
  });
});

describe('connectives', () => {
  it.each(['x&&y', 'x||y', 'x||1', '0||x', 'x&&1', 'x>0&&y', 'x<0||y', '(x>0||y)*3', 'x&&y&&2', 'x||y||2', '!x||y'])(
    '%s gives the operand that decided, as in JavaScript',
    (expression) => {
      for (const dtype of ['float32', 'float64'] as const) {
        const x = tensor([0, 2, 0, 3, -1, Number.NaN], { dtype });
        const y = tensor([0, 0, 5, 4, Number.NaN, 6], { dtype });
        expectSame(expression, dtype, x, y);
      }
    },
  );

  it.each(['!x', 'x?1:2', '!!x', 'x&&1?3:4', '(x||0)?5:6'])('%s takes NaN for false', (expression) => {
    for (const dtype of ['float32', 'float64'] as const) {
      expectSame(expression, dtype, tensor([0, -0, 1e-40, -3, Number.NaN, Number.POSITIVE_INFINITY], { dtype }));
    }
  });

  it('of truth values are one instruction', () => {
    const f = compile((x: Tensor) => opOf('x>0&&x<1||x===2?1:0', 'float32')(x));
    f(tensor([1]));
    const [kernel] = f.programs[0]!.plan.kernels;
    const ops = kernel?.kind === 'loop' ? kernel.body.map(({ op }) => op) : [];
    expect(ops.filter((op) => op === 'and' || op === 'or' || op === 'select')).toEqual(['and', 'or', 'select']);
  });
});

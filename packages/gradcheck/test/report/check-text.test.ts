import { customGradient, type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { checkGradients, showCheck } from '../../src/index.ts';

const x = tensor([[0, 4]], { dtype: 'float64' });

describe('showCheck', () => {
  it('shows a row for each order and input, and below it what is not differentiable', () => {
    const report = checkGradients(
      ({ x, y }: { x: Tensor; y: Tensor }) => x.relu().mul(y).sum(),
      { x, y: x },
      { seed: 1 },
    );
    expect(showCheck(report)).toBe(`gradient check passed: autograd against central differences in float64

input  order  shape   checked  max abs  max rel  where   autograd  numeric  verdict
x          1  [1, 2]        2        0        0  [0, 0]         0        0  right
y          1  [1, 2]        2        0        0  [0, 0]         0        0  right

tolerance: 1e-6 relative, 1e-12 of the largest derivative; seed 1`);
    const kinks = checkGradients((v: Tensor) => v.abs(), x, { seed: 1 });
    expect(showCheck(kinks)).toContain(
      'input, order 1: not differentiable at [0, 0] (kink: -1 from below, 1 from above).\n',
    );
  });

  it('shows where a derivative is wrong, by which part of the result', () => {
    const f = customGradient((v: Tensor) => ({ value: v.square(), vjp: (g: Tensor) => [g.mul(v).mul(3)] as const }));
    const text = showCheck(checkGradients((v: Tensor) => ({ loss: f(v) }), x, { seed: 1 }));
    expect(text.split('\n')[3]).toBe(
      'input      1  [1, 2]        4        4   0.3333  [0, 1] of loss[0, 1]        12        8  wrong',
    );
    expect(text).toContain('\ninput, order 1: 1 of 4 wrong.\n');
  });

  it('shows problems, projections, and what was promoted', () => {
    const log = showCheck(checkGradients((v: Tensor) => v.log(), x, { seed: 1 }));
    expect(log).toContain('problem: the result is -Infinity at [0, 0]: it has no derivative there.\n');
    const projected = showCheck(
      checkGradients((v: Tensor) => v.sum(), tensor([1]), { promote: true, method: 'projections' }),
    );
    expect(projected).toContain('in float64 (inputs promoted from float32)\n');
    expect(projected).toMatch(/10 directions .* direction \d /);
  });

  it('shows the first places where there are many', () => {
    const zeros = tensor(
      Array.from({ length: 8 }, () => 0),
      { dtype: 'float64' },
    );
    expect(showCheck(checkGradients((v: Tensor) => v.floor().sum(), zeros))).toContain(
      'not differentiable at [0] (jump); [1] (jump); [2] (jump); [3] (jump); [4] (jump); and 3 more.',
    );
  });

  it('lets no name reach the terminal as it is', () => {
    const report = checkGradients((v: { [name: string]: Tensor }) => v['\u001b[2J']!.sum(), { '\u001b[2J': x });
    expect(showCheck(report)).not.toContain('\u001b');
  });
});

// The third way: an op, as the library makes its own. It has a kernel, which is one loop where other ops would be several, and a rule in
// one line, which is written in tensors, so that it can be differentiated again; checkGradients asks central differences whether it is right.

import { elementwise, type Tensor, type TensorLike, tensor, unary } from '@tapegrad/core';
import { type CheckReport, checkGradients } from '@tapegrad/gradcheck';
import { Lambda } from '@tapegrad/nn';

/**
 * A smooth positive part without exponentials, (x + √(x² + 4)) / 2.
 *
 * J. T. Barron, Squareplus: A Softplus-Like Algebraic Rectifier, arXiv:2112.11687, equation 1 with b = 4.
 */
export const squareplus: (x: TensorLike) => Tensor = unary({
  name: 'squareplus',
  doc: 'A smooth positive part without exponentials.',
  tex: '\\tfrac{1}{2} (x + \\sqrt{x^2 + 4})',
  kernel: elementwise('squareplus', ['x'], '0.5*(x+Math.sqrt(x*x+4))'),
  saves: ['x'],
  vjp: (g, { x }) => g.mul(x.div(x.square().add(4).sqrt()).add(1).div(2)),
});

/** The op as a layer. */
export function squareplusLayer(): Lambda {
  return new Lambda((x) => squareplus(x), { name: 'squareplus' });
}

/** The rule against central differences, at order 1 and 2. */
export function checkRule(): CheckReport {
  const x = tensor([-30, -2, -0.1, 0, 0.5, 3, 40], { dtype: 'float64' });
  return checkGradients((each: Tensor) => squareplus(each).sum(), x, { order: 2, seed: 1 });
}

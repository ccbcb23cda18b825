import { type Tensor, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compareGradients, showComparison } from '../../src/index.ts';

const inputs = { W: tensor([[1, 2]]), b: tensor([3]), c: tensor([1]) };
const forward = ({ W, b, c }: typeof inputs): Tensor => W.mul(b).add(c);

describe('showComparison', () => {
  it('shows a row for each input, and below it what could not be compared', () => {
    const report = compareGradients({
      forward: (own) => forward(own).sum(),
      backward: ({ W }) => ({ W: [[3, 3]], b: W.sum().mul(2), d: 1 }),
      inputs,
    });
    expect(showComparison(report)).toBe(`backward does not agree with autograd, in float64

gradient of  shape   exact  approximate  max abs  max rel  where  manual  autograd  verdict
W            [1, 2]  yes    yes                0        0  —           —         —  right
b            [1]     —      —                  —        —  —           —         —  wrong
c            [1]     —      —                  —        —  —           —         —  missing
d            —       —      —                  —        —  —           —         —  unknown

b: its shape is []. Expected [1], that of the input.
c: backward returned no gradient for it. Return one, or let forward close over what needs none.
d: no input has this name. Expected W, b, c.`);
  });

  it('shows the seed of a cotangent', () => {
    const report = compareGradients({ forward, backward: () => ({}), inputs, seed: 42 });
    expect(showComparison(report)).toMatch(/\ncotangent of the result drawn from seed 42$/);
  });

  it('shows problems alone where there is no row', () => {
    const report = compareGradients({ forward, backward: () => undefined, inputs, seed: 42 });
    expect(showComparison(report)).toBe(`backward does not agree with autograd, in float64

problem: backward returned undefined. Expected the gradients, nested like the inputs.
cotangent of the result drawn from seed 42`);
  });

  it('says what is not finite', () => {
    const report = compareGradients({
      forward: (x) => x.sum(),
      backward: () => [Number.NaN],
      inputs: tensor([1]),
    });
    expect(showComparison(report)).toMatch(/not finite +not finite +\[0\] +— +1 +wrong/);
  });
});

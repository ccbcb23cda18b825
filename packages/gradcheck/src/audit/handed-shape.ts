// The shape of what was handed in, beside that of the gradient.

import { showShape, type Tensor } from '@tapegrad/core';
import { compare, sameButForOnes, scaled } from '../comparison.ts';
import type { Judgement } from './verdicts.ts';

/** What was handed in, in the gradient's shape; null where it is of another one. */
export function likeGradient(value: Tensor | null, gradient: Tensor): Tensor | null {
  return value === null || !sameButForOnes(value.shape, gradient.shape) ? null : value.reshape(gradient.shape);
}

/** What is wrong with the shape that was handed in; null where nothing is. */
export function shapeProblem(judgement: Judgement): string | null {
  const { value } = judgement.link.alone;
  if (value === null) return null;
  const [got, expected] = [showShape(value.shape), showShape(judgement.link.gradient.shape)];
  if (got === expected) return null;
  const rest = hasRightValues(judgement) ? '; the values are right, but it broadcasts otherwise' : '';
  return `it has the shape ${got}, expected ${expected}${rest}`;
}

/** Whether the elements, on right input, are those of the gradient, times the factor of a convention where that is no mistake. */
function hasRightValues({ link: { alone, gradient, scale }, verdict, factor }: Judgement): boolean {
  const like = likeGradient(alone.value, gradient);
  if (like === null || verdict === 'wrong') return false;
  const times = factor ?? 1;
  return compare(like, gradient.mul(times), scaled(scale, times)).agreement !== 'different';
}

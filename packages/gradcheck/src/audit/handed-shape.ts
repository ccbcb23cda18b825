// The shape of what was handed in, beside that of the gradient.

import { showShape, type Tensor } from '@tapegrad/core';
import { sameButForOnes } from '../comparison.ts';
import type { Link } from './chain.ts';

/** What was handed in, in the gradient's shape; null where it is of another one. */
export function likeGradient(value: Tensor | null, gradient: Tensor): Tensor | null {
  return value === null || !sameButForOnes(value.shape, gradient.shape) ? null : value.reshape(gradient.shape);
}

/** What is wrong with the shape that was handed in; null where nothing is. */
export function shapeProblem({ alone, gradient }: Link): string | null {
  if (alone.value === null) return null;
  const [got, expected] = [showShape(alone.value.shape), showShape(gradient.shape)];
  if (got === expected) return null;
  const rest =
    likeGradient(alone.value, gradient) === null ? '' : '; the values are right, but it broadcasts otherwise';
  return `it has the shape ${got}, expected ${expected}${rest}`;
}

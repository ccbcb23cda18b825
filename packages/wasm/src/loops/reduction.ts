// Taking elements together: what a running result begins with, what an element does to it, and what it comes to.

import type { Expression } from '../assembler/expression.ts';
import { f32, f64, i32, select } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';
import { binaryQuad } from './arithmetic.ts';
import { type ElementType, laneOf, type Quad } from './quad.ts';

/** What elements are taken together by. `max` and `min` of numbers with a NaN among them are NaN. */
export type CombineName = 'sum' | 'product' | 'max' | 'min';

const operations = { sum: 'add', product: 'mul', max: 'max', min: 'min' } as const;

/** What nothing comes to: it changes no result. */
export function identityOf(combine: CombineName, type: ElementType): number {
  switch (combine) {
    case 'sum':
      return 0;
    case 'product':
      return 1;
    case 'max':
      return type === 'i32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
    case 'min':
      return type === 'i32' ? 2 ** 31 - 1 : Number.POSITIVE_INFINITY;
    default:
      return combine satisfies never;
  }
}

/** The running result with four more elements, lane by lane. */
export function combineQuads(steps: Steps, combine: CombineName, running: Quad, x: Quad): Quad {
  return binaryQuad(steps, operations[combine], running, x);
}

type Scalar = Expression<'f32' | 'f64' | 'i32'>;

/** What the four lanes come to. */
export function combineLanes(steps: Steps, combine: CombineName, x: Quad): Scalar {
  // halves first: ((0, 1) with (2, 3)), as a vector's additions would go
  const lanes = [0, 1, 2, 3].map((lane) => steps.keep(laneOf(x, lane)));
  const pair = (a: Scalar, b: Scalar): Scalar => combineScalars(steps, combine, x.type, a, b);
  return pair(pair(lanes[0]!, lanes[2]!), pair(lanes[1]!, lanes[3]!));
}

function combineScalars(steps: Steps, combine: CombineName, type: ElementType, a: Scalar, b: Scalar): Scalar {
  const operation = operations[combine];
  if (type === 'f32') return f32[operation](a as Expression<'f32'>, b as Expression<'f32'>);
  if (type === 'f64') return f64[operation](a as Expression<'f64'>, b as Expression<'f64'>);
  if (operation === 'add' || operation === 'mul') return i32[operation](a as Expression<'i32'>, b as Expression<'i32'>);
  const [x, y] = [steps.keep(a as Expression<'i32'>), steps.keep(b as Expression<'i32'>)];
  return select(x, y, operation === 'max' ? i32.gt_s(x, y) : i32.lt_s(x, y));
}

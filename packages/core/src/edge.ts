// The chain rule along one edge of a tape: the rule that the op's entry has for an operand, applied.

import { isFloat } from './dtype.ts';
import { TapegradError } from './errors.ts';
import type { Abstract, Call, OpEntry } from './op-entry.ts';
import { sumTo } from './ops/reductions.ts';
import { ruleInOneLoop } from './rule-kernel.ts';
import { broadcastsTo, sameShape, showShape } from './shape.ts';
import { Tensor } from './tensor.ts';

/** The entry's name of the operand at a position. */
export function operandName(op: OpEntry, position: number): string {
  return op.inputs[op.variadic ? 0 : position]!;
}

/** Whether derivatives flow back to an operand at a position. */
export function isDifferentiable(op: OpEntry, position: number, operand: Abstract): boolean {
  return op.vjp[operandName(op, position)] !== 'not differentiable' && isFloat(operand.dtype);
}

/**
 * From the derivative by an op's output, `g`, that by an operand, in its shape; null where nothing flows that way.
 *
 * @param call - how the op was called, and for which operand the derivative is asked.
 * @throws TapegradError where the rule gives another shape or dtype than the operand's.
 */
export function contributionOf(
  op: OpEntry,
  call: Call<unknown>,
  g: Tensor,
  saved: { readonly [name: string]: Tensor },
): Tensor | null {
  const operand = operandName(op, call.position);
  const edge = op.vjp[operand]!;
  const input = call.inputs[call.position]!;
  if (edge === 'not differentiable' || !isFloat(input.dtype)) return null;
  const { attrs, position } = call;
  const contribution = ruleInOneLoop(op, position, attrs, g, saved) ?? edge(g, saved, call);
  return fitted(op, contribution, input, operand);
}

/** A contribution in the operand's shape. This is the one place that undoes broadcasting. */
function fitted(op: OpEntry, contribution: Tensor, input: Abstract, operand: string): Tensor {
  const fits = contribution instanceof Tensor && contribution.dtype === input.dtype;
  if (fits && sameShape(contribution.shape, input.shape)) return contribution;
  if (fits && op.broadcasts && broadcastsTo(input.shape, contribution.shape)) return sumTo(contribution, input.shape);
  const got =
    contribution instanceof Tensor ? `${contribution.dtype}${showShape(contribution.shape)}` : typeof contribution;
  throw new TapegradError(
    op.name,
    `its vjp rule for ${operand} gave ${got}. Expected the operand's ${input.dtype}${showShape(input.shape)}.`,
  );
}

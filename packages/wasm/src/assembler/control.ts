// Variables and structured control: blocks, loops, conditions, branches.

import type { Expression, Label, Local, Statement } from './expression.ts';
import { i32, type Operand } from './families.ts';
import type { ValueType } from './types.ts';

/** A variable, 0 at first. It belongs to the function whose body mentions it. */
export function local<T extends ValueType>(type: T): Local<T> {
  return { kind: 'local', type };
}

/** Variables of one type by their names: `const { x, xRow } = locals('i32', 'x xRow')`. */
export function locals<T extends ValueType, Names extends string>(type: T, names: Names): Locals<T, Names> {
  return Object.fromEntries(names.split(' ').map((name) => [name, local(type)])) as Locals<T, Names>;
}

/** What {@link locals} gives. */
export type Locals<T extends ValueType, Names extends string> = { readonly [N in Words<Names>]: Local<T> };

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

/** Sets a variable. */
export function set<T extends ValueType>(variable: Local<T>, value: Expression<T>): Statement {
  return { kind: 'set', type: 'none', local: variable, value };
}

/** Sets a variable, and is the value that it was set to. */
export function tee<T extends ValueType>(variable: Local<T>, value: Expression<T>): Expression<T> {
  return { kind: 'set', type: variable.type, local: variable, value };
}

/** Adds to an i32 variable. */
export function increase(variable: Local<'i32'>, by: Operand<'i32'>): Statement {
  return set(variable, i32.add(variable, by));
}

/** Statements; a branch to the label that they are given goes past their end. */
export function block(body: (label: Label) => readonly Statement[]): Statement {
  const label: Label = { label: 'block' };
  return { kind: 'block', type: 'none', label, body: body(label) };
}

/** Statements; a branch to the label that they are given starts them anew. Without one they run once. */
export function loop(body: (label: Label) => readonly Statement[]): Statement {
  const label: Label = { label: 'loop' };
  return { kind: 'loop', type: 'none', label, body: body(label) };
}

/** `then` where the condition is not 0, else `otherwise`. */
export function when(
  condition: Expression<'i32'>,
  then: readonly Statement[],
  otherwise: readonly Statement[] = [],
): Statement {
  return { kind: 'when', type: 'none', condition, then, otherwise };
}

/** Goes to a label. */
export function branch(label: Label): Statement {
  return { kind: 'branch', type: 'none', label, condition: undefined };
}

/** Goes to a label where the condition is not 0. */
export function branchIf(label: Label, condition: Expression<'i32'>): Statement {
  return { kind: 'branch', type: 'none', label, condition };
}

/** Ends the function, with its result if it has one. */
export function exit(value?: Expression<ValueType>): Statement {
  return { kind: 'exit', type: 'none', value };
}

/**
 * `for (i = from; i < below; i += step)`, compared as signed numbers. `below` is computed anew each time: keep what is
 * costly in a variable.
 */
export function countUp(
  i: Local<'i32'>,
  from: Operand<'i32'>,
  below: Operand<'i32'>,
  step: Operand<'i32'>,
  body: readonly Statement[],
): Statement {
  const first = typeof from === 'number' ? i32.const(from) : from;
  // the condition is tested once before the loop and then at its end: one branch a turn
  return when(i32.lt_s(tee(i, first), below), [
    loop((again) => [...body, branchIf(again, i32.lt_s(tee(i, i32.add(i, step)), below))]),
  ]);
}

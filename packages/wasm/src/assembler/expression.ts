// Expressions and functions as plain values. How they are made conveniently is in `families.ts`, `control.ts` and `function.ts`.

import type { Type, ValueType } from './types.ts';

/** A tree of instructions that leaves a value of type `T` behind; a {@link Statement} leaves none. */
export type Expression<T extends Type = Type> =
  | InstructionNode<T>
  | ConstantNode<T>
  | Local<T>
  | SetNode<T>
  | CallNode<T>
  | BlockNode<T>
  | WhenNode<T>
  | BranchNode<T>
  | ExitNode<T>;

/** What is done for its effect. */
export type Statement = Expression<'none'>;

/** Any instruction that only takes operands and immediate numbers. */
export interface InstructionNode<T extends Type> {
  readonly kind: 'instruction';
  readonly type: T;
  readonly code: number;
  readonly operands: readonly Expression[];
  readonly immediates: readonly number[];
}

/** A constant; that of a vector is its 16 bytes. */
export interface ConstantNode<T extends Type> {
  readonly kind: 'constant';
  readonly type: T;
  readonly value: number | bigint | readonly number[];
}

/** A variable of a function, and as an expression its value. Which variable it is, is which object it is. */
export interface Local<T extends Type = ValueType> {
  readonly kind: 'local';
  readonly type: T;
}

/** Sets a variable; as a value (`tee`) it is what was set. */
export interface SetNode<T extends Type> {
  readonly kind: 'set';
  readonly type: T;
  readonly local: Local<ValueType>;
  readonly value: Expression;
}

/** Calls a function of the module, or an imported one. */
export interface CallNode<T extends Type> {
  readonly kind: 'call';
  readonly type: T;
  readonly callee: FunctionSource;
  readonly operands: readonly Expression[];
}

/** Where a branch goes: past the end of a block, or back to the start of a loop. Which label it is, is which object it is. */
export interface Label {
  readonly label: string;
}

/** Statements that branches may leave (`block`) or repeat (`loop`). */
export interface BlockNode<T extends Type> {
  readonly kind: 'block' | 'loop';
  readonly type: T;
  readonly label: Label;
  readonly body: readonly Statement[];
}

/** `if` and `else`. */
export interface WhenNode<T extends Type> {
  readonly kind: 'when';
  readonly type: T;
  readonly condition: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

/** Goes to a label; with a condition, only where it is not 0. */
export interface BranchNode<T extends Type> {
  readonly kind: 'branch';
  readonly type: T;
  readonly label: Label;
  readonly condition: Expression | undefined;
}

/** Ends the function, with its result if it has one. */
export interface ExitNode<T extends Type> {
  readonly kind: 'exit';
  readonly type: T;
  readonly value: Expression | undefined;
}

/** A function of the module. Which function it is, is which object it is. */
export interface DefinedFunction {
  readonly kind: 'defined';
  /** For stack traces and profiles. */
  readonly name: string;
  readonly params: readonly Local[];
  readonly body: readonly Statement[];
  /** What the function gives, computed after the body. */
  readonly result: Expression<ValueType> | undefined;
}

/** A function that the module's user hands in. */
export interface ImportedFunction {
  readonly kind: 'imported';
  readonly module: string;
  readonly name: string;
  readonly takes: readonly ValueType[];
  readonly gives: Type;
}

export type FunctionSource = DefinedFunction | ImportedFunction;

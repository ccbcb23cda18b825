// Statements in the order in which they are said: for code that keeps intermediate values, such as a polynomial's.

import { local, set } from './control.ts';
import type { Expression, Local, Statement } from './expression.ts';
import type { ValueType } from './types.ts';

/**
 * A growing list of statements.
 *
 * ```ts
 * const steps = new Steps();
 * const x = steps.keep(i32.const(3));
 * const square = steps.keep(i32.mul(x, x)); // x is computed once
 * const { f } = instantiate(
 *   assemble({ exports: { f: defineFunction({ name: 'f', params: [], body: steps.statements, result: square }) } }),
 * ).exports;
 * f!(); // → 9
 * ```
 */
export class Steps {
  readonly #statements: Statement[] = [];

  get statements(): readonly Statement[] {
    return this.#statements;
  }

  /** Computes a value here, to be used as often as one likes. */
  keep<T extends ValueType>(value: Expression<T>): Local<T> {
    const variable = local(value.type as T);
    this.#statements.push(set(variable, value));
    return variable;
  }

  /** Adds statements. */
  do(...statements: readonly Statement[]): this {
    this.#statements.push(...statements);
    return this;
  }
}

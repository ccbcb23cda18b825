// Making functions, those of a module and imported ones, and calling them. How they are written is in `emit.ts`.

import type {
  CallNode,
  DefinedFunction,
  Expression,
  FunctionSource,
  ImportedFunction,
  Local,
  Statement,
} from './expression.ts';
import type { Type, ValueType } from './types.ts';

/**
 * A function of the module. Its other variables are those that the body mentions: nothing declares them.
 *
 * ```ts
 * const [x, y] = [local('f64'), local('f64')];
 * const hypotenuse = defineFunction({
 *   name: 'hypotenuse',
 *   params: [x, y],
 *   result: f64.sqrt(f64.add(f64.mul(x, x), f64.mul(y, y))),
 * });
 * const { exports } = instantiate(assemble({ exports: { hypotenuse } }));
 * exports.hypotenuse!(3, 4); // → 5
 * ```
 */
export function defineFunction(parts: {
  readonly name: string;
  readonly params?: readonly Local[];
  readonly body?: readonly Statement[];
  readonly result?: Expression<ValueType>;
}): DefinedFunction {
  const { name, params = [], body = [], result } = parts;
  return { kind: 'defined', name, params, body, result };
}

/** A function that comes from outside, as `imports[module][name]` of the instantiation. */
export function importFunction(
  module: string,
  name: string,
  takes: readonly ValueType[],
  gives: Type = 'none',
): ImportedFunction {
  return { kind: 'imported', module, name, takes, gives };
}

/** The types that a function takes and gives. */
export function signatureOf(source: FunctionSource): { readonly takes: readonly ValueType[]; readonly gives: Type } {
  if (source.kind === 'imported') return source;
  return { takes: source.params.map(({ type }) => type), gives: source.result?.type ?? 'none' };
}

/** A call as a statement, of a function without a result. @throws Error where number or types of the operands differ. */
export function call(callee: FunctionSource, ...operands: readonly Expression<ValueType>[]): Statement {
  return callNode(callee, 'none', operands);
}

/** A call for its result of type `type`. @throws Error where the function gives another, or the operands do not fit. */
export function callFor<T extends ValueType>(
  type: T,
  callee: FunctionSource,
  ...operands: readonly Expression<ValueType>[]
): Expression<T> {
  return callNode(callee, type, operands);
}

function callNode<T extends Type>(callee: FunctionSource, type: T, operands: readonly Expression[]): CallNode<T> {
  const { takes, gives } = signatureOf(callee);
  const found = operands.map((operand) => operand.type);
  if (gives !== type || String(takes) !== String(found)) {
    throw new Error(
      `call: ${callee.name} is (${takes.join(', ')}) → ${gives}, and was called as (${found.join(', ')}) → ${type}. Pass and take these types.`,
    );
  }
  return { kind: 'call', type, callee, operands };
}

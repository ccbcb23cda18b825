// Makes the ops methods of `Tensor`: `x.mul(y)` is `mul(x, y)`. The only module that is imported for its effect.

import { Explanation } from './explanation.ts';
import { named } from './naming.ts';
import { type OpTable, ops } from './ops/table.ts';
import { Tape } from './tape.ts';
import { Tensor, type TensorLike } from './tensor.ts';

/** An op as a method: its first operand is `this`. */
type Method<F> = F extends (x: TensorLike, ...rest: infer Rest extends readonly unknown[]) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** What has no operand that the others are done to (`where`, lists, losses, adjoints) stays a function. */
type FunctionOnly =
  | 'where'
  | 'concat'
  | 'stack'
  | 'meshgrid'
  | 'ravelMultiIndex'
  | 'einsum'
  | 'maxPool2dAdjoint'
  | 'maxPool2dTangent'
  | 'averagePool2dAdjoint'
  | 'sigmoidCrossEntropy'
  | 'softmaxCrossEntropy'
  | 'sparseSoftmaxCrossEntropy'
  | 'huber'
  | 'smoothLabels'
  | 'embedding';

/** Every op whose first operand is `x`, as a method. */
export type OpMethods = { [K in Exclude<keyof OpTable, FunctionOnly>]: Method<OpTable[K]> };

declare module './tensor.ts' {
  interface Tensor extends OpMethods {
    /**
     * The same value under a name, which tapes show and reports go by.
     *
     * ```ts
     * String(tensor([1, 2]).named('v')); // → float32[2] v [1, 2]
     * ```
     */
    named(name: string): Tensor;
  }
}

for (const [name, op] of Object.entries(ops)) {
  if (op.entry.inputs[0] !== 'x') continue;
  const method = function (this: Tensor, ...rest: unknown[]): Tensor {
    return (op as (...operandsAndArgs: unknown[]) => Tensor)(this, ...rest);
  };
  Object.defineProperty(Tensor.prototype, name, { value: method, writable: true, configurable: true });
}

Tensor.prototype.named = function (name: string): Tensor {
  return named(this, name);
};

// What `console.log` shows in Node.
const inspect = Symbol.for('nodejs.util.inspect.custom');
for (const { prototype } of [Tensor, Tape, Explanation]) {
  Object.defineProperty(prototype, inspect, { value: prototype.toString, configurable: true });
}

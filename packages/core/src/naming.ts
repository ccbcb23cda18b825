// Other handles on the same value: under a name, or as a variable of its own.

import { identity } from './ops/passing.ts';
import { activeRecorders, recordWith } from './recording.ts';
import { Parameter, Tensor } from './tensor.ts';

/** The value of `x` as a new tensor, which tapes take for `x` unless they watch it by itself. */
export function alias(x: Tensor, name: string | undefined = x.name): Tensor {
  return new Tensor(x.array, x.dtype, name, { tensor: x, version: x instanceof Parameter ? x.version : 0 });
}

/** A tensor under a name, which the tapes that record it show. Where a step has another name already, an identity step bears the new one. */
export function named(given: Tensor, name: string): Tensor {
  let x = given;
  for (const recorder of activeRecorders()) x = recorder.onNamed?.(x, name) ?? x;
  const taken = activeRecorders().some((recorder) => {
    const known = recorder.nameOf(x);
    return known !== undefined && known !== name;
  });
  const renamed = alias(taken ? identity(x) : x, name);
  for (const recorder of activeRecorders()) recorder.rename(renamed, name);
  return renamed;
}

/**
 * Runs `f`; each tensor that is given a name in it by {@link Tensor.named} goes through `replace` first, and what that returns goes
 * on in its place: to look at intermediate values, or to shift one and see what comes of it.
 *
 * ```ts
 * const loss = () => scalar(2).square().named('z').mul(3);
 * loss().item(); // → 12
 * interceptNames(loss, (x, name) => (name === 'z' ? x.add(1) : x)).item(); // → 15
 * ```
 *
 * @throws TapegradError where `f` returns a promise.
 */
export function interceptNames<T>(f: () => T, replace: (x: Tensor, name: string) => Tensor): T {
  const interceptor = { onOp() {}, nameOf: () => undefined, rename() {}, onNamed: replace };
  return recordWith('interceptNames', interceptor, f);
}

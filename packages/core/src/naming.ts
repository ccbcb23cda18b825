// Other handles on the same value: under a name, or as a variable of its own.

import { identity } from './ops/passing.ts';
import { activeRecorders } from './recording.ts';
import { Parameter, Tensor } from './tensor.ts';

/** The value of `x` as a new tensor, which tapes take for `x` unless they watch it by itself. */
export function alias(x: Tensor, name: string | undefined = x.name): Tensor {
  return new Tensor(x.array, x.dtype, name, { tensor: x, version: x instanceof Parameter ? x.version : 0 });
}

/** `x` under a name, which the tapes that record it show. Where a step has another name already, an identity step bears the new one. */
export function named(x: Tensor, name: string): Tensor {
  const taken = activeRecorders().some((recorder) => {
    const known = recorder.nameOf(x);
    return known !== undefined && known !== name;
  });
  const renamed = alias(taken ? identity(x) : x, name);
  for (const recorder of activeRecorders()) recorder.rename(renamed, name);
  return renamed;
}

// Other handles on the same value: under a name, or as a variable of its own.

import { identity } from './ops/elementwise.ts';
import { activeRecorders } from './recording.ts';
import { type Place, Tensor } from './tensor.ts';

/** The same value and places as `x`, as a new tensor: watching it does not watch `x`. */
export function alias(x: Tensor, name: string | undefined = x.name): Tensor {
  const copy = new Tensor(x.array, x.dtype, name);
  copy.place = x.place;
  for (const recorder of activeRecorders()) {
    const index = recorder.indexOf(x);
    if (index >= 0) copy.place = withPlace(copy.place, recorder.id, index);
  }
  return copy;
}

/** `x` under a name, which the tapes that record it show. Where a step has another name already, an identity step bears the new one. */
export function named(x: Tensor, name: string): Tensor {
  const taken = activeRecorders().some((recorder) => {
    const known = recorder.nameOf(recorder.indexOf(x));
    return known !== undefined && known !== name;
  });
  const renamed = alias(taken ? identity(x) : x, name);
  for (const recorder of activeRecorders()) recorder.rename(recorder.indexOf(renamed), name);
  return renamed;
}

function withPlace(places: Place | null, tape: number, index: number): Place {
  for (let place = places; place !== null; place = place.next) if (place.tape === tape) return places!;
  return { tape, index, next: places };
}

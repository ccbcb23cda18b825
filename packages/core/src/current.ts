// Which value of a parameter is meant: what refuses one from before it was assigned.

import { TapegradError } from './errors.ts';
import { Parameter, type Tensor } from './tensor.ts';

/** @throws TapegradError where a parameter no longer has the value that `user` used. */
export function requireVersions(versions: ReadonlyMap<Parameter, number>, user: string): void {
  versions.forEach((version, parameter) => {
    if (parameter.version === version) return;
    throw new TapegradError(
      'gradient',
      `the parameter ${parameter.name} was assigned after ${user} used it, and its old value is gone. ` +
        'Take the gradient before you update.',
    );
  });
}

/**
 * Refuses an operand whose gradient would be taken for that of another value: a parameter that was assigned since the tape met
 * it (as the version `met`), or a name that it was given before it was assigned.
 */
export function requireCurrent(op: string, x: Tensor, met: number | undefined): void {
  if (x instanceof Parameter && met !== undefined && met !== x.version) {
    throw new TapegradError(
      op,
      `the parameter ${x.name} was assigned since the tape first met it. Record each value of it on a tape of its own.`,
    );
  }
  for (let handle = x; handle.original !== undefined; handle = handle.original.tensor) {
    const { tensor, version } = handle.original;
    if (!(tensor instanceof Parameter) || tensor.version === version) continue;
    throw new TapegradError(
      op,
      `${handle.name} is a name of the parameter ${tensor.name} from before it was assigned. Name it anew, inside record().`,
    );
  }
}

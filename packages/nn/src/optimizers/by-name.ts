// Optimizers by name, with their default options.

import { TapegradError } from '@tapegrad/core';
import { byName, show } from '../registry.ts';
import { Adam, AdamW } from './adam.ts';
import { Optimizer } from './optimizer.ts';
import { RMSprop } from './rmsprop.ts';
import { SGD } from './sgd.ts';

/** The optimizers that have a name. */
export type OptimizerName = 'adam' | 'adamW' | 'rmsprop' | 'sgd';

/** An optimizer without slots or with any: an instance of {@link Optimizer}, not just an object that looks like one. */
export type AnyOptimizer = Optimizer<never, never> | Optimizer<string, never>;

const optimizers: { readonly [N in OptimizerName]: () => AnyOptimizer } = {
  adam: () => new Adam(),
  adamW: () => new AdamW(),
  rmsprop: () => new RMSprop(),
  sgd: () => new SGD(),
};

/**
 * A new optimizer of this name, or the instance itself.
 *
 * @throws TapegradError for an unknown name.
 */
export function toOptimizer(op: string, identifier: OptimizerName | AnyOptimizer): AnyOptimizer {
  if (identifier instanceof Optimizer) return identifier;
  if (typeof identifier === 'string') return byName(op, 'optimizer', identifier, optimizers)();
  throw new TapegradError(op, `optimizer is ${show(identifier)}. Expected a name or an instance, e.g. new Adam().`);
}

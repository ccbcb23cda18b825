// The way back: what a call changed of layers before it was refused, or while it only tried something, is undone here.

import { type Parameter, RandomGenerator } from '@tapegrad/core';
import { valuesOf } from './weight-values.ts';

/** What holds layers. */
interface Holder<L> {
  readonly layers: readonly L[];
}

/** A layer, as far as it is put back. */
export interface Restorable extends Holder<Restorable> {
  readonly built: boolean;
  readonly weights: readonly Parameter[];
}

/** These layers and all in them, each once, a layer before those in it. */
export function withInner<L extends Holder<L>>(roots: readonly L[]): readonly L[] {
  const found = new Set<L>();
  const pending = [...roots].reverse();
  for (let layer = pending.pop(); layer !== undefined; layer = pending.pop()) {
    if (found.has(layer)) continue;
    found.add(layer);
    pending.push(...[...layer.layers].reverse());
  }
  return [...found];
}

/**
 * Runs `f`. Where it throws, these layers and all in them become what they were: every property of theirs, so that what was built is
 * unbuilt, lists among these at the length that they had, and every stream of random numbers where it stood.
 */
export function orAsBefore<T>(roots: readonly Restorable[], f: () => T): T {
  const restores = withInner(roots).map(propertiesOf);
  try {
    return f();
  } catch (error) {
    for (const restore of restores) restore();
    throw error;
  }
}

/**
 * Runs `f`, which tries a layer out: after it, streams stand where they stood and weights are what they were. A layer that is built by
 * the trial stays built, with its stream behind what its weights were drawn of.
 */
export function onTrial<T>(root: Restorable, f: () => T): T {
  const restores = withInner([root])
    .filter(({ built }) => built)
    .map(streamsOf);
  const { weights } = root;
  const versions = weights.map(({ version }) => version);
  const values = valuesOf(weights);
  try {
    return f();
  } finally {
    for (const restore of restores) restore();
    weights.forEach((weight, i) => {
      if (weight.version !== versions[i]) weight.assign(values[i]!);
    });
  }
}

/** What gives an object back the properties that it has now. */
function propertiesOf(holder: object): () => void {
  const now = holder as { [name: string]: unknown };
  const before = { ...now };
  const lists = Object.values(before).filter((value) => Array.isArray(value));
  const lengths = lists.map(({ length }) => length);
  const restoreStreams = streamsOf(holder);
  return () => {
    for (const name of Object.keys(now)) if (!Object.hasOwn(before, name)) delete now[name];
    for (const [name, value] of Object.entries(before)) if (!Object.is(now[name], value)) now[name] = value;
    lists.forEach((list, i) => {
      if (list.length > lengths[i]!) list.length = lengths[i]!;
    });
    restoreStreams();
  };
}

/** What puts the streams of random numbers among an object's properties back to where they stand. */
function streamsOf(holder: object): () => void {
  const streams = Object.values(holder).filter((value) => value instanceof RandomGenerator);
  const states = streams.map((stream) => stream.getState());
  return () => {
    streams.forEach((stream, i) => {
      stream.setState(states[i]!);
    });
  };
}

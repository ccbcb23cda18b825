// Memory for time: a function that is run again during backward, in place of keeping what its operations saved.

import { requireVersions } from '../current.ts';
import { TapegradError } from '../errors.ts';
import type { Abstract } from '../op-entry.ts';
import { activeTapes, recordWith } from '../recording.ts';
import { sameShape, showShape } from '../shape.ts';
import { Tape } from '../tape.ts';
import type { Parameter, Tensor } from '../tensor.ts';
import { type Like, leavesOf, rebuild, type Tree } from '../tree.ts';
import { floatsOf, kindOf, probe, putStep, type StepRule } from './step.ts';

/**
 * The same function, of which tapes keep nothing but what it depends on: backward runs it once more. A chain of n steps, cut
 * into √n functions of √n steps each, needs memory for 2√n values in place of n, and one more forward pass.
 *
 * Gradients flow to everything that the function uses: its arguments, and parameters and other tensors from around it. Checkpoints can be nested,
 * and differentiated more than once. The function must do the same each time that it is run: random numbers that it draws
 * must come from a generator that it makes itself, of a given seed.
 *
 * ```ts
 * const w = new Parameter(scalar(3), 'w');
 * const block = checkpoint((x: Tensor) => x.mul(w).sin().exp());
 * const tape = new Tape();
 * const loss = tape.record(() => block(tensor([1, 2])).sum());
 * tape.nodes.map((node) => node.op?.name ?? node.origin); // → parameter,checkpoint,sum
 * ```
 *
 * Source: T. Chen et al., "Training Deep Nets with Sublinear Memory Cost", arXiv:1604.06174, 2016.
 *
 * @throws TapegradError where the result holds what is no tensor, where the function returns a promise, and during backward where
 * a parameter that it uses was assigned since, or its second result is not like the first.
 */
export function checkpoint<Args extends readonly unknown[], Out extends Tree>(
  f: (...args: Args) => Out,
): (...args: Args) => Like<Out> {
  return (...args) => {
    const tapes = activeTapes();
    const run = callOf(f, args);
    const { result, sources, versions } = probe('checkpoint', tapes, run, (out) => floatsOf('checkpoint', out));
    const floats = floatsOf('checkpoint', result).map(({ tensor }) => tensor);
    const rule = ruleOf(run, sources, versions, floats.map(kindOf));
    const outputs = putStep('checkpoint', tapes, sources, floats, rule);
    const replaced = new Map(floats.map((float, i) => [float, outputs[i]!]));
    return rebuild(
      result,
      leavesOf('checkpoint', result).map(({ tensor }) => replaced.get(tensor) ?? tensor),
    );
  };
}

// Functions of their own, so that the rule that a tape keeps holds on to nothing of what the first run computed.

function callOf<Args extends readonly unknown[], Out>(f: (...args: Args) => Out, args: Args): () => Out {
  return () => f(...args);
}

function ruleOf(
  run: () => Tree,
  sources: readonly Tensor[],
  versions: ReadonlyMap<Parameter, number>,
  model: readonly Abstract[],
): StepRule {
  return (gs, wanted, puller) => {
    requireVersions(versions, 'checkpoint');
    const tape = new Tape({ watchParameters: false });
    tape.standsFor = puller;
    for (const source of sources) tape.watchApart(source);
    const again = floatsOf('checkpoint', recordWith('checkpoint', tape, run)).map(({ tensor }) => tensor);
    requireSame(again, model);
    const asked = sources.filter((_, i) => wanted[i]);
    const adjoints = tape.pull(again, gs, asked);
    return sources.map((source) => adjoints[asked.indexOf(source)] ?? null);
  };
}

/** @throws TapegradError where a second run gave something else than the first. */
function requireSame(again: readonly Tensor[], model: readonly Abstract[]): void {
  const same = (x: Abstract, y: Abstract | undefined): boolean =>
    y !== undefined && x.dtype === y.dtype && sameShape(x.shape, y.shape);
  if (again.length === model.length && again.every((x, i) => same(x, model[i]))) return;
  const show = (kinds: readonly Abstract[]): string =>
    kinds.map(({ dtype, shape }) => `${dtype}${showShape(shape)}`).join(', ') || 'nothing';
  throw new TapegradError(
    'checkpoint',
    `the function gave ${show(again)} when backward ran it again, ${show(model)} before. ` +
      'Expected a function that does the same each time.',
  );
}

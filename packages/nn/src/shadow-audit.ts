// Training under audit: every so many batches, the hand-written gradients of layers are held against the tape's own, before the weights
// change. How hand-written gradients come into training is in hand-written.ts.

import { fromData, noGrad, stopGradient, Tape, TapegradError, type Tensor } from '@tapegrad/core';
import type { CompareReport } from '@tapegrad/gradcheck';
import { requireKnownOptions, requireNumber, requireWhole } from './checks.ts';
import { type GradientsOfCall, type HandWrittenCall, type Shadow, shadowedBy } from './hand-written.ts';
import { show } from './registry.ts';

/** How training is audited. */
export interface AuditOptions {
  /** How many batches lie between two that are audited, the first one always. A whole number >= 1. */
  readonly every: number;
  /** How much may differ, relative to each element. Default: what rounding makes; 1e-4 where only `absolute` is given. */
  readonly relative?: number;
  /** How much may differ, as a multiple of the largest element. Default: what rounding makes; 1e-5 where only `relative` is given. */
  readonly absolute?: number;
}

/**
 * A hand-written gradient that is not what the tape has, met by `fit` under `audit`. The weights are as before that batch.
 *
 * ```ts
 * class Doubling extends Layer {
 *   override call(inputs: Tensor) {
 *     return inputs.mul(2);
 *   }
 *   override backward(g: Tensor) {
 *     return { inputs: g, weights: {} }; // should be g · 2
 *   }
 * }
 * const model = new Sequential([new Dense(2), new Doubling(), new Dense(1)]);
 * model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
 * const error = await model.fit([[1, 2]], [1], { audit: { every: 10 }, verbose: 0 }).catch((e: AuditError) => e);
 * error instanceof AuditError && error.report.rows.map(({ name, verdict }) => `${name}: ${verdict}`); // → inputs: wrong
 * ```
 */
export class AuditError extends TapegradError {
  /** What `compareGradients` of `@tapegrad/gradcheck` found: `manual` is the layer's, `autograd` the tape's. */
  readonly report: CompareReport;
  /** The name of the layer. */
  readonly layer: string;

  constructor(message: string, layer: string, report: CompareReport) {
    super('fit', message);
    this.name = 'AuditError';
    this.layer = layer;
    this.report = report;
  }
}

/** A layer, as far as the audit looks for one with a backward of its own. */
interface Audited {
  readonly backward?: unknown;
  readonly layers: readonly Audited[];
}

/** @throws TapegradError for options that make no sense, and where no layer has a backward of its own. */
export function requireAudit(op: string, options: AuditOptions, model: Audited): void {
  if (typeof options !== 'object' || options === null) {
    throw new TapegradError(op, `audit is ${show(options)}. Expected an object of options, e.g. { every: 10 }.`);
  }
  const audit = `${op}: audit`;
  try {
    requireKnownOptions(audit, options, ['every', 'relative', 'absolute']);
    requireWhole(audit, 'every', options.every, 1);
    for (const name of ['relative', 'absolute'] as const) {
      const value = options[name];
      if (value !== undefined) requireNumber(audit, name, value, '>= 0', (number) => number >= 0);
    }
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    throw new TapegradError(op, error.message.slice(`${op}: `.length), { cause: error });
  }
  if (hasBackward(model)) return;
  throw new TapegradError(
    op,
    'audit is given, but no layer has a backward of its own: all gradients are the tape’s. ' +
      'Give a layer a method backward(g, { inputs, outputs }) that returns { inputs, weights }, or leave audit out.',
  );
}

function hasBackward(layer: Audited): boolean {
  return typeof layer.backward === 'function' || layer.layers.some(hasBackward);
}

/** Where in training a batch is, both counted from 1. */
export interface BatchPlace {
  readonly epoch: number;
  readonly batch: number;
}

/** Runs a step of training, under audit where it is its turn. */
export type Auditor = <T>(place: BatchPlace, step: () => T) => T;

/** The audit of one call of `fit`. What it compares with is loaded only now. */
export async function auditor(options: AuditOptions): Promise<Auditor> {
  const gradcheck = await import('@tapegrad/gradcheck');
  let batches = 0;
  return (place, step) =>
    batches++ % options.every === 0 ? shadowedBy(watcher(gradcheck, options, place), step) : step();
}

type Gradcheck = typeof import('@tapegrad/gradcheck');

function watcher(gradcheck: Gradcheck, options: AuditOptions, place: BatchPlace): Shadow {
  return {
    follow: (call) => {
      // One call for both: what it draws at random is the same for the tape and for the hand-written backward.
      const tape = new Tape({ persistent: true });
      const x = copyOf(call.inputs);
      if (isFloat(x)) tape.watch(x);
      const outputs = tape.record(() => call.call(x));
      return {
        outputs,
        compare: (g, manual) => {
          const automatic = tapeGradients(call, tape, x, outputs, g);
          const report = compareAll(gradcheck, options, manual, automatic);
          if (report?.ok === false) throw failure(gradcheck, call, place, report);
        },
      };
    },
  };
}

/** The tape's gradients for the same incoming g: those of Σ outputs · g. */
function tapeGradients(call: HandWrittenCall, tape: Tape, x: Tensor, outputs: Tensor, g: Tensor): GradientsOfCall {
  const trained = [...call.weights].filter(([, { trainable }]) => trainable);
  const weights = Object.fromEntries(trained.map(([name, { parameter }]) => [name, parameter]));
  const sources = isFloat(x) ? { weights, inputs: { x } } : { weights, inputs: {} };
  const target = tape.record(() => outputs.mul(copyOf(g)).sum());
  const all: readonly Tensor[] = [...Object.values(weights), ...Object.values(sources.inputs)];
  if (all.length === 0) return { inputs: null, weights: {} };
  const isConnected = all.some((source) => {
    try {
      return tape.gradient(target, [source]).length > 0;
    } catch (error) {
      if (error instanceof TapegradError) return false;
      throw error;
    }
  });
  if (!isConnected) {
    throw new TapegradError(
      call.layer,
      'the tape has no gradients to hold its backward against. Write call in tensor operations that have some alone ' +
        '(no toArray, no rounding), or leave audit out.',
    );
  }
  const found = tape.gradient(target, sources, { unconnected: 'zero' });
  return { inputs: (found.inputs as { x?: Tensor }).x ?? null, weights: found.weights };
}

/** As `compareGradients` has it: of a function whose gradients are the tape's, Σ x · dx. Undefined where there is none to compare. */
function compareAll(
  { compareGradients }: Gradcheck,
  { relative, absolute }: AuditOptions,
  manual: GradientsOfCall,
  automatic: GradientsOfCall,
): CompareReport | undefined {
  // Without a gradient by the inputs there is none to compare: nothing before needs it.
  const withInputs = manual.inputs !== null && automatic.inputs !== null;
  const flat = ({ inputs, weights }: GradientsOfCall): { readonly [name: string]: Tensor } => {
    const named = Object.entries(weights).map(([name, value]) => [name === 'inputs' ? 'weights.inputs' : name, value]);
    return { ...(withInputs ? { inputs } : {}), ...Object.fromEntries(named) };
  };
  const [byHand, expected] = [flat(manual), flat(automatic)];
  if (Object.keys(expected).length === 0) return undefined;
  const tolerance =
    relative === undefined && absolute === undefined
      ? {}
      : { tolerance: { relative: relative ?? 1e-4, absolute: absolute ?? 1e-5 } };
  return compareGradients({
    forward: (x) =>
      Object.entries(expected)
        .map(([name, dx]) => x[name]!.mul(stopGradient(dx.asType(x[name]!.dtype))).sum())
        .reduce((sum, term) => sum.add(term)),
    backward: () => byHand,
    inputs: expected,
    ...tolerance,
  });
}

function failure(
  { showComparison }: Gradcheck,
  { layer }: HandWrittenCall,
  place: BatchPlace,
  report: CompareReport,
): AuditError {
  const wrong = report.rows.filter(({ verdict }) => verdict !== 'right' && verdict !== 'approximate');
  const names = wrong.map(({ name }) => name).join(', ');
  return new AuditError(
    `the hand-written backward of ${layer} is not the gradient of its call: wrong by ${names}, in epoch ${place.epoch}, ` +
      `batch ${place.batch}. The weights are as before that batch. Mend its backward, or take it away: the tape has the gradient.\n\n` +
      showComparison(report),
    layer,
    report,
  );
}

function copyOf(x: Tensor): Tensor {
  return noGrad(() => fromData(x.toData(), x.shape, x.dtype));
}

function isFloat({ dtype }: Tensor): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

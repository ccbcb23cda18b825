// The formulas of a chain in symbols: the tape's, and the author's where it is written in tensors.

import { type Tape, TapegradError, type Tensor, tensor } from '@tapegrad/core';
import type { FormulaText } from './audit-report.ts';
import type { ForwardPass } from './forward-pass.ts';
import { type Backward, runBackward } from './manual-run.ts';
import type { Region } from './region.ts';

/** How formulas call the gradient by a value. */
function gradientName(name: string): string {
  return `d${name}`;
}

/** The tape's formula for a gradient, in terms of the gradients that it starts from; null where it cannot be written down. */
export function automaticFormula({ tape, nodes }: ForwardPass, region: Region): FormulaText | null {
  const written = tape.record(() =>
    region.sweep({}, (at, gradient) => symbol(tape, gradientName(nodes[at]!.name ?? `%${at}`), gradient)),
  );
  return written === null ? null : formulaOf(tape, written);
}

/** The author's formulas by the names of their gradients, for a backward pass written in tensors: traced as it runs. */
export function manualFormulas(backward: Backward, pass: ForwardPass): Map<string, FormulaText> {
  const { tape } = pass;
  const formulas = new Map<string, FormulaText>();
  tape.record(() => {
    runBackward(backward, pass, 'tensor', (name, { value }) => {
      const formula = value === null ? null : formulaOf(tape, value);
      if (formula !== null) formulas.set(name, formula);
      return symbol(tape, gradientName(name), pass.named.get(name)!.gradient);
    });
    return null;
  });
  return formulas;
}

/** A gradient that stands in formulas under a name. */
function symbol(tape: Tape, name: string, gradient: Tensor): Tensor {
  const own = tensor(gradient.toNdarray(), { dtype: gradient.dtype, name });
  tape.watch({ own });
  return own;
}

function formulaOf(tape: Tape, x: Tensor): FormulaText | null {
  try {
    const { plain, tex } = tape.formulaOf(x);
    return { plain, tex };
  } catch (error) {
    if (error instanceof TapegradError) return null; // computed from nothing that the tape follows
    throw error;
  }
}

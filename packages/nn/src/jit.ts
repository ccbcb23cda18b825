// The functions of a model as they are run: compiled, unless that cannot be.

import { compile, ProgramMemory } from '@tapegrad/compiler';
import { TapegradError, type Tensor } from '@tapegrad/core';

/** Compiles functions of one model, which share its weights in one memory. */
export class Jit {
  private memory: ProgramMemory | undefined;
  private warned = false;

  /**
   * The compiled form of `f`, or `f` itself from the first call on that cannot be compiled: each size of batches is, when it first
   * comes. `warn` is then told why, once for all functions.
   */
  compiled<Args extends Tensor[], Result extends object>(
    f: (...args: Args) => Result,
    warn: (line: string) => void,
  ): (...args: Args) => Result {
    let run: typeof f | undefined;
    return (...args) => {
      if (run === f) return f(...args);
      try {
        this.memory ??= new ProgramMemory();
        run ??= compile(f, { memory: this.memory }) as unknown as typeof f;
        return run(...args);
      } catch (error) {
        const reason = refusal(error);
        if (reason === undefined) throw error;
        if (!this.warned) warn(`This runs uncompiled, which is many times slower: ${reason}`);
        this.warned = true;
        run = f;
        return f(...args);
      }
    };
  }
}

/** Why a function cannot be compiled, where that is what an error says, or one that led to it. */
function refusal(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TapegradError && cause.op === 'compile') return cause.message;
  }
  return undefined;
}

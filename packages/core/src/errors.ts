// The error class that tapegrad throws for a caller's mistake, and its kind for a NaN; and the assertion for our own mistakes.

/**
 * A mistake of the caller: `op: what was wrong, what was expected, what to do`. Every package of tapegrad throws this
 * class, always before anything was changed.
 *
 * ```ts
 * try {
 *   matmul(zeros([2, 3]), zeros([4, 5]));
 * } catch (error) {
 *   (error as TapegradError).op; // → matmul
 * }
 * ```
 */
export class TapegradError extends Error {
  /** The function or method that refused, such as `matmul` or `fit`. */
  readonly op: string;

  constructor(op: string, message: string, options?: ErrorOptions) {
    super(`${op}: ${message}`, options);
    this.name = 'TapegradError';
    this.op = op;
  }
}

/**
 * A NaN or an infinity where it was born, thrown by a tape with `detectAnomaly`: by the op itself while it is recorded, and by
 * `tape.gradient` where a derivative is not finite. `op` is the op that gave it; the message says where, and of which values.
 *
 * ```ts
 * const x = scalar(0);
 * const tape = new Tape({ detectAnomaly: true });
 * tape.watch({ x });
 * try {
 *   tape.record(() => x.log());
 * } catch (error) {
 *   (error as AnomalyError).op; // → log
 * }
 * ```
 */
export class AnomalyError extends TapegradError {
  constructor(op: string, message: string, options?: ErrorOptions) {
    super(op, message, options);
    this.name = 'AnomalyError';
  }
}

/**
 * A value was asked for while a function is traced, which runs it without values. Thrown by whatever reads it: `item`, `toArray`, an
 * op that must look at its operands.
 */
export class TracingError extends TapegradError {
  constructor(op: string, message: string, options?: ErrorOptions) {
    super(op, message, options);
    this.name = 'TracingError';
  }
}

/** Asserts what the public edge has already made sure of. Its failure is a bug of tapegrad, not of the caller. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`internal: ${message}`);
}

/**
 * The candidate that is closest to a mistyped `name`, or undefined when none is near (more than a third of the letters
 * differ, by Levenshtein distance and without regard to case).
 *
 * ```ts
 * nearestName('rleu', ['relu', 'sigmoid']); // → relu
 * ```
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.ceil(name.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = levenshtein(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

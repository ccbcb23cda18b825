// The folds of a cross-validation.

import { TapegradError, type Tensor } from '@tapegrad/core';
import { randomFrom, requireBoolean, requireOptions, show } from './checks.ts';
import { classesOf } from './classes.ts';

const op = 'stratifiedKFold';

/** What {@link stratifiedKFold} can be told. */
export interface StratifiedKFoldOptions {
  /** How many folds: a whole number from 2. Default: 5. */
  readonly folds?: number;
  /** Whether the rows of a class are dealt to the folds at random; otherwise in order. Default: true. */
  readonly shuffle?: boolean;
  /** A whole number: the same seed gives the same folds. Default: other folds each time. */
  readonly seed?: number;
}

/** One round of a cross-validation: positions of rows, ascending, for {@link takeRows}. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * The rounds of a stratified cross-validation. Each row tests in exactly one of them; sizes of folds, and of a class in
 * the folds, differ by at most one. The folds are scikit-learn's (`StratifiedKFold`), up to the random numbers.
 *
 * ```ts
 * const y = tensor([0, 0, 0, 0, 1, 1], { dtype: 'int32' });
 * const [first] = stratifiedKFold(y, { folds: 2, shuffle: false });
 * first!.test; // → 0,1,4
 * first!.train; // → 2,3,5
 * ```
 *
 * @param y - the label of each row, `[rows]` or `[rows, 1]`.
 * @throws TapegradError for options that there are not, where there are fewer than 2 folds, and for a class with fewer rows than there are folds.
 */
export function stratifiedKFold(y: Tensor, options: StratifiedKFoldOptions = {}): readonly Fold[] {
  requireOptions(op, options, { folds: true, shuffle: true, seed: true });
  const { folds = 5, shuffle = true, seed } = options;
  if (!Number.isInteger(folds) || folds < 2) {
    throw new TapegradError(op, `folds is ${show(folds)}. Expected a whole number from 2 on.`);
  }
  requireBoolean(op, 'shuffle', shuffle);
  const classes = classesOf(op, 'y', y);
  const small = classes.find(({ rows }) => rows.length < folds);
  if (small) {
    throw new TapegradError(
      op,
      `class ${small.label} has fewer rows (${small.rows.length}) than there are folds (${folds}). ` +
        'Expected at least one row of each class a fold; take fewer folds.',
    );
  }
  const random = randomFrom(op, seed);
  const foldOf = new Int32Array(y.size);
  let dealt = 0;
  for (const { rows } of classes) {
    // Dealing goes on where the class before stopped: that keeps the folds equally large.
    const hands = Array.from(rows, () => dealt++ % folds).sort((a, b) => a - b);
    const order = shuffle ? random.permutation(rows.length) : rows.keys();
    for (const [i, position] of [...order].entries()) foldOf[rows[position]!] = hands[i]!;
  }
  const rows = Int32Array.from(foldOf.keys());
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows.filter((row) => foldOf[row] !== fold),
    test: rows.filter((row) => foldOf[row] === fold),
  }));
}

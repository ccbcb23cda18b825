// The breast cancer data: which file, and what is in it.

import { type LabelledData, loadLabelledData } from './labelled-data.ts';

/**
 * Breast Cancer Wisconsin (Diagnostic): 569 masses by 30 measurements of their cell nuclei, 212 malignant (0) and 357
 * benign (1). The same values in the same order as scikit-learn's `load_breast_cancer`.
 *
 * Source: W. Wolberg, N. Street and O. Mangasarian (1995), UCI Machine Learning Repository, doi:10.24432/C5DW2B, CC BY 4.0.
 *
 * ```ts
 * const { x, y, featureNames } = await breastCancer();
 * x.shape; // → 569,30
 * y.sum().item(); // → 357
 * featureNames[0]; // → mean radius
 * ```
 *
 * @throws TapegradError where the file that comes with the package is missing or damaged.
 */
export function breastCancer(): Promise<LabelledData<readonly ['malignant', 'benign']>> {
  return loadLabelledData({
    op: 'breastCancer',
    // Bundlers find the file by this form: both arguments must stay as they are.
    url: new URL('../data/breast-cancer.csv', import.meta.url),
    rows: 569,
    features: 30,
    targetNames: ['malignant', 'benign'],
    description:
      'Breast Cancer Wisconsin (Diagnostic). Each row is a breast mass; the features measure the cell nuclei in a digitised ' +
      'image of a fine needle aspirate of it. Classes: 212 malignant, 357 benign. ' +
      'W. Wolberg, N. Street and O. Mangasarian, 1995, UCI Machine Learning Repository, doi:10.24432/C5DW2B, CC BY 4.0.',
  });
}

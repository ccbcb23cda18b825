// The 8 × 8 digits: which file, and what is in it.

import { type Digit, digitNames } from './digit-names.ts';
import { type LabelledData, loadLabelledData } from './labelled-data.ts';

/**
 * 1,797 handwritten digits as images of 8 × 8 pixels in rows, 0 (white) to 16 (black). The same values in the same order as
 * scikit-learn's `load_digits`.
 *
 * Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), the test part, UCI Machine Learning
 * Repository, doi:10.24432/C50P49, CC BY 4.0.
 *
 * ```ts
 * const { x, y } = await digits();
 * const images = x.reshape([-1, 8, 8]);
 * images.shape; // → 1797,8,8
 * y.slice(0, 4).toArray(); // → 0,1,2,3
 * ```
 *
 * @throws TapegradError where the file that comes with the package is missing or damaged.
 */
export function digits(): Promise<LabelledData<readonly Digit[]>> {
  return loadLabelledData({
    op: 'digits',
    // Bundlers find the file by this form: both arguments must stay as they are.
    url: new URL('../data/digits-8x8.csv', import.meta.url),
    rows: 1797,
    features: 64,
    targetNames: digitNames,
    description:
      'Handwritten digits. Each row is an image of 8 × 8 pixels, row by row; a pixel counts the dark ones, 0 to 16, in a 4 × 4 ' +
      'block of a scan. Classes: the digits, 174 to 183 rows each. ' +
      'E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository, doi:10.24432/C50P49, CC BY 4.0.',
  });
}

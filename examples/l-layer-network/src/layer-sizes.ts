// The option `--layers`.

import type { Option } from '@tapegrad/command';

const [inputs, classes] = [784, 10];

/** Layer sizes, the inputs first: as many as an image has pixels, and as there are digits at the end. */
export function layerSizes(about: string, fallback: readonly number[]): Option<readonly number[]> {
  return {
    ...{ placeholder: 'SIZES', about, shownDefault: fallback.join(','), fallback },
    read: (text) => {
      const parts = text.split(',');
      const sizes = parts.map(Number);
      const isList = parts.every((part) => /^[1-9]\d{0,4}$/.test(part));
      if (isList && sizes.length >= 2 && sizes[0] === inputs && sizes.at(-1) === classes) return sizes;
      throw new Error(`Expected sizes from ${inputs} to ${classes}, such as ${inputs},30,${classes}.`);
    },
  };
}

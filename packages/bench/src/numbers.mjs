// Numbers that are the same wherever they are drawn.

/**
 * Numbers from `shift` to `shift + scale`: the multiplicative generator of Park and Miller (1988).
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed;
  return (/** @type {number} */ length, scale = 1, shift = 0) =>
    Float32Array.from({ length }, () => {
      state = (state * 48271) % 2147483647;
      return (state / 2147483647) * scale + shift;
    });
}

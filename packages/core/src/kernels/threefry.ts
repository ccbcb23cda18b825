// Random bits by counting: a function of a key and a number, so that the i-th bits can be had without those before.

/** How far each round turns the right word to the left. */
export const rotations: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];

/** Rounds; the key is added after every fourth. */
export const rounds = 20;

/** What the third word of the key is made with. */
export const parity = 0x1bd11bda;

/**
 * Two words of 32 random bits from a key of two words and a counter: Threefry-2x32 with 20 rounds.
 *
 * J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11, section 3.
 */
export function threefry(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const words = Int32Array.of(...counter);
  mix(words, scheduleOf(key));
  return [words[0]!, words[1]!];
}

/** The words that are added along the way: key words by turns, with the number of the block beside the right one. */
function scheduleOf([k0, k1]: readonly [number, number]): Int32Array {
  const keys = [k0, k1, k0 ^ k1 ^ parity];
  return Int32Array.from({ length: 2 * (rounds / 4 + 1) }, (_, i) => {
    const block = i >> 1;
    return i % 2 === 0 ? keys[block % 3]! : keys[(block + 1) % 3]! + block;
  });
}

/** Puts the random words of a counter in its place. */
function mix(words: Int32Array, schedule: Int32Array): void {
  let x = (words[0]! + schedule[0]!) | 0;
  let y = (words[1]! + schedule[1]!) | 0;
  for (let round = 0; round < rounds; round++) {
    const turn = rotations[round & 7]!;
    x = (x + y) | 0;
    y = ((y << turn) | (y >>> (32 - turn))) ^ x;
    if ((round & 3) === 3) {
      const block = (round + 1) >> 1;
      x = (x + schedule[block]!) | 0;
      y = (y + schedule[block + 1]!) | 0;
    }
  }
  words[0] = x;
  words[1] = y;
}

/** Fills with random bits: the first half with the left words of the counters 0, 1, 2 …, the second with the right ones. */
export function fillRandomBits(to: Int32Array, key: readonly [number, number]): void {
  const half = Math.ceil(to.length / 2);
  const [words, schedule] = [new Int32Array(2), scheduleOf(key)];
  for (let i = 0; i < half; i++) {
    words[0] = i;
    words[1] = 0;
    mix(words, schedule);
    to[i] = words[0];
    if (half + i < to.length) to[half + i] = words[1]!;
  }
}

// Random bits as the steps of a loop: `threefry` of the core, whose constants these are.

import { parity, rotations, rounds } from '@tapegrad/core/compiling';
import type { ScalarBody } from './scalar.ts';

/** Adds the two words of a counter, whose second word is 0. All are steps of int32. */
export function addThreefry(body: ScalarBody, [k0, k1]: readonly [number, number], counter: number): [number, number] {
  const apply = (op: 'add' | 'xor' | 'shl' | 'shr', a: number, b: number): number => body.apply(op, 'i32', [a, b]);
  const constant = (value: number): number => body.constant(value, 'i32');
  const keys = [k0, k1, apply('xor', apply('xor', k0, k1), constant(parity))];
  let x = apply('add', counter, k0);
  let y = k1;
  for (let round = 0; round < rounds; round++) {
    const turn = rotations[round % 8]!;
    x = apply('add', x, y);
    const turned = apply('xor', apply('shl', y, constant(turn)), apply('shr', y, constant(32 - turn)));
    y = apply('xor', turned, x);
    if (round % 4 === 3) {
      const block = (round + 1) / 4;
      x = apply('add', x, keys[block % 3]!);
      y = apply('add', y, apply('add', keys[(block + 1) % 3]!, constant(block)));
    }
  }
  return [x, y];
}

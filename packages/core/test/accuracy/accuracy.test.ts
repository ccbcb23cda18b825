// Values of element-wise functions over the whole range of float64, in units of the last place. make-accuracy.py wrote the table.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ops, type Tensor, tensor } from '../../src/index.ts';

interface Row {
  readonly op: string;
  readonly args?: readonly unknown[];
  /** Whether errors count relative to 1 where the value is smaller. */
  readonly absolute?: boolean;
  readonly pairs: readonly (readonly [x: number, value: number])[];
}

const rows = JSON.parse(readFileSync(new URL('./accuracy.json', import.meta.url), 'utf8')) as readonly Row[];

/** The distance in units of the last place, of 2⁻⁵² relative to the value. */
function unitsOff(found: number, value: number, absolute: boolean): number {
  if (found === value) return 0;
  const size = Math.max(Math.abs(value), absolute ? 1 : 2 ** -1022);
  return Math.abs(found - value) / size / Number.EPSILON;
}

/** Between the poles of the gamma function and its derivatives, sines and cotangents add theirs. */
const mostUnits = { relative: 4, absolute: 8 };

describe('exact to a few units in the last place', () => {
  it.each(rows.map((row, i) => ({ title: `${row.op} ${JSON.stringify(row.args ?? [])}, row ${i}`, row })))(
    '$title',
    ({ row: { op, args = [], absolute = false, pairs } }) => {
      const f = ops[op as keyof typeof ops] as unknown as (x: Tensor, ...args: unknown[]) => Tensor;
      const x = tensor(Float64Array.from(pairs, ([at]) => at));
      const off = [...f(x, ...args).toData()]
        .map((found, i) => ({ x: pairs[i]![0], found, value: pairs[i]![1] }))
        .filter(
          ({ found, value }) => !(unitsOff(found, value, absolute) <= mostUnits[absolute ? 'absolute' : 'relative']),
        );
      expect(off).toEqual([]);
    },
  );
});

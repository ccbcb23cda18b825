// Values and gradients against PyTorch's, in float64: ordinary points, and the awkward ones. Every `<area>.json` here is a table of
// rows in the form that golden_rows.py tells, written by its `make-<area>.py` (pytorch.json by make-golden.py);
// `<area>.deviations.json` says where we differ on purpose.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concat, entries, mul, ops, Tape, type Tensor, tensor } from '../../src/index.ts';

type GoldenNumber = number | boolean | 'NaN' | 'Infinity' | '-Infinity';

interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: readonly GoldenNumber[];
  readonly dtype?: 'bool' | 'int32';
}

interface Row {
  readonly op: string;
  readonly title: string;
  readonly inputs: readonly GoldenArray[];
  readonly args?: readonly unknown[];
  readonly output: GoldenArray;
  readonly cotangent?: GoldenArray;
  readonly gradients?: readonly (GoldenArray | null)[];
}

interface Deviation {
  readonly reason: string;
  /** Ours, for each operand. */
  readonly gradients: readonly (readonly GoldenNumber[])[];
}

const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.json'));
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const isDeviations = (file: string): boolean => file.endsWith('.deviations.json');

const rows = files.filter((file) => !isDeviations(file)).flatMap((file) => read(file) as readonly Row[]);

/** Where we differ on purpose, by the row's title; each op's doc says so. */
const deviations: { readonly [row: string]: Deviation } = Object.assign({}, ...files.filter(isDeviations).map(read));

/** Relative to values above 1. PyTorch's exp, log and tanh are vectorised, and right to a few units in the last place. */
const tolerance = 1e-13;

function fromGolden({ shape, data, dtype }: GoldenArray): Tensor {
  return tensor(data.map(Number), { shape, dtype: dtype ?? 'float64' });
}

/** The op called as the row says. Where it gives several tensors, their elements side by side. */
function call(op: string, inputs: readonly Tensor[], args: readonly unknown[] = []): Tensor {
  const f = ops[op as keyof typeof ops];
  const rest = args.map((arg) => arg ?? undefined); // JSON writes an argument left out as null
  const operands = f.entry.variadic ? [inputs] : inputs;
  const all = f.entry.argumentsFirst ? [...rest, ...inputs] : [...operands, ...rest];
  const result = (f as unknown as (...all: unknown[]) => Tensor | readonly Tensor[])(...all);
  return Array.isArray(result) ? concat(result.map((x) => x.reshape([-1]))) : (result as Tensor);
}

/** The differences that count, as text: none for equal arrays. */
function differences(ours: Tensor, golden: Tensor): string[] {
  if (String(ours.shape) !== String(golden.shape)) return [`shape [${ours.shape}], PyTorch [${golden.shape}]`];
  const [a, b] = [ours.toData(), golden.toData()];
  return [...a].flatMap((value, i) => {
    const expected = b[i]!;
    const near = Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected));
    return near || value === expected || Object.is(value, expected) ? [] : [`[${i}] ${value}, PyTorch ${expected}`];
  });
}

/** The gradients of the sum of cotangent · op(inputs) by each float operand. */
function gradientsOf(row: Row): (Tensor | null)[] {
  const inputs = row.inputs.map(fromGolden);
  const floats = inputs.filter((x) => x.dtype === 'float64');
  const tape = new Tape();
  tape.watch(floats);
  const target = tape.record(() => mul(call(row.op, inputs, row.args), fromGolden(row.cotangent!)).sum());
  const found = tape.gradient(target, floats, { unconnected: 'zero' });
  return inputs.map((x) => (x.dtype === 'float64' ? found[floats.indexOf(x)]! : null));
}

const titled = rows.map((row) => ({ name: `${row.op}: ${row.title}`, row }));
const differentiable = titled.filter(({ row }) => row.gradients !== undefined);

describe('like PyTorch', () => {
  it('has rows for every op but three, which are none in PyTorch', () => {
    const covered = new Set(rows.map((row) => row.op));
    const missing = entries.map((entry) => entry.name).filter((name) => !covered.has(name));
    expect(missing).toEqual(['stopGradient', 'asType', 'randomBits']);
  });

  for (const { name, row } of titled) {
    it(`value of ${name}`, () => {
      const value = call(row.op, row.inputs.map(fromGolden), row.args);
      expect(differences(value, fromGolden(row.output))).toEqual([]);
    });
  }

  for (const { name, row } of differentiable) {
    if (name in deviations) continue;
    it(`gradient of ${name}`, () => {
      gradientsOf(row).forEach((gradient, i) => {
        const golden = row.gradients![i]!;
        if (golden === null) expect(gradient).toBeNull();
        else expect(differences(gradient!, fromGolden(golden))).toEqual([]);
      });
    });
  }
});

describe('unlike PyTorch', () => {
  for (const [name, { reason, gradients }] of Object.entries(deviations)) {
    it(`gradient of ${name}: ${reason}`, () => {
      const { row } = differentiable.find((candidate) => candidate.name === name)!;
      const ours = gradientsOf(row);
      expect(ours.map((gradient) => [...gradient!.toData()])).toEqual(gradients.map((list) => list.map(Number)));
      const same = ours.every((gradient, i) => differences(gradient!, fromGolden(row.gradients![i]!)).length === 0);
      expect(same).toBe(false);
    });
  }
});

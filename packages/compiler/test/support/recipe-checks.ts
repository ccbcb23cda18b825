// Random programs compiled and eager: what either gives, and whether they agree.

import { Parameter, RandomGenerator, type Shape, type Tensor, tensor } from '@tapegrad/core';
import { compile, type ProgramMemory } from '../../src/index.ts';
import { follow, type Recipe, type Steadiness, smaller } from './recipes.ts';

const runs = 3;

/** What the runs of a program gave, one after another: outputs, then parameters. */
type Given = readonly (readonly Tensor[])[];

interface Ways {
  readonly dtype: Recipe['dtype'];
  readonly steady: Steadiness;
  readonly seen?: (x: Tensor) => void;
  readonly disturbed?: (x: Tensor) => Tensor;
  /** Makes of the program what is run. */
  readonly as?: (f: (inputs: Tensor[]) => Tensor[]) => (inputs: Tensor[]) => Tensor[];
}

/** Runs a program. Its values are the same in either dtype, but for rounding. */
function given(recipe: Recipe, { as = (f) => f, ...ways }: Ways): Given {
  const { dtype } = ways;
  const values = new RandomGenerator(recipe.seed);
  const draw = (shape: Shape): Tensor => values.uniform(shape, -2, 2, 'float32').asType(dtype);
  const parameters = recipe.parameters.map((shape, i) => new Parameter(draw(shape), `p${i}`));
  const random = new RandomGenerator(recipe.seed + 1);
  const f = as((inputs) => follow({ ...recipe, dtype }, { ...ways, inputs, parameters, random }));
  return Array.from({ length: runs }, (_, run) => {
    const inputs = recipe.inputs.map((shape, i) => laidOut(draw(shape), run + i));
    const outputs = f(inputs).map(copied);
    return [...outputs, ...parameters.map(copied), tensor(parameters.map(({ version }) => version))];
  });
}

/** The same elements, lying otherwise in memory. */
function laidOut(x: Tensor, way: number): Tensor {
  if (way % 3 === 1) return copied(x.transpose()).transpose();
  return way % 3 === 2 ? copied(x.flip()).flip() : x;
}

function copied(x: Tensor): Tensor {
  return tensor(x.toData(), { shape: x.shape, dtype: x.dtype });
}

/** What an op may be near to where it jumps, relative to the largest value. */
const near = { float32: 1e-4, float64: 1e-9 } as const;

/** Which ops of a program are left out, since rounding could change what they decide; and the largest value that the others make. */
function decided(recipe: Recipe): { readonly steady: Steadiness; readonly largest: number } {
  const unsteady = new Set<number>();
  for (;;) {
    const before = unsteady.size;
    let largest = 1;
    given(recipe, {
      dtype: 'float64',
      seen: (x) => {
        for (const value of x.toData()) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
      },
      steady: (place, distances) => {
        if (unsteady.has(place)) return false;
        const found = distances()
          .toData()
          .some((x) => !(Math.abs(x) > near[recipe.dtype] * largest));
        if (found) unsteady.add(place);
        return !found;
      },
    });
    if (unsteady.size === before) return { steady: (place) => !unsteady.has(place), largest };
  }
}

/** What is wrong with the compiled program; undefined where nothing is, or where values grow so that none can say. */
export function problemOf(recipe: Recipe, memory?: ProgramMemory): string | undefined {
  const { dtype } = recipe;
  const { steady, largest } = decided(recipe);
  if (largest > 1e4) return undefined;
  const eager = given(recipe, { dtype, steady });
  const compiled = given(recipe, { dtype, steady, as: (f) => compile(f, memory === undefined ? {} : { memory }) });
  // eager errs too, and how far says how far compiled may: float32 from float64, and that from what it is with each value
  // off in its last digits
  const noise = new RandomGenerator(recipe.seed + 2);
  const disturbed = (x: Tensor): Tensor =>
    x.mul(
      noise
        .uniform(x.shape, -1, 1, 'float64')
        .mul(2 ** -47)
        .add(1),
    );
  const other = given(recipe, { dtype: 'float64', steady, ...(dtype === 'float64' && { disturbed }) });
  const error = Math.max(...eager.flatMap((results, run) => results.map((x, i) => distance(x, other[run]![i]!))));
  const allowed = (dtype === 'float64' ? 1e-12 : 2e-6) * largest + 30 * error;
  for (const [run, results] of eager.entries()) {
    for (const [i, expected] of results.entries()) {
      const found = compiled[run]![i]!;
      const place = `run ${run}, result ${i}`;
      if (String(found.shape) !== String(expected.shape) || found.dtype !== expected.dtype) {
        return `${place}: ${found.dtype}[${found.shape}], expected ${expected.dtype}[${expected.shape}]`;
      }
      const difference = distance(found, expected);
      if (!(difference <= allowed)) return `${place}: ${show(found)}, expected ${show(expected)}: off by ${difference}`;
    }
  }
  return undefined;
}

/** How far elements are apart at most; infinite where only one of two is finite. */
function distance(x: Tensor, y: Tensor): number {
  const [a, b] = [x.toData(), y.toData()];
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const apart = a[i] === b[i] || (Number.isNaN(a[i]) && Number.isNaN(b[i])) ? 0 : Math.abs(a[i]! - b[i]!);
    largest = Math.max(largest, Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart);
  }
  return largest;
}

function show(x: Tensor): string {
  return `[${[...x.toData()].slice(0, 8).join(', ')}${x.size > 8 ? ', …' : ''}]`;
}

/** {@link problemOf}, or what it threw. */
export function failureOf(recipe: Recipe, memory?: ProgramMemory): string | undefined {
  try {
    return problemOf(recipe, memory);
  } catch (error) {
    return error instanceof Error ? `${error.stack}` : String(error);
  }
}

/** The smallest program found that still fails. */
export function shrunk(recipe: Recipe): Recipe {
  let best = recipe;
  for (;;) {
    const next = [...smaller(best)].find((candidate) => failureOf(candidate) !== undefined);
    if (next === undefined) return best;
    best = next;
  }
}

// Autograd's derivatives of a function of lists of tensors beside central differences: all of them, or along random directions.

import { fromData, noGrad, type RandomGenerator, type Shape, type Tensor, zeros } from '@tapegrad/core';
import type { CheckEntry, CheckMethod, CheckVerdict, NotDifferentiable } from './check-report.ts';
import { finite, indexOf, largest, type Tolerance } from './comparison.ts';
import { type FlatFunction, pullbackOf, valuesOf } from './flat-function.ts';
import { type NumericDerivative, numericDerivatives } from './numeric.ts';

/** A function at a point. */
export interface Point {
  readonly f: FlatFunction;
  readonly inputs: readonly Tensor[];
  /** The paths of the inputs. */
  readonly names: readonly string[];
  /** The parts of the result. */
  readonly outputs: readonly { readonly name: string; readonly shape: Shape }[];
  /** The elements of the result. */
  readonly center: Float64Array;
  /** How far each of them may be off by rounding beside its own last digit. */
  readonly rounding: Float64Array;
}

/** What an entry does not say about how it was found. */
type Findings = Omit<CheckEntry, 'order' | 'name' | 'shape' | 'method'>;

/** Every derivative by every element, one entry for each input. */
export function checkAll(point: Point, order: 1 | 2, tolerance: Tolerance): CheckEntry[] {
  const { f, inputs, center } = point;
  const rows = jacobianRows(point);
  return inputs.map((input, position) => {
    const values = Float64Array.from(input.toData());
    const judge = new Judge(
      tolerance,
      rows.map((row) => largest(row[position]!)),
      (flat, out) => ({
        where: indexOf(flat, input.shape),
        output: placeOf(point, out),
      }),
    );
    const typical = typicalSize(values);
    for (let i = 0; i < values.length; i++) {
      const column = Float64Array.from(rows, (row) => row[position]![i]!);
      const shifted = (shift: number): Float64Array => {
        const moved = values.slice();
        moved[i] = values[i]! + shift;
        return valuesAt(f, inputs, position, moved);
      };
      const enough = column.map((value, out) => judge.enough(value, out));
      const numeric = numericDerivatives(shifted, values[i]!, typical, center, {
        enough,
        expected: column,
        rounding: point.rounding,
      });
      for (const [out, derivative] of numeric.entries()) judge.add(i, out, column[out]!, derivative);
    }
    return entry(point, position, order, 'full', judge.findings());
  });
}

/** Sums of derivatives along random directions of each input, weighted at random over the result. */
export function checkProjections(
  point: Point,
  order: 1 | 2,
  tolerance: Tolerance,
  count: number,
  random: RandomGenerator,
): CheckEntry[] {
  const { f, inputs, center } = point;
  const pullback = pullbackOf(f, inputs);
  const weights = Array.from({ length: count }, () => randomWeights(point.outputs, random));
  const adjoints = weights.map((weight) => pullback(weight).map((adjoint) => adjoint.toData()));
  const weightValues = weights.map(valuesOf);
  return inputs.map((input, position) => {
    const values = Float64Array.from(input.toData());
    const typical = typicalSize(values);
    const trials = values.length === 0 ? 0 : count;
    const directions = Array.from({ length: trials }, () => random.uniform(input.shape, -1, 1, 'float64').toData());
    // Along |x|, no element changes its sign and zeros stay: for functions with an edge or a kink at 0.
    const along = (direction: ArrayLike<number>, size: number): Float64Array =>
      values.map((x, i) => direction[i]! * (size > 0 ? Math.max(Math.abs(x), size) : Math.abs(x)));
    const results = directions.flatMap((direction, trial) => {
      const rounding = largest(point.rounding);
      const attempt = (size: number): { autograd: number; numeric: NumericDerivative } => {
        const step = along(direction, size);
        const autograd = step.reduce((sum, d, i) => sum + d * adjoints[trial]![position]![i]!, 0);
        const projected = (elements: Float64Array): number =>
          elements.reduce((sum, value, i) => sum + value * weightValues[trial]![i]!, 0);
        const numeric = numericDerivatives(
          (shift) => {
            const moved = values.map((x, i) => x + shift * step[i]!);
            return [projected(valuesAt(f, inputs, position, moved))];
          },
          0,
          1,
          [projected(center)],
          { enough: [0.1 * tolerance.relative * Math.abs(autograd)], expected: [autograd], rounding: [rounding] },
        )[0]!;
        return { autograd, numeric };
      };
      const wide = { trial, ...attempt(typical) };
      if (wide.numeric.verdict === 'smooth') return [wide];
      const narrow = { trial, ...attempt(0) };
      return narrow.numeric.verdict === 'smooth' ? [wide, narrow] : [wide];
    });
    const judged = results.filter(({ numeric }) => numeric.verdict === 'smooth');
    const scale = [largest(judged.map(({ autograd }) => autograd))];
    const judge = new Judge(tolerance, scale, (trial) => ({ where: [trial], output: null }));
    for (const { trial, autograd, numeric } of results) judge.add(trial, 0, autograd, numeric);
    return entry(point, position, order, 'projections', judge.findings());
  });
}

/** One weight for each element of the results. */
export function randomWeights(outputs: readonly { readonly shape: Shape }[], random: RandomGenerator): Tensor[] {
  return outputs.map(({ shape }) => random.uniform(shape, -1, 1, 'float64'));
}

/** For each element of the result its derivatives by each input. */
function jacobianRows({ f, inputs, outputs }: Point): ArrayLike<number>[][] {
  const pullback = pullbackOf(f, inputs);
  const none = outputs.map(({ shape }) => zeros(shape, 'float64'));
  return outputs.flatMap(({ shape }, position) =>
    Array.from({ length: sizeOf(shape) }, (_, i) => {
      const one = new Float64Array(sizeOf(shape));
      one[i] = 1;
      return pullback(none.with(position, fromData(one, shape, 'float64'))).map((adjoint) => adjoint.toData());
    }),
  );
}

function valuesAt(f: FlatFunction, inputs: readonly Tensor[], position: number, moved: Float64Array): Float64Array {
  const replaced = inputs.with(position, fromData(moved, inputs[position]!.shape, 'float64'));
  return noGrad(() => valuesOf(f(replaced)));
}

interface Worst {
  readonly flat: number;
  readonly out: number;
  readonly rank: number;
  readonly distance: number;
  readonly autograd: number;
  readonly numeric: NumericDerivative;
}

/** Collects derivatives of one input and judges each. */
class Judge {
  private readonly tolerance: Tolerance;
  /** What absolute tolerances are multiples of, for each element of the result. */
  private readonly scale: readonly number[];
  private readonly place: (flat: number, out: number) => Pick<CheckEntry, 'where' | 'output'>;
  private readonly notDifferentiable: Map<number, NotDifferentiable> = new Map();
  private readonly counts = { checked: 0, right: 0, wrong: 0, undecided: 0, doubtful: 0 };
  /** The largest difference among those that are wrong, else hidden, else right. */
  private worst: Worst | null = null;
  private maxAbs: number | null = 0;
  private maxRel: number | null = 0;

  constructor(
    tolerance: Tolerance,
    scale: readonly number[],
    place: (flat: number, out: number) => Pick<CheckEntry, 'where' | 'output'>,
  ) {
    this.tolerance = tolerance;
    this.scale = scale;
    this.place = place;
  }

  /** A numeric error that leaves no doubt. */
  enough(autograd: number, out: number): number {
    const size = Number.isFinite(autograd) ? Math.abs(autograd) : 0;
    return 0.1 * this.allowed(size, out);
  }

  add(flat: number, out: number, autograd: number, numeric: NumericDerivative): void {
    const { verdict } = numeric;
    if (verdict !== 'smooth') {
      const { where } = this.place(flat, out);
      const sides = { left: finite(numeric.left), right: finite(numeric.right), autograd: finite(autograd) };
      if (!this.notDifferentiable.has(flat)) {
        this.notDifferentiable.set(flat, { index: where ?? [], why: verdict, ...sides });
      }
      return;
    }
    this.counts.checked++;
    const difference = Math.abs(autograd - numeric.value);
    const size = Math.max(Math.abs(autograd), Math.abs(numeric.value));
    const allowed = Number.isFinite(size) ? this.allowed(size, out) : 0;
    const isRight = difference <= allowed || difference === 0;
    const isHidden = !isRight && difference <= allowed + 2 * numeric.error;
    this.counts[isRight ? 'right' : isHidden ? 'undecided' : 'wrong']++;
    // Where both are below what rounding leaves of a difference they agree as far as float64 can tell.
    if (isHidden && size > 4 * numeric.error) this.counts.doubtful++;
    const rank = isRight ? 0 : isHidden ? 1 : 2;
    const distance = Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY;
    const { worst } = this;
    if (worst === null || rank > worst.rank || (rank === worst.rank && distance > worst.distance)) {
      this.worst = { flat, out, rank, distance, autograd, numeric };
    }
    // Below this size the absolute tolerance counts, and a relative difference says nothing.
    const floor =
      this.tolerance.relative > 0 ? (this.tolerance.absolute * this.scale[out]!) / this.tolerance.relative : 0;
    const relative = difference === 0 ? 0 : difference / Math.max(size, floor);
    this.maxAbs = larger(this.maxAbs, difference);
    this.maxRel = larger(this.maxRel, relative);
  }

  findings(): Findings {
    const { checked, right, wrong, undecided, doubtful } = this.counts;
    const { worst } = this;
    const place = worst === null ? { where: null, output: null } : this.place(worst.flat, worst.out);
    const verdict: CheckVerdict =
      wrong > 0
        ? 'wrong'
        : checked === 0 && this.notDifferentiable.size > 0
          ? 'not differentiable here'
          : doubtful > 0 && right === 0
            ? 'undecided'
            : 'right';
    return {
      checked,
      wrong,
      undecided,
      maxAbs: this.maxAbs,
      maxRel: this.maxRel,
      ...place,
      autograd: worst && finite(worst.autograd),
      numeric: worst && finite(worst.numeric.value),
      numericError: worst && finite(worst.numeric.error),
      verdict,
      notDifferentiable: [...this.notDifferentiable.values()],
    };
  }

  private allowed(size: number, out: number): number {
    return this.tolerance.relative * size + this.tolerance.absolute * this.scale[out]!;
  }
}

function entry(
  { names, inputs }: Point,
  position: number,
  order: 1 | 2,
  method: CheckMethod,
  findings: Findings,
): CheckEntry {
  return { name: names[position]!, order, shape: inputs[position]!.shape, method, ...findings };
}

/** Where an element of the result stands; null where there is only one. */
function placeOf({ outputs, center }: Point, flat: number): CheckEntry['output'] {
  if (center.length === 1) return null;
  let rest = flat;
  for (const { name, shape } of outputs) {
    if (rest < sizeOf(shape)) return { name, index: indexOf(rest, shape) };
    rest -= sizeOf(shape);
  }
  return null;
}

/** How large the elements typically are: the root of the mean square; 1 where all are 0. */
export function typicalSize(data: ArrayLike<number>): number {
  const values = Float64Array.from(data);
  const most = largest(values);
  if (most === 0) return 1;
  const mean = values.reduce((sum, x) => sum + (Number.isFinite(x) ? (x / most) ** 2 : 0), 0) / values.length;
  return most * Math.sqrt(mean);
}

function larger(a: number | null, b: number): number | null {
  return a === null || !Number.isFinite(b) ? null : Math.max(a, b);
}

function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

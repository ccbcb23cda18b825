// Running results along an axis, as functions of WebAssembly. They run in float64.

import {
  binaryQuad,
  constantQuad,
  convertQuad,
  countUp,
  type DefinedFunction,
  elementBytes,
  increase,
  local,
  type Quad,
  type Statement,
  Steps,
  set,
} from '@tapegrad/wasm';
import type { ScanKernel } from '../plan.ts';
import {
  type BufferPlaces,
  loadStrip,
  loopAccess,
  nestFunction,
  type Pointer,
  storeStrip,
  stripLengths,
  strips,
} from './nest.ts';

/** What a running result begins with, and what an element does to it. */
const steps = {
  sum: [0, 'add'],
  product: [1, 'mul'],
  max: [Number.NEGATIVE_INFINITY, 'max'],
  min: [Number.POSITIVE_INFINITY, 'min'],
  recurrence: [0, 'add'],
} as const;

/** `scan()`, or of a part. Scans beside each other go side by side, four in a vector: those whose elements are neighbours, if there are any. */
export function scanFunction(kernel: ScanKernel, name: string, places: BufferPlaces, split: boolean): DefinedFunction {
  const { shape, path } = kernel;
  const { axis } = path;
  const accesses = [...kernel.operands, kernel.to].map((access) => loopAccess(places, access));
  const others = [...shape.keys()].filter((i) => i !== axis && shape[i] !== 1);
  const isNeighbour = (i: number): boolean =>
    accesses.every(({ strides, type }) => strides[i] === 0 || strides[i] === elementBytes[type]);
  const neighbours = others.find(isNeighbour);
  const across = neighbours ?? others.at(-1);
  const outer = others.filter((i) => i !== across);
  const variables = accesses.map(() => local('i32'));
  const along = (axes: readonly number[]): readonly Pointer[] =>
    accesses.map(({ strides }, i) => ({ at: variables[i]!, strides: axes.map((axis) => strides[axis]!) }));
  const row = across === undefined ? [] : [across];
  const body = strips(
    row.map((i) => shape[i]!),
    along(row),
    (count, strides) => scanned(kernel, accesses, along([axis]), strides, count),
    neighbours === undefined ? stripLengths.slice(-1) : stripLengths,
  );
  return nestFunction({
    name,
    shape: [...outer.map((i) => shape[i]!), ...(shape.includes(0) ? [0] : [])],
    pointers: along(outer).map((pointer) => ({ ...pointer, strides: [...pointer.strides, 0] })),
    bases: accesses.map(({ base }) => base),
    body,
    split,
  });
}

/** So many scans beside each other, whose elements are `strides` apart, from where the pointers are. */
function scanned(
  { combine, path, shape }: ScanKernel,
  accesses: readonly ReturnType<typeof loopAccess>[],
  pointers: readonly Pointer[],
  strides: readonly number[],
  count: number,
): readonly Statement[] {
  const n = shape[path.axis]!;
  const [initial, op] = steps[combine];
  const start = new Steps();
  // pointers of their own, which go along the axis
  const walkers = pointers.map(({ at, strides: [stride] }) => {
    const walker = start.keep(at);
    if (path.reverse) start.do(increase(walker, (n - 1) * stride!));
    return { at: walker, step: path.reverse ? -stride! : stride! };
  });
  const fours = Math.ceil(count / 4);
  const results = Array.from({ length: fours }, (): Quad => {
    const { type, parts } = constantQuad(start, 'f64', initial);
    return { type, parts: parts.map((part) => start.keep(part)) };
  });
  const take = (isFirst: boolean): readonly Statement[] => {
    const turn = new Steps();
    const operands = accesses
      .slice(0, -1)
      .map(({ type }, i) =>
        loadStrip(turn, type, walkers[i]!.at, strides[i]!, count).map((quad) => convertQuad(turn, quad, 'f64')),
      );
    const last = operands.at(-1)!;
    const nexts = results.map((result, four) => {
      // before the first element stands nothing, which an infinite factor must not turn into NaN
      const isScaled = combine === 'recurrence' && !isFirst;
      const before = isScaled ? binaryQuad(turn, 'mul', operands[0]![four]!, result) : result;
      return binaryQuad(turn, op, before, last[four]!);
    });
    const target = accesses.at(-1)!;
    const given = (path.exclusive ? results : nexts).map((quad) => convertQuad(turn, quad, target.type));
    storeStrip(turn, given, walkers.at(-1)!.at, strides.at(-1)!, count);
    for (const [four, { parts }] of nexts.entries()) {
      for (const [p, part] of parts.entries()) turn.do(set(results[four]!.parts[p]!, part));
    }
    for (const { at, step } of walkers) if (step !== 0) turn.do(increase(at, step));
    return turn.statements;
  };
  if (combine !== 'recurrence') return [...start.statements, countUp(local('i32'), 0, n, 1, take(false))];
  return [...start.statements, ...take(true), countUp(local('i32'), 1, n, 1, take(false))];
}

// What a loop does with one element: a list of steps, each of earlier ones. It knows no memory and no machine.

/** A kind of numbers in a loop. */
export type ScalarType = 'f32' | 'f64' | 'i32' | 'bool';

/** From one number another of its kind. */
export type ScalarUnary = 'neg' | 'abs' | 'sqrt' | 'floor' | 'ceil' | 'trunc' | 'nearest';
/** From two numbers another of their kind. */
export type ScalarBinary = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max';
/** On the bits of whole numbers; shifts are by a constant. */
export type ScalarBitwise = 'xor' | 'shl' | 'shr';
/** From two numbers a truth value. */
export type ScalarComparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
/** Functions of one number, or two, that are computed by approximation. */
export type ScalarFunction = ('exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'sigmoid' | 'sin' | 'cos' | 'erf') | 'pow';

/** A step. `args` are the places of earlier steps. */
export type ScalarStep = { readonly type: ScalarType; readonly args: readonly number[] } & (
  | { readonly op: 'load'; readonly operand: number }
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: ScalarOp }
  /** A function of JavaScript, called for each element; its numbers are float64. */
  | { readonly op: 'call'; readonly name: string; readonly call: (...values: number[]) => number }
);

/** The steps that are their name and their operands, and no more. */
export type ScalarOp =
  | ScalarUnary
  | ScalarBinary
  | ScalarBitwise
  | ScalarComparison
  | ScalarFunction
  | ('not' | 'and' | 'or' | 'select' | 'convert');

/** Steps that can be thought of as costing nothing, beside loads and stores. */
export function isCheap({ op }: ScalarStep): boolean {
  return !costly.has(op);
}

const costly: ReadonlySet<string> = new Set([
  ...['exp', 'expm1', 'log', 'log1p', 'tanh', 'sigmoid', 'sin', 'cos', 'erf', 'pow'],
  ...['div', 'sqrt', 'call'],
]);

/**
 * Steps as they are said, each only once: the same step said again is the earlier one. What is known is computed, and what does
 * nothing is left out.
 */
export class ScalarBody {
  readonly steps: ScalarStep[] = [];
  private readonly known: Map<string, number> = new Map();

  /** Bodies that say the same have equal ones. */
  get signature(): string {
    return [...this.known.keys()].join(';');
  }

  load(operand: number, type: ScalarType): number {
    return this.say({ op: 'load', type, args: [], operand }, `load ${operand} ${type}`);
  }

  constant(value: number, type: ScalarType): number {
    const rounded = type === 'f32' ? Math.fround(value) : type === 'i32' ? value | 0 : value;
    return this.say({ op: 'constant', type, args: [], value: rounded }, `constant ${showNumber(rounded)} ${type}`);
  }

  /** @param name - the step's name; @param args - the places of its operands. */
  apply(op: ScalarOp, type: ScalarType, args: readonly number[]): number {
    const short = this.shorter(op, type, args);
    if (short !== undefined) return short;
    return this.say({ op, type, args } as ScalarStep, `${op} ${type} ${args}`);
  }

  call(name: string, call: (...values: number[]) => number, args: readonly number[]): number {
    const wide = args.map((arg) => this.convert(arg, 'f64'));
    const values = wide.map((arg) => this.valueOf(arg));
    if (values.every((value) => value !== undefined)) return this.constant(call(...(values as number[])), 'f64');
    return this.say({ op: 'call', type: 'f64', args: wide, name, call }, `call ${idOf(call)} ${wide}`);
  }

  convert(arg: number, type: ScalarType): number {
    return this.apply('convert', type, [arg]);
  }

  typeOf(step: number): ScalarType {
    return this.steps[step]!.type;
  }

  /** The value of a constant step; undefined for any other. */
  valueOf(step: number): number | undefined {
    const found = this.steps[step]!;
    return found.op === 'constant' ? found.value : undefined;
  }

  private say(step: ScalarStep, key: string): number {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, this.steps.length);
    return this.steps.push(step) - 1;
  }

  /** Another way to say it, with fewer steps; undefined where there is none. */
  private shorter(op: ScalarOp, type: ScalarType, args: readonly number[]): number | undefined {
    const values = args.map((arg) => this.valueOf(arg));
    if (op === 'convert') {
      const [arg] = args as [number];
      if (this.typeOf(arg) === type) return arg;
      if (values[0] !== undefined) return this.constant(type === 'bool' ? Number(values[0] !== 0) : values[0], type);
      return undefined;
    }
    const result = values.every((value) => value !== undefined) ? folded(op, values as number[]) : undefined;
    if (result !== undefined) return this.constant(result, type);
    const [x, y] = args as [number, number];
    if (op === 'select') {
      if (values[0] !== undefined) return values[0] !== 0 ? args[1] : args[2];
      return args[1] === args[2] ? args[1] : undefined;
    }
    // exact for every x, NaN, infinities and −0 too
    if (op === 'mul' && values[1] === 1) return x;
    if (op === 'mul' && values[0] === 1) return y;
    if (op === 'mul' && values[1] === -1) return this.apply('neg', type, [x]);
    if (op === 'div' && values[1] === 1) return x;
    if (op === 'div' && values[1] !== undefined && type !== 'i32' && isPowerOfTwo(values[1])) {
      return this.apply('mul', type, [x, this.constant(1 / values[1], type)]);
    }
    if (op === 'sub' && Object.is(values[1], 0)) return x;
    if (op === 'add' && Object.is(values[1], -0)) return x;
    const inner = this.steps[x];
    if ((op === 'neg' || op === 'not') && inner?.op === op) return inner.args[0];
    if (op === 'abs' && (inner?.op === 'abs' || inner?.op === 'neg')) {
      return inner.op === 'abs' ? x : this.apply('abs', type, [inner.args[0]!]);
    }
    return undefined;
  }
}

/** 2ᵏ whose reciprocal is a normal number of float32 too. */
function isPowerOfTwo(value: number): boolean {
  const exponent = Math.log2(Math.abs(value));
  return Number.isInteger(exponent) && Math.abs(exponent) <= 100;
}

const folds: { readonly [op: string]: (x: number, y: number, z: number) => number } = {
  neg: (x) => -x,
  abs: (x) => Math.abs(x),
  sqrt: (x) => Math.sqrt(x),
  floor: (x) => Math.floor(x),
  ceil: (x) => Math.ceil(x),
  trunc: (x) => Math.trunc(x),
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  min: (x, y) => Math.min(x, y),
  max: (x, y) => Math.max(x, y),
  eq: (x, y) => Number(x === y),
  ne: (x, y) => Number(x !== y),
  lt: (x, y) => Number(x < y),
  le: (x, y) => Number(x <= y),
  gt: (x, y) => Number(x > y),
  ge: (x, y) => Number(x >= y),
  not: (x) => Number(x === 0),
  and: (x, y) => Number(x !== 0 && y !== 0),
  or: (x, y) => Number(x !== 0 || y !== 0),
  select: (x, y, z) => (x !== 0 ? y : z),
  exp: (x) => Math.exp(x),
  expm1: (x) => Math.expm1(x),
  log: (x) => Math.log(x),
  log1p: (x) => Math.log1p(x),
  tanh: (x) => Math.tanh(x),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
};

function folded(op: string, [x, y, z]: readonly number[]): number | undefined {
  return folds[op]?.(x!, y!, z!);
}

/** A number as text that no other one has: −0 too. */
export function showNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

// a function is known by which object it is
const ids = new WeakMap<object, number>();
let lastId = 0;

function idOf(call: object): number {
  if (!ids.has(call)) ids.set(call, ++lastId);
  return ids.get(call)!;
}

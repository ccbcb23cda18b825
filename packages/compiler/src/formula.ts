// From the expression of an element-wise kernel, which is JavaScript, to the steps of a loop.

import type { DType, ElementFormula } from '@tapegrad/core/compiling';
import type { ScalarBody, ScalarType } from './scalar.ts';

/** In what numbers a formula is computed. Eager kernels compute in float64 and round at the end. */
export function computedIn(formula: ElementFormula, operands: readonly DType[], result: DType): 'f32' | 'f64' | 'i32' {
  // float32 has not all whole numbers above 2²⁴
  if (result === 'float32') return formula.wide || operands.includes('int32') ? 'f64' : 'f32';
  if (result !== 'bool') return 'f64';
  const [single, whole] = [operands.includes('float32'), operands.includes('int32')];
  if (operands.includes('float64') || (single && whole)) return 'f64';
  // a question must be about the numbers that it names: 0.1 is none of float32, and 0.5 none of the whole ones
  if (single) return namesOnly(formula, Math.fround) ? 'f32' : 'f64';
  return isComparison(formula) && namesOnly(formula, (value) => value | 0) ? 'i32' : 'f64';
}

/** Whether a formula has no arithmetic, which could overflow. */
function isComparison({ scalar }: ElementFormula): boolean {
  return typeof scalar === 'string' && !/[-+*/]|Math|Infinity|NaN/.test(scalar);
}

const literal = /(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi;

/** Whether rounding changes none of the numbers in a formula. */
function namesOnly({ scalar, numbers }: ElementFormula, rounded: (value: number) => number): boolean {
  if (typeof scalar !== 'string') return true;
  const named = [...(scalar.match(literal) ?? []).map(Number), ...Object.values(numbers)];
  return !/Math\.[A-Z]/.test(scalar) && named.every((value) => Object.is(rounded(value), value));
}

/**
 * Adds what a formula says to a body. `operands` are the steps of its inputs; numbers are computed in `type`. Returns the step of
 * its value, in `type`. An expression with more of JavaScript than is read here becomes a function, which is called for each element.
 */
export function addFormula(
  body: ScalarBody,
  formula: ElementFormula,
  operands: readonly number[],
  type: 'f32' | 'f64' | 'i32',
): number {
  const { inputs, numbers, scalar } = formula;
  const called = (f: Exclude<typeof scalar, string>): number => {
    const steps = [...operands, ...Object.values(numbers).map((value) => body.constant(value, 'f64'))];
    return body.convert(body.call(f.name || 'function', f, steps), type);
  };
  if (typeof scalar !== 'string') return called(scalar);
  const names = new Map<string, number>();
  inputs.forEach((name, i) => {
    names.set(name, body.convert(operands[i]!, type));
  });
  for (const [name, value] of Object.entries(numbers)) names.set(name, body.constant(value, type));
  try {
    return body.convert(new Parser(body, scalar, names, type).all(), type);
  } catch (error) {
    if (!(error instanceof OtherJavaScript)) throw error;
    return called(functionOf([...names.keys()], scalar));
  }
}

/** Thrown at what is no part of the language of kernels. */
class OtherJavaScript extends Error {}

const functionsOf = new Map<string, (...values: number[]) => number>();

/** An expression as a function of these names: the same one each time. */
function functionOf(names: readonly string[], expression: string): (...values: number[]) => number {
  const key = `${names} ${expression}`;
  const known =
    functionsOf.get(key) ?? (new Function(...names, `return ${expression};`) as (...values: number[]) => number);
  functionsOf.set(key, known);
  return known;
}

const token =
  /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([A-Za-z_][\w.]*)|(===|!==|<=|>=|&&|\|\||[-+*/<>!?:(),]))/giy;

/** Operators of two operands, from those that bind least on. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['===', '!=='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
];

const operators = {
  '||': 'or',
  '&&': 'and',
  '===': 'eq',
  '!==': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
} as const;

const unaries: ReadonlySet<string> = new Set(['abs', 'sqrt', 'floor', 'ceil', 'trunc']);
const functions: ReadonlySet<string> = new Set([
  'exp',
  'expm1',
  'log',
  'log1p',
  'tanh',
  'sin',
  'cos',
  'pow',
  'erf',
  'sigmoid',
]);

/** Reads an expression from left to right, by recursive descent. */
class Parser {
  readonly #body: ScalarBody;
  readonly #tokens: readonly string[];
  readonly #names: ReadonlyMap<string, number>;
  readonly #type: Exclude<ScalarType, 'bool'>;
  #at = 0;

  constructor(body: ScalarBody, text: string, names: ReadonlyMap<string, number>, type: Exclude<ScalarType, 'bool'>) {
    this.#body = body;
    this.#tokens = tokensOf(text);
    this.#names = names;
    this.#type = type;
  }

  all(): number {
    const value = this.#choice();
    if (this.#at < this.#tokens.length) this.#fail();
    return value;
  }

  #choice(): number {
    const condition = this.#binary(0);
    if (!this.#take('?')) return condition;
    const then = this.#number(this.#choice());
    this.#expect(':');
    const otherwise = this.#number(this.#choice());
    return this.#body.apply('select', this.#type, [this.#truth(condition), then, otherwise]);
  }

  #binary(level: number): number {
    if (level === levels.length) return this.#unary();
    let left = this.#binary(level + 1);
    for (let sign = this.#takeOne(levels[level]!); sign !== undefined; sign = this.#takeOne(levels[level]!)) {
      const right = this.#binary(level + 1);
      const op = operators[sign as keyof typeof operators];
      if (level < 2) left = this.#connected(op as 'and' | 'or', left, right);
      else left = this.#body.apply(op, level < 4 ? 'bool' : this.#type, [this.#number(left), this.#number(right)]);
    }
    return left;
  }

  /** The operand that decides, as JavaScript has it; of truth values the truth. */
  #connected(op: 'and' | 'or', left: number, right: number): number {
    const [body, truth] = [this.#body, this.#truth(left)];
    if (body.typeOf(left) === 'bool' && body.typeOf(right) === 'bool') return body.apply(op, 'bool', [left, right]);
    const [x, y] = [this.#number(left), this.#number(right)];
    return body.apply('select', this.#type, op === 'and' ? [truth, y, x] : [truth, x, y]);
  }

  #unary(): number {
    if (this.#take('-')) return this.#body.apply('neg', this.#type, [this.#number(this.#unary())]);
    if (this.#take('+')) return this.#number(this.#unary());
    if (this.#take('!')) return this.#body.apply('not', 'bool', [this.#truth(this.#unary())]);
    return this.#primary();
  }

  #primary(): number {
    if (this.#take('(')) {
      const inner = this.#choice();
      this.#expect(')');
      return inner;
    }
    const word = this.#tokens[this.#at++] ?? this.#fail();
    if (/^[.\d]/.test(word)) return this.#body.constant(Number(word), this.#type);
    const known = this.#names.get(word);
    if (known !== undefined) return known;
    if (word === 'Infinity' || word === 'NaN') return this.#body.constant(Number(word), this.#type);
    const name = word.replace(/^Math\./, '');
    if (!this.#take('(')) {
      const value: unknown = Math[name as keyof Math];
      return typeof value === 'number' ? this.#body.constant(value, this.#type) : this.#fail();
    }
    const args: number[] = [];
    do args.push(this.#number(this.#choice()));
    while (this.#take(','));
    this.#expect(')');
    return this.#call(name, args);
  }

  #call(name: string, args: readonly number[]): number {
    const body = this.#body;
    const type = this.#type;
    if (functions.has(name) && type !== 'i32') return body.apply(name as 'exp', type, args);
    if (unaries.has(name)) return body.apply(name as 'abs', type, args);
    if (name === 'max' || name === 'min') return args.reduce((x, y) => body.apply(name, type, [x, y]));
    if (name === 'sign') return this.#sign(args[0]!);
    const f: unknown = Math[name as keyof Math];
    if (typeof f !== 'function') this.#fail();
    return body.convert(body.call(`Math.${name}`, f as (...values: number[]) => number, args), type);
  }

  /** −1, 0 or 1; a zero and a NaN as they are. */
  #sign(x: number): number {
    const [body, type] = [this.#body, this.#type];
    const constant = (value: number) => body.constant(value, type);
    const below = body.apply('select', type, [body.apply('lt', 'bool', [x, constant(0)]), constant(-1), x]);
    return body.apply('select', type, [body.apply('gt', 'bool', [x, constant(0)]), constant(1), below]);
  }

  /** Whether a step is neither 0 nor NaN. */
  #truth(step: number): number {
    const body = this.#body;
    const [type, { op, args }] = [body.typeOf(step), body.steps[step]!];
    if (op === 'convert' && body.typeOf(args[0]!) === 'bool') return args[0]!;
    if (type === 'bool' || type === 'i32') return body.convert(step, 'bool');
    return body.apply('gt', 'bool', [body.apply('abs', type, [step]), body.constant(0, type)]);
  }

  #number(step: number): number {
    return this.#body.convert(step, this.#type);
  }

  #take(sign: string): boolean {
    if (this.#tokens[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #takeOne(signs: readonly string[]): string | undefined {
    const next = this.#tokens[this.#at];
    if (next === undefined || !signs.includes(next)) return undefined;
    this.#at++;
    return next;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) this.#fail();
  }

  #fail(): never {
    throw new OtherJavaScript();
  }
}

const known = new Map<string, readonly string[]>();

function tokensOf(text: string): readonly string[] {
  const tokens = known.get(text) ?? readTokens(text);
  known.set(text, tokens);
  return tokens;
}

function readTokens(text: string): readonly string[] {
  const tokens: string[] = [];
  const scanner = new RegExp(token);
  while (scanner.lastIndex < text.trimEnd().length) {
    const found = scanner.exec(text);
    if (found === null) throw new OtherJavaScript();
    tokens.push(found[1] ?? found[2] ?? found[3]!);
  }
  return tokens;
}

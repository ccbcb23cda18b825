// From the expression of an element-wise kernel, which is JavaScript, to the steps of a loop.

import type { ElementFormula } from '@tapegrad/core/compiling';
import type { ScalarBody, ScalarType } from './scalar.ts';

/**
 * Adds what a formula says to a body. `operands` are the steps of its inputs; numbers are computed in `type`. Returns the step of
 * its value, in `type`.
 */
export function addFormula(
  body: ScalarBody,
  formula: ElementFormula,
  operands: readonly number[],
  type: 'f32' | 'f64' | 'i32',
): number {
  const { inputs, numbers, scalar } = formula;
  const values = Object.values(numbers);
  if (typeof scalar !== 'string') {
    const steps = [...operands, ...values.map((value) => body.constant(value, 'f64'))];
    return body.convert(body.call(scalar.name || 'function', scalar, steps), type);
  }
  const names = new Map<string, number>();
  inputs.forEach((name, i) => {
    names.set(name, body.convert(operands[i]!, type));
  });
  for (const [name, value] of Object.entries(numbers)) names.set(name, body.constant(value, type));
  return body.convert(new Parser(body, scalar, names, type).all(), type);
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
      if (level < 2) left = this.#body.apply(op, 'bool', [this.#truth(left), this.#truth(right)]);
      else left = this.#body.apply(op, level < 4 ? 'bool' : this.#type, [this.#number(left), this.#number(right)]);
    }
    return left;
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

  #truth(step: number): number {
    return this.#body.convert(step, 'bool');
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
    const [before, after] = [this.#tokens.slice(0, this.#at), this.#tokens.slice(this.#at)];
    throw new Error(
      `internal: this part of a kernel cannot be compiled: ${before.join(' ')} ⟨here⟩ ${after.join(' ')}`,
    );
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
    const at = scanner.lastIndex;
    const found = scanner.exec(text);
    if (found === null)
      throw new Error(`internal: a kernel's expression has '${text.slice(at)}', which cannot be compiled`);
    tokens.push(found[1] ?? found[2] ?? found[3]!);
  }
  return tokens;
}

// Formulas from templates such as `x ⊙ y` or `\frac{x}{y}`: operands put in their places, with parentheses where they are needed and
// only there. It knows operators of formulas, no ops: what stands for an op, the op's entry says.

/** A piece of a formula, and what its outermost operator is. */
export interface Piece {
  readonly text: string;
  /** How tightly it holds together: one of {@link binding}. */
  readonly level: number;
  /** Operators of one family may stand in a row without parentheses. */
  readonly family: string;
}

/** From the loosest to the tightest. */
export const binding = { or: 1, and: 2, relation: 3, sum: 4, product: 5, power: 6, atom: 7 } as const;

/** A piece that nothing pulls apart. */
export function atom(text: string): Piece {
  return { text, level: binding.atom, family: 'atom' };
}

interface Operator {
  readonly level: number;
  readonly family: string;
  /** On which sides an operand of the same family needs no parentheses. */
  readonly chains: 'both' | 'left' | 'none';
}

const plus: Operator = { level: binding.sum, family: 'sum', chains: 'both' };
const minus: Operator = { level: binding.sum, family: 'sum', chains: 'left' };
const times: Operator = { level: binding.product, family: 'elements', chains: 'both' };
const over: Operator = { level: binding.product, family: 'elements', chains: 'left' };
// A product of matrices is not associative with one of elements: these two do not stand in a row.
const matrixProduct: Operator = { level: binding.product, family: 'matrices', chains: 'both' };
const comparison: Operator = { level: binding.relation, family: 'relation', chains: 'none' };
const or: Operator = { level: binding.or, family: 'or', chains: 'both' };
const either: Operator = { level: binding.or, family: 'either', chains: 'both' };
const and: Operator = { level: binding.and, family: 'and', chains: 'both' };
const kronecker: Operator = { level: binding.product, family: 'kronecker', chains: 'both' };

const infix: ReadonlyMap<string, Operator> = new Map([
  ...['+'].map((sign) => [sign, plus] as const),
  ...['−', '-'].map((sign) => [sign, minus] as const),
  ...['⊙', '\\odot'].map((sign) => [sign, times] as const),
  ...['/'].map((sign) => [sign, over] as const),
  ...['·', '\\cdot'].map((sign) => [sign, matrixProduct] as const),
  ...['⊗', '\\otimes'].map((sign) => [sign, kronecker] as const),
  ...['=', '≠', '>', '≥', '<', '≤', '\\ne', '\\ge', '\\le'].map((sign) => [sign, comparison] as const),
  ...['∧', '\\land'].map((sign) => [sign, and] as const),
  ...['∨', '\\lor'].map((sign) => [sign, or] as const),
  ...['⊕', '\\oplus'].map((sign) => [sign, either] as const),
]);

/** Signs before an operand; what follows them must hold together more tightly than their level. */
const prefix: ReadonlyMap<string, Operator> = new Map([
  ['−', minus],
  ['-', minus],
  ['\\sum', { level: binding.sum, family: 'big', chains: 'none' }],
  ['\\prod', { level: binding.product, family: 'big', chains: 'none' }],
  ['¬', { level: binding.power, family: 'not', chains: 'none' }],
  ['\\lnot', { level: binding.power, family: 'not', chains: 'none' }],
]);

type Kind =
  | 'operand'
  | 'open'
  | 'close'
  | 'separator'
  | 'infix'
  | 'prefix'
  | 'script'
  | 'postfix'
  | 'command'
  | 'word'
  | 'number'
  | 'space';

interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly operator?: Operator | undefined;
}

const pattern =
  /\\(?:operatorname|mathrm|text|begin|end)\{[^}]*\}|\\[a-zA-Z]+|\\[,;:! ]|\\\\|\\.|[A-Za-z][A-Za-z0-9]*|\d+(?:\.\d+)?|\s+|./gu;

function read(template: string, operands: readonly string[]): Token[] {
  const texts = Array.from(template.matchAll(pattern), ([text]) => text);
  const tokens: Token[] = [];
  const bars: string[] = [];
  const before = (): Token | undefined => tokens.findLast(({ kind }) => kind !== 'space');
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    if (text === '^' || text === '_') {
      const end = endOfScript(texts, i + 1);
      const argument = texts.slice(i + 1, end);
      if (argument.some((part) => operands.includes(part))) {
        tokens.push({ kind: 'script', text });
        continue;
      }
      // A script without operands is part of what bears it: `\sum_i`, `x^\top`.
      const bearer = tokens.at(-1);
      const whole = text + argument.join('');
      if (bearer?.kind === 'command' || bearer?.kind === 'prefix') {
        tokens[tokens.length - 1] = { ...bearer, text: bearer.text + whole };
      } else {
        tokens.push({ kind: text === '_' ? 'word' : 'postfix', text: whole });
      }
      i = end - 1;
      continue;
    }
    tokens.push(classify(text, operands, before(), bars));
  }
  return tokens;
}

function endOfScript(texts: readonly string[], start: number): number {
  if (texts[start] !== '{') return start + 1;
  let depth = 0;
  for (let i = start; i < texts.length; i++) {
    if (texts[i] === '{') depth++;
    else if (texts[i] === '}' && --depth === 0) return i + 1;
  }
  return texts.length;
}

function classify(text: string, operands: readonly string[], before: Token | undefined, bars: string[]): Token {
  if (/^\s+$|^\\[,;:! ]$/.test(text)) return { kind: 'space', text };
  if (operands.includes(text)) return { kind: 'operand', text };
  if (text === '|') {
    if (bars.pop() === undefined) bars.push(text);
    return { kind: bars.length > 0 ? 'open' : 'close', text };
  }
  if (/^([([{]|\\lfloor|\\lceil|\\begin\{.*\})$/.test(text)) return { kind: 'open', text };
  if (/^([)\]}]|\\rfloor|\\rceil|\\end\{.*\})$/.test(text)) return { kind: 'close', text };
  if (/^(,|;|:|&|\\\\)$/.test(text)) return { kind: 'separator', text };
  const first = before === undefined || ['open', 'separator', 'infix', 'prefix', 'script'].includes(before.kind);
  if (prefix.has(text) && (first || !infix.has(text))) return { kind: 'prefix', text, operator: prefix.get(text) };
  if (infix.has(text)) return { kind: 'infix', text, operator: infix.get(text) };
  if (/^[²³ᵀ]$/.test(text)) return { kind: 'postfix', text };
  if (text.startsWith('\\')) return { kind: /^\\text\{/.test(text) ? 'separator' : 'command', text };
  return { kind: /^\d/.test(text) ? 'number' : 'word', text };
}

const ending: readonly Kind[] = ['operand', 'close', 'number', 'word', 'postfix'];
const beginning: readonly Kind[] = ['operand', 'number', 'word', 'command'];

/** Whether two neighbours are a product without a sign. */
function juxtaposed(left: Token, right: Token): boolean {
  if (left.kind === 'command' && right.kind === 'command') return true;
  return ending.includes(left.kind) && beginning.includes(right.kind);
}

/** Whether an operand may stand on this side of an operator without parentheses. */
function fits({ text, level, family }: Piece, operator: Operator, side: 'left' | 'right'): boolean {
  // `a + −b` reads badly, though no other reading exists
  if (side === 'right' && operator.level >= binding.sum && /^[−-]/.test(text)) return false;
  if (level !== operator.level) return level > operator.level;
  return family === operator.family && (operator.chains === 'both' || operator.chains === side);
}

function bracketed(text: string): string {
  const tall = /\\(frac|begin|sum|prod)/.test(text);
  return tall ? `\\left(${text}\\right)` : `(${text})`;
}

/** An operand in its place, between these neighbours. */
function placed(piece: Piece, left: Token | undefined, right: Token | undefined, form: Form): string {
  const { text, level } = piece;
  const self: Token = { kind: 'operand', text: '' };
  const inParentheses = bracketed(text);
  if (right?.kind === 'postfix' || right?.kind === 'script') return level < binding.atom ? inParentheses : text;
  if (left?.kind === 'command') return inParentheses;
  if (left?.kind === 'script') {
    if (form === 'plain') return level < binding.atom ? inParentheses : text;
    return /^[A-Za-z0-9]$/.test(text) ? text : `{${text}}`;
  }
  if (left?.kind === 'prefix')
    return fits(piece, { ...left.operator!, chains: 'none' }, 'right') ? text : inParentheses;
  const onLeft = left?.operator ?? (left !== undefined && juxtaposed(left, self) ? matrixProduct : undefined);
  const onRight = right?.operator ?? (right !== undefined && juxtaposed(self, right) ? matrixProduct : undefined);
  if (onLeft !== undefined && !fits(piece, onLeft, 'right')) return inParentheses;
  if (onRight !== undefined && !fits(piece, onRight, 'left')) return inParentheses;
  return text;
}

/** The loosest operator of a template that stands in no brackets. */
function outermost(tokens: readonly Token[]): Omit<Piece, 'text'> {
  let loosest: Omit<Piece, 'text'> = { level: binding.atom, family: 'atom' };
  const meet = ({ level, family }: Omit<Piece, 'text'>): void => {
    if (level < loosest.level) loosest = { level, family };
    else if (level === loosest.level && family !== loosest.family) loosest = { level, family: 'mixed' };
  };
  let depth = 0;
  tokens.forEach((token, i) => {
    const previous = tokens[i - 1];
    if (depth === 0) {
      if (token.operator !== undefined) meet(token.operator);
      else if (token.kind === 'script' || token.kind === 'postfix') meet({ level: binding.power, family: 'power' });
      else if (token.text === '\\frac') meet(over);
      if (previous !== undefined && juxtaposed(previous, token)) meet(matrixProduct);
    }
    if (token.kind === 'open') depth++;
    else if (token.kind === 'close') depth--;
  });
  return loosest;
}

/** Plain text, TeX, or the TeX of the docs: a formula that was not written to be filled. */
export type Form = 'plain' | 'tex' | 'docs';

/**
 * A template with its operands in place; null where it does not show each of them once, and one of the docs also where it is an
 * operand alone, or has letters beside them.
 */
export function fill(
  template: string,
  operands: readonly string[],
  pieces: readonly Piece[],
  form: Form,
): Piece | null {
  const tokens = read(template, operands);
  const solid = tokens.filter(({ kind }) => kind !== 'space');
  const shown = solid.filter(({ kind }) => kind === 'operand').map(({ text }) => text);
  if (shown.length !== operands.length || operands.some((operand) => !shown.includes(operand))) return null;
  if (form === 'docs' && (solid.length === 1 || solid.some((token, i) => isForeign(token, solid[i + 1])))) return null;
  const [only] = solid;
  if (solid.length === 1) return pieces[operands.indexOf(only!.text)]!;
  let text = '';
  let at = 0;
  for (const token of tokens) {
    if (token.kind === 'space') {
      if (!(solid[at - 1]?.kind === 'command' && solid[at]?.kind === 'operand')) text += token.text;
      continue;
    }
    const piece = token.kind === 'operand' ? pieces[operands.indexOf(token.text)]! : undefined;
    const inserted = piece === undefined ? token.text : placed(piece, solid[at - 1], solid[at + 1], form);
    // two letters that would make a longer command
    text += /\\[a-zA-Z]+$/.test(text) && /^[A-Za-z]/.test(inserted) ? ` ${inserted}` : inserted;
    at++;
  }
  return { ...outermost(solid), text };
}

/** Whether a token is a symbol that is none of the operands; e to a power is a number. */
function isForeign({ kind, text }: Token, next: Token | undefined): boolean {
  return kind === 'word' && !(text === 'e' && next?.kind === 'script');
}

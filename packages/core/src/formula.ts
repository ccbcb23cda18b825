// The formula of a step on a tape, out of the entries of its ops: steps without a name are written out, named ones are symbols.

import { atom, binding, fill, type Piece } from './notation.ts';
import type { Abstract, OpEntry } from './op-entry.ts';
import { escaped, type Formula, nodeSymbol } from './symbols.ts';
import { showAttrs } from './tape-text.ts';

/** A step, as far as its formula needs it. */
export interface Expressible extends Abstract {
  /** null where no op made it: a leaf, or a function that stands on the tape as one step. */
  readonly op: OpEntry | null;
  readonly origin: string;
  readonly inputs: readonly number[];
  readonly attrs: unknown;
}

/** A formula in both forms, with what parentheses around it depend on. */
interface Expression {
  readonly plain: Piece;
  readonly tex: Piece;
}

/** Beyond so many letters a formula is written in terms of the step's own operands. */
const longest = 400;

/**
 * The formula of the step at `target`: its op is always written out, those before it until a node that has a symbol.
 *
 * @param symbolOf - what stands for a node; undefined where its op is to be written out.
 */
export function formulaAt(
  nodes: readonly Expressible[],
  target: number,
  symbolOf: (at: number) => Formula | undefined,
): Formula {
  return writtenOut(nodes, target, symbolOf) ?? stepFormula(nodes, target, symbolOf);
}

/** The formula of one step, in terms of its own operands. */
export function stepFormula(
  nodes: readonly Expressible[],
  at: number,
  symbolOf: (at: number) => Formula | undefined,
): Formula {
  const operands = nodes[at]!.inputs.map((input) => asExpression(symbolOf(input) ?? nodeSymbol(input)));
  return formulaOf(expressionOf(nodes, nodes[at]!, operands));
}

/** The same, or null where it would be too long. */
export function writtenOut(
  nodes: readonly Expressible[],
  target: number,
  symbolOf: (at: number) => Formula | undefined,
): Formula | null {
  const symbol = (at: number): Expression => asExpression(symbolOf(at) ?? nodeSymbol(at));
  const node = nodes[target]!;
  if (node.inputs.length === 0) return formulaOf(symbol(target));
  // The order of the list is a topological order: no recursion, however long it is.
  const wanted = new Set<number>(node.inputs);
  for (let at = target - 1; at >= 0; at--) {
    if (!wanted.has(at) || symbolOf(at) !== undefined) continue;
    for (const input of nodes[at]!.inputs) wanted.add(input);
  }
  const expressions = new Map<number, Expression | null>();
  const expand = (at: number): Expression | null => {
    const operands: Expression[] = [];
    for (const input of nodes[at]!.inputs) {
      const operand = expressions.get(input);
      if (operand === null || operand === undefined) return null;
      operands.push(operand);
    }
    const whole = expressionOf(nodes, nodes[at]!, operands);
    return whole.plain.text.length > longest ? null : whole;
  };
  for (const at of [...wanted].sort((a, b) => a - b)) {
    const given = symbolOf(at);
    const leaf = given !== undefined || nodes[at]!.inputs.length === 0;
    expressions.set(at, leaf ? symbol(at) : expand(at));
  }
  const whole = expand(target);
  return whole === null ? null : formulaOf(whole);
}

function formulaOf({ plain, tex }: Expression): Formula {
  return { plain: plain.text, tex: tex.text };
}

/** Terms added up. */
export function sumOf(terms: readonly Formula[]): Formula {
  const add = (sum: string, term: string): string =>
    /^[−-]/.test(term) ? `${sum} ${term[0]} ${term.slice(1)}` : `${sum} + ${term}`;
  return { plain: terms.map(({ plain }) => plain).reduce(add), tex: terms.map(({ tex }) => tex).reduce(add) };
}

/** A symbol; one with a sign before it is no atom. */
function asExpression({ plain, tex }: Formula): Expression {
  const piece = (text: string): Piece => {
    // `dense_1/kernelᵀ` would read as a quotient
    if (/^[\p{L}_][^()]*\//u.test(text)) return { text, level: binding.power, family: 'name' };
    if (/^[−-]/.test(text)) return { text, level: binding.sum, family: 'sum' };
    if (/\\cdot|^1\//.test(text)) return { text, level: binding.product, family: 'matrices' };
    return /^10\^/.test(text) ? { text, level: binding.power, family: 'power' } : atom(text);
  };
  return { plain: piece(plain), tex: piece(tex) };
}

function expressionOf(nodes: readonly Expressible[], node: Expressible, operands: readonly Expression[]): Expression {
  const { op, attrs } = node;
  if (op === null || op.variadic) return asCall(node, operands);
  const inputs = node.inputs.map((at) => nodes[at]!);
  const notation = typeof op.notation === 'function' ? op.notation({ attrs, inputs }) : (op.notation ?? {});
  const plain = operands.map((operand) => operand.plain);
  const tex = operands.map((operand) => operand.tex);
  const call = asCall(node, operands);
  return {
    plain: (notation.plain === undefined ? null : fill(notation.plain, op.inputs, plain, 'plain')) ?? call.plain,
    tex:
      (notation.tex === undefined ? fillDocs(op, attrs, tex) : fill(notation.tex, op.inputs, tex, 'tex')) ?? call.tex,
  };
}

/** The formula of the docs, where it says all of the op: `\sigma(x) = …` by its left side. */
function fillDocs(op: OpEntry, attrs: unknown, operands: readonly Piece[]): Piece | null {
  if (attrs !== undefined) return null;
  const [left, right] = op.tex.split(' = ');
  const named = right === undefined ? null : fill(left!, op.inputs, operands, 'docs');
  return named ?? fill(op.tex, op.inputs, operands, 'docs');
}

/** `name(x, y, axes=[0])`. */
function asCall({ op, origin, attrs }: Expressible, operands: readonly Expression[]): Expression {
  const name = op?.name ?? origin;
  const plain = operands.map((operand) => operand.plain.text).join(', ');
  const tex = operands.map((operand) => operand.tex.text).join(', ');
  const listed = op?.variadic === true;
  const given = showAttrs(attrs);
  const inPlain = [listed ? `[${plain}]` : plain, ...given].join(', ');
  const inTex = [listed ? `[${tex}]` : tex, ...given.map((attr) => `\\mathrm{${escaped(attr)}}`)].join(', ');
  return { plain: atom(`${name}(${inPlain})`), tex: atom(`\\operatorname{${escaped(name)}}(${inTex})`) };
}

// What an explanation of a backward sweep says, and its text.

import type { DType } from './dtype.ts';
import { type Shape, showShape } from './shape.ts';
import { type Summary, showNumber } from './summary.ts';
import { type Formula, visible } from './symbols.ts';

/** One derivative of a backward sweep. */
export interface ExplanationStep {
  /** Whose derivative it is, by position in `tape.nodes`. */
  readonly node: number;
  /** The user's name for that node. */
  readonly name?: string;
  /** The op that made the node; `watched`, `parameter` and the like where none did. */
  readonly op: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** How the node's value was made of others, in one step: `sigmoid(Z2)`; null for what came from outside. */
  readonly made: Formula | null;
  /** What the node is called. */
  readonly of: Formula;
  /** What the derivative is called: `dZ2`, by the node's name or else its position, `d%5`. */
  readonly symbol: Formula;
  /** Its formula, a sum over the edges that lead back to it. */
  readonly formula: Formula;
  readonly value: Summary;
  /** The layers inside which the node was made. */
  readonly scope?: string;
  /** The line that made the node, on a tape with `sites`. */
  readonly site?: string;
}

/** A constant that stands in the formulas and has no name. */
export interface ExplainedConstant {
  /** By position in `tape.nodes`. */
  readonly node: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly value: Summary;
}

/** What became of the gradient by one source. */
export interface ExplainedSource {
  readonly name: string;
  /** By position in `tape.nodes`. */
  readonly node: number;
  /**
   * `fine`; or `unconnected`: no recorded step leads from it to the target; `stopped`: some do, but derivatives do not flow along
   * them; `zero`: all elements are 0; `not finite`: some are NaN or infinite.
   */
  readonly state: 'fine' | 'unconnected' | 'stopped' | 'zero' | 'not finite';
  /** Of its gradient; null where there is none. */
  readonly value: Summary | null;
  /** Why it is not fine. */
  readonly reasons: readonly string[];
}

/** A backward sweep in words and numbers: plain data, with a readable text. */
export class Explanation {
  /** The derivatives in the order in which they were made, from the target's down. */
  readonly steps: readonly ExplanationStep[];
  readonly sources: readonly ExplainedSource[];
  /** The constants without a name that the formulas are of, called by their positions; single numbers stand there themselves. */
  readonly constants: readonly ExplainedConstant[];
  /** What else was noticed: a target that is no number, units through which nothing flows. */
  readonly notes: readonly string[];

  /** @internal */
  constructor({ steps, sources, constants, notes }: Pick<Explanation, 'steps' | 'sources' | 'constants' | 'notes'>) {
    this.steps = steps;
    this.sources = sources;
    this.constants = constants;
    this.notes = notes;
  }

  /** The steps as a table with their formulas, forward and back, then the sources and what is to be said of them. */
  toString(): string {
    const sections = [
      showSteps(this.steps),
      this.constants.map(showConstant).join('\n'),
      this.sources.map(showSource).join('\n'),
      this.notes.map(wrapped).join('\n'),
    ];
    return sections.filter((section) => section !== '').join('\n\n');
  }
}

const width = 118;

function showSteps(steps: readonly ExplanationStep[]): string {
  const head = ['', 'of', 'made by', '', 'min', 'max', 'mean |x|', 'zeros'];
  const rows = steps.map((step) => [
    `%${step.node}`,
    shortened(step.name ?? ''),
    shortened(step.op),
    `${step.dtype}${showShape(step.shape)}`,
    ...showSummary(step.value),
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => all.reduce((most, row) => Math.max(most, row[column]!.length), 0));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const [first, ...rest] = lines;
  const formulas = steps.map(({ of, made, symbol, formula, site }) => {
    const place = site === undefined ? '' : `  # ${site}`;
    const backward = `${symbol.plain} = ${formula.plain}`;
    return made === null
      ? [wrap(backward + place, 6)]
      : [wrap(`${of.plain} = ${made.plain}${place}`, 6), wrap(backward, 6)];
  });
  return [first, ...rest.flatMap((line, i) => [line, ...formulas[i]!])].join('\n');
}

function shortened(name: string): string {
  const shown = visible(name);
  return shown.length > 24 ? `${shown.slice(0, 23)}…` : shown;
}

function showConstant({ node, shape, dtype, value }: ExplainedConstant): string {
  const [min, max, , odd] = showSummary(value);
  const range = min === '' ? '' : `, in ${min} to ${max}`;
  return `%${node} is a constant, ${dtype}${showShape(shape)}${range}; zeros: ${odd}.`;
}

function showSummary({ size, min, max, meanAbs, zeros, nans, infinities }: Summary): string[] {
  const show = (value: number | null): string => (value === null ? '' : showNumber(value, 4));
  const odd = [nans > 0 ? `${nans} NaN` : '', infinities > 0 ? `${infinities} infinite` : ''].filter(
    (part) => part !== '',
  );
  return [show(min), show(max), show(meanAbs), [`${zeros} of ${size}`, ...odd].join(', ')];
}

function showSource({ name, node, state, value, reasons }: ExplainedSource): string {
  const words = {
    fine: 'its gradient is fine',
    unconnected: 'no gradient: not connected',
    stopped: 'no gradient: every path to it is stopped',
    zero: 'its gradient is 0',
    'not finite': 'its gradient is not finite',
  } satisfies { readonly [S in ExplainedSource['state']]: string };
  const odd =
    state === 'not finite' && value !== null
      ? ` (${value.nans} NaN, ${value.infinities} infinite of ${value.size})`
      : '';
  return [`${visible(name)} (%${node}): ${words[state]}${odd}.`, ...reasons.map((reason) => wrap(reason, 4))].join(
    '\n',
  );
}

function wrapped(text: string): string {
  return wrap(text, 0);
}

/** Text in lines of at most {@link width} letters, indented; a word that is longer stays whole. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent + 4);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}

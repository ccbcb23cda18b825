// Data with a class for each row, and how they come out of a bundled file. Which files there are: one module each.

import { fromData, TapegradError, type Tensor } from '@tapegrad/core';
import { csvParseRows } from 'd3-dsv';
import { readText } from '#read-text';

/**
 * Rows of features, each with its class.
 *
 * ```ts
 * const classCount = (data: LabelledData<readonly string[]>) => data.targetNames.length;
 * classCount(await breastCancer()); // → 2
 * ```
 */
export interface LabelledData<TargetNames extends readonly string[]> {
  /** The features: float32, `[rows, features]`. */
  readonly x: Tensor;
  /** The class of each row, as a position in `targetNames`: int32, `[rows]`. */
  readonly y: Tensor;
  /** What the columns of `x` are. */
  readonly featureNames: readonly string[];
  readonly targetNames: TargetNames;
  /** What the data are and where they are from, in a few sentences. */
  readonly description: string;
}

/** A bundled file, and what must be in it. */
export interface BundledFile<TargetNames extends readonly string[]> {
  /** The function that offers the data: errors begin with it. */
  readonly op: string;
  readonly url: URL;
  readonly rows: number;
  readonly features: number;
  readonly targetNames: TargetNames;
  readonly description: string;
}

/** @throws TapegradError where the file cannot be read, or is not what it must be. */
export async function loadLabelledData<TargetNames extends readonly string[]>(
  file: BundledFile<TargetNames>,
): Promise<LabelledData<TargetNames>> {
  return parseLabelledData(file, await textOf(file));
}

async function textOf(file: BundledFile<readonly string[]>): Promise<string> {
  try {
    return await readText(file.url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TapegradError(
      file.op,
      `${file.url} cannot be read (${reason}). Expected the file that comes with @tapegrad/datasets; install it again.`,
      { cause },
    );
  }
}

/** The data in the text of a file: a header, then on each line the features of a row and its class. */
export function parseLabelledData<TargetNames extends readonly string[]>(
  { op, url, rows, features, targetNames, description }: BundledFile<TargetNames>,
  text: string,
): LabelledData<TargetNames> {
  const refuse = (what: string, expected: string): never => {
    throw new TapegradError(op, `${what} in ${fileName(url)}. Expected ${expected}; install @tapegrad/datasets again.`);
  };
  const [header = [], ...lines] = csvParseRows(text);
  if (lines.length !== rows) refuse(`${lines.length} rows below the header`, `${rows}`);
  const x = new Float32Array(rows * features);
  const y = new Int32Array(rows);
  // Lines count from 1 as editors show them, and the first one is the header.
  for (const [line, cells] of [header, ...lines].entries()) {
    if (cells.length !== features + 1) refuse(`${cells.length} columns on line ${line + 1}`, `${features + 1}`);
  }
  for (const [row, cells] of lines.entries()) {
    const found = (column: number) => `"${cells[column]}" on line ${row + 2} under "${header[column]}"`;
    for (let column = 0; column < features; column++) {
      x[row * features + column] = toNumber(cells[column]!) ?? refuse(found(column), 'a number');
    }
    const target = toNumber(cells[features]!) ?? -1;
    if (targetNames[target] === undefined) refuse(found(features), `a class, 0 to ${targetNames.length - 1}`);
    y[row] = target;
  }
  return {
    x: fromData(x, [rows, features], 'float32'),
    y: fromData(y, [rows], 'int32'),
    featureNames: header.slice(0, features),
    targetNames,
    description,
  };
}

function toNumber(cell: string): number | undefined {
  const value = Number(cell);
  // Number('') is 0.
  return cell.trim() !== '' && Number.isFinite(value) ? value : undefined;
}

function fileName(url: URL): string {
  return url.pathname.split('/').at(-1)!;
}

// Weights in files.

import { readFile } from 'node:fs/promises';
import { TapegradError } from '@tapegrad/core';
import type { Model } from '../model.ts';
import { show } from '../registry.ts';
import { exportWeights, importWeights, parseWeights } from '../weights-json.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * Writes the weights of a model of Dense layers to a file, as the JSON of {@link exportWeights}. A file that was there is replaced at
 * once, by a whole one: whoever reads it meanwhile, and whatever goes wrong, it is never half written.
 *
 * ```ts
 * import { mkdtemp, rm } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { loadWeights, saveWeights } from '@tapegrad/nn/node';
 *
 * const folder = await mkdtemp(join(tmpdir(), 'weights-'));
 * const layers = () => [new Dense(3, { activation: 'relu', inputShape: [2] }), new Dense(1)];
 * const [model, other] = [new Sequential(layers()), new Sequential(layers())];
 * await saveWeights(model, join(folder, 'model.json'));
 * await loadWeights(other, join(folder, 'model.json'));
 * String(other.getWeights()[0]!.toArray()) === String(model.getWeights()[0]!.toArray()); // → true
 * await rm(folder, { recursive: true });
 * ```
 *
 * @throws TapegradError as {@link exportWeights}, and where the file cannot be written; a file that was there stays as it was.
 */
export async function saveWeights(model: Model, path: string): Promise<void> {
  requirePath('saveWeights', path);
  const text = `${JSON.stringify(exportWeights(model))}\n`;
  try {
    await writeAtomically(path, text);
  } catch (error) {
    throw failed('saveWeights', `cannot write ${path}`, error, 'Expected a path in a folder that exists.');
  }
}

/**
 * Replaces the weights of a model by those that {@link saveWeights} wrote. Everything is checked before the first one is replaced.
 *
 * @throws TapegradError where the file cannot be read, is no such JSON or is that of a model of other sizes; the model stays as it was.
 */
export async function loadWeights(model: Model, path: string): Promise<void> {
  requirePath('loadWeights', path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw failed('loadWeights', `cannot read ${path}`, error, 'Expected a file that saveWeights wrote.');
  }
  try {
    importWeights(model, parseWeights(text));
  } catch (error) {
    if (!(error instanceof TapegradError)) throw error;
    throw new TapegradError('loadWeights', `${path}: ${error.message.slice(error.op.length + 2)}`, { cause: error });
  }
}

function requirePath(op: string, path: string): void {
  if (typeof path === 'string' && path !== '') return;
  throw new TapegradError(op, `path is ${show(path)}. Expected the path of a file, e.g. 'model.json'.`);
}

function failed(op: string, what: string, error: unknown, expected: string): TapegradError {
  return new TapegradError(op, `${what} (${(error as NodeJS.ErrnoException).code ?? error}). ${expected}`, {
    cause: error,
  });
}

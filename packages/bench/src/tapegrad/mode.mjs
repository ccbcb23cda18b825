// The way in which this process runs tapegrad, out of its arguments: `eager`, `compiled` or `kernel`; `--plain` without relaxed SIMD;
// `--native` with a BLAS library; `--threads=2`.

import * as compiler from '@tapegrad/compiler';
import { enableRelaxedSimd, supportsRelaxedSimd } from '@tapegrad/wasm';
import { sayMissing } from '../measure/serve.mjs';

/** @param {string} flag */
const has = (flag) => process.argv.includes(flag);

export const eager = has('eager');
export const kernel = has('kernel');
const [plain, native] = [has('--plain'), has('--native')];
const threads = Number(process.argv.find((flag) => flag.startsWith('--threads='))?.split('=')[1] ?? 1);

/** @typedef {{ readonly findNativeGemm?: () => { readonly library: string } | undefined }} MayFind */
const library = native ? /** @type {MayFind} */ (compiler).findNativeGemm?.()?.library : undefined;

/** A number of threads that is none is refused by a compiler that knows of threads. */
function knowsThreads() {
  try {
    compiler.compile(() => ({}), /** @type {object} */ ({ threads: 0 }))();
    return false;
  } catch {
    return true;
  }
}

function missingReason() {
  if (plain && supportsRelaxedSimd()) return 'relaxed SIMD is always on here';
  if (!plain && !enableRelaxedSimd() && !eager && !native) return 'no relaxed SIMD here';
  if (native && library === undefined) return 'no BLAS library found';
  if (threads > 1 && !knowsThreads()) return 'the compiler has no threads yet';
  return undefined;
}

/** Says why this process is of no use, and ends it, where that is so. */
export function endIfMissing() {
  const reason = missingReason();
  if (reason === undefined) return;
  sayMissing(reason);
  process.exit(0);
}

/** In words. */
export function describe() {
  const words = [supportsRelaxedSimd() ? 'relaxed SIMD' : 'plain SIMD'];
  if (library !== undefined) words.push(library);
  return words.join(', ');
}

/**
 * The function, compiled unless this process is eager.
 * @template {readonly import('@tapegrad/core').Tree[]} Args
 * @template {import('@tapegrad/core').Tree} Result
 * @param {(...args: Args) => Result} f
 * @returns {(...args: Args) => import('@tapegrad/core').Like<Result>}
 */
export function inMode(f) {
  if (eager)
    return /** @type {(...args: Args) => import('@tapegrad/core').Like<Result>} */ (/** @type {unknown} */ (f));
  // one thread is the default, and by this the only one
  return compiler.compile(f, /** @type {object} */ (threads > 1 ? { native, threads } : { native }));
}

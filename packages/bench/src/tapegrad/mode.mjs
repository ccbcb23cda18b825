// The way in which this process runs tapegrad, out of its arguments: `eager`, `compiled` or `kernel`; `--plain` without relaxed SIMD;
// `--native` with a BLAS library; `--threads=2`.

import { compile, findNativeGemm } from '@tapegrad/compiler';
import { enableRelaxedSimd, supportsRelaxedSimd } from '@tapegrad/wasm';
import { sayMissing } from '../measure/serve.mjs';

/** @param {string} flag */
const has = (flag) => process.argv.includes(flag);

export const eager = has('eager');
export const kernel = has('kernel');
const [plain, native] = [has('--plain'), has('--native')];
const threads = Number(process.argv.find((flag) => flag.startsWith('--threads='))?.split('=')[1] ?? 1);

const library = native ? findNativeGemm()?.library : undefined;

function missingReason() {
  if (plain && supportsRelaxedSimd()) return 'relaxed SIMD is always on here';
  if (!plain && !enableRelaxedSimd() && !eager && !native) return 'no relaxed SIMD here';
  if (native && library === undefined) return 'no BLAS library found';
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
  if (threads > 1) words.push(`${threads} threads`);
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
  const made = eager ? f : compile(f, { native, threads });
  return /** @type {(...args: Args) => import('@tapegrad/core').Like<Result>} */ (/** @type {unknown} */ (made));
}

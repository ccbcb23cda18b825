// Whether this machine has a BLAS library that can be called, and which: asked for, looked for, or switched off.

import { TapegradError } from '@tapegrad/core';
import { type NativeGemm, openNativeGemm } from './gemm.ts';
import { type Host, type Koffi, thisHost } from './koffi.ts';
import { librariesOn } from './libraries.ts';

/** The environment variable that names the library, or switches native products off. */
const variable = 'TAPEGRAD_BLAS';

let found: { readonly gemm: NativeGemm | undefined } | undefined;

/**
 * Products of matrices by an OpenBLAS or Accelerate library of this machine, called through the package `koffi`: about 2 to 3 times as
 * fast as in WebAssembly from 64 × 64 on. Undefined where `koffi` is not installed (`npm install koffi`), where no library is at the
 * usual places, and in a browser. The environment variable `TAPEGRAD_BLAS` says otherwise: `off` (or `0`) switches this off, any other
 * text is the name or path of the library with the C interface of BLAS that is to be used. Looked for once; later calls give the same.
 *
 * @throws TapegradError where `TAPEGRAD_BLAS` names a library that cannot be used.
 *
 * ```ts
 * const library = findNativeGemm()?.library;
 * library === undefined ? 'WebAssembly multiplies' : `${library} multiplies`;
 * ```
 */
export function findNativeGemm(): NativeGemm | undefined {
  if (found === undefined) {
    const host = thisHost();
    found = { gemm: host && findNativeGemmOn(host) };
  }
  return found.gemm;
}

/** {@link findNativeGemm} on any host, each time anew. */
export function findNativeGemmOn(host: Host): NativeGemm | undefined {
  const wanted = host.env[variable] ?? '';
  if (wanted.toLowerCase() === 'off' || wanted === '0') return undefined;
  if (wanted !== '') return openNamed(host, wanted);
  let koffi: Koffi;
  try {
    koffi = host.koffi();
  } catch {
    return undefined;
  }
  for (const path of librariesOn(host.platform)) {
    try {
      return openNativeGemm(koffi, path, host.env);
    } catch {
      // not there, or without the C interface: the next one
    }
  }
  return undefined;
}

/** The library that the user named. Unlike one that was only looked for, it is missed. */
function openNamed(host: Host, path: string): NativeGemm {
  const refuse = (what: string, expected: string, cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.split('\n')[0]!.replace(/\.$/, '') : String(cause);
    return new TapegradError(
      'findNativeGemm',
      `${variable} is ${JSON.stringify(path)}, but ${what}: ${reason}. ${expected}`,
      {
        cause,
      },
    );
  };
  let koffi: Koffi;
  try {
    koffi = host.koffi();
  } catch (error) {
    throw refuse('koffi cannot be loaded', `Install it (npm install koffi), or set ${variable} to off.`, error);
  }
  try {
    return openNativeGemm(koffi, path, host.env);
  } catch (error) {
    const expected = 'Expected the path of a library with cblas_sgemm and cblas_dgemm, or off.';
    throw refuse('this library cannot be used', expected, error);
  }
}

import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { findNativeGemm, findNativeGemmOn } from '../../src/native/find.ts';
import { type Koffi, thisHost } from '../../src/native/koffi.ts';
import { librariesOn } from '../../src/native/libraries.ts';
import { fakeKoffi } from './cblas.ts';

const notInstalled = (): Koffi => {
  throw new Error("Cannot find module 'koffi'\nRequire stack:\n- program.js");
};
const accelerate = '/System/Library/Frameworks/Accelerate.framework/Accelerate';

describe('findNativeGemm', () => {
  it('takes the first library that there is', () => {
    const koffi = () => fakeKoffi({ 'libopenblas.so.3': [], 'libopenblas.so': [] });
    expect(findNativeGemmOn({ platform: 'linux', env: {}, koffi })?.library).toBe('libopenblas.so.3');
  });

  it('prefers what a Mac brings along', () => {
    const koffi = () => fakeKoffi({ '/opt/homebrew/opt/openblas/lib/libopenblas.dylib': [], [accelerate]: [] });
    expect(findNativeGemmOn({ platform: 'darwin', env: {}, koffi })?.library).toBe(accelerate);
  });

  it('passes over a library without the C interface', () => {
    const koffi = () => fakeKoffi({ 'libopenblas.dll': ['no cblas'], 'openblas.dll': [] });
    expect(findNativeGemmOn({ platform: 'win32', env: {}, koffi })?.library).toBe('openblas.dll');
  });

  it('gives undefined where there is no library, no koffi, or no known place', () => {
    const everything = () => fakeKoffi({ 'libopenblas.so.0': [] });
    expect(findNativeGemmOn({ platform: 'linux', env: {}, koffi: () => fakeKoffi({}) })).toBe(undefined);
    expect(findNativeGemmOn({ platform: 'linux', env: {}, koffi: notInstalled })).toBe(undefined);
    expect(findNativeGemmOn({ platform: 'aix', env: {}, koffi: everything })).toBe(undefined);
  });

  it.each(['off', 'OFF', '0'])('loads nothing where TAPEGRAD_BLAS is %s', (TAPEGRAD_BLAS) => {
    let loaded = 0;
    const koffi = () => {
      loaded++;
      return fakeKoffi({ 'libopenblas.so.0': [] });
    };
    expect(findNativeGemmOn({ platform: 'linux', env: { TAPEGRAD_BLAS }, koffi })).toBe(undefined);
    expect(loaded).toBe(0);
    expect(findNativeGemmOn({ platform: 'linux', env: { TAPEGRAD_BLAS: '' }, koffi })?.library).toBe(
      'libopenblas.so.0',
    );
    expect(loaded).toBe(1);
  });

  it('takes the library that TAPEGRAD_BLAS names, on any system, and no other', () => {
    const koffi = () => fakeKoffi({ 'libopenblas.so.0': [], '/opt/blas/mine.so': [] });
    const env = { TAPEGRAD_BLAS: '/opt/blas/mine.so' };
    expect(findNativeGemmOn({ platform: 'linux', env, koffi })?.library).toBe('/opt/blas/mine.so');
    expect(findNativeGemmOn({ platform: 'aix', env, koffi })?.library).toBe('/opt/blas/mine.so');
  });

  it('says why the library that TAPEGRAD_BLAS names cannot be used', () => {
    const koffi = () => fakeKoffi({ 'libopenblas.so.0': [], 'other.so': ['no cblas'] });
    const named = (TAPEGRAD_BLAS: string, load = koffi as () => Koffi) =>
      findNativeGemmOn({ platform: 'linux', env: { TAPEGRAD_BLAS }, koffi: load });
    expect(() => named('no.so')).toThrow(
      /^findNativeGemm: TAPEGRAD_BLAS is "no\.so", but this library cannot be used: Failed to load shared library: no\.so: no such file\. Expected the path of a library with cblas_sgemm and cblas_dgemm, or off\.$/,
    );
    expect(() => named('other.so')).toThrow(
      /^findNativeGemm: TAPEGRAD_BLAS is "other\.so", but this library cannot be used: Cannot find function 'cblas_sgemm' in shared library\. Expected the path of a library with cblas_sgemm and cblas_dgemm, or off\.$/,
    );
    expect(() => named('libopenblas.so.0', notInstalled)).toThrow(
      /^findNativeGemm: TAPEGRAD_BLAS is "libopenblas\.so\.0", but koffi cannot be loaded: Cannot find module 'koffi'\. Install it \(npm install koffi\), or set TAPEGRAD_BLAS to off\.$/,
    );
  });

  it('finds what this machine has, once', () => {
    const { TAPEGRAD_BLAS = '' } = process.env;
    const candidates = TAPEGRAD_BLAS === '' ? librariesOn(process.platform) : [TAPEGRAD_BLAS];
    expect(findNativeGemm()?.library).toBe(candidates.find(opens));
    expect(findNativeGemm()).toBe(findNativeGemm());
  });
});

/** Whether koffi is installed and opens this library: asked without what is tested. */
function opens(path: string): boolean {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi;
    koffi.load(path).func('void cblas_sgemm()');
    return true;
  } catch {
    return false;
  }
}

describe('thisHost', () => {
  it('is this process', () => {
    expect(thisHost()?.platform).toBe(process.platform);
    expect(thisHost()?.env).toBe(process.env);
  });

  it('is undefined where nothing of Node.js is', () => {
    const { process } = globalThis;
    try {
      Reflect.deleteProperty(globalThis, 'process');
      expect(thisHost()).toBe(undefined);
    } finally {
      globalThis.process = process;
    }
  });
});

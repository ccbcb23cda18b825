// koffi on a BLAS in JavaScript, for machines that have neither; as strict about its operands as the reference BLAS.

import type { WasmMemory } from '@tapegrad/wasm';
import type { Koffi } from '../../src/native/koffi.ts';

/** What was called, as `function(operands)`. */
export interface FakeKoffi extends Koffi {
  readonly calls: string[];
}

/** koffi with these libraries, each with `cblas_sgemm`, `cblas_dgemm` and what else it is said to have; on one memory. */
export function fakeKoffi(
  libraries: { readonly [path: string]: readonly string[] },
  memory: WasmMemory = { buffer: new ArrayBuffer(0), grow: () => -1 },
): FakeKoffi {
  // each buffer lies elsewhere: an address of a former one is seen to be wrong
  const bases = new Map<ArrayBuffer, number>();
  const baseOf = (buffer: ArrayBuffer) => {
    if (!bases.has(buffer)) bases.set(buffer, 2 ** 40 * (bases.size + 1));
    return bases.get(buffer)!;
  };
  const offsetOf = (pointer: number) => {
    const offset = pointer - baseOf(memory.buffer);
    if (offset < 0 || offset > memory.buffer.byteLength) throw new Error(`segmentation fault: ${pointer}`);
    return offset;
  };
  const calls: string[] = [];
  return {
    calls,
    address: (buffer) => BigInt(baseOf(buffer)),
    load: (path) => {
      const others = libraries[path];
      if (others === undefined)
        throw new Error(`Failed to load shared library: ${path}: no such file.\nOr no right to it.`);
      return {
        func: (prototype) => {
          const name = /(\w+)\(/.exec(prototype)![1]!;
          if (name === 'cblas_sgemm' && !others.includes('no cblas')) return (...o) => gemm(Float32Array, o);
          if (name === 'cblas_dgemm' && !others.includes('no cblas')) return (...o) => gemm(Float64Array, o);
          if (!others.includes(name)) throw new Error(`Cannot find function '${name}' in shared library`);
          return (...operands) => calls.push(`${name}(${operands})`);
        },
      };
    },
  };

  function gemm(Numbers: typeof Float32Array | typeof Float64Array, operands: number[]): void {
    const [order, transposeX, transposeY, m, n, k, alpha, x, xLeading, y, yLeading, beta, out, outLeading] =
      operands as Fourteen;
    const xPlain = transposeX === 111;
    const yPlain = transposeY === 111;
    const legal =
      order === 101 &&
      (xPlain || transposeX === 112) &&
      (yPlain || transposeY === 112) &&
      Math.min(m, n, k) >= 0 &&
      xLeading >= Math.max(1, xPlain ? k : m) &&
      yLeading >= Math.max(1, yPlain ? n : k) &&
      outLeading >= Math.max(1, n) &&
      [...operands].every(Number.isInteger);
    if (!legal) throw new Error(`illegal operands: ${operands}`);
    const at = (pointer: number) => new Numbers(memory.buffer, offsetOf(pointer));
    const [xs, ys, outs] = [at(x), at(y), at(out)];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          sum += xs[xPlain ? i * xLeading + p : p * xLeading + i]! * ys[yPlain ? p * yLeading + j : j * yLeading + p]!;
        }
        const place = i * outLeading + j;
        outs[place] = alpha * sum + (beta === 0 ? 0 : beta * outs[place]!);
      }
    }
  }
}

type Fourteen = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

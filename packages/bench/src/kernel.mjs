// The product of @tapegrad/wasm alone, on operands that lie in its memory already.

import { gemmModule, gemmScratchBytes, instantiate, newMemory, supportsRelaxedSimd } from '@tapegrad/wasm';
import { measure } from './measure.mjs';
import { generator } from './workloads.mjs';

const memory = newMemory(256);
const relaxed = supportsRelaxedSimd();
const { gemm } = /** @type {{ gemm: (...operands: number[]) => void }} */ (
  instantiate(gemmModule({ type: 'f32', relaxed }), { env: { memory } }).exports
);
const draw = generator(3);

await measure({
  version: relaxed ? 'relaxed SIMD' : 'plain SIMD',
  product: (m, k, n) => {
    const [x, y] = [gemmScratchBytes, gemmScratchBytes + m * k * 4];
    new Float32Array(memory.buffer, x, m * k + k * n).set(draw(m * k + k * n));
    return () => gemm(m, n, k, x, k * 4, 4, y, n * 4, 4, y + k * n * 4, n * 4, 0, 0);
  },
});

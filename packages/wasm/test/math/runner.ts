// Runs a function of the table on arrays.

import { countUp, increase, locals } from '../../src/assembler/control.ts';
import { v128 } from '../../src/assembler/families.ts';
import { callFor, defineFunction } from '../../src/assembler/function.ts';
import { assemble } from '../../src/assembler/module.ts';
import { instantiate, newMemory } from '../../src/engine.ts';
import type { MathKind } from '../../src/math/ieee.ts';
import { type MathName, mathArity, mathFunction } from '../../src/math/math.ts';

export type Numbers = Float32Array | Float64Array;

/** Numbers of a kind, filled up to whole vectors. */
export function numbersOf(type: MathKind['type'], length: number): Numbers {
  const padded = (length + 3) & ~3;
  return type === 'f32' ? new Float32Array(padded) : new Float64Array(padded);
}

/** A module whose `run(x, y, out, bytes)` maps vector by vector. */
export function loopModule(name: MathName, kind: MathKind): Uint8Array<ArrayBuffer> {
  const { x, y, out, bytes, i } = locals('i32', 'x y out bytes i');
  const operands = [x, y].slice(0, mathArity[name]).map((at) => v128.load(at));
  const run = defineFunction({
    name: 'run',
    params: [x, y, out, bytes],
    body: [
      countUp(i, 0, bytes, 16, [
        v128.store(out, callFor('v128', mathFunction(name, kind), ...operands)),
        ...[x, y, out].map((at) => increase(at, 16)),
      ]),
    ],
  });
  return assemble({ exports: { run }, memory: { pages: 1, from: { module: 'env', name: 'memory' } } });
}

/** A function on arrays: of x alone, or of x and y. */
export function mapper(name: MathName, kind: MathKind): (x: Numbers, y?: Numbers) => Numbers {
  const memory = newMemory(1);
  const run = instantiate(loopModule(name, kind), { env: { memory } }).exports.run!;
  return (x, y = x) => {
    const need = 3 * x.byteLength;
    if (memory.buffer.byteLength < need) memory.grow(Math.ceil((need - memory.buffer.byteLength) / 65_536));
    const view = kind.type === 'f32' ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
    view.set(x);
    view.set(y, x.length);
    run(0, x.byteLength, 2 * x.byteLength, x.byteLength);
    return view.slice(2 * x.length, 3 * x.length);
  };
}

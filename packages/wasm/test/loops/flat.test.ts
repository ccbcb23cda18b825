import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/assembler/module.ts';
import { instantiate, newMemory } from '../../src/engine.ts';
import { binaryQuad } from '../../src/loops/arithmetic.ts';
import { type FlatLoopSource, flatLoopFunction } from '../../src/loops/flat.ts';
import { convertQuad, type ElementType } from '../../src/loops/quad.ts';

const views = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Uint8Array } as const;
const types = ['f32', 'f64', 'i32', 'bool'] as const;

function prepared(source: FlatLoopSource) {
  const memory = newMemory(1);
  const module = assemble({
    exports: { loop: flatLoopFunction(source) },
    memory: { pages: 1, from: { module: 'env', name: 'memory' } },
  });
  const { loop } = instantiate(module, { env: { memory } }).exports;
  const view = (type: ElementType, at: number, length: number) => new views[type](memory.buffer, at, length);
  return { loop: loop!, view };
}

/** Of what a load holds plus one number for all, as f64, at two places; and what was loaded, as it was. */
function sumOf(type: ElementType): FlatLoopSource {
  return {
    name: 'sum',
    places: 3,
    loads: [
      { type, place: 0, moves: true },
      { type: 'f64', place: 1, moves: false },
    ],
    stores: [
      { type: 'f64', place: 2, moves: true },
      { type, place: 0, moves: true },
    ],
    body: ([x, y], steps) => [binaryQuad(steps, 'add', convertQuad(steps, x!, 'f64'), y!), x!],
  };
}

describe('flatLoopFunction', () => {
  it.each(types)('does as many elements of %s as it is told, wherever they are', (type) => {
    const { loop, view } = prepared(sumOf(type));
    for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 63]) {
      for (const shift of [0, 4096]) {
        const [from, added, to] = [
          view(type, 64 + shift, length + 1),
          32 + shift,
          view('f64', 1024 + shift, length + 1),
        ];
        from.set(Array.from({ length: length + 1 }, (_, i) => (type === 'bool' ? i % 2 : i - 3)));
        const before = [...from];
        view('f64', added, 1)[0] = 0.5;
        to.fill(-7);
        loop(length, 64 + shift, added, 1024 + shift);
        expect([...to], `${length} elements`).toEqual([...before.slice(0, length).map((x) => x + 0.5), -7]);
        expect([...from]).toEqual(before);
      }
    }
  });

  it('refuses a body that gives another kind of numbers than is stored', () => {
    const source: FlatLoopSource = { ...sumOf('f32'), body: ([x]) => [x!, x!] };
    expect(() => flatLoopFunction(source)).toThrow('internal: sum stores f32 as f64');
  });
});

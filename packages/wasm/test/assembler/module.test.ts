import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { assemble } from '../../src/assembler/module.ts';
import { instantiate, newMemory, validates } from '../../src/engine.ts';
import {
  block,
  branch,
  branchIf,
  call,
  callFor,
  countUp,
  type DefinedFunction,
  defineFunction,
  drop,
  exit,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i32,
  i64,
  importFunction,
  increase,
  local,
  locals,
  loop,
  memory,
  select,
  set,
  tee,
  v128,
  when,
} from '../../src/index.ts';

const tools = await wabt();

/** The one function of a module, which wabt has found valid. */
function run(probe: DefinedFunction): (...operands: (number | bigint)[]) => number | bigint | undefined {
  const bytes = assemble({ exports: { probe }, memory: { pages: 1 } });
  const module = tools.readWasm(bytes, { simd: true, bulk_memory: true });
  module.validate();
  module.destroy();
  return instantiate(bytes).exports.probe!;
}

describe('assemble', () => {
  it('takes numbers for constants of the type that is expected', () => {
    const { x } = locals('i32', 'x');
    expect(run(defineFunction({ name: 'f', params: [x], result: i32.sub(i32.mul(x, 3), -7) }))(5)).toBe(22);
    const y = local('i64');
    expect(run(defineFunction({ name: 'g', params: [y], result: i64.add(y, 2n ** 62n) }))(1n)).toBe(2n ** 62n + 1n);
  });

  it.each([0, 1, -1, 63, 64, 2 ** 31 - 1, -(2 ** 31)])('writes the constant %i', (value) => {
    expect(run(defineFunction({ name: 'f', result: i32.const(value) }))()).toBe(value);
    expect(run(defineFunction({ name: 'f', result: i64.const(BigInt(value)) }))()).toBe(BigInt(value));
  });

  it.each([-0, 0.1, Number.POSITIVE_INFINITY, 5e-324, Number.NaN])('writes the float constant %d', (value) => {
    expect(run(defineFunction({ name: 'f', result: f64.const(value) }))()).toBe(value);
  });

  it('keeps parameters in their order and adds the variables that the body mentions', () => {
    const [first, second] = [local('f64'), local('i32')];
    const [a, b, c] = [local('f64'), local('i32'), local('f64')];
    const f = defineFunction({
      name: 'f',
      params: [first, second],
      body: [set(a, first), set(b, second), set(c, f64.convert_i32_s(b))],
      result: f64.sub(a, c),
    });
    expect(run(f)(7.5, 3)).toBe(4.5);
  });

  it('counts up, and not at all where nothing is below', () => {
    const { n, i, sum } = locals('i32', 'n i sum');
    const f = defineFunction({ name: 'f', params: [n], body: [countUp(i, 2, n, 3, [increase(sum, i)])], result: sum });
    expect([0, 2, 3, 5, 6, 12].map((below) => run(f)(below))).toEqual([0, 0, 2, 2, 7, 26]);
  });

  it('leaves the block and repeats the loop that a branch names, through conditions between', () => {
    const { n, steps } = locals('i32', 'n steps');
    const collatz = defineFunction({
      name: 'collatz',
      params: [n],
      body: [
        block((end) => [
          loop((again) => [
            branchIf(end, i32.eq(n, 1)),
            increase(steps, 1),
            when(
              i32.and(n, 1),
              [set(n, i32.add(i32.mul(n, 3), 1)), branch(again)],
              [set(n, i32.shr_u(n, 1)), branch(again)],
            ),
          ]),
        ]),
      ],
      result: steps,
    });
    expect(run(collatz)(27)).toBe(111);
  });

  it('exits early with a result', () => {
    const { x } = locals('i32', 'x');
    const f = defineFunction({
      name: 'f',
      params: [x],
      body: [when(i32.lt_s(x, 0), [exit(i32.const(-1))])],
      result: x,
    });
    expect([run(f)(-5), run(f)(5)]).toEqual([-1, 5]);
  });

  it('takes in what exported functions call, once', () => {
    const { n } = locals('i32', 'n');
    const twice = defineFunction({ name: 'twice', params: [n], result: i32.shl(n, 1) });
    const f = defineFunction({
      name: 'f',
      params: [n],
      result: i32.add(callFor('i32', twice, n), callFor('i32', twice, i32.const(4))),
    });
    expect(run(f)(3)).toBe(14);
  });

  it('calls imported functions', () => {
    const log = importFunction('env', 'log', ['i32', 'f64']);
    const half = importFunction('env', 'half', ['f64'], 'f64');
    const f = defineFunction({
      name: 'f',
      body: [call(log, i32.const(3), f64.const(0.5)), drop(callFor('f64', half, f64.const(1)))],
      result: callFor('f64', half, f64.const(5)),
    });
    const seen: number[][] = [];
    const imports = { env: { log: (...given: number[]) => seen.push(given), half: (x: number) => x / 2 } };
    expect(instantiate(assemble({ exports: { f } }), imports).exports.f!()).toBe(2.5);
    expect(seen).toEqual([[3, 0.5]]);
  });

  it('refuses a call that does not fit, by name and types', () => {
    const { x } = locals('i32', 'x');
    const f = defineFunction({ name: 'f', params: [x], result: x });
    expect(() => callFor('f64', f, f64.const(1))).toThrow(
      'call: f is (i32) → i32, and was called as (f64) → f64. Pass and take these types.',
    );
  });

  it('refuses a branch to a block that it is not inside of', () => {
    let outer: Parameters<typeof branch>[0] | undefined;
    const body = [
      block((label) => {
        outer = label;
        return [];
      }),
    ];
    const f = defineFunction({ name: 'lost', body: [...body, branch(outer!)] });
    expect(() => assemble({ exports: { f } })).toThrow(
      'lost: a branch goes to a block that it is not inside of. Move it inside.',
    );
  });

  it('works on a memory that it is given, at offsets', () => {
    const shared = newMemory(1);
    const { at } = locals('i32', 'at');
    const body = [
      v128.store(at, f32x4.add(v128.load(at, 16), f32x4.splat(f64ToF32(0.5))), 32),
      memory.copy(i32.const(0), i32.add(at, 32), i32.const(4)),
    ];
    const f = defineFunction({ name: 'f', params: [at], body, result: memory.size() });
    const bytes = assemble({ exports: { f }, memory: { pages: 1, from: { module: 'env', name: 'memory' } } });
    const numbers = new Float32Array(shared.buffer);
    numbers.set([1, 2, 3, 4], 8);
    expect(instantiate(bytes, { env: { memory: shared } }).exports.f!(16)).toBe(1);
    expect([...numbers.slice(12, 16)]).toEqual([1.5, 2.5, 3.5, 4.5]);
    expect(numbers[0]).toBe(1.5);
  });

  it('exports its own memory, shared with a maximum if wanted', () => {
    const f = defineFunction({ name: 'f', result: memory.grow(1) });
    const { exports } = instantiate(assemble({ exports: { f }, memory: { pages: 2, as: 'memory' } }));
    expect(exports.f!()).toBe(2);
    expect((exports.memory as unknown as { buffer: ArrayBuffer }).buffer.byteLength).toBe(3 * 65536);
    const shared = assemble({ exports: { f }, memory: { pages: 1, maximum: 2, shared: true } });
    expect(validates(shared)).toBe(true);
  });

  it('shuffles, selects and takes lanes', () => {
    const [x, y] = [local('f64'), local('f64')];
    const pair = f64x2.replace_lane(f64x2.splat(x), y, 1);
    const swapped = i8x16.shuffle(pair, pair, [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
    const lane = (which: number) => f64x2.extract_lane(select(swapped, pair, i32.const(which)), 0);
    expect(run(defineFunction({ name: 'f', params: [x, y], result: lane(1) }))(3, 4)).toBe(4);
    expect(run(defineFunction({ name: 'f', params: [x, y], result: lane(0) }))(3, 4)).toBe(3);
    const mask = v128.const(Array.from({ length: 16 }, (_, byte) => (byte < 8 ? 0xff : 0)));
    const mixed = v128.bitselect(f64x2.splat(x), f64x2.splat(y), mask);
    const sum = f64.sub(f64x2.extract_lane(mixed, 0), f64x2.extract_lane(mixed, 1));
    expect(run(defineFunction({ name: 'f', params: [x, y], result: sum }))(3, 4)).toBe(-1);
  });

  it('sets a variable and goes on with its value', () => {
    const { x, y } = locals('i32', 'x y');
    expect(run(defineFunction({ name: 'f', params: [x], result: i32.mul(tee(y, i32.add(x, 1)), y) }))(6)).toBe(49);
  });

  it('names functions for stack traces', () => {
    const inner = defineFunction({ name: 'divides', result: i32.div_s(i32.const(1), i32.const(0)) });
    const outer = defineFunction({ name: 'calls', result: callFor('i32', inner) });
    try {
      run(outer)();
      expect.unreachable();
    } catch (error) {
      expect((error as Error).stack).toMatch(/divides[\s\S]*calls/);
    }
  });
});

function f64ToF32(value: number): ReturnType<typeof f32x4.extract_lane> {
  return f32x4.extract_lane(f32x4.demote_f64x2_zero(f64x2.splat(f64.const(value))), 0);
}

import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { atomicInstructions } from '../../src/assembler/atomic-instructions.ts';
import { local } from '../../src/assembler/control.ts';
import type { Expression } from '../../src/assembler/expression.ts';
import {
  atomic,
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  v128,
} from '../../src/assembler/families.ts';
import { defineFunction } from '../../src/assembler/function.ts';
import { type Instruction, scalarInstructions } from '../../src/assembler/instructions.ts';
import { assemble } from '../../src/assembler/module.ts';
import { readSignature } from '../../src/assembler/types.ts';
import { vectorInstructions } from '../../src/assembler/vector-instructions.ts';
import { validates } from '../../src/engine.ts';

const tools = await wabt();
const features = { simd: true, relaxed_simd: true, sat_float_to_int: true, bulk_memory: true, threads: true } as const;
const families = {
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  v128,
  'i32.atomic': atomic,
  'memory.atomic': atomic,
};
const tables: { readonly [name: string]: Instruction } = {
  ...scalarInstructions,
  ...vectorInstructions,
  ...atomicInstructions,
};

/** A function of the instruction's operands that does nothing but the instruction. */
function moduleOf(name: string): Uint8Array<ArrayBuffer> {
  const [, prefix, rest] = name.match(/^(\w+(?:\.atomic)?)\.(.+)$/) as unknown as [string, 'i32', 'add'];
  const [, signature, needs] = tables[name]!;
  const { takes, gives } = readSignature(signature);
  const params = takes.map((type) => local(type));
  const make = families[prefix][rest] as unknown as (...operands: (Expression | number)[]) => Expression<'i32'>;
  const lane = needs !== undefined && 'lanes' in needs ? [needs.lanes - 1] : [];
  const offset = needs !== undefined && 'bytes' in needs ? [24] : [];
  const node = make(...params, ...lane, ...offset);
  const parts = gives === 'none' ? { body: [node as unknown as Expression<'none'>] } : { result: node };
  return assemble({
    exports: { probe: defineFunction({ name: 'probe', params, ...parts }) },
    memory: { pages: 1 },
  });
}

describe('each instruction', () => {
  it.each(Object.keys(tables))('%s is what wabt reads it as, and is valid', (name) => {
    const bytes = moduleOf(name);
    const module = tools.readWasm(bytes, { ...features, readDebugNames: true });
    module.validate();
    const text = module.toText({});
    module.destroy();
    const [, , needs] = tables[name]!;
    const offset = needs !== undefined && 'bytes' in needs ? ' offset=24' : '';
    const lane = needs !== undefined && 'lanes' in needs ? ` ${needs.lanes - 1}` : '';
    const lines = text.split('\n').map((line) => line.trim().replace(/\)+$/, ''));
    expect(lines).toContain(name + offset + lane);
    if (!name.includes('relaxed')) expect(validates(bytes)).toBe(true);
  });

  it('has a code of its own', () => {
    expect(Object.keys(tables).length).toBeGreaterThan(220);
    expect(new Set(Object.values(tables).map(([code]) => code)).size).toBe(Object.keys(tables).length);
  });
});

import { expect, it } from 'vitest';
import { set } from '../../src/assembler/control.ts';
import { i32 } from '../../src/assembler/families.ts';
import { defineFunction } from '../../src/assembler/function.ts';
import { assemble } from '../../src/assembler/module.ts';
import { Steps } from '../../src/assembler/steps.ts';
import { instantiate } from '../../src/engine.ts';

it('keeps values in the order in which they are said', () => {
  const steps = new Steps();
  const x = steps.keep(i32.const(3));
  const square = steps.keep(i32.mul(x, x));
  steps.do(set(x, i32.const(100)));
  const f = defineFunction({ name: 'f', body: steps.statements, result: i32.add(square, x) });
  expect(instantiate(assemble({ exports: { f } })).exports.f!()).toBe(109);
});

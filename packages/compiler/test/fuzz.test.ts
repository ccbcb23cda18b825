// Random programs: compiled and eager give the same results, and leave parameters with the same values, run after run.
//
// TAPEGRAD_FUZZ_SECONDS=600 npx vitest run packages/compiler/test/fuzz.test.ts draws programs for so long, from a seed by chance;
// TAPEGRAD_FUZZ_SEED=… begins with a certain one. The program that fails is made smaller, and printed.

import { RandomGenerator } from '@tapegrad/core';
import { expect, it } from 'vitest';
import { ProgramMemory } from '../src/index.ts';
import { failureOf, shrunk } from './support/recipe-checks.ts';
import { drawRecipe } from './support/recipes.ts';

const asked = process.env.TAPEGRAD_FUZZ_SECONDS;
const seconds = Number(asked ?? 0);
const fixed = asked === undefined ? 20261125 : Math.floor(Math.random() * 2 ** 31);
const first = Number(process.env.TAPEGRAD_FUZZ_SEED ?? fixed);
const least = 50;

it(`random programs give the same compiled and eager (seeds from ${first})`, {
  timeout: 60_000 + 2000 * seconds,
}, () => {
  const end = Date.now() + 1000 * seconds;
  let memory = new ProgramMemory();
  let seed = first;
  for (; seed < first + least || Date.now() < end; seed++) {
    // some programs share one memory, and whatever others left in it
    if (seed % 20 === 0) memory = new ProgramMemory();
    const recipe = drawRecipe(new RandomGenerator(seed));
    const failure = failureOf(recipe, memory);
    if (failure === undefined) continue;
    const smallest = shrunk(recipe);
    expect.fail(`seed ${seed}: ${failureOf(smallest) ?? failure}\n${JSON.stringify(smallest)}`);
  }
  expect(seed).toBeGreaterThanOrEqual(first + least);
});

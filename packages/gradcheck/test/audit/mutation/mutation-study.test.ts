// What the audit is for, measured: single mistakes in the backward passes of random networks are named, and where there is none, none is.

import { readFile } from 'node:fs/promises';
import { interceptNames, RandomGenerator, type Tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/comparison.ts';
import { type AuditReport, auditBackward, type Cause } from '../../../src/index.ts';
import { type Mutation, mutations } from './mutations.ts';
import { backwardOf, forwardOf, type Network, type Place, randomNetwork, rightFormulas } from './network.ts';

const seed = Number(process.env.TAPEGRAD_MUTATION_SEED ?? 20261124);
/** How many networks each mistake is made in. */
const runs = Number(process.env.TAPEGRAD_MUTATION_RUNS ?? 8);
/** How many networks without a mistake are audited. */
const unmutated = Number(process.env.TAPEGRAD_MUTATION_UNMUTATED ?? 1000);

interface Trial {
  readonly network: Network;
  readonly l: number;
}

/** Networks, and a layer of each, in which the mistake can be made and changes something. */
function trials(mutation: Mutation, random: RandomGenerator): Trial[] {
  const found: Trial[] = [];
  for (let tries = 0; found.length < runs && tries < 400 * runs; tries++) {
    const network = randomNetwork(random);
    const layers = network.sizes.length - 1;
    const l = mutation.formula === 'A' ? layers : 1 + Math.floor(random.next() * layers);
    if (mutation.formula === 'below' && l === 1) continue;
    if (mutation.applies(network, l) && changes(mutation, network, l)) found.push({ network, l });
  }
  return found;
}

/** Whether the mistake changes what the formula gives by more than float32 could tell. */
function changes(mutation: Mutation, network: Network, l: number): boolean {
  let differs = false;
  const watch = (p: Place) => {
    const [right, wrong] = [rightFormulas[mutation.formula](p), mutation.wrong(p)];
    const sameShape = right.shape.join() === wrong.shape.join();
    const least = mutation.kinds.includes('epsilon') ? 'rounding' : 'single';
    const order = ['exact', 'rounding', 'single', 'different'];
    differs = !sameShape || order.indexOf(compare(wrong, right).agreement) > order.indexOf(least);
    return right;
  };
  const values: { [name: string]: Tensor } = { ...network.inputs, ...network.params };
  interceptNames(
    () => forwardOf(network)(values),
    (x, name) => {
      values[name] = x;
      return x;
    },
  );
  backwardOf(network, (which, at) => (which === mutation.formula && at === l ? watch : undefined))(
    values,
    (_name, g) => g as Tensor,
  );
  return differs;
}

function auditOf(network: Network, replace?: Parameters<typeof backwardOf>[1]): AuditReport {
  return auditBackward({
    inputs: network.inputs,
    params: network.params,
    forward: forwardOf(network) as never,
    backward: backwardOf(network, replace) as never,
    numeric: false,
  });
}

/** The name under which the gradient of a formula is handed in. */
function nameOf({ formula }: Mutation, l: number): string {
  return formula === 'below' ? `A${l - 1}` : `${formula}${l}`;
}

/** Whether a cause is the mistake that was made: of its kind, in its words, with its factor. */
function isTrueCause({ kind, text, factor }: Cause, mutation: Mutation, network: Network): boolean {
  const expected = kind === 'factor' || kind === 'sign' ? mutation.factor?.(network) : undefined;
  const isFactor = expected === undefined || Math.abs(factor / expected - 1) < 1e-6;
  return mutation.kinds.includes(kind) && mutation.says.test(text) && isFactor;
}

function describeNetwork({ sizes, activations, loss, skips, meanAt, rows }: Network, l: number): string {
  return `${rows} rows, sizes ${sizes}, ${activations}, ${loss}, skips ${skips}, mean at ${meanAt}, layer ${l}`;
}

describe(`the mutation study (seed ${seed})`, () => {
  let [tried, caused] = [0, 0];

  it.each(mutations)('names the first wrong formula: $name', { timeout: 120_000 }, (mutation) => {
    const random = new RandomGenerator(seed);
    const all = trials(mutation, random);
    expect(all.length).toBe(runs);
    for (const { network, l } of all) {
      const report = auditOf(network, (which, at) =>
        which === mutation.formula && at === l ? mutation.wrong : undefined,
      );
      const name = nameOf(mutation, l);
      const term = report.terms.find((one) => one.name === name)!;
      const texts = term.causes.map(({ kind, text }) => `${kind}: ${text}`);
      const found = term.causes.some((cause) => isTrueCause(cause, mutation, network));
      if (process.env.TAPEGRAD_MUTATION_VERBOSE !== undefined && !found) {
        console.log(mutation.name, '|', describeNetwork(network, l), '|', term.verdict, texts);
      }
      tried++;
      if (found) caused++;
      // As small as an ε, it is named all the same, but not called a mistake.
      if (mutation.kinds.includes('epsilon') && term.verdict === 'approximate') continue;
      expect([report.firstWrong, describeNetwork(network, l), report.summary]).toEqual([
        name,
        describeNetwork(network, l),
        report.summary,
      ]);
      expect(report.ok).toBe(false);
    }
  });

  it('lists the true cause among the likely ones in at least 90 % of them', () => {
    if (process.env.TAPEGRAD_MUTATION_VERBOSE !== undefined) console.log(`causes: ${caused} of ${tried}`);
    expect(tried).toBe(mutations.length * runs);
    expect(caused / tried).toBeGreaterThanOrEqual(0.9);
  });

  it(`calls none of ${unmutated} right backward passes wrong`, { timeout: 120_000 }, () => {
    const random = new RandomGenerator(seed + 1);
    for (let i = 0; i < unmutated; i++) {
      const network = randomNetwork(random);
      const report = auditOf(network);
      expect([i, report.ok, report.summary, describeNetwork(network, 0)]).toEqual([
        i,
        true,
        report.summary,
        describeNetwork(network, 0),
      ]);
    }
  });

  it('makes as many different mistakes as the docs say', async () => {
    const docs = await readFile(new URL('../../../../../docs/AUDIT.md', import.meta.url), 'utf8');
    const said = /makes (\d+) kinds of single mistakes/.exec(docs)?.[1];
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(Number(said));
  });
});

// A network of two layers with a backward pass written by hand, computed in real numbers; and terms of a report from tensors.

import { RandomGenerator, type Tensor } from '@tapegrad/core';
import type { ElementSample, TermReport } from '../../src/audit/audit-report.ts';
import { compare } from '../../src/comparison.ts';

/** How many samples the network sees. */
export const m = 32;

/** x [m, 4] → 3 tanh units → one sigmoid unit, binary cross-entropy averaged over m samples. */
function network() {
  const random = new RandomGenerator(7);
  const draw = (...shape: number[]): Tensor => random.normal(shape, 0, 1, 'float64');
  const [x, W1, b1, W2, b2] = [draw(m, 4), draw(4, 3), draw(3), draw(3, 1), draw(1)];
  const y = random.uniform([m, 1], 0, 1, 'float64').round();
  const A1 = x.matmul(W1).add(b1).tanh();
  const A2 = A1.matmul(W2).add(b2).sigmoid();
  const loss = y
    .mul(A2.log())
    .add(y.neg().add(1).mul(A2.neg().add(1).log()))
    .neg()
    .mean();
  return { x, W1, W2, y, A1, A2, loss: loss.item() };
}

/** Its values. */
export const net = network();

type Gradients = { readonly [name: string]: Tensor };

/** The backward pass; `mistake` stands in for the step from A2 to Z2, and `of` for the batch size where the weights divide by it. */
export function backward(dZ2: (dA2: Tensor) => Tensor = rightStep, dividedAtWeights = 1): Gradients {
  const { x, W2, A1, A2, y } = net;
  const dA2 = A2.sub(y)
    .div(A2.mul(A2.neg().add(1)))
    .div(m);
  const Z2 = dZ2(dA2);
  const A1g = Z2.matmul(W2.transpose());
  const Z1 = A1g.mul(A1.square().neg().add(1));
  const by = (g: Tensor): Tensor => g.div(dividedAtWeights);
  return {
    A2: dA2,
    Z2,
    W2: by(A1.transpose().matmul(Z2)),
    b2: by(Z2.sum(0)),
    A1: A1g,
    Z1,
    W1: by(x.transpose().matmul(Z1)),
    b1: by(Z1.sum(0)),
  };
}

/** dA2 → dZ2 as it should be. */
export function rightStep(dA2: Tensor): Tensor {
  return dA2.mul(net.A2).mul(net.A2.neg().add(1));
}

/** The elements of a tensor as a report holds them. */
export function sampleOf(x: Tensor): ElementSample {
  const columns = x.shape.at(-1) ?? 1;
  const data = [...x.toData()].map((value) => (Number.isFinite(value) ? value : null));
  const rows =
    columns === 0
      ? []
      : Array.from({ length: data.length / columns }, (_, i) => data.slice(i * columns, (i + 1) * columns));
  const complete = rows.length <= 64 && columns <= 64;
  return { rows: rows.slice(0, 64).map((row) => row.slice(0, 64)), complete };
}

/** What a term needs; the rest follows. */
export interface TermSpec extends Partial<TermReport> {
  readonly name: string;
  readonly expected: Tensor;
  /** What the formula gives on right input. */
  readonly given?: Tensor;
  /** What it gives in the chain. */
  readonly chained?: Tensor;
}

/** A term, with comparisons and samples from its tensors. */
export function termOf({ expected, given, chained = given, ...rest }: TermSpec): TermReport {
  return {
    kind: 'intermediate',
    shape: expected.shape,
    verdict: 'right',
    first: false,
    uses: [],
    factor: 1,
    carries: 1,
    madeUpAt: [],
    alone: given === undefined ? null : compare(given, expected),
    free: chained === undefined ? null : compare(chained, expected),
    numeric: { agreesWith: 'both', tried: Math.min(8, expected.size), of: expected.size, elements: [] },
    causes: [],
    problem: null,
    automatic: null,
    manual: null,
    elements: {
      manual: given === undefined ? null : sampleOf(given),
      autograd: sampleOf(expected),
      difference: given === undefined ? null : sampleOf(given.sub(expected)),
    },
    ...rest,
  };
}

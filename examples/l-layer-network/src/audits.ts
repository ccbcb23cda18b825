// The write-up's formulas, held against the tape: the backward pass with each of its three losses, and its step of Adam.

import { oneHot, RandomGenerator, sub, type Tensor, where } from '@tapegrad/core';
import { digits } from '@tapegrad/datasets';
import { type AuditReport, auditBackward, auditUpdate, type UpdateReport } from '@tapegrad/gradcheck';
import { RootlessAdam } from './rootless-adam.ts';

/** What was audited, and what was found. */
export interface Audited {
  readonly title: string;
  readonly report: AuditReport | UpdateReport;
}

/** An output layer with its loss. */
interface Pair {
  readonly title: string;
  readonly output: 'sigmoid' | 'softmax';
  readonly loss: (A: Tensor, Y: Tensor, m: number) => Tensor;
}

const epsilon = 1e-8;

const pairs: readonly Pair[] = [
  {
    title: 'sigmoid, binary cross-entropy',
    output: 'sigmoid',
    // −(1/m) Σ (Y log P + (1 − Y) log(1 − P)), with P the predictions clipped to [ε, 1 − ε]
    loss: (A, Y, m) => {
      const P = A.clip(epsilon, 1 - epsilon);
      const likelihood = Y.mul(P.log()).add(sub(1, Y).mul(sub(1, P).log()));
      return likelihood.sum().div(-m);
    },
  },
  {
    title: 'sigmoid, squared error',
    output: 'sigmoid',
    // (1/2m) Σ (A − Y)²
    loss: (A, Y, m) => {
      const squares = A.sub(Y).square();
      return squares.sum().div(2 * m);
    },
  },
  {
    title: 'softmax, cross-entropy',
    output: 'softmax',
    // −(1/m) Σ Y log A
    loss: (A, Y, m) => Y.mul(A.log()).sum().div(-m),
  },
];

/** The audits, on twelve of the 8 × 8 digits and a network of 64–8–5–10: a formula is as right or wrong on few numbers as on many. */
export async function auditAll(): Promise<readonly Audited[]> {
  const { x, y } = await digits();
  const [X, Y] = [x.slice(0, 12).div(16).transpose(), oneHot(y.slice(0, 12), 10).transpose()];
  return [
    ...pairs.map((pair) => ({ title: pair.title, report: auditPair(pair, X, Y) })),
    { title: 'the step of Adam', report: auditStep() },
  ];
}

/** The backward pass with one output and loss. As in the write-up, each example is a column. */
function auditPair({ output, loss }: Pair, X: Tensor, Y: Tensor): AuditReport {
  const sizes = [64, 8, 5, 10];
  const last = sizes.length - 1;
  return auditBackward({
    inputs: { X, Y },
    params: parameters(sizes),

    forward: (values) => {
      let A = values.X;
      for (let l = 1; l <= last; l++) {
        const Z = values[`W${l}`]!.matmul(A).add(values[`b${l}`]!).named(`Z${l}`);
        const activated = l < last ? Z.relu() : output === 'sigmoid' ? Z.sigmoid() : Z.softmax(0);
        A = activated.named(`A${l}`);
      }
      return loss(A, values.Y, values.Y.shape[1]!);
    },

    backward: (values, given) => {
      const m = values.Y.shape[1]!;
      let dA = given(`A${last}`, values[`A${last}`]!.sub(values.Y));
      for (let l = last; l >= 1; l--) {
        const [A, Z] = [values[`A${l}`]!, values[`Z${l}`]!];
        const activated = output === 'sigmoid' ? dA.mul(A.mul(sub(1, A))) : dA;
        const dZ = given(`Z${l}`, l < last ? where(Z.greater(0), dA, 0) : activated);
        const prev = l === 1 ? values.X : values[`A${l - 1}`]!;
        given(`W${l}`, dZ.matmul(prev.transpose()).div(m));
        given(`b${l}`, dZ.sum(1, { keepDims: true }).div(m));
        if (l > 1) dA = given(`A${l - 1}`, values[`W${l}`]!.transpose().matmul(dZ));
      }
    },
  });
}

/** Weights `[outputs, inputs]` by He; biases that are small and not 0, so that each one counts. */
function parameters(sizes: readonly number[]): { readonly [name: string]: Tensor } {
  const random = new RandomGenerator(2);
  const entries = sizes
    .slice(1)
    .flatMap((outputs, i) => [
      [`W${i + 1}`, random.normal([outputs, sizes[i]!], 0, Math.sqrt(2 / sizes[i]!), 'float64')] as const,
      [`b${i + 1}`, random.normal([outputs, 1], 0, 0.1, 'float64')] as const,
    ]);
  return Object.fromEntries(entries);
}

/** The step that this example trains with, against the published one. */
function auditStep(): UpdateReport {
  const random = new RandomGenerator(3);
  const [learningRate, shape] = [0.001, [3, 4]];
  const optimizer = new RootlessAdam({ learningRate });
  const { beta1, beta2 } = optimizer;
  return auditUpdate({
    params: { W: random.normal(shape, 0, 1, 'float64') },
    grads: { W: random.normal(shape, 0, 0.1, 'float64') },
    reference: { rule: 'adam', learningRate, beta1, beta2, epsilon: optimizer.epsilon },
    manual: ({ params, grads, state, step }) => {
      const before = { m: state.m.W, v: state.v.W };
      const { value, slots } = optimizer.update(params.W, grads.W, before, optimizer.scalars(step));
      return { params: { W: value }, state: { m: { W: slots.m }, v: { W: slots.v } } };
    },
  });
}

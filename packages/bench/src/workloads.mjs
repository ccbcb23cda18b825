// What is measured: sizes, and the same numbers for everybody. `peers/pytorch.py` draws them by the same rule.

/** Elements of the chain's tensors; how often tanh(x · a + b) is repeated; how many ops that makes. */
export const chain = { size: 16, repeats: 333, ops: 999 };

/** Layers, rows of a batch, and the steps after which the loss is compared. */
export const training = { layers: [784, 128, 64, 10], batch: 128, warmUp: 60, stepsPerRound: 20, learningRate: 1e-3 };

/**
 * m, k, n of products.
 * @type {readonly (readonly [m: number, k: number, n: number])[]}
 */
export const products = [
  [64, 64, 64],
  [128, 128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
  [100, 30, 128],
  [100, 128, 64],
  [128, 784, 128],
];

export const rounds = 7;

/**
 * Numbers from 0 to 1, the same wherever they are drawn: the multiplicative generator of Park and Miller (1988).
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed;
  return (/** @type {number} */ length, scale = 1, shift = 0) =>
    Float32Array.from({ length }, () => {
      state = (state * 48271) % 2147483647;
      return (state / 2147483647) * scale + shift;
    });
}

/** x, a and b of the chain. */
export function chainNumbers() {
  const draw = generator(1);
  return { x: draw(chain.size, 2, -1), a: draw(chain.size, 1, 0.5), b: draw(chain.size, 0.2, -0.1) };
}

/** Weights of each layer (uniform as Kaiming He's), the rows of a batch, and their labels. */
export function trainingNumbers() {
  const draw = generator(2);
  const weights = training.layers.slice(1).map((outputs, i) => {
    const inputs = /** @type {number} */ (training.layers[i]);
    const limit = Math.sqrt(6 / inputs);
    return { inputs, outputs, numbers: draw(inputs * outputs, 2 * limit, -limit) };
  });
  const x = draw(training.batch * 784);
  const labels = Int32Array.from(draw(training.batch, 10));
  return { weights, x, labels };
}

/** The labels as rows of 0 and 1. */
export function oneHot(/** @type {Int32Array} */ labels) {
  const rows = new Float32Array(labels.length * 10);
  labels.forEach((label, i) => {
    rows[i * 10 + label] = 1;
  });
  return rows;
}

// What the README quotes is what its first example prints today.

import { readFile } from 'node:fs/promises';
import { sub, tensor } from '@tapegrad/core';
import { expect, it } from 'vitest';
import { auditBackward, showAudit } from '../src/index.ts';

it('quotes the table that the example prints', async () => {
  const report = auditBackward({
    inputs: {
      X: tensor([
        [0.5, -1],
        [1.5, 2],
        [-0.3, 0.8],
      ]),
      Y: tensor([[1], [0], [1]]),
    },
    params: {
      W1: tensor([
        [0.2, -0.4],
        [0.7, 0.1],
      ]),
      W2: tensor([[0.6], [-0.9]]),
    },
    forward: ({ X, Y, W1, W2 }) => {
      const A1 = X.matmul(W1).named('Z1').tanh().named('A1');
      return A1.matmul(W2).named('Z2').sigmoid().named('A2').sub(Y).square().mean();
    },
    backward: ({ X, Y, W2, Z1, A1, A2 }, given) => {
      const dA2 = given('A2', A2!.sub(Y).mul(2 / 3));
      const dZ2 = given('Z2', dA2.mul(A2!).mul(sub(1, A2!)));
      const dA1 = given('A1', dZ2.matmul(W2.transpose()));
      const dZ1 = given('Z1', dA1.mul(sub(1, Z1!.square())));
      return { W2: A1!.transpose().matmul(dZ2), W1: X.transpose().matmul(dZ1) };
    },
  });
  const table = showAudit(report, { color: false })
    .split('\n')
    .filter((line) => /^[┌├└│]/.test(line))
    .join('\n');
  const readme = new URL('../README.md', import.meta.url);
  const today = (await readFile(readme, 'utf8')).replace(/```text\n[\s\S]*?```/, () => `\`\`\`text\n${table}\n\`\`\``);
  await expect(today).toMatchFileSnapshot(readme.pathname);
});

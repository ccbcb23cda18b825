// The rules of element-wise ops in one loop, against the rules themselves: the same bits.

import { describe, expect, it } from 'vitest';
import {
  elementwise,
  entries,
  type FloatDType,
  grad,
  noGrad,
  type OpEntry,
  scalar,
  type Tensor,
  tensor,
  unary,
} from '../src/index.ts';
import { ruleInOneLoop } from '../src/rule-kernel.ts';
import { broadcastShapes } from '../src/shape.ts';

const points = [
  ...[Number.NEGATIVE_INFINITY, -3e38, -1e19, -100, -6, -3, -1.25, -1, -0.3, -1e-30, -1e-45, -0],
  ...[0, 1e-45, 1e-30, 0.1, 0.5, 1, 2, 3, 6, 88.5, 1e4, 1e19, 3e38, Number.POSITIVE_INFINITY, Number.NaN],
];
const seeds = [1, -0.7, 0, Number.POSITIVE_INFINITY, Number.NaN];

/** Every rule of an element-wise op without arguments. */
const rules = entries.flatMap((entry) => {
  if (!('vjp' in entry)) return [];
  const op = entry as OpEntry;
  if (!op.elementwise || op.samples.some(({ args }) => args !== undefined)) return [];
  return op.inputs.flatMap((input, position) => {
    const rule = op.vjp[input]!;
    return rule === 'not differentiable' ? [] : [{ title: `${op.name} by ${input}`, op, position, rule }];
  });
});

/** What is differentiated, at all combinations of the points: the first operand down the rows, the second along them. */
function operandsOf(op: OpEntry, dtype: FloatDType): { readonly operands: readonly Tensor[]; readonly out: Tensor } {
  const column = tensor(
    points.map((value) => [value]),
    { dtype },
  );
  const operands = [column, tensor(points, { dtype }), scalar(0.25, dtype)].slice(0, op.inputs.length);
  const arrays = operands.map((x) => x.array);
  const shape = broadcastShapes(
    op.name,
    operands.map((x) => x.shape),
  );
  const result = { shape, dtype, attrs: undefined };
  return { operands, out: tensor(op.forward(arrays, result)) };
}

function savedBy(op: OpEntry, operands: readonly Tensor[], out: Tensor): { readonly [name: string]: Tensor } {
  return Object.fromEntries(op.saves.map((name) => [name, name === 'out' ? out : operands[op.inputs.indexOf(name)]!]));
}

/** Bits, all NaN alike. */
const bits = (x: Tensor): string[] => Array.from(x.toData(), (value) => (Object.is(value, -0) ? '-0' : String(value)));

describe('a rule in one loop', () => {
  it.each(rules)('$title gives the bits of the rule', ({ op, position, rule }) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const { operands, out } = operandsOf(op, dtype);
      const saved = savedBy(op, operands, out);
      for (const seed of seeds) {
        const g = scalar(seed, dtype).broadcastTo(out.shape);
        const joined = ruleInOneLoop(op, position, undefined, g, saved);
        if (joined === undefined) continue;
        const call = { attrs: undefined, inputs: operands, position };
        expect(bits(joined)).toEqual(bits(rule(g, saved, call).broadcastTo(out.shape)));
      }
    }
  });

  it('is made of every rule of the table but those that are no loop, or no expression', () => {
    const whole = rules.filter(({ op, position }) => {
      const { operands, out } = operandsOf(op, 'float64');
      return ruleInOneLoop(op, position, undefined, out, savedBy(op, operands, out)) === undefined;
    });
    expect(whole.map(({ title }) => title)).toEqual([
      // these pass g on
      ...['identity by x', 'add by x', 'add by y', 'sub by x'],
      // a dtype may change, or a kernel is a function
      ...['pow by y', 'mod by x', 'mod by y', 'lgamma by x', 'digamma by x'],
    ]);
  });

  it('is not asked for by a backward pass that is recorded', () => {
    const cube = (x: Tensor): Tensor => x.square().mul(x);
    expect(grad((x: Tensor) => grad(cube)(x))(scalar(2)).item()).toBe(12);
  });

  it('is not made of a rule of the user, which may read what changes', () => {
    let strength = 1;
    const reversal = unary({
      name: 'reversal',
      doc: 'The same values, whose gradient turns around.',
      tex: 'x',
      kernel: elementwise('reversal', ['x'], 'x'),
      saves: [],
      vjp: (g) => g.mul(-strength),
    });
    const slope = (): number => grad((x: Tensor) => reversal(x).sum())(scalar(3)).item();
    expect(slope()).toBe(-1);
    strength = 5;
    expect(slope()).toBe(-5);
    expect(noGrad(slope)).toBe(-5);
  });
});

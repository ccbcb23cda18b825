import { describe, expect, it } from 'vitest';
import { Parameter, scalar, type Tensor, tensor } from '../src/index.ts';
import { leavesOf, rebuild, sourcesOf } from '../src/tree.ts';
import { refusal } from './refusal.ts';

const [a, b, c] = [scalar(1), scalar(2), scalar(3)];

describe('leavesOf', () => {
  it.each<[string, object, string[]]>([
    ['a tensor', a, ['']],
    ['an object', { W: a, b }, ['W', 'b']],
    ['a list', [a, b], ['[0]', '[1]']],
    [
      'a nesting',
      { layers: [{ W: a, b }, { W: c }], scale: b },
      ['layers[0].W', 'layers[0].b', 'layers[1].W', 'scale'],
    ],
    ['lists of lists', [[a], [b, c]], ['[0][0]', '[1][0]', '[1][1]']],
    ['the same tensor twice', { x: a, y: a }, ['x', 'y']],
    ['nothing', { layers: [] }, []],
  ])('of %s', (_, tree, paths) => {
    expect(leavesOf('grad', tree).map((leaf) => leaf.path)).toEqual(paths);
  });

  it.each<[string, unknown, string]>([
    ['a number', 3, 'grad: the argument is a number. Expected tensors, in any nesting of arrays and objects.'],
    ['nothing', undefined, 'grad: the argument is undefined. Expected tensors, in any nesting of arrays and objects.'],
    [
      'a number in an object',
      { layers: [a, { rate: 0.1 }] },
      'grad: layers[1].rate is a number. Expected tensors, in any nesting of arrays and objects.',
    ],
    ['null', { W: null }, 'grad: W is null. Expected tensors, in any nesting of arrays and objects.'],
    ['a function', [() => a], 'grad: [0] is a function. Expected tensors, in any nesting of arrays and objects.'],
  ])('refuses %s', (_, tree, message) => {
    expect(() => leavesOf('grad', tree as object)).toThrow(refusal(message));
  });

  it.each<[string, object]>([
    ['Map', new Map([['w', a]])],
    ['Set', new Set([a])],
    ['Float32Array', Float32Array.of(1)],
  ])('refuses a %s, whose elements are no properties', (kind, tree) => {
    expect(() => leavesOf('grad', { tree })).toThrow(
      refusal(`grad: tree is an instance of ${kind}. Expected tensors, in any nesting of arrays and objects.`),
    );
  });

  it('takes objects without a prototype, and instances of a class', () => {
    class Weights {
      W = a;
      b = b;
    }
    const bare: object = Object.assign(Object.create(null), { W: a });
    expect(leavesOf('grad', [bare, new Weights()]).map(({ path }) => path)).toEqual(['[0].W', '[1].W', '[1].b']);
  });
});

describe('sourcesOf', () => {
  it('takes both float dtypes', () => {
    expect(sourcesOf('grad', [a, scalar(1, 'float64')])).toHaveLength(2);
  });

  it.each<[object, string]>([
    [
      tensor([1], { dtype: 'int32' }),
      'grad: the source has dtype int32. Expected float32 or float64, which have gradients.',
    ],
    [{ a, mask: tensor([true]) }, 'grad: mask has dtype bool. Expected float32 or float64, which have gradients.'],
    [[tensor([true], { name: 'm' })], 'grad: m has dtype bool. Expected float32 or float64, which have gradients.'],
  ])('refuses what has no gradient', (tree, message) => {
    expect(() => sourcesOf('grad', tree)).toThrow(refusal(message));
  });
});

describe('rebuild', () => {
  it('puts other leaves into the same nesting', () => {
    const tree = { layers: [{ W: a }, { W: b }], scale: c };
    const rebuilt = rebuild(tree, [c, a, b]);
    expect(rebuilt.layers.map(({ W }) => W)).toEqual([c, a]);
    expect(rebuilt.scale).toBe(b);
    expect(tree.layers[0]!.W).toBe(a);
  });

  it('gives plain tensors for parameters, and types them so', () => {
    const tree = { w: new Parameter(a, 'w') };
    const { w }: { w: Tensor } = rebuild(tree, [b]);
    expect(w).toBe(b);
    expect(rebuild(a, [b])).toBe(b);
    expect(rebuild([], [])).toEqual([]);
  });
});

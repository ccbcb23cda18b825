import { describe, expect, it } from 'vitest';
import { add, grad, Parameter, scalar, Tape, type Tensor, tensor } from '../src/index.ts';
import { siteIn } from '../src/site.ts';

/** The line of this file after the one that calls it. */
function nextLine(): number {
  const [, line] = /site\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n').slice(2).join('\n'))!;
  return Number(line) + 1;
}

describe('new Tape({ sites: true })', () => {
  it('remembers the line of each step, also where a method is called, and of what is watched', () => {
    const x = scalar(2);
    const tape = new Tape({ sites: true });
    const lines: number[] = [];
    lines.push(nextLine());
    tape.watch({ x });
    tape.record(() => {
      lines.push(nextLine());
      x.square();
      lines.push(nextLine());
      add(x, x);
    });
    expect(tape.nodes.map(({ site }) => site)).toEqual(
      lines.map((line) => expect.stringMatching(new RegExp(`^packages/core/test/site\\.test\\.ts:${line}:\\d+$`))),
    );
  });

  it('remembers the line of a parameter that is met, and the line inside a function that the library calls', () => {
    const w = new Parameter(scalar(2), 'w');
    const outer = new Tape({ sites: true });
    let line = 0;
    const cube = (x: Tensor): Tensor => {
      line = nextLine();
      return x.pow(3);
    };
    outer.record(() => grad(cube)(w));
    const power = outer.nodes.find(({ op }) => op?.name === 'pow');
    expect(power?.site).toContain(`site.test.ts:${line}:`);
    expect(outer.nodes[0]?.site).toContain('site.test.ts:');
  });

  it('is shown by the text of the tape', () => {
    const x = scalar(2);
    const tape = new Tape({ sites: true });
    tape.watch({ x });
    tape.record(() => x.square());
    const [first, second] = String(tape).split('\n');
    expect(first).toMatch(/^%0 {2}float32\[\] {2}watched {5}x {2}packages\/core\/test\/site\.test\.ts:\d+:\d+$/);
    expect(second).toMatch(/^%1 {2}float32\[\] {2}square\(%0\) {5}packages\/core\/test\/site\.test\.ts:\d+:\d+$/);
  });

  it('is not remembered without the option', () => {
    const x = tensor([1]);
    const tape = new Tape();
    tape.watch({ x });
    tape.record(() => x.square());
    expect(tape.nodes.map(({ site }) => site)).toEqual([undefined, undefined]);
  });

  it('gives constants the line of the step that uses them', () => {
    const x = tensor([1, 2]);
    const tape = new Tape({ sites: true });
    tape.watch({ x });
    tape.record(() => x.add(3).mul(tensor([4, 5])));
    const [, three, sum, list, product] = tape.nodes.map(({ site }) => site);
    expect([three, list]).toEqual([sum, product]);
    expect(three).toMatch(/site\.test\.ts:\d+:\d+$/);
  });

  it('leaves the depth of the stacks of errors as it was', () => {
    const before = Error.stackTraceLimit;
    const x = scalar(1);
    const tape = new Tape({ sites: true });
    tape.watch({ x });
    expect(Error.stackTraceLimit).toBe(before);
  });
});

describe('siteIn', () => {
  const installed = '/home/me/app/node_modules/@tapegrad/core/dist/op.js:10:5';

  it.each<[string, string, string | undefined]>([
    [
      'V8',
      `Error\n    at apply (file://${installed})\n    at Object.<anonymous> (file:///srv/my app/net.ts:12:20)`,
      '/srv/my app/net.ts:12:20',
    ],
    ['V8, no function', `Error\n    at ${installed}\n    at /srv/net.ts:3:4`, '/srv/net.ts:3:4'],
    [
      'V8, asynchronous',
      `Error\n    at async Model.fit (${installed})\n    at async main (/srv/net.ts:3:4)`,
      '/srv/net.ts:3:4',
    ],
    ['V8, Windows', 'Error\n    at f (file:///C:/app/net.ts:3:4)', 'C:/app/net.ts:3:4'],
    ['V8, a method under another name', `Error\n    at new Net [as x] (/srv/net.ts:3:4)`, '/srv/net.ts:3:4'],
    [
      'V8, what the engine runs by itself',
      'Error\n    at Array.map (<anonymous>)\n    at node:internal/x:1:2\n    at /srv/net.ts:3:4',
      '/srv/net.ts:3:4',
    ],
    [
      'pnpm',
      `Error\n    at f (/app/node_modules/.pnpm/@tapegrad+nn@1.0.0/node_modules/@tapegrad/nn/dist/layer.js:1:2)\n    at g (/app/a.js:5:6)`,
      '/app/a.js:5:6',
    ],
    [
      'Firefox',
      'apply@http://localhost:5173/node_modules/@tapegrad/core/dist/op.js:10:5\nmain@http://localhost:5173/src/net.ts?t=17:12:20',
      '/src/net.ts:12:20',
    ],
    [
      'Safari',
      'apply@http://localhost/node_modules/@tapegrad/core/src/op.ts:10:5\n[native code]\nglobal code@http://localhost/net.js:12:20',
      '/net.js:12:20',
    ],
    [
      'an example of a package',
      `Error\n    at f (/app/node_modules/@tapegrad/core/examples/a.js:5:6)`,
      '/app/node_modules/@tapegrad/core/examples/a.js:5:6',
    ],
    ['V8, files and folders by the name of eval', 'Error\n    at f (/u/eval/ml/eval.ts:3:4)', '/u/eval/ml/eval.ts:3:4'],
    [
      'V8, code that was evaluated',
      'Error\n    at eval (eval at g (file:///a.ts:1:2), <anonymous>:5:6)\n    at g (file:///a.ts:1:2)',
      '/a.ts:1:2',
    ],
    [
      'Firefox, code that was evaluated',
      'f@http://localhost/a.js line 3 > eval:1:1\ng@http://localhost/a.js line 4 > Function:1:1\n@http://localhost/a.js:3:9',
      '/a.js:3:9',
    ],
    [
      "Vite's development server",
      'Error\n    at f (http://localhost:5173/node_modules/.vite/deps/@tapegrad_core.js?v=1a2b:10:5)\n' +
        '    at g (http://localhost:5173/src/net.ts:12:20)',
      '/src/net.ts:12:20',
    ],
    [
      'Vitest, with dependencies bundled',
      'Error\n    at f (/app/node_modules/.vite/deps_ssr/@tapegrad_nn.js:10:5)\n    at g (/app/src/net.ts:12:20)',
      '/app/src/net.ts:12:20',
    ],
    ['nothing but the library', `Error\n    at f (${installed})`, undefined],
    ['what it cannot read', 'no stack at all', undefined],
    ['nothing', '', undefined],
  ])('reads the stack of %s', (_, stack, site) => {
    expect(siteIn(stack)).toBe(site);
  });
});

import { inScope, Parameter, scalar, Tape, TapegradError, tensor } from '@tapegrad/core';
import { instance } from '@viz-js/viz';
import { describe, expect, it } from 'vitest';
import { type TapeDotOptions, tapeDot } from '../../src/index.ts';
import { network } from '../support/tapes.ts';

interface Drawn {
  readonly name: string;
  readonly objects: readonly { readonly name: string; readonly [attribute: string]: unknown }[];
  readonly edges?: readonly { readonly tail: number; readonly head: number }[];
}

/** What Graphviz understands of the text; it throws where it does not. */
async function read(dot: string): Promise<Drawn> {
  const drawn = (await instance()).renderJSON(dot, { yInvert: true }) as Drawn;
  return drawn;
}

const nodesOf = ({ objects }: Drawn) => objects.filter(({ name }) => /^[ng]\d+$/.test(name));

describe('tapeDot', () => {
  it('is a list of nodes and edges that reads like the tape', () => {
    const w = tensor([1, 2]);
    const tape = new Tape();
    tape.watch({ w });
    const loss = tape.record(() => w.mul(w).named('s').sum());
    const lines = tapeDot(tape, { target: loss, title: 'Squares' }).split('\n');
    expect(lines[0]).toBe('digraph tape {');
    expect(lines[1]).toContain('graph [tooltip="Squares", rankdir="TB"');
    expect(lines.slice(4).map((line) => line.replace(/<FONT[^>]*>|<\/FONT>|, shape=.*(?=, tooltip)/g, ''))).toEqual([
      '  "n0" [label=<<B>w</B><BR/>watched<BR/>float32[2]>, tooltip="%0 = watched: float32[2]\\nw"];',
      '  "n1" [label=<<B>s</B><BR/>mul<BR/>float32[2]>, tooltip="%1 = mul(%0, %0): float32[2]\\ns"];',
      '  "n2" [label=<<B>sum</B><BR/>axes=[0]<BR/>float32[]>, tooltip="%2 = sum(%1, axes=[0], keepDims=false): float32[]"];',
      '  "n0" -> "n1";',
      '  "n0" -> "n1";',
      '  "n1" -> "n2" [weight="6"];',
      ...['}', ''],
    ]);
  });

  it('tells kinds of nodes apart by shape', async () => {
    const { tape, loss } = network();
    const drawn = nodesOf(await read(tapeDot(tape, { target: loss })));
    const look = (text: string) => {
      const { shape, style, penwidth, peripheries } = drawn.find(({ label }) => String(label).includes(text))!;
      return [shape, style, penwidth, peripheries].join(' ');
    };
    const looks = ['W_dense_1', '<B>constant', 'Z_dense_1', '<B>loss', '<B>square'].map(look);
    expect(new Set(looks).size).toBe(5);
  });

  it('puts the nodes of a layer in its frame', async () => {
    const { tape } = network();
    const { objects } = await read(tapeDot(tape));
    const frames = objects.filter(({ name }) => name.startsWith('cluster_'));
    expect(frames.map(({ label }) => label)).toEqual(['model', 'dense_1', 'dense_2']);
    expect(frames.map(({ tooltip }) => tooltip)).toEqual(['model', 'model/dense_1', 'model/dense_2']);
  });

  it('leaves the name of its layer out of a name in its frame', () => {
    const tape = new Tape();
    const [kernel, other] = [new Parameter(scalar(1), 'dense_1/kernel'), new Parameter(scalar(1), 'dense_2/kernel')];
    tape.record(() => inScope('model', () => inScope('dense_1', () => kernel.mul(other).named('dense_1/'))));
    const names = Array.from(tapeDot(tape).matchAll(/<B>(.*?)<\/B>/g), ([, name]) => name);
    expect(names).toEqual(['kernel', 'dense_2/kernel', 'dense_1/']);
  });

  it('puts what comes from outside beside what it is used by, so that layers follow each other', async () => {
    const { tape, loss } = network();
    const drawn = await read(tapeDot(tape, { target: loss }));
    const heightOf = (name: string) => {
      const { pos } = drawn.objects.find((object) => object.name === name)!;
      return Number(String(pos).split(',')[1]);
    };
    const W2 = tape.nodes.findIndex(({ name }) => name === 'W_dense_2');
    const Z2 = tape.nodes.findIndex(({ name }) => name === 'Z_dense_2');
    expect(heightOf(`n${W2}`)).toBe(heightOf(`n${Z2}`));
  });

  it('draws only what leads to the target', async () => {
    const { tape, hidden } = network();
    const drawn = nodesOf(await read(tapeDot(tape, { target: hidden })));
    expect(drawn.map(({ name }) => name)).toEqual(['n0', 'n1', 'n2', 'n3']);
    expect(drawn.at(-1)!.peripheries).toBe('2');
  });

  it('draws a layer as one node, and leaves constants out', async () => {
    const { tape, loss } = network();
    const drawn = await read(tapeDot(tape, { target: loss, collapse: true, constants: false }));
    const nodes = nodesOf(drawn);
    expect(nodes.map(({ label }) => /<B>(.*?)<\/B>/.exec(String(label))![1])).toEqual([
      'sub',
      'square',
      'loss',
      'dense_1',
      'dense_2',
    ]);
    expect(String(nodes.find(({ label }) => String(label).includes('dense_1'))!.label)).toContain('2 steps');
    expect(drawn.edges!.length).toBe(4);
  });

  it('gives each node the line of the program that made it, where the tape knows it', () => {
    const { tape } = network();
    expect(tapeDot(tape)).toMatch(/tooltip="%4 = .*\\n.*tapes\.ts:\d+:\d+"/);
  });

  it('draws any name', async () => {
    const names = [
      '"quoted"',
      'back\\slash',
      '<b>&amp;',
      'a\nb',
      '\\N',
      'ünï ∂L/∂w 😀',
      '\u0000',
      '%',
      "cost$$a $' $& $`",
    ];
    const tape = new Tape();
    const w = scalar(1);
    tape.watch(w);
    tape.record(() => names.reduce((x, name) => inScope(name.replaceAll('/', '|'), () => x.neg().named(name)), w));
    const drawn = nodesOf(await read(tapeDot(tape)));
    const tooltips = drawn
      .slice()
      .sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)))
      .slice(1)
      .map(({ tooltip }) => String(tooltip));
    expect(drawn.filter(({ label }) => String(label).includes('<B>cost$$a $&#39; $&amp; $`</B>')).length).toBe(1);
    names.forEach((name, i) => {
      const shown = name
        .replaceAll('\u0000', '\ufffd')
        .replaceAll('&', '&amp;')
        .replaceAll('\\', '\\\\')
        .replaceAll('\n', '\\n');
      expect(tooltips[i]).toContain(`\\n${shown}\\n`);
    });
  });

  it('needs no recursion: a tape of 20,000 steps', () => {
    const tape = new Tape();
    const w = scalar(1);
    tape.watch(w);
    tape.record(() => {
      let x = w;
      for (let i = 0; i < 20_000; i++) x = x.neg();
    });
    expect(tapeDot(tape, { maxNodes: 20_001 }).split('\n').length).toBeGreaterThan(40_000);
  });

  it('refuses', () => {
    const { tape, loss } = network();
    const refusal = (given: unknown, options: unknown, message: string) =>
      expect(() => tapeDot(given as Tape, options as TapeDotOptions)).toThrow(new TapegradError('tapeDot', message));
    refusal(
      new Tape(),
      {},
      'the tape is empty. Expected something recorded: tape.watch(x), then tape.record(() => …).',
    );
    refusal(null, {}, 'the tape is null. Expected what new Tape() made.');
    refusal(
      tape,
      { target: scalar(1) },
      'target, a tensor float32[], is not on the tape. Expected a tensor that it recorded.',
    );
    refusal(tape, { target: 'loss' }, 'target is "loss". Expected a tensor that the tape recorded.');
    refusal(
      tape,
      { maxNodes: 10 },
      `the picture would have ${tape.nodes.length} nodes. Expected at most 10, for it to be readable; draw layers as one node each with ` +
        'collapse: true, less of it with an earlier target, or all with a larger maxNodes.',
    );
    refusal(
      tape,
      { maxNodes: 2, target: loss, collapse: true },
      'the picture would have 6 nodes. Expected at most 2, for it to be readable; draw less of it with an earlier target, or all with a larger maxNodes.',
    );
    refusal(tape, { direction: 'up' }, 'direction is "up". Expected "down" or "right".');
    refusal(
      tape,
      { theme: 'dark' },
      'the options has no option theme. Known: title, target, direction, constants, collapse, maxNodes.',
    );
  });
});

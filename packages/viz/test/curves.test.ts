import { TapegradError, tensor } from '@tapegrad/core';
import { describe, expect, it } from 'vitest';
import { type CurvesOptions, curveGrid, curves, historyCurves, type Series } from '../src/index.ts';
import { all, sizeOf, texts } from './support/xml.ts';

const axes = { x: { label: 'epoch' }, y: { label: 'loss', unit: 'nats' } };

/** The points of each line, gap by gap. */
const pathsOf = (svg: string) =>
  all(svg, 'path')
    .filter((path) => path.getAttribute('fill') === 'none')
    .map((path) =>
      path
        .getAttribute('d')!
        .split('M')
        .slice(1)
        .map((part) =>
          part
            .replace('Z', '')
            .split('L')
            .map((point) => point.split(',').map(Number)),
        ),
    );

/** The colour and the dashes of each line. */
const looksOf = (svg: string) =>
  all(svg, 'path')
    .filter((path) => path.getAttribute('fill') === 'none')
    .map((path) => `${path.getAttribute('stroke')} ${path.getAttribute('stroke-dasharray')}`);

describe('curves', () => {
  it('draws each line, names it, and labels the axes with their units', () => {
    const svg = curves(
      [
        { name: 'a & b', y: [3, 2, 1] },
        { name: 'c', y: tensor([1, 2, 3]), x: [0, 1, 2] },
      ],
      { ...axes, title: 'T' },
    );
    expect(texts(svg)).toEqual(expect.arrayContaining(['T', 'a & b', 'c', 'epoch', 'loss (nats)', '0', '1', '2']));
    const [falling, rising] = pathsOf(svg).map(([points]) => points!);
    expect(falling!.map(([x]) => x)).toEqual(rising!.map(([x]) => x));
    expect(falling!.map(([, y]) => y)).toEqual(rising!.map(([, y]) => y).reverse());
    expect(falling![0]![1]).toBeLessThan(falling![2]![1]!); // y points downward in SVG
  });

  it('leaves gaps for NaN and infinities, and shows a point between two gaps', () => {
    const [parts] = pathsOf(curves([{ name: 'a', y: [1, 2, Number.NaN, 3, Number.POSITIVE_INFINITY, 4, 5] }], axes));
    expect(parts!.map((part) => part.length)).toEqual([2, 1, 2]);
  });

  it('leaves gaps for what a logarithmic axis cannot show', () => {
    const [parts] = pathsOf(
      curves([{ name: 'a', y: [1, 0, 10, 100] }], { ...axes, y: { label: 'loss', scale: 'log' } }),
    );
    expect(parts!.map((part) => part.length)).toEqual([1, 2]);
  });

  it.each([
    ['a logarithmic axis cannot show', 'log', (i: number) => i - 2],
    ['is no number', 'linear', (i: number) => (i % 1000 === 999 ? Number.NaN : i)],
  ] as const)('leaves gaps for x that %s, however many points there are', (_name, scale, xOf) => {
    const steps = Array.from({ length: 5000 }, (_, i) => i);
    const series = [{ name: 'a', x: steps.map(xOf), y: steps.map((i) => 1 / (i + 1)) }];
    const [parts] = pathsOf(curves(series, { x: { label: 'step', scale }, y: { label: 'loss' } }));
    expect(parts!.length).toBe(scale === 'log' ? 1 : 5);
    expect(parts!.flat(2).every(Number.isFinite)).toBe(true);
  });

  it('covers also the epochs in which the loss was NaN', () => {
    const ends = curves([{ name: 'a', y: [3, 2, ...Array<number>(9).fill(Number.NaN)] }], axes);
    expect(texts(ends)).toContain('10');
  });

  it('marks points where they are few, each kind of line with its own sign', () => {
    const marks = (y: number[], markers?: boolean) => {
      const svg = curves(
        [
          { name: 'a', y, ...(markers !== undefined && { markers }) },
          { name: 'b', y },
        ],
        axes,
      );
      return all(svg, 'path')
        .filter((path) => path.getAttribute('fill') !== 'none')
        .map((path) => path.getAttribute('d'));
    };
    expect(new Set(marks([1, Number.NaN, 2])).size).toBe(2);
    expect(marks([1, Number.NaN, 2]).length).toBe(4);
    expect(marks([1, 2], false).length).toBe(2);
    expect(marks(Array.from({ length: 13 }, (_, i) => i)).length).toBe(0);
  });

  it.each<readonly [string, Partial<Series>]>([
    ['a single point', { y: [2] }],
    ['a single point that is not to be marked', { y: [2], markers: false }],
    ['a single point between gaps', { y: [Number.NaN, 2, Number.NaN] }],
    ['a single point of many that the axes can show', { y: Array.from({ length: 20 }, (_, i) => i - 18) }],
  ])('marks %s, beside a line of many without marks', (_name, series) => {
    const many = { name: 'many', y: Array.from({ length: 20 }, (_, i) => i + 1) };
    const svg = curves([{ name: 'one', y: [], ...series }, many], { ...axes, y: { label: 'loss', scale: 'log' } });
    const marks = all(svg, 'path').filter((path) => path.getAttribute('fill') !== 'none');
    expect(marks.map((mark) => mark.getAttribute('fill'))).toEqual([looksOf(svg)[0]!.split(' ')[0]]);
  });

  it('draws a million points as what can be seen of them', () => {
    const y = Float32Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i / 1000) + (i % 7));
    expect(curves([{ name: 'a', y }], axes).length).toBeLessThan(60_000);
  });

  it('keeps the names of lines apart, grows for them, and tells repeated colours apart by dashes', () => {
    const series = Array.from({ length: 30 }, (_, i): Series => ({ name: `line ${i}`, y: [i * 1e-3, 1] }));
    const svg = curves(series, axes);
    const places = all(svg, 'text')
      .filter((text) => /^line /.test(text.textContent ?? ''))
      .map((text) => Number(text.getAttribute('y')));
    const sorted = [...places].sort((a, b) => a - b);
    expect(sorted.every((y, i) => i === 0 || y - sorted[i - 1]! > 15.9)).toBe(true);
    expect(sorted.at(-1)).toBeLessThan(sizeOf(svg)[1]);
    expect(new Set(looksOf(svg)).size).toBe(30);
  });

  it('dashes the lines that it is told to, and those where colours repeat, no two alike', () => {
    const looks = (dashed: readonly (boolean | undefined)[]) => {
      const series = dashed.map((one, i) => ({ name: `${i}`, y: [i, 1], ...(one !== undefined && { dashed: one }) }));
      return looksOf(curves(series, axes));
    };
    const solid = looks(Array(24).fill(false));
    expect(solid.every((look) => look.endsWith(' null'))).toBe(true);
    const dashed = looks(Array(24).fill(true));
    expect(dashed.every((look) => !look.endsWith(' null'))).toBe(true);
    expect(new Set(dashed).size).toBe(24);
    const first = looks([true, ...Array<undefined>(23).fill(undefined)]);
    expect(new Set(first).size).toBe(24);
    expect(first.slice(1, 6)).toEqual(solid.slice(1, 6));
    expect(first.slice(6)).toEqual(dashed.slice(6));
  });

  it('cuts lines off where an axis has a domain', () => {
    const svg = curves([{ name: 'a', y: [100, 2, 1] }], { ...axes, y: { label: 'loss', domain: [0, 3] } });
    const [, inner] = all(`<svg>${svg}</svg>`, 'svg');
    expect(inner!.getAttribute('overflow')).toBe('hidden');
    expect(texts(svg)).toContain('3.0');
  });

  it('says in words what is to be seen', () => {
    const [title] = all(curves([{ name: 'a', y: [0.9, 0.123456] }], axes), 'title');
    const [description] = all(curves([{ name: 'a', y: [0.9, 0.123456] }], axes), 'desc');
    expect(title!.textContent).toBe('loss over epoch');
    expect(description!.textContent).toBe('loss over epoch. a: from 0.9 at 0 to 0.1235 at 1.');
  });

  it.each([
    ['no series', [], axes, "the series are a list of 0. Expected at least one: [{ name: 'loss', y: losses }]."],
    ['no name', [{ y: [1] }], axes, 'series[0].name is undefined. Expected a text that is not empty.'],
    [
      'one name twice',
      [
        { name: 'a', y: [1] },
        { name: 'a', y: [2] },
      ],
      axes,
      'series[0] and series[1] are both named "a". Expected different names.',
    ],
    [
      'lengths that differ',
      [{ name: 'a', y: [1, 2], x: [1] }],
      axes,
      'series "a" has 1 x and 2 y. Expected as many x as y.',
    ],
    [
      'nothing to show',
      [{ name: 'a', y: [Number.NaN] }],
      axes,
      'series "a" has 1 points, none that can be shown. Expected a finite number.',
    ],
    [
      'no points',
      [{ name: 'a', y: [] }],
      axes,
      'series "a" has 0 points, none that can be shown. Expected a finite number.',
    ],
    [
      'nothing above 0',
      [{ name: 'a', y: [-1, 0] }],
      { ...axes, y: { label: 'loss', scale: 'log' } },
      'series "a" has 2 points, none that can be shown. Expected a finite number, above 0 on a logarithmic axis.',
    ],
    [
      'text as a number',
      [{ name: 'a', y: [1, '2'] }],
      axes,
      'y of series "a" is "2" at position 1. Expected a number.',
    ],
    [
      'a matrix',
      [{ name: 'a', y: tensor([[1]]) }],
      axes,
      'y of series "a" is a tensor float32[1, 1]. Expected rank 1; flatten it, e.g. x.flatten().',
    ],
    [
      'what is no list',
      [{ name: 'a', y: 3 }],
      axes,
      'y of series "a" is 3. Expected a list of numbers or a tensor of rank 1.',
    ],
    [
      'a size in which nothing fits',
      [{ name: 'a', y: [1] }],
      { ...axes, height: 100 },
      'height is 100. Expected a finite number of at least 140.',
    ],
    [
      'a width in which nothing fits',
      [{ name: 'a', y: [1] }],
      { ...axes, width: Number.NaN },
      'width is NaN. Expected a finite number of at least 220.',
    ],
    [
      'an unknown option',
      [{ name: 'a', y: [1] }],
      { ...axes, titel: 'T' },
      'the options has no option titel. Did you mean title? Known: title, description, theme, background, x, y, width, height.',
    ],
    [
      'an axis that is missing',
      [{ name: 'a', y: [1] }],
      { x: axes.x },
      'y is undefined. Expected an object of options.',
    ],
  ])('refuses %s', (_name, series, options, message) => {
    expect(() => curves(series as Series[], options as CurvesOptions)).toThrow(new TapegradError('curves', message));
  });
});

describe('curveGrid', () => {
  const panel = { series: [{ name: 'a', y: [1, 2] }], ...axes };

  it('puts plots beside and below each other', () => {
    expect(sizeOf(curveGrid([panel, panel, panel], { columns: 2, panelWidth: 300, panelHeight: 200 }))).toEqual([
      600, 400,
    ]);
    expect(sizeOf(curveGrid([panel], { panelWidth: 300, panelHeight: 200 }))).toEqual([300, 200]);
  });

  it('refuses no plots, and says in which one something is wrong', () => {
    expect(() => curveGrid([])).toThrow('curveGrid: the plots are a list of 0. Expected a list of at least one.');
    expect(() => curveGrid([panel, { ...panel, x: { label: '' } }])).toThrow(
      'curveGrid: panels[1].x.label is "". Expected a text',
    );
    expect(() => curveGrid([panel], { columns: 0 })).toThrow(
      'curveGrid: columns is 0. Expected a whole number of at least 1.',
    );
  });
});

describe('historyCurves', () => {
  const history = {
    loss: [0.9, 0.5],
    val_loss: [0.8, 0.6],
    accuracy: [0.6, 0.9],
    val_accuracy: [0.6, 0.8],
    learningRate: [0.1, 0.01],
  };

  it('draws one plot a log, validation dashed beside training, epochs from 1', () => {
    const svg = historyCurves(history, { y: { loss: { label: 'cross-entropy', unit: 'nats' } } });
    const names = texts(svg);
    expect(names.filter((name) => name === 'epoch').length).toBe(3);
    expect(names.filter((name) => name === 'validation').length).toBe(2);
    expect(names).toEqual(expect.arrayContaining(['cross-entropy (nats)', 'accuracy', 'learningRate']));
    const [training, validation] = all(svg, 'path').filter((path) => path.getAttribute('fill') === 'none');
    expect([training!.hasAttribute('stroke-dasharray'), validation!.hasAttribute('stroke-dasharray')]).toEqual([
      false,
      true,
    ]);
    expect(all(svg, 'desc')[0]!.textContent).toContain(
      'training: from 0.9 at 1 to 0.5 at 2; validation: from 0.8 at 1 to 0.6 at 2.',
    );
  });

  it('takes a log for validation only where there is the other', () => {
    expect(texts(historyCurves({ val_constructor: [1, 2] }))).toContain('val_constructor');
  });

  it.each([
    [{ loss: 5 }, 'history.loss is 5. Expected a list of numbers or a tensor of rank 1.'],
    [{ loss: undefined }, 'history.loss is undefined. Expected a list of numbers or a tensor of rank 1.'],
    [{ loss: [1], val_loss: null }, 'history.val_loss is null. Expected a list of numbers or a tensor of rank 1.'],
    [{ loss: [1, '2'] }, 'history.loss is "2" at position 1. Expected a number.'],
  ])('refuses %j', (history, message) => {
    expect(() => historyCurves(history as unknown as { loss: number[] })).toThrow(
      new TapegradError('historyCurves', message),
    );
  });

  it('refuses a record without logs, and an axis of none', () => {
    expect(() => historyCurves({})).toThrow(
      'historyCurves: the history is an instance of Object, without logs. Expected e.g. { loss: [0.9, 0.5] }.',
    );
    expect(() => historyCurves(history, { y: { los: { label: 'loss' } } })).toThrow(
      'historyCurves: y has no option los. Did you mean loss? Known: loss, accuracy, learningRate.',
    );
  });
});

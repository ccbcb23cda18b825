import { describe, expect, it } from 'vitest';
import { scalar, Tape, tensor } from '../src/index.ts';
import { refusal } from './refusal.ts';

describe('adjoints', () => {
  it('are the derivatives by every node, as gradient gives them', () => {
    const [w, x] = [tensor([1, 2]), tensor([3, 4])];
    const tape = new Tape({ persistent: true });
    tape.watch({ w, x });
    const z = tape.record(() => w.mul(x));
    const loss = tape.record(() => z.square().sum());
    const { ofNodes } = tape.adjoints(loss);
    const at = (t: typeof w): unknown => ofNodes[tape.positionOf(t)!]!.toArray();
    expect([at(loss), at(z), at(w), at(x)]).toEqual([1, [6, 16], [18, 64], [6, 32]]);
    const gradient = tape.gradient(loss, { w, x });
    expect([at(w), at(x)]).toEqual([gradient.w.toArray(), gradient.x.toArray()]);
  });

  it('are the sums of what flowed along the edges', () => {
    const w = scalar(3);
    const tape = new Tape();
    tape.watch({ w });
    const loss = tape.record(() => w.mul(w).add(w));
    const { edges, ofNodes } = tape.adjoints(loss);
    expect(edges.map(({ node, position, input, value }) => [node, position, input, value.item()])).toEqual([
      [2, 0, 1, 1],
      [2, 1, 0, 1],
      [1, 0, 0, 3],
      [1, 1, 0, 3],
    ]);
    expect(ofNodes[0]?.item()).toBe(7);
  });

  it('are in the shape of the operand, where it was broadcast', () => {
    const b = tensor([1, 2]);
    const tape = new Tape();
    tape.watch({ b });
    const loss = tape.record(() =>
      tensor([
        [1, 1],
        [1, 1],
        [1, 1],
      ])
        .add(b)
        .sum(),
    );
    expect(tape.adjoints(loss).edges.at(-1)?.value.toArray()).toEqual([3, 3]);
  });

  it('are none for constants, and for what does not lead to the target', () => {
    const w = scalar(3);
    const tape = new Tape();
    tape.watch({ w });
    const loss = tape.record(() => {
      w.exp();
      return w.mul(2);
    });
    expect(tape.adjoints(loss).ofNodes.map((x) => x?.item())).toEqual([2, undefined, undefined, 1]);
  });

  it('leave the tape as it was: it can be asked again, also for a gradient', () => {
    const w = scalar(3);
    const tape = new Tape();
    tape.watch({ w });
    const loss = tape.record(() => w.square());
    tape.adjoints(loss);
    expect(tape.adjoints(loss).ofNodes[0]?.item()).toBe(6);
    expect(tape.gradient(loss, w).item()).toBe(6);
  });

  it('are refused for another target than gradient takes', () => {
    const w = tensor([1, 2]);
    const tape = new Tape();
    tape.watch({ w });
    const z = tape.record(() => w.square());
    const loss = tape.record(() => z.sum());
    expect(() => tape.adjoints(z)).toThrow(
      refusal('adjoints: the target has shape [2]. Reduce it to a scalar first, e.g. loss.mean().'),
    );
    expect(() => tape.adjoints(scalar(1))).toThrow(
      refusal('adjoints: the target was not recorded by this tape. Compute it inside record(), of watched tensors.'),
    );
    tape.gradient(loss, w);
    expect(() => tape.adjoints(loss)).toThrow(
      refusal(
        'adjoints: the tape was used up by an earlier call. Make a new Tape for each step; new Tape({ persistent: true }) can be asked more than once.',
      ),
    );
  });
});

describe('saved', () => {
  it('is what an op keeps for backward, by the names of its entry', () => {
    const [x, y] = [scalar(2), scalar(3)];
    const tape = new Tape();
    tape.watch({ x, y });
    const loss = tape.record(() => x.mul(y).exp());
    const saved = tape.nodes.map((node) => Object.entries(node.saved).map(([name, value]) => [name, value.item()]));
    expect(saved.slice(0, 3)).toEqual([
      [],
      [],
      [
        ['x', 2],
        ['y', 3],
      ],
    ]);
    expect(saved[3]).toEqual([['out', loss.item()]]);
    tape.gradient(loss, x);
    expect(tape.nodes.map((node) => node.saved)).toEqual([{}, {}, {}, {}]);
  });
});

describe('positionOf', () => {
  it('is where a tensor stands, under any of its names; undefined for others', () => {
    const x = scalar(2);
    const tape = new Tape();
    tape.watch({ x });
    const y = tape.record(() => x.square().named('y'));
    expect([x, y, y.named('other'), scalar(2)].map((t) => tape.positionOf(t))).toEqual([0, 1, 1, undefined]);
  });
});

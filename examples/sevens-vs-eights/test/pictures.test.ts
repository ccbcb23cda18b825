import { describe, expect, it } from 'vitest';
import { normalised, sevensAndEights } from '../src/data.ts';
import { SigmoidNetwork } from '../src/network.ts';
import { leastCertain, uncertainPicture, weightsPicture } from '../src/pictures.ts';
import { probabilities } from '../src/training.ts';

const digits = normalised((await sevensAndEights({ digits: 30, heldOut: 10 }, 1)).train);
const network = new SigmoidNetwork([784, 1], 1);

describe('leastCertain', () => {
  it('is the digits whose probability is nearest to 1/2, the nearest first', () => {
    const all = leastCertain(network, digits, 20);
    const distances = all.map(({ probability }) => Math.abs(probability - 0.5));
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(new Set(all.map(({ column }) => column)).size).toBe(20);
    const [p, labels] = [probabilities(network, digits).toData(), digits.Y.toData()];
    for (const { column, label, probability } of all) {
      expect(probability).toBe(p[column]);
      expect(label).toBe(labels[column] === 1 ? 7 : 8);
    }
    expect(leastCertain(network, digits, 3)).toEqual(all.slice(0, 3));
  });
});

describe('the pictures', () => {
  it('show each digit with its label and probability', () => {
    const svg = uncertainPicture(network, digits, 4);
    expect(svg.split('<image ').length - 1).toBe(4);
    const [first] = leastCertain(network, digits, 1);
    expect(svg).toContain(`${first!.label === 7 ? 'a 7' : 'an 8'}; P(7) = ${first!.probability.toFixed(2)}`);
  });

  it('show the weights of each network', () => {
    const svg = weightsPicture([100, 3600].map((examples) => ({ network, examples, accuracy: 0.5 })));
    expect(svg.split('<image ').length - 1).toBe(3); // with the colour bar
    expect(svg).toContain('3,600 digits: 50.00 %');
  });
});

import { readOptions } from '@tapegrad/command';
import { describe, expect, it } from 'vitest';
import { layerSizes } from '../src/layer-sizes.ts';

const command = { usage: '', about: '', options: { layers: layerSizes('the sizes', [784, 30, 10]) } };

describe('--layers', () => {
  it('has a default, and reads any number of sizes', () => {
    expect(readOptions(command, [])!.layers).toEqual([784, 30, 10]);
    expect(readOptions(command, ['--layers', '784,10'])!.layers).toEqual([784, 10]);
    expect(readOptions(command, ['--layers', '784,20,20,20,10'])!.layers).toEqual([784, 20, 20, 20, 10]);
  });

  it.each(['784', '784,30', '64,10', '784,,10', '784,3.5,10', '784,0,10', '784,-3,10', '784 10', '784,100000,10'])(
    'refuses %s',
    (text) => {
      expect(() => readOptions(command, ['--layers', text])).toThrow(
        new Error(`--layers is "${text}". Expected sizes from 784 to 10, such as 784,30,10.`),
      );
    },
  );
});

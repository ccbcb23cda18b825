// Labelled data out of a file's text, and what damaged files give.

import { describe, expect, it } from 'vitest';
import { type BundledFile, loadLabelledData, parseLabelledData } from '../src/labelled-data.ts';

const file: BundledFile<readonly ['no', 'yes']> = {
  op: 'fruit',
  url: new URL('file:///data/fruit.csv'),
  rows: 2,
  features: 2,
  targetNames: ['no', 'yes'],
  description: 'Two fruits.',
};

describe('parseLabelledData', () => {
  it('reads features and classes', () => {
    const { x, y, featureNames, targetNames, description } = parseLabelledData(
      file,
      'size,"weight, kg",target\n1.5,-2e-3,1\n3,4,0\n',
    );
    expect(String(x)).toBe('float32[2, 2] [[1.5, -0.002], [3, 4]]');
    expect(String(y)).toBe('int32[2] [1, 0]');
    expect(featureNames).toEqual(['size', 'weight, kg']);
    expect([targetNames, description]).toEqual([['no', 'yes'], 'Two fruits.']);
  });

  it('takes the line ends of Windows', () => {
    expect(parseLabelledData(file, 'a,b,target\r\n1,2,1\r\n3,4,0\r\n').y.toArray()).toEqual([1, 0]);
  });

  const again = 'install @tapegrad/datasets again.';

  it.each([
    ['an empty file', '', `fruit: 0 rows below the header in fruit.csv. Expected 2; ${again}`],
    ['a missing row', 'a,b,target\n1,2,1\n', `fruit: 1 rows below the header in fruit.csv. Expected 2; ${again}`],
    ['a short row', 'a,b,target\n1,2,1\n3,4\n', `fruit: 2 columns on line 3 in fruit.csv. Expected 3; ${again}`],
    ['a short header', 'a,target\n1,2,1\n3,4,0\n', `fruit: 2 columns on line 1 in fruit.csv. Expected 3; ${again}`],
    [
      'a word for a number',
      'a,b,target\n1,2,1\n3,four,0\n',
      `fruit: "four" on line 3 under "b" in fruit.csv. Expected a number; ${again}`,
    ],
    [
      'an empty cell',
      'a,b,target\n, 2,1\n3,4,0\n',
      `fruit: "" on line 2 under "a" in fruit.csv. Expected a number; ${again}`,
    ],
    [
      'an infinite number',
      'a,b,target\n1,2,1\n1e999,4,0\n',
      `fruit: "1e999" on line 3 under "a" in fruit.csv. Expected a number; ${again}`,
    ],
    [
      'a class that does not exist',
      'a,b,target\n1,2,1\n3,4,2\n',
      `fruit: "2" on line 3 under "target" in fruit.csv. Expected a class, 0 to 1; ${again}`,
    ],
    [
      'a class that is a fraction',
      'a,b,target\n1,2,0.5\n3,4,1\n',
      `fruit: "0.5" on line 2 under "target" in fruit.csv. Expected a class, 0 to 1; ${again}`,
    ],
    [
      'a class that is missing',
      'a,b,target\n1,2,\n3,4,1\n',
      `fruit: "" on line 2 under "target" in fruit.csv. Expected a class, 0 to 1; ${again}`,
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseLabelledData(file, text)).toThrow(
      expect.objectContaining({ name: 'TapegradError', op: 'fruit', message }),
    );
  });
});

describe('loadLabelledData', () => {
  it('says which file is missing, and why', async () => {
    const error: Error = await loadLabelledData(file).then(
      () => Promise.reject(new Error('no error')),
      (reason) => reason,
    );
    expect(error).toMatchObject({ name: 'TapegradError', cause: { code: 'ENOENT' } });
    expect(error.message).toMatch(
      /^fruit: file:\/\/\/data\/fruit\.csv cannot be read \(ENOENT: .*\)\. Expected the file that comes with @tapegrad\/datasets; install it again\.$/,
    );
  });
});

import { expect, it } from 'vitest';
import { wrapped } from '../src/wrapped.ts';

it('breaks at spaces, indents each line, and leaves words whole', () => {
  expect(wrapped('one two three', '  ', 10)).toBe('  one two\n  three');
  expect(wrapped('−∞ of incomprehensibilities', '', 5)).toBe('−∞ of\nincomprehensibilities');
  expect(wrapped('one', '  ', 80)).toBe('  one');
});

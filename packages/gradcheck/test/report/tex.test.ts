// TeX from elsewhere.

import { expect, test } from 'vitest';
import { equation, isBalancedTex, texGradient } from '../../src/report/tex.ts';

test.each([
  '',
  'a_{1}',
  '\\left\\{ x \\right.',
  '\\begin{cases} a & b \\\\ c & d \\end{cases}',
  '50\\% \\$ \\{',
  '\\leftarrow',
])('takes %s as whole', (tex) => {
  expect(isBalancedTex(tex)).toBe(true);
});

test.each([
  '{',
  '}',
  '}{',
  '\\frac{1}{2',
  '\\left( x',
  'x \\right)',
  '{\\left(}\\right)',
  '\\begin{cases} a',
  '\\begin{a}\\end{b}',
  'a $$ b',
  'a % b',
  'a\n\nb',
  'a\\',
])('does not take %j as whole', (tex) => {
  expect(isBalancedTex(tex)).toBe(false);
});

test('names a gradient', () => {
  expect(texGradient('Z2')).toBe('\\mathrm{d}Z_{2}');
  expect(texGradient('x')).toBe('\\mathrm{d}x');
  expect(texGradient('W_12')).toBe('\\mathrm{d}W_{12}');
  expect(texGradient('a_{b}\\#%')).toBe('\\mathrm{d}\\text{a\\_\\{b\\}\\textbackslash{}\\#\\%}');
  expect(isBalancedTex(texGradient('$$ {{ \\left('))).toBe(true);
});

test('puts the name before a formula that is no equation', () => {
  expect(equation('Z2', { plain: 'sum(dA, axes=[0])', tex: '\\sum_{i=1} dA' })).toEqual({
    plain: 'dZ2 = sum(dA, axes=[0])',
    tex: '\\mathrm{d}Z_{2} = \\sum_{i=1} dA',
  });
  expect(equation('r', { plain: '(x >= 0) · g', tex: '[x \\ge 0]\\, g' })?.plain).toBe('dr = (x >= 0) · g');
  expect(equation('Z2', { plain: 'dZ2 = dA2', tex: 'dZ_2 = dA_2' })).toEqual({
    plain: 'dZ2 = dA2',
    tex: 'dZ_2 = dA_2',
  });
  expect(equation('Z2', null)).toBeNull();
});

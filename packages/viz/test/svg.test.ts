import { describe, expect, it } from 'vitest';
import { element, escapeXml, fitted, rounded, textWidth } from '../src/svg.ts';
import { parse } from './support/xml.ts';

describe('SVG as text', () => {
  it('escapes text and attributes, and leaves out attributes without a value', () => {
    const nasty = `<a href="x">&'\u0000\u001f\ud800</a>`;
    const root = parse(element('svg', { id: nasty, class: undefined }, escapeXml(nasty)));
    const readable = `<a href="x">&'\ufffd\ufffd\ufffd</a>`;
    expect([root.getAttribute('id'), root.textContent]).toEqual([readable, readable]);
    expect(root.hasAttribute('class')).toBe(false);
  });

  it('keeps signs beyond the first plane', () => {
    expect(escapeXml('𝛻 😀')).toBe('𝛻 😀');
  });

  it('rounds coordinates to a hundredth, without a minus before zero', () => {
    expect([1.005, 1 / 3, -0.001, 100].map(rounded)).toEqual(['1', '0.33', '0', '100']);
  });

  it('cuts a text to a width', () => {
    expect(fitted('validation', 200)).toBe('validation');
    const cut = fitted('a very long name indeed', 70);
    expect(cut).toMatch(/^a very.*…$/);
    expect(textWidth(cut)).toBeLessThanOrEqual(70);
    expect(fitted('wide', 1)).toBe('w…');
  });
});

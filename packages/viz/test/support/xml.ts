// Reads pictures with a parser that refuses what is not well-formed.

import { DOMParser, type Element } from '@xmldom/xmldom';

/** The root of an SVG. */
export function parse(svg: string): Element {
  const parser = new DOMParser({
    onError(level, message) {
      // U+FFFD is what escaping puts in place of a sign that XML forbids.
      if (level === 'warning' && /replacement character/.test(message)) return;
      throw new Error(`${level}: ${message}`);
    },
  });
  const root = parser.parseFromString(svg, 'image/svg+xml').documentElement!;
  if (root.tagName !== 'svg') throw new Error(`the root is ${root.tagName}`);
  return root;
}

/** The elements of a name, in order. */
export function all(svg: string, name: string): Element[] {
  return Array.from(parse(svg).getElementsByTagName(name));
}

/** What is written in a picture, in order. */
export function texts(svg: string): string[] {
  return all(svg, 'text').map((element) => element.textContent ?? '');
}

/** The box that the texts and marks must lie in: width and height. */
export function sizeOf(svg: string): [number, number] {
  const root = parse(svg);
  return [Number(root.getAttribute('width')), Number(root.getAttribute('height'))];
}

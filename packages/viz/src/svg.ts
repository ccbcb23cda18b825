// SVG as text: elements, escaping, and how wide a text will be. It knows no figures.

/** What an element's attributes may be; an undefined one is left out. */
export type Attributes = { readonly [name: string]: string | number | undefined };

/** An element with its children, which are SVG already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapeXml(value!)}"`)
    .join('');
  return children.length === 0 ? `<${name}${text}/>` : `<${name}${text}>${children.join('')}</${name}>`;
}

/** A line of text. Its `y` is the middle of the letters, which every renderer understands the same way. */
export function textAt(x: number, y: number, content: string, attributes: Attributes = {}): string {
  const { 'font-size': size = 12 } = attributes;
  // Half the height of digits and capitals below the middle; `dominant-baseline` is not known to all renderers.
  return element('text', { x, y: y + Number(size) * 0.36, ...attributes }, escapeXml(content));
}

/** Coordinates to a hundredth of a pixel. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** Text as XML holds it in content and attributes; characters that XML forbids become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/gu, '\ufffd')
      .replace(/[&<>"']/g, (sign) => entities[sign]!)
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * About how wide a text is in a sans-serif font, in pixels; a little more than it needs in most. Nothing is measured, so that a
 * picture is the same in every place.
 */
export function textWidth(text: string, size = 12): number {
  let units = 0;
  for (const sign of text) units += widthOf(sign);
  return units * size;
}

function widthOf(sign: string): number {
  if (/[iljtfr.,:;'|!()[\]\s]/.test(sign)) return 0.34;
  if (/[mwMW@%…]/.test(sign)) return 0.92;
  if (/[A-Z\d−+=<>→⊙×]/.test(sign)) return 0.66;
  return sign > '\u2e80' ? 1 : 0.58;
}

/** The text, cut to a width with an ellipsis where it is longer. */
export function fitted(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  const signs = Array.from(text);
  while (signs.length > 1 && textWidth(`${signs.join('')}…`, size) > width) signs.pop();
  return `${signs.join('').trimEnd()}…`;
}

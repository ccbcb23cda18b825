// Text by others (names, messages) made safe to show on one line, and how wide it is. No markup: each format escapes its own.

/** The text with control and invisible characters spelled out, so that none can move a cursor or turn the reading direction. */
export function visible(text: string): string {
  return text
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** A name as it is shown, on one line. */
export function showName(name: string): string {
  return visible(name) || '(no name)';
}

// East Asian wide characters and pictures, as terminals draw them.
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/** How many columns of a terminal, or of a font of one width, the text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

/** The text in at most so many columns, with … for what is left out of its middle: the end of a name tells most. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = [...text];
  let head = '';
  let tail = '';
  for (let i = 0, j = characters.length - 1; i <= j; ) {
    const fromHead = columnsOf(head) < columnsOf(tail);
    const next = fromHead ? characters[i++]! : characters[j--]!;
    if (columnsOf(head) + columnsOf(tail) + columnsOf(next) + 1 > columns) break;
    if (fromHead) head += next;
    else tail = next + tail;
  }
  return `${head}…${tail}`;
}

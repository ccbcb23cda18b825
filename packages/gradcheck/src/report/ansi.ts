// Colours for a terminal, and whether to use them. Works in a browser too, where there is no terminal.

/** A style of the text output. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts a style on a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const codes: { readonly [S in Style]: readonly [on: number, off: number] } = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

const escapeCode = '\u001b[';

/** Styles as ANSI escapes, or no styles. */
export function painter(color: boolean): Paint {
  return (style, text) =>
    color && text !== '' ? `${escapeCode}${codes[style][0]}m${text}${escapeCode}${codes[style][1]}m` : text;
}

interface Host {
  readonly stdout?: { readonly isTTY?: boolean; readonly columns?: number };
  readonly env?: { readonly [name: string]: string | undefined };
}

function host(): Host | undefined {
  return (globalThis as { readonly process?: Host }).process;
}

/** Whether the output is a terminal and nobody asked for no colour (https://no-color.org). */
export function wantsColor(): boolean {
  const process = host();
  return process?.stdout?.isTTY === true && (process.env?.NO_COLOR ?? '') === '';
}

/** The width of the terminal where there is one, at most 120 columns. */
export function outputWidth(): number {
  const stdout = host()?.stdout;
  return Math.min(120, stdout?.isTTY === true && stdout.columns ? stdout.columns : 120);
}

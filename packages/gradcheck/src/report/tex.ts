// TeX that comes from elsewhere: whether it can stand between $$, and the name that stands on the left of a formula.

import type { FormulaText } from '../audit/audit-report.ts';
import { showName } from './visible.ts';

/**
 * Whether the text is whole by itself, so that it cannot swallow what stands behind it: braces, `\left` … `\right` and `\begin` …
 * `\end` are balanced, and it has no `$`, comment or blank line.
 */
export function isBalancedTex(tex: string): boolean {
  const open: string[] = [];
  for (const [token] of tex.matchAll(/\\(?:begin|end)\s*\{[^{}]*\}|\\[a-zA-Z]+|\\[\s\S]|[{}$%]|\n\s*\n/g)) {
    if (token === '$' || token === '%' || token.startsWith('\n')) return false;
    const environment = token.match(/^\\(begin|end)\s*\{([^{}]*)\}$/);
    if (token === '{' || token === '\\left') open.push(token);
    else if (token === '}' && open.pop() !== '{') return false;
    else if (token === '\\right' && open.pop() !== '\\left') return false;
    else if (environment?.[1] === 'begin') open.push(environment[2]!);
    else if (environment?.[1] === 'end' && open.pop() !== environment[2]) return false;
  }
  return open.length === 0 && !tex.endsWith('\\');
}

/** The gradient of what has this name, as TeX: `\mathrm{d}Z_{2}`; names that are no letter with a number are set as text. */
export function texGradient(name: string): string {
  const [, letter, index] = name.match(/^([A-Za-z])_?(\d*)$/) ?? [];
  if (letter === undefined) return `\\mathrm{d}\\text{${texText(showName(name))}}`;
  return `\\mathrm{d}${index === '' ? letter : `${letter}_{${index}}`}`;
}

const special: { readonly [character: string]: string } = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
};

/** Text inside of `\text{…}`. */
function texText(text: string): string {
  return text.replace(/[\\^~{}$%&#_]/g, (character) => special[character] ?? `\\${character}`);
}

/** The formula with `dZ2 =` before it, unless it is an equation already. */
export function equation(name: string, formula: FormulaText | null): FormulaText | null {
  if (formula === null) return null;
  const [plain, tex] = [formula.plain.trim(), formula.tex.trim()];
  return {
    plain: isEquation(plain) ? plain : `d${showName(name)} = ${plain}`,
    tex: isEquation(tex) ? tex : `${texGradient(name)} = ${tex}`,
  };
}

/** Whether there is an equals sign outside of all brackets: one inside is an argument, such as `axis=0`. */
function isEquation(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '=' && depth === 0 && !/[=<>!]/.test((text[i - 1] ?? '') + (text[i + 1] ?? ''))) return true;
  }
  return false;
}

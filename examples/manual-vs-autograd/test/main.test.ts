// The program as a whole: what it prints and writes, its exit code; and that the docs quote what it prints today.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '@tapegrad/command/testing';
import { describe, expect, it, vi } from 'vitest';

function main(...args: string[]) {
  vi.resetModules();
  return runProgram(() => import('../src/main.ts'), args);
}

const docs = new URL('../../../docs/manual-vs-autograd/', import.meta.url);

describe('the program', () => {
  it('prints what the docs quote, in 120 columns', { timeout: 120_000 }, async () => {
    const { printed, exitCode } = await main();
    expect(exitCode).toBe(undefined);
    expect(printed.split('\n').filter((line) => [...line].length > 120)).toEqual([]);
    for (const file of [...(await readdir(docs)), '../../README.md']) {
      const page = await readFile(new URL(file, docs), 'utf8');
      const quotes = [...page.matchAll(/```text\n(.*)\n/g)];
      expect(quotes, `quotes in ${file}`).not.toEqual([]);
      const today = page.replace(
        /```text\n(.*)\n[\s\S]*?```/g,
        (_, title: string) => `\`\`\`text\n${section(printed, title)}\`\`\``,
      );
      await expect(today).toMatchFileSnapshot(new URL(file, docs).pathname);
    }
  });

  it('prints one system in full, and step by step', { timeout: 60_000 }, async () => {
    const details = await main('--system', 'd', '--details');
    expect(details.printed).toContain('✓ All 12 gradients are right.');
    const { printed } = await main('--system', 'd', '--derivation');
    expect(printed).toContain('# The backward pass, step by step');
    expect(printed).toContain('A_2^\\top\\, \\mathrm{d}Z_3\n$$');
  });

  it('prints Markdown, and writes a page for each audit', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audits-'));
    try {
      const { printed } = await main('--system', 'b', '--markdown', '--html', join(folder, 'out.html'));
      expect(printed).toContain('\n# B. An L-layer network, three optimisers\n');
      expect(printed).toContain('### ✗ dA3: wrong, the first wrong one');
      expect(printed).toContain(', with links to 4 pages beside it.\n');
      const files = ['out-b1.html', 'out-b2.html', 'out-b3.html', 'out-b4.html', 'out.html'];
      expect((await readdir(folder)).sort()).toEqual(files);
      const [first, , , step, index] = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
      expect(first).toContain('<title>B: 30–8–5–1, ReLU, sigmoid; binary cross-entropy, clipped; m = 12</title>');
      expect(step).toContain('there is no square root in the denominator');
      expect(index).toContain('binary cross-entropy, clipped; <span class="whole">m = 12</span></a>');
      for (const file of files.slice(0, 4)) expect(index).toContain(`<a href="${file}">`);
      for (const page of [first, step]) {
        expect(page).toContain('<nav><a href="out.html">← all audits</a></nav>');
        expect(page).toMatch(/<h1>B: [^<]*<\/h1>/);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says where it cannot write, and fails', { timeout: 60_000 }, async () => {
    const { printed, exitCode } = await main('--system', 'd', '--html', '/nowhere/out.html');
    expect(printed).toMatch(
      /^writeHtml: the pages cannot be written \(ENOENT.*\)\. Expected a file in a folder that exists\.$/m,
    );
    expect(exitCode).toBe(1);
  });

  it('shows its help', async () => {
    const { printed } = await main('--help');
    expect(printed).toContain('--system NAME');
    expect(printed).not.toContain('──');
  });

  it('says what is wrong with an option, and fails', async () => {
    const { printed, exitCode } = await main('--system', 'z');
    expect(printed).toBe('--system is "z". Expected one of all, a, b, c, d, e.\n');
    expect(exitCode).toBe(1);
  });
});

/** What the program prints under a title: up to the blank line behind the table. */
function section(printed: string, title: string): string {
  const start = printed.indexOf(`\n${title}\n\n`);
  if (start < 0) throw new Error(`The program prints nothing under "${title}".`);
  const end = printed.indexOf('\n\n', start + title.length + 3);
  return `${printed.slice(start + 1, end < 0 ? undefined : end).trimEnd()}\n`;
}

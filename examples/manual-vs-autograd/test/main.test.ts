// The program as a whole: what it prints and writes, its exit code; and that the docs quote what it prints today.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const { argv, exitCode } = process;
let printed: string;

beforeEach(() => {
  printed = '';
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      printed += `${line}\n`;
    });
  }
  vi.resetModules();
});

afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  vi.restoreAllMocks();
});

async function main(...args: string[]): Promise<void> {
  process.argv = [...argv.slice(0, 2), ...args];
  await import('../src/main.ts');
}

const docs = new URL('../../../docs/manual-vs-autograd/', import.meta.url);

describe('the program', () => {
  it('prints what the docs quote, in 120 columns', { timeout: 120_000 }, async () => {
    await main();
    expect(process.exitCode).toBe(exitCode);
    expect(printed.split('\n').filter((line) => [...line].length > 120)).toEqual([]);
    for (const file of [...(await readdir(docs)), '../../README.md']) {
      const page = await readFile(new URL(file, docs), 'utf8');
      const quotes = [...page.matchAll(/```text\n(.*)\n/g)];
      expect(quotes, `quotes in ${file}`).not.toEqual([]);
      const today = page.replace(
        /```text\n(.*)\n[\s\S]*?```/g,
        (_, title: string) => `\`\`\`text\n${section(title)}\`\`\``,
      );
      await expect(today).toMatchFileSnapshot(new URL(file, docs).pathname);
    }
  });

  it('prints one system in full, and step by step', { timeout: 60_000 }, async () => {
    await main('--system', 'd', '--details');
    expect(printed).toContain('✓ All 12 gradients are right.');
    vi.resetModules();
    await main('--system', 'd', '--derivation');
    expect(printed).toContain('# The backward pass, step by step');
    expect(printed).toContain('A_2^\\top\\, \\mathrm{d}Z_3\n$$');
  });

  it('prints Markdown, and writes a page for each audit', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'audits-'));
    try {
      await main('--system', 'B', '--markdown', '--html', join(folder, 'out.html'));
      expect(printed).toContain('\n# B. An L-layer network, three optimisers\n');
      expect(printed).toContain('### ✗ dA3: wrong, the first wrong one');
      expect(printed).toContain(', with links to 4 pages beside it.\n');
      const files = ['out-b1.html', 'out-b2.html', 'out-b3.html', 'out-b4.html', 'out.html'];
      expect((await readdir(folder)).sort()).toEqual(files);
      const [first, , , step, index] = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
      expect(first).toContain('<title>B: 30–8–5–1, ReLU, sigmoid; binary cross-entropy, clipped; m = 12</title>');
      expect(step).toContain('there is no square root in the denominator');
      for (const file of files.slice(0, 4)) expect(index).toContain(`<a href="${file}">`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says where it cannot write, and fails', { timeout: 60_000 }, async () => {
    await main('--system', 'd', '--html', '/nowhere/out.html');
    expect(printed).toContain('ENOENT');
    expect(process.exitCode).toBe(1);
  });

  it('shows its help', async () => {
    await main('--help');
    expect(printed).toContain('--system KEY');
    expect(printed).not.toContain('──');
  });

  it('says what is wrong with an option, and fails', async () => {
    await main('--system', 'z');
    expect(printed).toBe('--system is "z". Expected one of a, b, c, d, e.\n');
    expect(process.exitCode).toBe(1);
  });
});

/** What the program prints under a title: up to the blank line behind the table. */
function section(title: string): string {
  const start = printed.indexOf(`\n${title}\n\n`);
  if (start < 0) throw new Error(`The program prints nothing under "${title}".`);
  const end = printed.indexOf('\n\n', start + title.length + 3);
  return `${printed.slice(start + 1, end < 0 ? undefined : end).trimEnd()}\n`;
}

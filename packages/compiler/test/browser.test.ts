// The same program in a real browser. Chromium is looked for where Debian has it, or at the path CHROMIUM.

import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { expect, it } from 'vitest';
import type { Found } from './support/page.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

it('compiled training in a page is what it is op by op', { timeout: 120_000 }, async () => {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
    resolve: { conditions: ['tapegrad-source', 'module', 'browser', 'development|production'] },
    cacheDir: fileURLToPath(new URL('../dist/.vite', import.meta.url)),
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
  try {
    await server.listen();
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${server.resolvedUrls!.local[0]}packages/compiler/test/support/page.html`);
    await page.waitForFunction('globalThis.found !== undefined', undefined, { timeout: 60_000 }).catch(() => {});
    expect(errors).toEqual([]);
    const found = (await page.evaluate('globalThis.found')) as Found;
    expect(found.compiled.length).toBe(20);
    found.compiled.forEach((loss, i) => {
      expect(Math.abs(loss / found.eager[i]! - 1)).toBeLessThan(1e-5);
    });
    expect(found.program).toMatch(/^\d+ kernels; /);
  } finally {
    await browser.close();
    await server.close();
  }
});

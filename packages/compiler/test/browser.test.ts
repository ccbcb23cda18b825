// The same program in a real browser. Chromium is looked for where Debian has it, or at the path CHROMIUM.

import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Found } from './support/page.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}, 60_000);

afterAll(() => browser.close());

describe.each([
  ['a page', {}, 1],
  [
    'a page that is cross-origin isolated',
    { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    2,
  ],
] as const)('in %s', (_name, headers, threads) => {
  let server: ViteDevServer;

  beforeAll(async () => {
    server = await createServer({
      root,
      configFile: false,
      logLevel: 'error',
      server: { port: 0, host: '127.0.0.1', headers },
      resolve: { conditions: ['tapegrad-source', 'module', 'browser', 'development|production'] },
      cacheDir: fileURLToPath(new URL('../dist/.vite', import.meta.url)),
    });
    await server.listen();
  }, 60_000);

  afterAll(() => server.close());

  it('training is what it is op by op', { timeout: 120_000 }, async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${server.resolvedUrls!.local[0]}packages/compiler/test/support/page.html`);
    await page.waitForFunction('globalThis.found !== undefined', undefined, { timeout: 60_000 }).catch(() => {});
    expect(errors).toEqual([]);
    const found = (await page.evaluate('globalThis.found')) as Found;
    expect(found.compiled.length).toBe(60);
    found.compiled.forEach((loss, i) => {
      expect(Math.abs(loss / found.eager[i]! - 1)).toBeLessThan(1e-4);
    });
    expect(found.together).toEqual(found.compiled); // to the last bit
    expect(found.threads).toBe(threads);
    expect(found.program).toMatch(/^\d+ kernels; /);
  });
});

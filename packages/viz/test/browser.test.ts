// The same pictures in a real browser. Chromium is looked for where Debian has it, or at the path CHROMIUM.

import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTheme } from '../src/index.ts';
import { pictures } from './support/pictures.ts';

let browser: Browser;
let server: ViteDevServer;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
  server = await createServer({
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
    resolve: { conditions: ['tapegrad-source', 'module', 'browser', 'development|production'] },
    cacheDir: fileURLToPath(new URL('../dist/.vite', import.meta.url)),
  });
  await server.listen();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe('in a page', () => {
  it('pictures are what they are in Node, sign by sign', { timeout: 120_000 }, async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${server.resolvedUrls!.local[0]}packages/viz/test/support/page.html`);
    await page.waitForFunction('globalThis.found !== undefined', undefined, { timeout: 60_000 }).catch(() => {});
    expect(errors).toEqual([]);
    expect(await page.evaluate('globalThis.found')).toEqual(await pictures());
  });

  it.each(['light', 'dark'] as const)(
    'they follow the %s system, each on its own',
    { timeout: 60_000 },
    async (scheme) => {
      const page = await browser.newPage({ colorScheme: scheme });
      const { curves, tape } = await pictures();
      await page.setContent([curves, tape, withTheme(curves!, 'light')].join(''));
      const grounds = await colors(page, 'svg > rect:first-of-type', 'fill');
      const own = scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 28)';
      expect(grounds).toEqual([own, own, 'rgb(255, 255, 255)']);
      const texts = await colors(page, '.node text[font-weight=bold]', 'fill');
      expect(new Set(texts)).toEqual(new Set([scheme === 'light' ? 'rgb(31, 35, 40)' : 'rgb(230, 237, 243)']));
    },
  );
});

/** A property of the elements that a selector finds, as the page computes it. */
function colors(page: Page, selector: string, property: string): Promise<string[]> {
  return page.evaluate(
    `Array.from(document.querySelectorAll(${JSON.stringify(selector)}), (element) => getComputedStyle(element).${property})`,
  );
}

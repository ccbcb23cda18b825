// The page in Chromium, as it is built: digits drawn with mouse, finger and keys, training, files, sizes.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mnist } from '@tapegrad/datasets';
import { exportWeights, parseWeights } from '@tapegrad/nn';
import type { Browser } from 'playwright-core';
import type { PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Stroke } from '../../page/strokes.ts';
import { servePage } from '../../src/page.ts';
import { loadNetwork } from '../../src/weights.ts';
import { launchChromium } from '../support/chromium.ts';
import { DigitPage } from '../support/digit-page.ts';
import { traceStrokes } from '../support/trace-strokes.ts';

let browser: Browser;
let server: PreviewServer;
let folder: string;
let url: string;

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'digit-page-'));
  server = await servePage(join(folder, 'page'), undefined, 0);
  url = server.resolvedUrls!.local[0]!;
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const desktop = { viewport: { width: 1280, height: 800 } } as const;
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } as const;

/** How many test images of each digit are drawn: the first ones. */
const each = 2;

async function heldOutDigits(): Promise<readonly { readonly digit: number; readonly strokes: readonly Stroke[] }[]> {
  const { x, y } = await mnist({ part: 'test', limit: 200 });
  const [pixels, labels] = [x.toData(), Array.from(y.toData())];
  return Array.from({ length: 10 }, (_, digit) =>
    labels
      .flatMap((label, i) => (label === digit ? [i] : []))
      .slice(0, each)
      .map((i) => ({ digit, strokes: traceStrokes(pixels.subarray(784 * i, 784 * (i + 1))) })),
  ).flat();
}

const seven: readonly Stroke[] = [
  [
    { x: 0.25, y: 0.25 },
    { x: 0.72, y: 0.25 },
    { x: 0.45, y: 0.8 },
  ],
];

const underline: Stroke = [
  { x: 0.2, y: 0.9 },
  { x: 0.9, y: 0.9 },
];

describe('the page', { timeout: 20_000 }, () => {
  let opened: DigitPage;

  beforeAll(async () => {
    opened = await DigitPage.open(browser, url, desktop);
  }, 20_000);

  afterEach(async () => {
    expect(opened.problems).toEqual([]);
    await opened.page.click('h1'); // takes the focus away
    await opened.page.keyboard.press('Escape');
  });

  afterAll(() => opened.close());

  it('loads less than 1 MB before a training', async () => {
    await opened.draw(seven);
    expect(await opened.answer()).toBe('7');
    const { files, transferred } = opened.loaded;
    expect(files).toBeGreaterThan(200_000); // the network alone
    expect(files).toBeLessThan(1_000_000);
    expect(transferred).toBeGreaterThan(50_000);
    expect(transferred).toBeLessThanOrEqual(files + 10_000); // headers
  });

  it('reads 18 of the first two test images of each digit, drawn with the mouse', { timeout: 60_000 }, async () => {
    const digits = await heldOutDigits();
    expect(digits).toHaveLength(10 * each);
    let right = 0;
    for (const { digit, strokes } of digits) {
      await opened.draw(strokes);
      if ((await opened.answer()) === String(digit)) right++;
      await opened.page.keyboard.press('Escape');
    }
    expect(right).toBeGreaterThanOrEqual(0.9 * digits.length);
  });

  it('shows ten bars that add up, and what the network sees, while the pen is still down', async () => {
    expect(await opened.answer()).toBe('?');
    expect(await opened.bars()).toEqual(new Array(10).fill(0));
    const below = await opened.page.locator('.training').boundingBox();
    const { mouse } = opened.page;
    const { x, y, width } = (await opened.page.locator('#pad').boundingBox())!;
    await mouse.move(x + 0.5 * width, y + 0.2 * width);
    await mouse.down();
    await mouse.move(x + 0.5 * width, y + 0.8 * width, { steps: 8 });
    expect(await opened.answer()).toBe('1');
    await mouse.up();
    const bars = await opened.bars();
    expect(bars.reduce((sum, bar) => sum + bar)).toBeCloseTo(1, 5);
    expect(bars.indexOf(Math.max(...bars))).toBe(1);
    expect(await opened.text('#certainty')).toBe(`${Math.round(100 * bars[1]!)} %`);
    expect(await opened.text('#time')).toMatch(/^\d+\.\d ms$/);
    await expect.poll(() => opened.text('#spoken')).toBe(`1, ${Math.round(100 * bars[1]!)} %`);
    expect(await opened.page.locator('.training').boundingBox()).toEqual(below); // nothing moved
    const inked = await opened.page.locator('#seen').evaluate((canvas) => {
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 28, 28);
      return data.filter((value, i) => i % 4 === 3 && value > 127).length;
    });
    expect(inked).toBeGreaterThan(40);
    expect(inked).toBeLessThan(80); // a line of 20 × 2.6 pixels
  });

  it('takes strokes back, by button and by key', async () => {
    await opened.draw(seven);
    expect(await opened.answer()).toBe('7');
    await opened.page.click('#clear');
    expect(await opened.answer()).toBe('?');
    await opened.draw([...seven, underline]);
    await opened.page.click('#undo');
    expect(await opened.answer()).toBe('7');
    await opened.page.keyboard.press('Control+z');
    expect(await opened.answer()).toBe('?');
    expect(await opened.page.locator('#undo').isDisabled()).toBe(true);
    await opened.draw(seven);
    await opened.page.keyboard.press('Escape');
    expect(await opened.answer()).toBe('?');
  });

  it('can be drawn on with keys alone', async () => {
    const { keyboard } = opened.page;
    await keyboard.press('Tab');
    expect(await opened.page.evaluate(() => document.activeElement?.id)).toBe('paper');
    for (let i = 0; i < 8; i++) await keyboard.press('ArrowUp');
    await keyboard.press('Space');
    for (let i = 0; i < 16; i++) await keyboard.press('ArrowDown');
    await keyboard.press('Space');
    for (let i = 0; i < 9; i++) await keyboard.press('ArrowLeft'); // the pen is up
    expect(await opened.answer()).toBe('1');
    await keyboard.press('u');
    expect(await opened.answer()).toBe('?');
  });
});

describe('on other devices', { timeout: 20_000 }, () => {
  it('can be drawn on with a finger, without scrolling, and fits a phone', async () => {
    const opened = await DigitPage.open(browser, url, phone);
    const session = await opened.page.context().newCDPSession(opened.page);
    const { x, y, width } = (await opened.page.locator('#pad').boundingBox())!;
    const touch = (type: 'touchStart' | 'touchMove', at: { readonly x: number; readonly y: number }) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: [{ x: x + at.x * width, y: y + at.y * width }],
      });
    const [start, corner, end] = seven[0]!;
    await touch('touchStart', start!);
    for (const [from, to] of [
      [start!, corner!],
      [corner!, end!],
    ] as const) {
      for (let i = 1; i <= 6; i++) {
        await touch('touchMove', { x: from.x + ((to.x - from.x) * i) / 6, y: from.y + ((to.y - from.y) * i) / 6 });
      }
    }
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    expect(await opened.answer()).toBe('7');
    expect(await opened.page.evaluate(() => scrollY)).toBe(0);
    for (const size of [390, 360]) {
      await opened.page.setViewportSize({ width: size, height: 740 });
      expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(size);
    }
    // drawing and bars are on the screen together
    await opened.page.setViewportSize(phone.viewport);
    const lastBar = (await opened.page.locator('.bar').last().boundingBox())!;
    expect(lastBar.y + lastBar.height).toBeLessThan(phone.viewport.height);
    expect(opened.problems).toEqual([]);
    await opened.close();
  });

  it.each(['light', 'dark'] as const)('is %s where the system is, on desktop and phone', async (colorScheme) => {
    for (const [name, device] of Object.entries({ desktop, phone })) {
      const opened = await DigitPage.open(browser, url, { ...device, colorScheme });
      await opened.draw(seven);
      expect(await opened.answer()).toBe('7');
      const lightness = await opened.page.evaluate(() => {
        const of = (color: string): number => {
          const context = new OffscreenCanvas(1, 1).getContext('2d')!;
          context.fillStyle = color;
          context.fillRect(0, 0, 1, 1);
          return (
            context
              .getImageData(0, 0, 1, 1)
              .data.slice(0, 3)
              .reduce((sum, value) => sum + value) / 765
          );
        };
        const { backgroundColor, color } = getComputedStyle(document.body);
        return { back: of(backgroundColor), text: of(color) };
      });
      expect(lightness.back > lightness.text).toBe(colorScheme === 'light');
      expect(Math.abs(lightness.back - lightness.text)).toBeGreaterThan(0.7);
      const picture = await opened.page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
      const scale = name === 'phone' ? 2 : 1;
      expect(picture.readUInt32BE(16)).toBe(device.viewport.width * scale);
      await opened.close();
    }
  });

  it('reads without WebAssembly SIMD, too, and says that training will be slow', async () => {
    const context = await browser.newContext(desktop);
    await context.addInitScript('WebAssembly.validate = () => false');
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'networkidle' });
    const { x, y, width } = (await page.locator('#pad').boundingBox())!;
    await page.mouse.move(x + 0.5 * width, y + 0.2 * width);
    await page.mouse.down();
    await page.mouse.move(x + 0.5 * width, y + 0.8 * width, { steps: 8 });
    await page.mouse.up();
    await page.locator('#answer', { hasText: '1' }).waitFor({ timeout: 5000 });
    expect(await page.locator('#training-status').textContent()).toContain('many times slower');
    await context.close();
  });
});

describe('training in the page', { timeout: 60_000 }, () => {
  /** First and last loss that the plot tells of to those who do not see it. */
  async function losses(opened: DigitPage): Promise<readonly [first: number, last: number]> {
    const described = await opened.text('#loss-curve desc');
    const [, first, last] = /from ([\d.]+) at [\d.]+ to ([\d.]+) at/.exec(described)!;
    return [Number(first), Number(last)];
  }

  it('lowers the loss, and gives a network that reads and can be saved', async () => {
    const opened = await DigitPage.open(browser, url, desktop);
    const { page } = opened;
    expect(await opened.text('#training-status')).toMatch(/^MNIST's images are loaded first, 11\.\d MB in all\.$/);
    await page.selectOption('#digits', '1000');
    await page.click('#start');
    await opened.waitForStart('Train anew');
    const [first, last] = await losses(opened);
    expect(first).toBeGreaterThan(1.5);
    expect(last).toBeLessThan(first / 3);
    const [, accuracy] = /([\d.]+) % of 10,000 held-out digits right/.exec(await opened.text('#training-status'))!;
    expect(Number(accuracy)).toBeGreaterThan(80);
    const colored = await page.locator('#weights').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      return data.filter((value, i) => i % 4 === 3 && value > 30).length / (width * height);
    });
    expect(colored).toBeGreaterThan(0.1);

    await opened.draw(seven);
    const before = await opened.bars();
    await page.check('#use-trained');
    expect(await opened.answer()).toMatch(/^\d$/);
    expect(await opened.bars()).not.toEqual(before);

    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
    const path = join(folder, 'trained.json');
    await download.saveAs(path);
    const saved = exportWeights(await loadNetwork(path)); // by the program
    expect(saved).toEqual(parseWeights(await readFile(path, 'utf8')));

    // the same file as a visitor opens it gives the same reading
    const trained = await opened.bars();
    await page.setInputFiles('#file', path);
    await expect.poll(() => opened.text('#ready-name')).toBe('trained.json');
    await opened.answer();
    expect(await page.locator('#use-ready').isChecked()).toBe(true);
    (await opened.bars()).forEach((bar, digit) => {
      expect(bar).toBeCloseTo(trained[digit]!, 5);
    });
    expect(opened.problems).toEqual([]);
    await opened.close();
  });

  it('stops, goes on, and is forgotten', async () => {
    const opened = await DigitPage.open(browser, url, desktop);
    const { page } = opened;
    await page.selectOption('#epochs', '30');
    await page.click('#start');
    await opened.waitForStart('Pause');
    await page.click('#start');
    await opened.waitForStart('Go on');
    await page.locator('#training-status', { hasText: '(paused)' }).waitFor({ timeout: 10_000 });
    const paused = await opened.text('#training-status');
    await page.waitForTimeout(400);
    expect(await opened.text('#training-status')).toBe(paused);
    await page.click('#start');
    await expect.poll(() => opened.text('#training-status'), { timeout: 10_000 }).not.toBe(paused);
    await page.check('#use-trained');
    await page.click('#reset');
    expect(await page.locator('#training-results').isHidden()).toBe(true);
    expect(await page.locator('#use-ready').isChecked()).toBe(true);
    expect(await page.locator('#use-trained').isDisabled()).toBe(true);
    expect(await opened.text('#start')).toBe('Start training');
    expect(opened.problems).toEqual([]);
    await opened.close();
  });

  it('says what is wrong with a file of weights, and keeps its network', async () => {
    const opened = await DigitPage.open(browser, url, desktop);
    const content = '{"sizes":[2,1],"weights":[[[1,2]]],"biases":[[0]]}';
    await opened.page.setInputFiles('#file', {
      name: 'small.json',
      mimeType: 'application/json',
      buffer: Buffer.from(content),
    });
    await expect
      .poll(() => opened.text('#problem'))
      .toContain('small.json: importWeights: sizes are [2, 1], those of the model');
    await opened.draw(seven);
    expect(await opened.answer()).toBe('7');
    await opened.close();
  });
});

// The page as a visitor uses it: strokes, buttons, what can be read. Whatever goes wrong in it is remembered.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Stroke } from '../../page/strokes.ts';

/** The page in a browser window of its own. */
export class DigitPage {
  readonly page: Page;
  /** Errors and warnings on the console, exceptions, and requests that failed. */
  readonly problems: string[] = [];
  /** Bytes that came: of the files, and over the wire; without MNIST. */
  readonly loaded = { files: 0, transferred: 0 };

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens it, and waits until its network is loaded. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<DigitPage> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const opened = new DigitPage(page);
    await opened.listen();
    await page.goto(url, { waitUntil: 'networkidle' });
    return opened;
  }

  private async listen(): Promise<void> {
    const { page, problems, loaded } = this;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('requestfailed', (request) => problems.push(`${request.url()} failed`));
    page.on('response', async (response) => {
      if (response.status() >= 400) problems.push(`${response.url()}: ${response.status()}`);
      else if (!response.url().includes('/mnist/')) loaded.files += (await response.body()).length;
    });
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      loaded.transferred += encodedDataLength;
    });
  }

  /** Draws with the mouse; the strokes are on a pad from 0 to 1. */
  async draw(strokes: readonly Stroke[]): Promise<void> {
    const { mouse } = this.page;
    const { x: left, y: top, width, height } = (await this.page.locator('#pad').boundingBox())!;
    for (const stroke of strokes) {
      const [first, ...others] = stroke.map(({ x, y }) => [left + x * width, top + y * height] as const);
      await mouse.move(...first!);
      await mouse.down();
      await Promise.all(others.map((point) => mouse.move(...point))); // in this order; the browser may take some together
      await mouse.up();
    }
  }

  /** The digit that was read, after the page had time to read it; `?` where there is none. */
  async answer(): Promise<string> {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 30)))),
    );
    return this.text('#answer');
  }

  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).textContent())!.trim();
  }

  /** The ten bars, as parts of their full length. */
  bars(): Promise<number[]> {
    return this.page
      .locator('.fill')
      .evaluateAll((fills) => fills.map((fill) => Number(/\((.*)\)/.exec((fill as HTMLElement).style.transform)![1])));
  }

  /** Waits until the button of the training reads so. */
  async waitForStart(text: string, timeout: number = 60_000): Promise<void> {
    await this.page.locator('#start', { hasText: text }).waitFor({ timeout });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

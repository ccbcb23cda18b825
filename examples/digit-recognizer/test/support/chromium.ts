// Chromium, where Debian has it or at the path CHROMIUM.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Starts it. @throws Error where it is not there. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no Chromium at ${executablePath}. Install it (apt-get install chromium), or set CHROMIUM to the path of one.`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}

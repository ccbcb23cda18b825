// What the browser test runs in a page.

import { pictures } from './pictures.ts';

(globalThis as { found?: Record<string, string> }).found = await pictures();

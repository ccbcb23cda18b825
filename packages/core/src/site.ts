// The line of a user's program that is being executed, out of the stack of calls. It knows the formats of V8, Firefox and Safari.

const own = pathOf((import.meta as { readonly url?: string }).url ?? '');

/** The folder of the packages, where this file lies in one as it was published; undefined in a bundle. */
const packages = /^(.*\/)[^/]+\/(?:src|dist)\/site\.[cm]?[jt]s$/.exec(own)?.[1];

/** How errors keep their stacks where the engine is V8. */
interface StackLimit {
  stackTraceLimit?: number;
}

/** `file:line:column` of the innermost call that is not in tapegrad; undefined where the stack does not say. */
export function callingSite(): string | undefined {
  // Writing down a stack costs by the frame, and the caller is mostly near.
  return siteWithin(16) ?? siteWithin(100);
}

function siteWithin(frames: number): string | undefined {
  const settings = Error as StackLimit;
  const limit = settings.stackTraceLimit;
  if (limit !== undefined) settings.stackTraceLimit = frames;
  const { stack } = new Error();
  if (limit !== undefined) settings.stackTraceLimit = limit;
  return stack === undefined ? undefined : siteIn(stack);
}

/** The first line of a stack that lies in no package of tapegrad. */
export function siteIn(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, location, row, column] = frame.exec(line) ?? [];
    if (location === undefined || isNoFile.test(location)) continue;
    const path = pathOf(location);
    if (!isOurs(path)) return `${shown(path)}:${row}:${column}`;
  }
  return undefined;
}

// `    at f (file:///a.ts:1:2)`, `    at /a.ts:1:2`; `f@http://b/a.js:1:2`
const frame = /^(?:\s*at (?:async )?(?:.*? \()?|[^@]*@)(.+?):(\d+):(\d+)\)?$/;

// Evaluated code: `eval at f (/a.ts:1:2), <anonymous>` in V8, `/a.ts line 3 > eval` in Firefox.
const isNoFile = /^eval at |<anonymous>$| line \d+ > (?:eval|Function)$|^node:|^internal\/|^\[|^native$/;

/** Of a URL the path, without what a development server adds to it. */
function pathOf(location: string): string {
  const plain = location.replaceAll('\\', '/').replace(/^file:\/\/(?=\/)/, '');
  const path = /^[a-z-]+:\/\//.test(plain) ? plain.replace(/^[a-z-]+:\/\/[^/]*/, '').replace(/[?#].*$/, '') : plain;
  return path.replace(/^\/(?=[A-Za-z]:\/)/, '');
}

// As installed; as Vite bundles dependencies, one file a package.
const published = /\/@tapegrad\/[^/]+\/(?:src|dist)\/|\/\.vite\/deps[^/]*\/@tapegrad_[^/]+$/;

function isOurs(path: string): boolean {
  // In a bundle this file is also others of ours, and maybe the user's: no line is better than always one of ours.
  if (path === own || published.test(path)) return true;
  return (
    packages !== undefined && path.startsWith(packages) && /^[^/]+\/(?:src|dist)\//.test(path.slice(packages.length))
  );
}

/** Relative to the folder in which the program runs, where there is one. */
function shown(path: string): string {
  const { process } = globalThis as { readonly process?: { cwd?(): string } };
  const folder = process?.cwd?.().replaceAll('\\', '/');
  return folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

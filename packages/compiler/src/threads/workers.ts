// Workers of Node.js and of pages, as one kind; and whether memory can be shared with them here.

import type { WorkerMessage } from './worker-source.ts';

/** Another thread. */
export interface Worker {
  post(message: WorkerMessage): void;
  /** Ends it, whatever it does. */
  end(): void;
}

/** What threads depend on of where they run. */
export interface ThreadHost {
  /** Environment variables. */
  readonly env: { readonly [name: string]: string | undefined };
  /** Whether memory can be shared with workers: not in a page that is not cross-origin isolated. */
  readonly shares: boolean;
  /** Whether the thread that programs are called from may sleep: not the one of a page. */
  readonly sleeps: boolean;
  /** Milliseconds since some time. */
  now(): number;
  /**
   * Starts a worker that runs this text as a script and never keeps the process alive. `lost` is called where it ends by itself.
   *
   * @throws Error where there are no workers.
   */
  start(source: string, lost: () => void): Worker;
}

interface NodeWorker {
  postMessage(message: WorkerMessage): void;
  terminate(): unknown;
  unref(): void;
  on(event: 'error' | 'exit', listener: () => void): unknown;
}

interface PageWorker {
  postMessage(message: WorkerMessage): void;
  terminate(): void;
  onerror: (() => void) | null;
}

interface Globals {
  readonly process?: {
    readonly env?: ThreadHost['env'];
    getBuiltinModule?(name: 'node:worker_threads'): {
      readonly Worker: new (source: string, options: { eval: true; execArgv: string[] }) => NodeWorker;
    };
  };
  readonly performance: { now(): number };
  readonly SharedArrayBuffer?: unknown;
  readonly crossOriginIsolated?: boolean;
  /** Of a page only. */
  readonly document?: unknown;
  readonly Worker?: new (url: string) => PageWorker;
  readonly Blob?: new (parts: readonly string[], options: { type: string }) => object;
  readonly URL?: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
}

/** This host. Nothing of Node.js is imported, so that bundles for pages need none. */
export function thisThreadHost(): ThreadHost {
  const globals = globalThis as unknown as Globals;
  const { process } = globals;
  const inNode = process?.getBuiltinModule !== undefined;
  return {
    env: process?.env ?? {},
    shares: globals.SharedArrayBuffer !== undefined && (inNode || globals.crossOriginIsolated === true),
    sleeps: globals.document === undefined,
    now: () => globals.performance.now(),
    start(source, lost) {
      // loaded where it is needed: a program of one thread does without
      const node = process?.getBuiltinModule?.('node:worker_threads');
      if (node === undefined) return startInPage(globals, source, lost);
      // no options of this process: neither scripts that are loaded first nor ports of a debugger
      const worker = new node.Worker(source, { eval: true, execArgv: [] });
      worker.on('error', lost);
      worker.on('exit', lost);
      worker.unref();
      return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
    },
  };
}

function startInPage({ Worker, Blob, URL }: Globals, source: string, lost: () => void): Worker {
  if (Worker === undefined || Blob === undefined || URL === undefined) throw new Error('there are no workers here');
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onerror = lost;
  // not at once: the worker reads it later
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

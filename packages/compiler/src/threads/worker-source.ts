// What a worker runs, as text: so no file of it needs to be found, by Node.js, a bundler, or a page.

import { spins, words } from './control.ts';

/** What is posted to a worker. */
export interface WorkerMessage {
  /** In the first message: which part is its own, of all the programs. */
  readonly part?: number;
  /** The memory that the programs work on. */
  readonly memory: object;
  /** A program: its number, and its module. */
  readonly program?: { readonly number: number; readonly module: object };
  /** Programs that are not needed any more. */
  readonly dropped: readonly number[];
}

/**
 * The program of a worker. It waits for orders in `Atomics.wait`, and leaves that only for messages, which it then takes in; after each it says
 * that it did.
 */
export const workerSource: string = `'use strict';
const words = ${JSON.stringify(words)};
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self;
const programs = new Map();
let part, memory, control, seen = 0;
const count = (word) => Atomics.load(control, word);

function takeIn(message) {
  if (message.part !== undefined) part = message.part;
  memory = message.memory;
  control = new Int32Array(memory.buffer, 0, ${words.handled} + part);
  try {
    for (const number of message.dropped) programs.delete(number);
    if (message.program !== undefined) start(message.program);
  } catch {
    Atomics.store(control, words.failed, 1);
  }
  Atomics.add(control, words.handled + part - 1, 1);
  obey();
}

function start({ number, module }) {
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    // functions of JavaScript are called by the first thread alone
    (imports[from] ??= {})[name] = kind === 'memory' ? memory : () => { throw new Error('internal: a worker calls JavaScript'); };
  }
  programs.set(number, new WebAssembly.Instance(module, imports).exports.run);
}

function obey() {
  for (;;) {
    if (count(words.quit)) return port.close();
    if (count(words.posted) !== count(words.handled + part - 1)) return;
    const epoch = count(words.epoch);
    if (epoch === seen) rest();
    else {
      seen = epoch;
      if (count(words.program) !== 0 && part < count(words.parts)) run();
    }
  }
}

function run() {
  try {
    programs.get(count(words.program))(part, count(words.parts), 1);
  } catch {
    Atomics.store(control, words.failed, 1);
    Atomics.store(control, words.abandoned, 1);
    Atomics.add(control, words.phase, 1);
    Atomics.notify(control, words.phase);
  }
  Atomics.add(control, words.finished, 1);
}

function rest() {
  for (let i = 0; i < ${spins}; i++) if (count(words.epoch) !== seen) return;
  Atomics.add(control, words.idle, 1);
  Atomics.wait(control, words.epoch, seen);
  Atomics.sub(control, words.idle, 1);
}

if (port.on) port.on('message', takeIn);
else port.onmessage = ({ data }) => takeIn(data);
`;

// One phase of a command: a heading, then a program whose output goes straight to the terminal.

import { spawnSync } from 'node:child_process';
import { root } from './workspace.mjs';

/**
 * Prints the heading of a phase.
 * @param {string} title
 */
export function phase(title) {
  console.log(`\n── ${title}`);
}

/**
 * Runs a script with Node.js in the root of the workspace and remembers its exit code for `fail`.
 * @param {string} script
 * @param {string[]} args
 * @returns {boolean} whether it succeeded
 */
export function run(script, args) {
  return runProgram(process.execPath, [script, ...args]);
}

/**
 * Like `run`, for any program. With `shell`, the words are joined by spaces: none may need quotes.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {boolean} whether it succeeded
 */
export function runProgram(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) console.error(result.error.message);
  // A program that a signal ended has no exit code of its own.
  process.exitCode = result.status ?? 1;
  return process.exitCode === 0;
}

/**
 * Ends the command with the exit code of the last program.
 * @returns {never}
 */
export function fail() {
  process.exit();
}

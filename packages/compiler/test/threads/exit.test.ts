import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Runs a TypeScript program in a process of its own, on sources: as vitest does, but without its own workers. */
const runner = `
  import { createViteServer } from 'vitest/node';
  const conditions = ['tapegrad-source', 'module', 'node', 'development|production'];
  const server = await createViteServer({
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    resolve: { conditions },
    ssr: { resolve: { conditions }, noExternal: [/^@tapegrad\\//] },
  });
  await server.ssrLoadModule(process.argv[1]);
  await server.close();
  console.log('at the end');
`;

describe('a process that ran a program on several threads', () => {
  it('ends by itself', () => {
    const program = fileURLToPath(new URL('exit-program.ts', import.meta.url));
    const { stdout, stderr, status, signal } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', runner, program],
      { encoding: 'utf8', timeout: 60_000, cwd: fileURLToPath(new URL('../../../..', import.meta.url)) },
    );
    expect({ stdout, stderr, status, signal }).toEqual({
      stdout: 'parts done: 8\nat the end\n',
      stderr: '',
      status: 0,
      signal: null,
    });
  }, 90_000);
});

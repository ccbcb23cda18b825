// Where the tools of the workspace are. Run with Node.js itself, they need no shell on any system.

/** Scripts, relative to the root of the workspace. */
export const tools = {
  tsc: 'node_modules/typescript/bin/tsc',
  biome: 'node_modules/@biomejs/biome/bin/biome',
  vitest: 'node_modules/vitest/vitest.mjs',
};

// How vitest runs every test of the workspace: against the sources of our packages, with no build first.

import { defineConfig } from 'vitest/config';

// 'tapegrad-source' comes first, so that our packages resolve to src/index.ts; the rest is what Vite uses for Node.
const conditions = ['tapegrad-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
    // all cores: the default leaves one idle, which of two is half of the time
    maxWorkers: '100%',
    // some trainings and pages take seconds, and more beside other tests
    testTimeout: 30_000,
  },
});

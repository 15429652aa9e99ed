import { defineConfig } from 'vitest/config'

// One file at a time: all of them work on one real stack. The tests of a file that changes nothing run beside each other.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    globalSetup: './stack.ts',
    fileParallelism: false,
    maxConcurrency: 3,
    testTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 120_000,
    reporters: ['verbose'],
  },
})

import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { defineConfig } from 'vitest/config'

// The walk through all screens takes longest by far: first, or it would run alone at the end.
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const walks = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith('/screens.e2e.ts'))
    return (await super.sort(files)).toSorted((a, b) => walks(b) - walks(a))
  }
}

// Two files side by side on one real stack, as CI has two cores: no test counts on what another may change. The tests of a file that changes nothing
// run beside each other as well.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    globalSetup: './stack.ts',
    maxWorkers: 2,
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 120_000,
    reporters: ['verbose'],
  },
})

/** @jest-config-loader esbuild-register */
import type { Config } from 'jest'
import { project } from '../../../../jest.config.ts'

/** `npm run screenshots`: no tests, but pictures of what the commands show, taken with what the tests have at hand. */
const config: Config = {
  projects: [
    {
      ...project('screenshots'),
      // npm runs its scripts in the root.
      rootDir: process.cwd(),
      testMatch: ['<rootDir>/packages/cli/test/screenshots/*.shots.ts'],
    },
  ],
  testTimeout: 120_000,
}

export default config

/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os'
import type { Config } from 'jest'

/** The tests of one kind. */
export const project = (name: string): Exclude<NonNullable<Config['projects']>[number], string> => ({
  displayName: name,
  testMatch: [`<rootDir>/packages/*/test/${name}/**/*.test.ts`],
  testEnvironment: '<rootDir>/packages/testing/src/node-environment.js',
  testEnvironmentOptions: { customExportConditions: ['zcast-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist'],
})

/** Tests with sockets, processes and pages depend on what else the machine does: each may fail once. */
const again = { setupFilesAfterEnv: ['<rootDir>/packages/testing/src/second-try.ts'] }

const config: Config = {
  projects: [
    project('unit'),
    { ...project('integration'), ...again },
    { ...project('e2e'), ...again, globalSetup: '<rootDir>/packages/testing/src/join-command.js' },
  ],
  // Far more than any test takes alone: on a machine that runs eight other things, all of them take that much longer.
  testTimeout: 120_000,
  // One more than cores: a third of the time of integration and end-to-end tests is waiting.
  maxWorkers: availableParallelism() + 1,
  testSequencer: '<rootDir>/packages/testing/src/quick-tests-last.js',
  reporters: ['default', '<rootDir>/packages/testing/src/progress-reporter.js'],
}

export default config

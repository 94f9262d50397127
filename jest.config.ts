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

const config: Config = {
  projects: [
    project('unit'),
    project('integration'),
    { ...project('e2e'), globalSetup: '<rootDir>/packages/testing/src/join-command.js' },
  ],
  testTimeout: 60_000,
  // One more than cores: a third of the time of integration and end-to-end tests is waiting.
  maxWorkers: availableParallelism() + 1,
  reporters: ['default', '<rootDir>/packages/testing/src/progress-reporter.js'],
}

export default config

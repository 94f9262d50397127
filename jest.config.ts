/** @jest-config-loader esbuild-register */
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
  projects: [project('unit'), project('integration'), project('e2e')],
  testTimeout: 60_000,
  // A worker for each core: jest's own choice leaves one core out, which of two is half of them.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/packages/testing/src/progress-reporter.js'],
}

export default config

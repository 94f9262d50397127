import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { OptionSpecs } from '../../../../src/options/option-spec.ts'
import { readConfiguration } from '../../../../src/options/reading/configuration-file.ts'
import { environmentName, readEnvironment } from '../../../../src/options/reading/environment.ts'
import { UsageError, type Settings } from '../../../../src/options/reading/settings.ts'

const COMMON: OptionSpecs = {
  quiet: { type: 'boolean', describe: '' },
  'log-dir': { type: 'string', value: 'FOLDER', describe: '' },
}
const OPTIONS: OptionSpecs = { ...COMMON, connect: { type: 'list', value: 'ENDPOINT', describe: '' } }
const NAMES = Object.keys(OPTIONS)

let folder = ''
let file = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zcast-settings-'))
  file = join(folder, 'config.json')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What comes out of reading; `undefined` where it was refused in a sentence. Fails on any other error. */
function settingsOrRefusal(read: () => Settings): Settings | undefined {
  try {
    return read()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toMatch(/^[^\n]+$/)
    return undefined
  }
}

/** Each setting is of the type of its option. */
function expectTyped(settings: Settings | undefined): void {
  for (const [name, value] of Object.entries(settings ?? {})) {
    expect(NAMES).toContain(name)
    const { type } = OPTIONS[name] as OptionSpecs[string]
    if (type === 'list') expect((value as unknown[]).every((item) => typeof item === 'string')).toBe(true)
    else expect(typeof value).toBe(type)
  }
}

describe('the configuration file', () => {
  const read = (text: string): Settings | undefined => {
    writeFileSync(file, text)
    return settingsOrRefusal(
      () => readConfiguration(file, 'client', OPTIONS, COMMON, ['client', 'viewer']).settings,
    )
  }

  test('any JSON gives settings of the right types, or one sentence', () => {
    const key = fc.constantFrom(
      ...NAMES,
      'client',
      'viewer',
      'config',
      '__proto__',
      'constructor',
      'toString',
    )
    const leaf = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null), fc.array(fc.string()))
    const group = fc.dictionary(key, leaf)
    const json = fc.oneof(fc.jsonValue(), group, fc.dictionary(key, fc.oneof(leaf, group)))
    fc.assert(fc.property(json, (value) => expectTyped(read(JSON.stringify(value)))))
  })

  test('any text does', () => {
    fc.assert(fc.property(fc.string(), (text) => expectTyped(read(text))))
  })
})

describe('the environment', () => {
  test('any text gives settings of the right types, or one sentence', () => {
    const values = fc.oneof(fc.string(), fc.constantFrom('true', 'OFF', '1', '', 'a,,b'))
    const environments = fc.dictionary(fc.constantFrom(...NAMES.map(environmentName), 'ZCAST_OTHER'), values)
    fc.assert(
      fc.property(environments, (environment) =>
        expectTyped(settingsOrRefusal(() => readEnvironment(OPTIONS, environment))),
      ),
    )
  })
})

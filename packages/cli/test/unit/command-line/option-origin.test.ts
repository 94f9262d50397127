import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { COMMANDS } from '../../../src/command-table.ts'
import { flagOrigins, withOrigin } from '../../../src/command-line/option-origin.ts'
import { environmentName } from '../../../src/options/reading/environment.ts'
import { refusal } from '../../support/refusal.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'zcast-origin-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A command line of each command that is good but for what is added, and the options that take no such rubbish. */
const POSITIONALS: Readonly<Record<string, readonly string[]>> = {
  client: ['3'],
  viewer: ['1'],
  listener: ['1'],
  keys: ['list'],
  topic: ['echo'],
  play: ['x.mcap'],
  export: ['x.mcap', '--csv', 'numbers/x'],
}
const RUBBISH = 'tcp://'

describe('what an option is refused with names where its value came from', () => {
  test.each(COMMANDS.map(({ name }) => name))('%s', async (name) => {
    const entry = COMMANDS.find((command) => command.name === name)
    const command = await entry?.load()
    const words = [name, ...(POSITIONALS[name] ?? [])]
    let refused = 0
    const own = command?.groups.flatMap(({ options }) => Object.entries(options)) ?? []
    for (const [option, { type }] of own) {
      if (type === 'boolean' || words.includes(`--${option}`)) continue
      const flag = await refusal([...words, `--${option}`, RUBBISH])
      // Text such as a path or a name may be anything.
      if (flag === undefined) continue
      refused += 1
      expect(flag).toMatch(new RegExp(`\\(from --${option}\\)$`))
      if (refused % 2 === 0) {
        const variable = environmentName(option)
        expect(await refusal(words, { [variable]: RUBBISH })).toMatch(new RegExp(`\\(from ${variable}\\)$`))
        continue
      }
      const file = join(folder, 'zcast.json')
      writeFileSync(file, JSON.stringify({ [name]: { [option]: RUBBISH } }))
      const key = `"${name}.${option}" in ${file}`
      expect(await refusal([...words, '--config', file])).toContain(`(from ${key})`)
    }
    const hasChecked = own.length > 3
    expect(refused > 0).toBe(hasChecked)
  })

  test('as Kubernetes gives it, with what helps', async () => {
    expect(await refusal(['viewer', '1'], { ZCAST_PORT: 'tcp://10.96.0.1:80' })).toBe(
      'port must be a number, got "tcp://10.96.0.1:80" (from ZCAST_PORT, which Kubernetes sets for a service named ' +
        'zcast: give --port, or set enableServiceLinks to false)',
    )
  })

  test('a flag goes before the variable of the same name', async () => {
    expect(await refusal(['viewer', '1', '--port', 'x'], { ZCAST_PORT: '8081' })).toMatch(/\(from --port\)$/)
  })
})

describe('origins', () => {
  test('are found for flags in every spelling, and not after "--"', () => {
    const options = {
      lines: { type: 'string', alias: 'n', value: 'N', describe: '' },
      role: { type: 'string', value: 'ROLE', describe: '' },
      since: { type: 'string', value: 'TIME', describe: '' },
    } as const
    const argv = ['logs', '-n5', '--role=client', '--', '--since', '1h']
    expect(flagOrigins(argv, options)).toEqual({ lines: '--lines', role: '--role' })
  })

  test('a sentence about nothing that was given stays as it is', () => {
    expect(withOrigin('name a client', { count: 3 }, { count: '--count' })).toBe('name a client')
  })
})

describe('a configuration file', () => {
  const write = (content: string | Buffer): string => {
    const path = join(folder, 'zcast.json')
    writeFileSync(path, content)
    return path
  }

  test('in UTF-16 is refused, with and without its mark', async () => {
    for (const mark of ['\uFEFF', '']) {
      const path = write(Buffer.from(`${mark}{"quiet": true}`, 'utf16le'))
      expect(await refusal(['demo', '--config', path])).toBe(
        `cannot use the configuration file ${path}: it is not in UTF-8: save it in that encoding`,
      )
    }
  })

  test('that is not JSON is not quoted, since it may hold a password', async () => {
    const path = write('{"publish": {"video": "rtsp://admin:hunter2@camera/"}, oops')
    const sentence = await refusal(['demo', '--config', path])
    expect(sentence).toContain('it is not JSON')
    expect(sentence).not.toContain('hunter2')
  })

  test('given twice, or naming another one, is refused', async () => {
    const path = write('{"config": "other.json"}')
    expect(await refusal(['demo', '--config', path, '--config', path])).toMatch(
      /^config was given more than once/,
    )
    expect(await refusal(['demo', `--config=${path}`])).toMatch(/names another one with "config"/)
    const inGroup = write('{"demo": {"config": "other.json"}}')
    expect(await refusal(['demo', '--config', inGroup])).toMatch(/names another one with "config"/)
  })

  test('begins with the mark of UTF-8 where an editor put it', async () => {
    expect(await refusal(['demo', '--config', write('\uFEFF{"quiet": true}')])).toBeUndefined()
  })
})

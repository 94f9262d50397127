import { describe, expect, test } from '@jest/globals'
import { UsageError } from '../../../src/options/reading/settings.ts'
import { spellSwitches } from '../../../src/command-line/switches.ts'

const options = {
  json: { type: 'boolean', describe: '' },
  quiet: { type: 'boolean', alias: 'q', describe: '' },
  topic: { type: 'string', value: 'TOPIC', describe: '' },
} as const

describe('spellSwitches', () => {
  test.each([
    ['--json=yes', '--json=true'],
    ['--json=ON', '--json=true'],
    ['--json=1', '--json=true'],
    ['--json=no', '--json=false'],
    ['--json=', '--json=false'],
    ['-q=off', '-q=false'],
    ['--json', '--json'],
    ['--topic=perhaps', '--topic=perhaps'],
    ['--unknown=perhaps', '--unknown=perhaps'],
    ['cam=pattern', 'cam=pattern'],
    ['-', '-'],
  ])('makes %s %s', (given, spelled) => {
    expect(spellSwitches([given], options)).toEqual([spelled])
  })

  test.each(['--json=perhaps', '--json=2', '-q=truely', '--json=true\n'])('refuses %j', (given) => {
    expect(() => spellSwitches(['client', given], options)).toThrow(UsageError)
  })

  test('leaves alone what comes after --', () => {
    expect(spellSwitches(['--', '--json=perhaps'], options)).toEqual(['--', '--json=perhaps'])
  })
})

import { beforeAll, describe, expect, test } from '@jest/globals'
import { commandHelp, overviewHelp } from '../../../src/command-line/help/help-text.ts'
import { helpWidth } from '../../../src/command-line/help/help-width.ts'
import { COMMANDS, type CommandEntry } from '../../../src/command-table.ts'
import { COMMON_OPTIONS } from '../../../src/options/common-options.ts'
import { optionsOf, type Command } from '../../../src/command.ts'

const plain = (width: number) => ({ width, heading: (text: string) => text })

const loaded: { entry: CommandEntry; command: Command }[] = []
beforeAll(async () => {
  for (const entry of COMMANDS) loaded.push({ entry, command: await entry.load() })
})

function allHelp(width: number): string[] {
  return [
    overviewHelp(plain(width)),
    ...loaded.map(({ entry, command }) => commandHelp(entry, command, plain(width))),
  ]
}

describe('help', () => {
  test('fits every width from 60 to 100 columns, broken between words only', () => {
    const words = allHelp(1000).map((text) => text.split(/[\s\\]+/).join(' '))
    for (let width = 60; width <= 100; width += 1) {
      const texts = allHelp(width)
      const lines = texts.flatMap((text) => text.split('\n'))
      expect(lines.filter((line) => line.length > width || line !== line.trimEnd())).toEqual([])
      expect(texts.map((text) => text.split(/[\s\\]+/).join(' '))).toEqual(words)
    }
  })

  test.each(COMMANDS.map((entry) => [entry.name, entry] as const))(
    'of %s has every option once, the own ones by subject before the common ones, and examples',
    async (name, entry) => {
      const command = await entry.load()
      const lines = commandHelp(entry, command, plain(80)).split('\n')
      const listed = lines.flatMap((line) => /^ {2}(?:-\w, | {4})--([a-z\d-]+)/.exec(line)?.[1] ?? [])
      const own = command.groups.flatMap(({ options }) => Object.keys(options))
      const common = Object.keys(COMMON_OPTIONS).filter((option) => !own.includes(option))
      expect(listed).toEqual([...own, ...common, 'version', 'help'])
      expect(Object.keys(optionsOf(command)).toSorted()).toEqual([...own, ...common].toSorted())
      const subjects = lines.filter((line) => /^[A-Z].*:$/.test(line))
      const positionals = Object.keys(command.positionals).length > 0 ? ['Arguments:'] : []
      expect(subjects).toEqual([
        ...positionals,
        ...command.groups.map(({ subject }) => `${subject}:`),
        'Options of every command:',
        'Examples:',
      ])
      expect(
        lines.findLast(
          (line) =>
            line.startsWith(`  zcast ${name}`) ||
            line.includes(`| zcast ${name}`) ||
            line.includes(`(zcast ${name}`),
        ),
      ).toBeDefined()
    },
  )

  test('shows an example that is too long as one that can still be copied', async () => {
    const entry = COMMANDS.find(({ name }) => name === 'dashboard') as (typeof COMMANDS)[number]
    const text = commandHelp(entry, await entry.load(), plain(60))
    const [, example] = /^ {2}(zcast dashboard --numbers(?:.*\\\n)+.*)$/m.exec(text) ?? []
    expect(example?.replace(/ \\\n +/g, ' ')).toBe(
      'zcast dashboard --numbers tcp://192.168.1.20:5556 --video tcp://192.168.1.20:5557',
    )
  })
})

describe('the width of help', () => {
  test.each([
    ['what COLUMNS says', { COLUMNS: '72' }, 90, 72],
    ['that of the terminal', {}, 90, 90],
    ['80 in a pipe', {}, undefined, 80],
    ['that of the terminal where COLUMNS is no number', { COLUMNS: 'wide' }, 90, 90],
    ['80 for a terminal that does not know its width', {}, 0, 80],
    ['60 at least', { COLUMNS: '20' }, 90, 60],
    ['100 at most', {}, 250, 100],
  ])('is %s', (_, environment, columns, width) => {
    expect(helpWidth(environment, columns)).toBe(width)
  })
})

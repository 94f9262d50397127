import { describe, expect, test } from '@jest/globals'
import { complete } from '../../../src/command-line/completion/complete.ts'
import { COMMANDS } from '../../../src/command-table.ts'

const NAMES = COMMANDS.map(({ name }) => name)

async function candidates(...words: string[]): Promise<string[]> {
  return (await complete(words)).split('\n').filter(Boolean)
}

describe('completion', () => {
  test('offers the commands first, and help', async () => {
    expect(await candidates('')).toEqual([...NAMES, 'help'])
    expect(await candidates()).toEqual([...NAMES, 'help'])
    expect(await candidates('--log-dir', 'logs', 'd')).toEqual(['dashboard', 'doctor', 'devices', 'demo'])
    expect(await candidates('help', '')).toEqual(NAMES)
    expect(await candidates('help', 'client', '')).toEqual([])
  })

  test('offers positional arguments, one after the other', async () => {
    expect(await candidates('client', '')).toEqual(['1', '2', '3', 'even', 'odd', 'all'])
    expect(await candidates('client', '1', '')).toEqual([':files'])
    expect(await candidates('client', '--json', '--topic', 'numbers/x', 'e')).toEqual(['even'])
    expect(await candidates('keys', '')).toEqual(['new', 'list'])
    expect(await candidates('keys', 'new', '')).toEqual([])
  })

  test('offers files and words for each source of a publisher', async () => {
    const sources = ['-', 'pattern', 'camera', 'screen', 'tone', 'mic', ':files']
    expect(await candidates('publish', '')).toEqual(['numbers', 'video', 'audio'])
    expect(await candidates('publish', 'video', '')).toEqual(sources)
    expect(await candidates('publish', 'video', 'a.mp4', '')).toEqual(sources)
    expect(await candidates('publish', 'video', 'pa')).toEqual(['pattern', ':files'])
  })

  test("offers a command's options, and those of every command", async () => {
    expect(await candidates('viewer', '1', '--s')).toEqual([
      '--show',
      '--save',
      '--snapshot',
      '--sync',
      '--server-key',
    ])
    expect(await candidates('viewer', '--ver')).toEqual(['--verbose', '--version'])
    expect(await candidates('--log-')).toEqual(['--log-dir', '--log-size', '--log-files'])
    expect(await candidates('nonsense', '')).toEqual([])
  })

  test('offers the values of an option, or files, or nothing', async () => {
    expect(await candidates('viewer', '1', '--show', 'w')).toEqual(['web', 'window'])
    expect(await candidates('viewer', '1', '--record', '')).toEqual([':files'])
    expect(await candidates('logs', '-n', '')).toEqual([])
    expect(await candidates('logs', '-f', '--lev')).toEqual(['--level'])
  })

  test('offers values after an equals sign, however the shell divides words', async () => {
    expect(await candidates('viewer', '1', '--show=t')).toEqual(['--show=terminal'])
    expect(await candidates('viewer', '1', '--show', '=')).toEqual(['web', 'terminal', 'window', 'none'])
    expect(await candidates('viewer', '1', '--show', '=', 't')).toEqual(['terminal'])
  })
})

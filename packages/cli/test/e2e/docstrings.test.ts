import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { PROJECT, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const MODULES = readdirSync(join(PROJECT, 'packages'))
  .filter((name) => name !== 'testing')
  .flatMap((name) => {
    const files = readdirSync(join(PROJECT, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    return files.filter((file) => file.endsWith('.ts')).map((file) => join('packages', name, 'src', file))
  })

/** The examples in the docstrings of a module, each with where it stands. */
function examplesIn(module: string): (readonly [string, string])[] {
  const text = readFileSync(join(PROJECT, module), 'utf8')
  return [...text.matchAll(/@example\n(.*?)\*\/\n\s*([^\n]*)/gs)].map(
    ([, comment = '', declaration = '']) => {
      const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, ''))
      const code = lines.filter((line) => !line.startsWith('```')).join('\n')
      return [`${module}: ${declaration.slice(0, 50)}`, code] as const
    },
  )
}

const EXAMPLES = MODULES.flatMap(examplesIn)

describe('each example in a docstring runs as it stands, on the built packages', () => {
  test('there is one at each of the entry points', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(12)
  })

  test.each(EXAMPLES)('%s', async (_, code) => {
    const { ended } = bench.launch(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: PROJECT,
      env: { TMPDIR: bench.folder },
    })
    const { status, stderr } = await ended
    expect(stderr).toEqual([])
    expect(status).toBe(0)
  })
})

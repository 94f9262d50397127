import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { snippetsOf } from '../support/markdown.ts'
import { PROJECT, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

/** The pages that may have programs. */
const PAGES = ['README.md', ...readdirSync(join(PROJECT, 'docs')).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md'),
)

/** Runs a program as a module of its own. */
async function run(code: string) {
  return bench.launch(process.execPath, ['--input-type=module', '--eval', code], { cwd: PROJECT }).ended
}

describe('each example of the library runs as it stands, on the built packages', () => {
  const snippets = PAGES.flatMap((page) =>
    snippetsOf(page, 'ts').map((code, index) => [`${page} ${index + 1}`, code] as const),
  )

  test('there are some, and those of README are first', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(6)
    expect(snippets[0]?.[0]).toBe('README.md 1')
  })

  test.each(snippets)('%s', async (_, code) => {
    const { status, stderr } = await run(code)
    expect(stderr).toEqual([])
    expect(status).toBe(0)
  })
})

describe('importing a package', () => {
  test.each(['@zcast/publisher', '@zcast/subscribers'])(
    '%s loads neither ZeroMQ nor msgpack, nor what pictures and pages need, before something is opened',
    async (name) => {
      const code = `
        import { createRequire } from 'node:module'
        await import('${name}')
        const loaded = Object.keys(createRequire(process.cwd() + '/x.js').cache)
        console.log(JSON.stringify(loaded.filter((file) => file.includes('node_modules'))))`
      const { stdout, stderr } = await run(code)
      expect(stderr).toEqual([])
      expect(stdout).toEqual(['[]'])
    },
  )
})

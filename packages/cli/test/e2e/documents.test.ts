import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { allOptions, wrongCommands } from '../support/command-lines.ts'
import { snippetsOf } from '../support/markdown.ts'
import { findPython } from '@zcast/testing/machine/python'
import { PROJECT } from '../support/zcast.ts'

const PYTHON = findPython('zmq, msgpack')

const markdownIn = (folder: string): string[] =>
  readdirSync(join(PROJECT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))

const PAGES = [...markdownIn('.'), ...markdownIn('docs')].filter((page) => !page.startsWith('CHANGELOG'))
const PACKAGES = readdirSync(join(PROJECT, 'packages')).map((name) => `packages/${name}/README.md`)
const ALL_PAGES = [...PAGES, ...PACKAGES.filter((page) => existsSync(join(PROJECT, page)))]

const read = (page: string): string => readFileSync(join(PROJECT, page), 'utf8')
const shellIn = (page: string): string => snippetsOf(page, 'sh').join('\n')

/** What a link to a heading says: the heading in small letters, without punctuation, with dashes for blanks. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('the shell in README and docs', () => {
  test('is there', () => {
    expect(PAGES.filter((page) => shellIn(page) !== '').length).toBeGreaterThan(4)
  })

  test.each(ALL_PAGES)('%s: can be parsed, and its commands and options exist', async (page) => {
    const { stderr } = spawnSync('bash', ['-n'], { input: shellIn(page), encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(await wrongCommands(shellIn(page))).toEqual([])
  })

  test.each(ALL_PAGES)('%s: so do those that its sentences name', async (page) => {
    const prose = read(page).replaceAll(/^ *```.*?^ *```$/gms, '')
    const code = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
    expect(await wrongCommands(code.filter((text) => /^zcast \w/.test(text)).join('\n'))).toEqual([])
    const known = await allOptions()
    const named = code.flatMap((text) => /^--([a-z][a-z0-9-]*)/.exec(text)?.[1] ?? [])
    expect(named.filter((name) => !known.has(name) && !NOT_OURS.has(name))).toEqual([])
  })
})

/** Options of Node.js, `npm run bench` and `npm run faults`. */
const NOT_OURS = new Set(['expose-gc', 'quick', 'only'])

describe('npm scripts and links in README and docs', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> }

  test.each(ALL_PAGES)('%s: exist', (page) => {
    const named = [...read(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
    const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(PROJECT, target))) return true
      return anchor !== undefined && !anchorsOf(target).includes(anchor)
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })
})

PYTHON.describe('the Python in README and docs', () => {
  test.each(PAGES.filter((page) => snippetsOf(page, 'python').length > 0))('%s: compiles', (page) => {
    const check = 'import sys; compile(sys.stdin.read(), "snippet", "exec")'
    for (const snippet of snippetsOf(page, 'python')) {
      const { stderr } = spawnSync(PYTHON.path as string, ['-c', check], { input: snippet, encoding: 'utf8' })
      expect(stderr).toBe('')
    }
  })
})

import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { announcePage } from '../../../src/page/announce-page.ts'

const VARIABLES = ['TERM', 'NO_COLOR', 'FORCE_COLOR', 'LC_ALL', 'LC_CTYPE', 'LANG'] as const
const before = VARIABLES.map((name) => [name, process.env[name]] as const)

beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name]
  process.env['TERM'] = 'xterm-256color'
})
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

const OUTSIDE = 'http://192.168.1.20:8081'
const LOOPBACK = 'http://127.0.0.1:8081'
const SCREEN = { isTTY: true, columns: 80, rows: 24 }

interface Given {
  readonly address?: string
  readonly token?: boolean
  readonly terminal?: object
  readonly json?: boolean
  readonly quiet?: boolean
}

/** What is printed, as lines, and what is said as status. */
function announce({ address = OUTSIDE, token = true, terminal = SCREEN, ...flags }: Given): {
  lines: readonly string[]
  statuses: readonly string[]
} {
  let text = ''
  let links = 0
  const statuses: string[] = []
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk)
      done()
    },
  })
  const context = { json: false, quiet: false, ...flags, status: (said: string) => statuses.push(said) }
  announcePage(
    { ...context, output: Object.assign(output, terminal) },
    { address, oneTimeAddress: () => (token ? `${address}/?once=code-number-${++links}` : address) },
  )
  return { lines: text.split('\n').slice(0, -1), statuses }
}

const blocks = ({ lines }: { lines: readonly string[] }): number =>
  lines.filter((line) => /[▀▄█]/.test(line)).length

describe('where a page is', () => {
  test('is said at a terminal by a link and, where a phone can reach it, a QR code that opens it as well', () => {
    const said = announce({})
    expect(said.lines[0]).toBe(`watch at ${OUTSIDE}/?once=code-number-1`)
    expect(said.lines.at(-1)).toMatch(/^the link and the code: each opens the page once, within 10 minutes/)
    expect(blocks(said)).toBe(said.lines.length - 2)
    expect(said.lines[1]).toContain('\u001B[')
  })

  test('is said without a QR code for this machine alone', () => {
    expect(announce({ address: LOOPBACK })).toMatchObject({
      lines: [
        `watch at ${LOOPBACK}/?once=code-number-1`,
        'this link opens the page once, within 10 minutes; after that the token does',
      ],
    })
    expect(announce({ address: LOOPBACK, token: false }).lines).toEqual([`watch at ${LOOPBACK}`])
  })

  test('has a QR code and nothing about a link where everybody is let in', () => {
    const said = announce({ token: false })
    expect(said.lines[0]).toBe(`watch at ${OUTSIDE}`)
    expect(blocks(said)).toBe(said.lines.length - 1)
  })

  test('is said plainly, without a link that opens it, into a file or a pipe', () => {
    expect(announce({ terminal: {} }).lines).toEqual([`watch at ${OUTSIDE}`])
    expect(announce({ json: true })).toEqual({ lines: [], statuses: [`watch at ${OUTSIDE}`] })
    expect(announce({ quiet: true })).toEqual({ lines: [], statuses: [] })
  })

  test.each([
    ['is dumb', { TERM: 'dumb' }, SCREEN],
    ['is narrower than the code', {}, { ...SCREEN, columns: 29 }],
    ['is lower than the code', {}, { ...SCREEN, rows: 16 }],
    ['has a size that is not known', {}, { isTTY: true }],
    ['has another character set', { LANG: 'de_DE.ISO-8859-1' }, SCREEN],
  ])('has no QR code where the terminal %s', (_, variables, terminal) => {
    Object.assign(process.env, variables)
    const said = announce({ terminal })
    expect(said.lines).toHaveLength(2)
    expect(said.lines[0]).toBe(`watch at ${OUTSIDE}/?once=code-number-1`)
    expect(blocks(said)).toBe(0)
  })

  test('has a QR code without colours with NO_COLOR', () => {
    process.env['NO_COLOR'] = '1'
    const said = announce({})
    expect(blocks(said)).toBeGreaterThan(10)
    expect(said.lines.join('')).not.toContain('\u001B')
  })
})

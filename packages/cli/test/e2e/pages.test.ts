import { writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import { Pty, whyNoPty } from '@zcast/testing/machine/pty'
import { readQrCode, whyNoQrReader } from '../support/read-qr-code.ts'
import { useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()
const SECRET = 'open-sesame-0123456789'

describe('a page', () => {
  test.each([
    ['viewer', ['viewer', 1]],
    ['dashboard', ['dashboard']],
  ])('of a %s tells what failed in its process, as stderr and the log do', async (_name, command) => {
    const page = bench.start([...command, '--port', 0], { env: { ZCAST_TOKEN: SECRET } })
    const [, address] = await page.stdout.find(/^watch at (http:\/\/127\.0\.0\.1:\d+)$/)
    expect((await fetch(`${address}/stats.json?token=wrong-wrong-wrong`)).status).toBe(401)
    await page.stderr.find(/warning: a wrong token was used for the page from 127\.0\.0\.1/)
    const headers = { authorization: `Bearer ${SECRET}` }
    const stats = (await (await fetch(`${address}/stats.json`, { headers })).json()) as { notices: unknown }
    expect(stats.notices).toMatchObject([{ level: 'warning', message: expect.stringMatching(/wrong token/) }])
    await page.stop()
    expect(bench.logLines().filter((line) => line.includes('wrong token'))).toHaveLength(1)
  })

  test('may be embedded by the pages that are named, and by no other', async () => {
    const origins = ['--allow-origin', 'http://grafana.lan:3000', '--allow-origin', 'https://ha.example']
    const viewer = bench.start(['viewer', 1, '--port', 0, ...origins])
    const [, address] = await viewer.stdout.find(/^watch at (http:\/\/127\.0\.0\.1:\d+)$/)
    const ask = async (origin: string): Promise<unknown[]> => {
      const { status, headers } = await fetch(`${address}/stats.json`, { headers: { origin } })
      return [status, headers.get('access-control-allow-origin')]
    }
    expect(await ask('http://grafana.lan:3000')).toEqual([200, 'http://grafana.lan:3000'])
    expect(await ask('https://ha.example')).toEqual([200, 'https://ha.example'])
    expect(await ask('https://grafana.lan:3000')).toEqual([403, null])
    await viewer.stop()
  })

  test.each([
    [['--allow-origin', '*'], /allow-origin must be the beginning of a page's address/],
    [['--host', '0.0.0.0', '--token-file', 'token'], /the token must be 16 to 256 .*openssl rand -hex 16/],
  ])('is refused with %j, with exit status 2', async (options, sentence) => {
    await writeFile(bench.path('token'), '1234\n')
    const given = options.map((option) => (option === 'token' ? bench.path('token') : option))
    const { status, stderr } = await bench.run(['viewer', 1, ...given])
    expect(status).toBe(2)
    expect(stderr.join('\n')).toMatch(sentence)
    expect(stderr.join('\n')).not.toContain('1234')
  })

  const isAlone = !Object.values(networkInterfaces()).some((list) =>
    list?.some(({ internal, family }) => !internal && family === 'IPv4'),
  )
  const missing = whyNoPty() ?? whyNoQrReader() ?? (isAlone ? 'this machine has no network' : undefined)
  if (missing !== undefined) console.warn(`skipped: ${missing}`)
  const testTerminal = missing === undefined ? test : test.skip

  testTerminal('at a terminal is opened once by its link, and once by its QR code', async () => {
    const command = [
      ZCAST,
      'viewer',
      '1',
      '--port',
      '0',
      '--host',
      '0.0.0.0',
      '--log-dir',
      bench.path('logs'),
    ]
    const terminal = new Pty({ columns: 100, rows: 40 }, [process.execPath, ...command], {
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      ZCAST_TOKEN: SECRET,
    })
    try {
      await terminal.shows(({ text }) => /each opens the page once/.test(text))
      const lines = terminal.emulator.text.split('\n').map((line) => line.trimEnd())
      const [, link = ''] = /watch at (\S+)/.exec(terminal.emulator.text) ?? []
      const code = await readQrCode(lines.filter((line) => /[▀▄█]{2}/.test(line)))
      expect(code).not.toBe(link)
      for (const address of [link, code]) {
        const open = (): Promise<Response> => fetch(address, { redirect: 'manual' })
        const { status, headers } = await open()
        expect([status, headers.get('set-cookie')]).toEqual([303, expect.stringMatching(/; HttpOnly/)])
        expect((await open()).status).toBe(401)
      }
      expect(bench.logLines()).toEqual([])
    } finally {
      await terminal.close()
    }
  })
})

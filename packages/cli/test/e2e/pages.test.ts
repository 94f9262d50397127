import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { useWorkbench } from '../support/zcast.ts'

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
})

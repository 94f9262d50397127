import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SupervisedProcess } from '../../src/process/supervised-process.ts'
import { freeEndpoint } from '@zcast/testing/network/free-ports'

const before = { ...process.env }
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-supervised-'))
})
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  await rm(folder, { recursive: true })
})

/** Runs a command until it says something that matches. @returns All its lines. */
async function listen(argv: readonly string[], sign?: RegExp): Promise<{ lines: string[]; end: string }> {
  const lines: string[] = []
  let heard = (): void => undefined
  const said = new Promise<void>((resolve) => (heard = resolve))
  const hear = (line: string): void => {
    lines.push(line)
    if (sign?.test(line)) heard()
  }
  const child = new SupervisedProcess('client 3', argv, { onOutput: hear, onError: hear })
  await Promise.race([child.ended, child.ready.then(() => sign && said)])
  const end = child.howItEnded
  await child.stop()
  return { lines, end }
}

test('a supervised process knows nothing of what was set for its supervisor', async () => {
  Object.assign(process.env, {
    // Each of them would end it, change what it does, or make its output another one.
    ZCAST_TOPIC: 'video/not-for-clients',
    ZCAST_BIND: 'nonsense',
    ZCAST_FOR: '1ms',
    ZCAST_MESSAGES: '1',
    ZCAST_JSON: 'true',
    ZCAST_TOKEN: 'secret',
    ZCAST_LOG_DIR: join(folder, 'logs'),
  })
  const { lines, end } = await listen(['client', '3', '--connect', await freeEndpoint()], /waiting for/)
  expect(end).toBe('')
  expect(lines[0]).toMatch(/^client 3: waiting for numbers\/random from /)
  expect(lines.join('\n')).not.toContain('{')
})

test('it takes over what is common to all commands, such as where the log is', async () => {
  Object.assign(process.env, { ZCAST_LOG_DIR: join(folder, 'logs') })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve))
  const { port } = server.address() as { port: number }
  const { lines, end } = await listen(['client', '3', '--bind', `tcp://127.0.0.1:${port}`])
  server.close()
  expect(end).toBe('ended unexpectedly (exit status 1)')
  expect(lines.join('\n')).toContain('address already in use')
  expect(existsSync(join(folder, 'logs', 'errors.log'))).toBe(true)
})

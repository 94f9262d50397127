import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { findPython } from '@zcast/testing/machine/python'
import { FoxgloveProgram } from '@zcast/testing/network/foxglove-program'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const PYTHON = findPython('zmq, msgpack')
const fixture = fileURLToPath(new URL('../fixtures/topics_publisher.py', import.meta.url))
const programs: FoxgloveProgram[] = []

afterEach(() => {
  for (const program of programs.splice(0)) program.close()
})

/** Starts the command, and connects a program to it. */
async function serve(
  ...args: readonly (string | number)[]
): Promise<{ server: Program; program: FoxgloveProgram }> {
  const server = bench.start(['foxglove', '--port', 0, ...args])
  const [, address] = await server.stdout.find(/^open (ws:\S+) in Foxglove/)
  const program = new FoxgloveProgram(address as string, 'foxglove.websocket.v1')
  programs.push(program)
  return { server, program }
}

test('serves what zcast publishes; of what no client wants, nothing is made', async () => {
  const options = ['--numbers-port', '0', '--video-port', '0', '--interval', '10ms', '--rendition', '180p']
  const publisher = bench.start(['publish', ...options])
  const numbers = await publishedAt(publisher, 'numbers/random')
  const video = await publishedAt(publisher, 'video/main')
  const { server, program } = await serve('--connect', numbers, '--connect', video)
  await program.subscribe('numbers/random')
  const channel = await program.channel('video@180p/main')
  expect(channel).toMatchObject({ schemaName: 'foxglove.CompressedImage', encoding: 'protobuf' })
  // Long enough for many pictures.
  await program.messages.count(100)
  expect(program.topics.toSorted()).toEqual(['log', 'numbers/random', 'video/main', 'video@180p/main'])
  expect(program.messages.seen[0]?.content['values']).toHaveLength(6)
  expect((await server.stop()).stderr.at(-1)).toMatch(/^sent \d+ messages to 1 clients?, left out 0$/)
  const { stderr } = await publisher.stop()
  expect(stderr.filter((line) => line.startsWith('video/main:'))).toEqual([
    expect.stringMatching(/sent 0, dropped 0/),
  ])
})

test('serves pictures, and the smaller ones that are made on demand', async () => {
  const publisher = bench.start(['publish', 'video', '--bind', 'tcp://127.0.0.1:*', '--rendition', '180p'])
  const { program } = await serve('--connect', await publishedAt(publisher, 'video/main'))
  await program.subscribe('video/main')
  await program.subscribe('video@180p/main')
  await program.messages.until((seen) => new Set(seen.map(({ topic }) => topic)).size === 2)
  for (const { content } of program.messages.seen)
    expect(Buffer.from(content['data'] as Uint8Array).toString('hex')).toMatch(/^ffd8ff.*ffd9$/)
})

test('serves the error log', async () => {
  const { program } = await serve('--connect', 'tcp://127.0.0.1:1', '--allow-origin', 'https://app.example')
  await program.subscribe('log')
  const refused = fetchAsPage(program.socket.url)
  await program.messages.until((seen) =>
    seen.some(({ content }) => String(content['message']).includes('--allow-origin https://evil.example')),
  )
  await refused
})

PYTHON.describe('of a publisher in Python', () => {
  const start = async (): Promise<string> => {
    const endpoint = await freeEndpoint()
    bench.launch(PYTHON.path as string, [fixture, endpoint])
    return endpoint
  }

  test("numbers in zcast's format are served, and what else it sends is said", async () => {
    const { server, program } = await serve('--connect', await start())
    await program.subscribe('numbers/py')
    const [message] = await program.messages.count(1)
    expect(message?.content).toMatchObject({ epoch: 7, names: ['n', 'level'], seq: expect.any(Number) })
    expect(message?.content['values']).toEqual([message?.content['seq'], -1.5])
    await server.stderr.find(/is in another format \(\w+\), and is not served: .* --format/)
  })

  test('values of another format are served with --format', async () => {
    const { program } = await serve('--connect', await start(), '--format', 'json')
    await program.subscribe('numbers/temp')
    const [message] = await program.messages.count(1)
    expect(message?.content).toMatchObject({ names: expect.arrayContaining(['temp']) })
    expect(message?.content).not.toHaveProperty('epoch')
  })
})

describe('options that cannot be', () => {
  test.each([
    [['--topic', 'chat/main'], 'topic must begin with numbers/ or video/ or audio/, got "chat/main"'],
    [['--format', 'raw'], 'format raw has no values'],
    [['--format', 'netgear:1'], 'give bind, not connect'],
    [['--host', '0.0.0.0'], 'a token is needed'],
    [['--port', '70000'], 'port must be'],
  ])('%j', async (args, sentence) => {
    const { status, stderr } = await bench.run(['foxglove', ...args])
    expect(status).toBe(2)
    expect(stderr.join('\n')).toContain(sentence)
  })
})

/** What a page elsewhere would do. */
async function fetchAsPage(address: string): Promise<void> {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(address, 'foxglove.sdk.v1', { headers: { origin: 'https://evil.example' } })
  await new Promise((resolve) => socket.once('error', resolve))
}

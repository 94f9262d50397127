import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { findPython } from '@zcast/testing/machine/python'
import { generateClip } from '@zcast/testing/pictures/generate-clip'
import { Visit } from '../../../room/test/support/visit.ts'
import { descendantsOf } from '../support/process-tree.ts'
import type { Program } from '../support/program.ts'
import { SUMMARY, useWorkbench } from '../support/zcast.ts'

const OLD_CLIENT = fileURLToPath(new URL('../../../room/test/support/old-voice-client.py', import.meta.url))
const WATCHER = `
import sys, zmq, msgpack
socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1])
socket.subscribe("video/main")
while True:
    topic, header, jpeg = socket.recv_multipart()
    print(topic.decode(), msgpack.unpackb(header)["width"], jpeg[:2].hex(), flush=True)
`
const python = findPython('zmq, msgpack')
const bench = useWorkbench()

type Told = Record<string, unknown>

interface Opened {
  readonly room: Program
  readonly address: string
  readonly endpoint: string
  readonly echoPort: string
}

async function openRoom(): Promise<Opened> {
  const places = ['--folder', bench.path('films'), '--data', bench.path('room')]
  const ports = ['--port', 0, '--bind', 'tcp://127.0.0.1:*', '--echo-port', 0]
  const room = bench.start(['room', ...places, ...ports, '--echo-delay', '1s', '--cache', 'off'])
  const [, endpoint] = await room.stderr.find(/topics of the room on (\S+)$/)
  const [, echoPort] = await room.stderr.find(/old voice programs come in at \S+:(\d+)$/)
  const [, address] = await room.stdout.find(/^watch at (\S+)$/)
  return { room, address, endpoint, echoPort } as Opened
}

async function enter(address: string, name: string): Promise<Visit> {
  const visit = await Visit.join(address, name)
  await visit.until('guests', ({ guests }) => JSON.stringify(guests).includes(`"${name}"`))
  return visit
}

const chatted =
  (text: string) =>
  ({ line }: Told): boolean =>
    (line as { readonly text: string }).text === text

python.describe('a room', () => {
  test('has pages, a terminal, a viewer, PyZMQ and an old voice program in it, and ends in good order', async () => {
    await mkdir(bench.path('films'))
    await generateClip(bench.path('films/film.mp4'), { frames: 300 })
    const { room, address, endpoint, echoPort } = await openRoom()
    const [ann, ben] = await Promise.all([enter(address, 'ann'), enter(address, 'ben')])

    // Both are told of the film, and one puts it on air.
    const isListed = ({ films }: Told): boolean => JSON.stringify(films).includes('"film"')
    const { films } = await ann.next((message) => 'films' in message && isListed(message))
    const [film] = films as readonly { readonly id: string }[]
    ann.say({ type: 'air', film: film?.id })
    await ben.until('screen', ({ screen }) => (screen as { isPlaying: boolean }).isPlaying)

    // Others see it who are no pages.
    const viewer = bench.start(['viewer', 1, '--connect', endpoint, '--topic', 'video/main', '--messages', 5])
    const watcher = bench.launch(python.path as string, ['-c', WATCHER, endpoint])
    await watcher.stdout.find(/^video\/main \d+ ffd8$/)
    expect((await viewer.ended).stderr.at(-1)).toMatch(SUMMARY)
    await watcher.stop('SIGKILL')

    // One pauses, all stand still at the same place.
    ben.say({ type: 'pause' })
    const screens = [ann, ben].map(async (visit) => {
      const isPaused = ({ screen }: Told): boolean => !(screen as { isPlaying: boolean }).isPlaying
      return (await visit.until('screen', isPaused))['screen'] as { position: number; by: string }
    })
    const [annSees, benSees] = await Promise.all(screens)
    expect(annSees).toMatchObject({ position: benSees?.position, by: 'ben' })

    // A terminal takes part in the chat.
    const terminal = bench.start(['chat', '--connect', address, '--name', 'cleo', '--messages', 2])
    await terminal.stderr.find(/in the room "main"/)
    terminal.write('from a pipe\n')
    await Promise.all([ann, ben].map((visit) => visit.until('chat', chatted('from a pipe'))))
    ann.say({ type: 'say', text: 'from a page' })
    await ben.until('chat', chatted('from a page'))
    const lines = (await terminal.ended).stdout.map((line) => line.slice(6))
    expect(lines).toEqual(['cleo: from a pipe', 'ann: from a page'])

    // An old voice program hears itself, and the pages are told.
    const old = bench.launch(python.path as string, [OLD_CLIENT, echoPort, 'old', '440', '1'])
    await ann.until(
      'voice',
      ({ state, clip }) => state === 'ended' && (clip as { name: string }).name === 'old',
    )
    expect((await old.ended).stdout).toEqual(['ready', expect.stringMatching(/^old 4[34]\d$/)])

    // The end: pages are told that they may come back, nothing is left behind.
    const helpers = descendantsOf(room.pid)
    room.kill('SIGTERM')
    expect(await ann.until('goodbye')).toMatchObject({ mayReturn: true })
    const { status, stderr } = await room.ended
    expect([status, stderr.at(-1)]).toEqual([0, '4 guests came'])
    for (const pid of helpers) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect((await readdir(bench.path('room'))).filter((name) => name.includes('lock'))).toEqual([])
    expect(bench.logLines()).toEqual([])
    await Promise.all([ann.ended, ben.ended])
  })
})

describe('a room that was killed', () => {
  test('is opened again at once, with all that was shown as sent', async () => {
    await mkdir(bench.path('films'))
    const { room, address } = await openRoom()
    const ann = await enter(address, 'ann')
    for (const text of ['one', 'two', 'three']) {
      ann.say({ type: 'say', text })
      await ann.until('chat', chatted(text))
    }
    room.kill('SIGKILL')
    await once(ann.socket, 'close')
    const again = await openRoom()
    const ben = await Visit.join(again.address, 'ben')
    const { chat } = await ben.until('welcome')
    expect((chat as readonly { text: string }[]).map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    expect((await again.room.stop('SIGTERM')).status).toBe(0)
  })
})

import { afterEach, describe, expect, test } from '@jest/globals'
import { Recorder } from '@zcast/testing/waiting/recorder'
import type { WebSocket } from 'ws'
import { readSoundPieces } from '../../../assets/sound/sound-pieces.js'
import { closeDashboards, numbers, openDashboard, openFeed, video } from '../../support/dashboard.ts'
import { ask, openSocket } from '../../support/raw-http.ts'
import { openSound, soundBlock } from '../../support/sounds.ts'
import { closeViewers, openViewer } from '../../support/viewer.ts'

const sockets: WebSocket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await Promise.all([closeViewers(), closeDashboards()])
})

/** A page's connection: the sequence numbers of the sound that came, and its texts. */
async function connect(
  address: string,
  topic = 'audio/main',
): Promise<{ socket: WebSocket; heard: Recorder<number>; texts: Recorder<string> }> {
  const socket = await openSocket(`${address}/sound?topic=${topic}`)
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  sockets.push(socket)
  const [heard, texts] = [new Recorder<number>(), new Recorder<string>()]
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) return texts.add(data.toString())
    const bytes = new Uint8Array(data)
    for (const { seq } of readSoundPieces(bytes.buffer)) heard.add(seq)
  })
  return { socket, heard, texts }
}

interface Report {
  readonly sound: { delayMs: number; streams: string[]; listeners: object[] }
}
const statsOf = async (address: string): Promise<Report> =>
  JSON.parse((await ask(`${address}/stats.json`)).text) as Report

describe("the sound of a viewer's page", () => {
  test('is subscribed to for an open page until it is known, then while a page listens', async () => {
    const { sink, address } = await openViewer({ lingerMs: 0 })
    const { deliver, pauses } = await openSound(sink.sound())
    expect(pauses.seen).toEqual(['pause'])
    const page = await openSocket(`${address}/pictures`)
    if (typeof page === 'number') throw new Error(`refused with ${page}`)
    sockets.push(page)
    await pauses.until((changes) => changes.length === 2)
    deliver(soundBlock(0))
    await pauses.until((changes) => changes.length === 3)
    const { socket, heard } = await connect(address)
    socket.send('next')
    await pauses.until((changes) => changes.length === 4)
    for (let seq = 1; seq <= 3; seq++) deliver(soundBlock(seq))
    await heard.until((all) => all.length === 3)
    socket.send('rest')
    await pauses.until((changes) => changes.length === 5)
    expect(pauses.seen).toEqual(['pause', 'resume', 'pause', 'resume', 'pause'])
    expect(heard.seen).toEqual([1, 2, 3])
  })

  test('is told of in its status, with what a page that reads nothing was not sent', async () => {
    const { sink, address } = await openViewer({ syncDelayMs: 300 })
    const { deliver } = await openSound(sink.sound())
    deliver(soundBlock(0))
    const { socket, heard, texts } = await connect(address)
    socket.send('next')
    socket.send('clock 1')
    await texts.until((all) => all.length === 1)
    for (let seq = 1; seq <= 120; seq++) deliver(soundBlock(seq))
    await heard.until((all) => all.length === 50)
    expect((await statsOf(address)).sound).toEqual({
      delayMs: 300,
      streams: ['audio/main'],
      listeners: [{ topic: 'audio/main', sent: 50, leftOut: 20 }],
    })
    socket.send('next 50')
    await heard.until((all) => all.length === 100)
    expect(heard.seen.at(-50)).toBe(71)
  })

  test('reaches a page without a WebSocket too', async () => {
    const { sink, address } = await openViewer()
    const { deliver } = await openSound(sink.sound())
    const poll = (query: string, said?: string): ReturnType<typeof ask> => {
      const channel = { 'zcast-channel': '0123456789abcdef' }
      return ask(
        `${address}/sound?topic=audio/main&${query}`,
        channel,
        said === undefined ? 'GET' : 'POST',
        said,
      )
    }
    expect((await poll('open')).status).toBe(204)
    const answer = poll('', '["next"]')
    // The request is in hand once a later one was answered.
    await ask(`${address}/healthz`)
    for (let seq = 1; seq <= 12; seq++) deliver(soundBlock(seq))
    const seqsOf = ({ body }: { body: Buffer }): number[] =>
      readSoundPieces(new Uint8Array(body).buffer).map(({ seq }) => seq)
    expect(seqsOf(await answer)).toEqual([1, 2, 3, 4, 5])
    expect(seqsOf(await poll('', '["next 5"]'))).toEqual([6, 7, 8, 9, 10, 11, 12])
  })

  test('has a stream, and needs the token as everything else', async () => {
    const { address } = await openViewer({ token: 'open-sesame-0123456789' })
    expect(await openSocket(`${address}/sound?topic=audio/main`)).toBe(401)
    const bearer = { authorization: 'Bearer open-sesame-0123456789' }
    const socket = await openSocket(`${address}/sound?topic=nonsense`, bearer)
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
    sockets.push(socket)
    const code = await new Promise((resolve) => socket.once('close', resolve))
    expect(code).toBe(1008)
  })

  test.each([-1, 2001, Number.NaN])('refuses a delay of %d ms', async (syncDelayMs) => {
    await expect(openViewer({ syncDelayMs })).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })
})

describe('the sound of a dashboard', () => {
  test('is paused while nobody listens, once its streams are known; a new video has it look again', async () => {
    const dashboard = await openDashboard({ lingerMs: 0 })
    const { deliver, pauses } = await openSound(dashboard.feed({ sound: true }))
    const videos = await openFeed(dashboard.feed())
    const load = (): Promise<unknown> => ask(`${dashboard.address}/stats.json?log=0&run=`)
    const look = (): Promise<unknown> => ask(`${dashboard.address}/stats.json?log=0&run=x`)
    expect(pauses.seen).toEqual(['pause'])
    await load()
    await pauses.until((changes) => changes.join() === 'pause,resume,pause')
    deliver(soundBlock(0))
    videos.deliver('numbers/a', numbers([1]))
    await look()
    videos.deliver('video/other', await video())
    await pauses.until((changes) => changes.length === 5)
    const { socket, heard } = await connect(dashboard.address)
    socket.send('next')
    await pauses.until((changes) => changes.length === 6)
    deliver(soundBlock(1))
    await heard.until((all) => all.length === 1)
    expect((await statsOf(dashboard.address)).sound).toMatchObject({ delayMs: 150, streams: ['audio/main'] })
  })
})

import { on, once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SinkError } from '@zcast/shared'
import { WebSocket } from 'ws'
import { readTile } from '../../../assets/history/past-tiles.js'
import type { SavedSelection, TimelineMessage } from '../../../src/history/past-messages.ts'
import type { Past, Selection } from '../../../src/history/past.ts'
import { closeDashboards, openDashboard } from '../../support/dashboard.ts'
import { FakeHistory } from '../../support/fake-history.ts'
import { openSocket } from '../../support/raw-http.ts'

const SECRET = 'open-sesame-0123456789'

let history: FakeHistory
let saved: Selection[]

beforeEach(() => {
  history = new FakeHistory()
  saved = []
})
afterEach(closeDashboards)

/** A page with a past that saves what it is asked to. */
async function open(token?: string): Promise<string> {
  const past: Past = {
    history,
    isLive: true,
    formats: ['mcap', 'csv'],
    save: async (selection, path) => {
      saved.push(selection)
      if (selection.from < 50) throw new SinkError('nothing is kept of this time')
      await writeFile(path, 'time,0\n')
    },
  }
  const { address } = await openDashboard({ past, ...(token !== undefined && { token }) })
  return address
}

interface Listening {
  readonly socket: WebSocket
  /** The next message. */
  readonly next: () => Promise<{ readonly data: Buffer; readonly isBinary: boolean }>
}

async function connect(address: string): Promise<Listening> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/history`)
  // The first message may come with the answer to the handshake.
  const messages = on(socket, 'message')
  await once(socket, 'open')
  const next = async (): Promise<{ data: Buffer; isBinary: boolean }> => {
    const { value } = await messages.next()
    const [data, isBinary] = value as [Buffer, boolean]
    return { data, isBinary }
  }
  return { socket, next }
}

describe('a page with a past', () => {
  test('tells what is kept, and what comes', async () => {
    history.addArray(100, [1])
    history.addPicture(101)
    const { socket, next } = await connect(await open())
    const read = async (): Promise<TimelineMessage> =>
      JSON.parse((await next()).data.toString()) as TimelineMessage
    expect(await read()).toMatchObject({
      type: 'timeline',
      isLive: true,
      formats: ['mcap', 'csv'],
      from: 100,
      to: 101,
      topics: [
        { topic: 'numbers/imu', kind: 'numbers' },
        { topic: 'video/main', kind: 'video' },
      ],
    })
    history.addPicture(102)
    history.lostNotes.push({ topic: 'video/main', epoch: 1, first: 2, count: 5, time: 102 })
    let told = await read()
    while (told.losses.length === 0) told = await read()
    expect(told).toMatchObject({ to: 102, losses: [[expect.any(Number), 5]] })
    socket.close()
  })

  test('sends the picture of a moment', async () => {
    history.addPicture(100, 'video/main', Uint8Array.of(7))
    history.addPicture(101, 'video/main', Uint8Array.of(8))
    const { socket, next } = await connect(await open())
    socket.send('show video/main')
    socket.send('at 1 100.5')
    let message = await next()
    while (!message.isBinary) message = await next()
    expect([message.data.readDoubleLE(40), message.data.at(-1)]).toEqual([100, 7])
    socket.close()
  })

  test('sends numbers around a moment, and lines of the log', async () => {
    for (let at = 0; at < 100; at++) history.addArray(995 + at / 5, [at])
    history.logLines.push({ time: 1001, line: 'one' }, { time: 1003, line: 'two' })
    const address = await open()
    const numbers = await fetch(`${address}/history/numbers?topic=numbers%2Fimu&tile=100`)
    expect(readTile(await numbers.arrayBuffer())).toMatchObject({ count: 50, length: 1, positions: [0] })
    const lines = await fetch(`${address}/history/lines?at=1002`)
    expect(await lines.json()).toEqual({
      lines: [
        { time: 1001, line: 'one' },
        { time: 1003, line: 'two' },
      ],
    })
  })

  test('writes a selection, and hands it over once', async () => {
    const address = await open()
    const query = 'format=csv&topic=numbers%2Fimu&from=100&to=110.5'
    const response = await fetch(`${address}/history/save?${query}`, { method: 'POST' })
    const { id, name, bytes } = (await response.json()) as SavedSelection
    expect({ saved, name, bytes }).toEqual({
      saved: [{ format: 'csv', topics: ['numbers/imu'], from: 100, to: 110.5 }],
      name: 'numbers-imu-1970-01-01T00-01-40Z.csv',
      bytes: 7,
    })
    const file = await fetch(`${address}/history/saved?id=${id}`)
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`)
    expect(await file.text()).toBe('time,0\n')
    expect((await fetch(`${address}/history/saved?id=${id}`)).status).toBe(404)
  })

  test('says why a selection could not be written', async () => {
    const address = await open()
    const ask = async (query: string, method = 'POST'): Promise<readonly [number, string]> => {
      const response = await fetch(`${address}/history/save?${query}`, { method })
      return [response.status, await response.text()]
    }
    expect(await ask('format=mcap&from=1&to=2')).toEqual([409, 'nothing is kept of this time\n'])
    expect((await ask('format=mp4&topic=video%2Fmain&from=100&to=110'))[0]).toBe(400)
    expect((await ask('format=mcap&from=110&to=100'))[0]).toBe(400)
    expect((await ask('format=mcap&topic=..%2F..%2Fetc&from=100&to=110'))[0]).toBe(400)
    expect((await ask('format=mcap&from=100&to=110', 'GET'))[0]).toBe(405)
  })

  test('keeps few selections that nobody fetches', async () => {
    const address = await open()
    const statuses: number[] = []
    for (let count = 0; count < 5; count++) {
      const { status } = await fetch(`${address}/history/save?format=mcap&from=100&to=110`, {
        method: 'POST',
      })
      statuses.push(status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 503])
  })

  test('lets in only who may see the page, and no other page', async () => {
    const address = await open(SECRET)
    const paths = [
      'numbers?topic=numbers%2Fimu&tile=1',
      'sound?topic=audio%2Fmain&tile=1',
      'chat',
      'lines?at=1',
      'saved?id=1',
    ]
    for (const path of paths) expect((await fetch(`${address}/history/${path}`)).status).toBe(401)
    expect(await openSocket(`${address}/history`, {})).toBe(401)
    const headers = { Authorization: `Bearer ${SECRET}`, Origin: 'http://evil.example' }
    expect(await openSocket(`${address}/history`, headers)).toBe(403)
    const save = `${address}/history/save?format=mcap&from=100&to=110`
    expect((await fetch(save, { method: 'POST', headers })).status).toBe(403)
    expect(saved).toEqual([])
  })

  test.each([
    'numbers',
    'numbers?topic=x&tile=1',
    'numbers?topic=numbers%2Fa&tile=-1',
    'sound?topic=numbers%2Fa&tile=1',
    'sound?topic=audio%2Fa&tile=x',
    'lines',
    'lines?at=x',
  ])('has no %s', async (path) => {
    expect((await fetch(`${await open()}/history/${path}`)).status).toBe(400)
  })

  test('has nothing of it where nothing is kept', async () => {
    const { address } = await openDashboard()
    expect((await fetch(`${address}/history/lines?at=1`)).status).toBe(404)
    expect(await openSocket(`${address}/history`, {})).toBe(404)
    expect(await (await fetch(`${address}/stats.json`)).json()).toMatchObject({ past: 'none' })
  })
})

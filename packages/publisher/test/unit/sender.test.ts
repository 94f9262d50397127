import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Envelope, MsgpackCodec, type PublishSocket, type SendOptions } from '@zcast/shared'
import { Patience } from '../../src/patience.ts'
import { Sender } from '../../src/sender.ts'
import { rows } from '@zcast/testing/streams/list-source'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** A socket with a subscriber that takes nothing, until so many attempts were made. */
class StuckSocket implements PublishSocket {
  readonly endpoints = []
  peers = 2
  readonly sent: SendOptions[] = []
  #attempts: number

  constructor(attempts = Number.POSITIVE_INFINITY) {
    this.#attempts = attempts
  }

  onPeers(): void {}

  onSubscription(): void {}

  onTold(): void {}

  async stuckPeers(): Promise<readonly string[]> {
    return ['192.0.2.1:1234']
  }

  async send(_: unknown, options: SendOptions = {}): Promise<boolean> {
    this.#attempts -= 1
    const isFree = this.#attempts < 0
    if (isFree || !options.patient) this.sent.push(options)
    else jest.advanceTimersByTime(options.limitMs ?? Number.NaN)
    return isFree
  }

  async close(): Promise<void> {}
}

function values(count: number): Envelope[] {
  return Array.from({ length: count }, (_, seq) => ({
    topic: 'numbers/a',
    epoch: 1,
    block: { ...rows(seq), seq },
  }))
}

function open(socket: StuckSocket): { sender: Sender; log: RecordingLog } {
  const log = new RecordingLog()
  const patience = new Patience({ allowanceMs: 30_000, messagesASecond: 100 })
  return { sender: new Sender(socket, { codec: new MsgpackCodec(), log, patience }), log }
}

describe('Sender, where nothing may be lost', () => {
  test('waits for a subscriber that takes nothing as long as it may, names it once, and goes on for the others', async () => {
    const socket = new StuckSocket()
    const { sender, log } = open(socket)
    const startedMs = performance.now()
    const { signal } = new AbortController()
    expect(await sender.send(values(3), signal)).toEqual({ sent: 3, dropped: 0 })
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(30_000)
    expect(performance.now() - startedMs).toBeLessThan(30_100)
    expect(log.lines).toEqual([
      'a subscriber of numbers/a (192.0.2.1:1234) read too slowly and held up the others for 30 s: no longer waiting for it',
    ])
    expect(socket.sent.map(({ patient }) => patient)).toEqual([undefined, undefined, undefined])
  })

  test('loses nothing, and says nothing, for one that takes something in time', async () => {
    const socket = new StuckSocket(1)
    const { sender, log } = open(socket)
    expect(await sender.send(values(3), new AbortController().signal)).toEqual({ sent: 3, dropped: 0 })
    expect(socket.sent.map(({ patient }) => patient)).toEqual([true, true, true])
    expect(log.lines).toEqual([])
  })

  test('gives up what waits when it is to end', async () => {
    const socket = new StuckSocket()
    const { sender, log } = open(socket)
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 500)
    expect(await sender.send(values(3), controller.signal)).toEqual({ sent: 0, dropped: 0 })
    expect([socket.sent, log.lines]).toEqual([[], []])
  })
})

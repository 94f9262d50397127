import { beforeEach, describe, expect, test } from '@jest/globals'
import { setTimeout as delay } from 'node:timers/promises'
import { readJpegOutline } from '@zcast/shared/internal'
import { PastViewer } from '../../../src/history/past-viewer.ts'
import type { PastMessage } from '../../../src/history/past-messages.ts'
import { loadShrinking } from '../../../src/history/shrink-picture.ts'
import { FakeChannel } from '../../support/fake-channel.ts'
import { FakeHistory } from '../../support/fake-history.ts'
import { paint } from '../../support/viewer.ts'

let history: FakeHistory
let channel: FakeChannel

beforeEach(() => {
  history = new FakeHistory()
  channel = new FakeChannel()
})

/** The pictures that were sent: topic, time at which it came, and the question that it answers. */
function pictures(): { topic: string; recordedAt: number; request: number }[] {
  return channel.sent.flatMap((message) => {
    if (typeof message === 'string') return []
    const view = new DataView(message.buffer)
    const topic = new TextDecoder().decode(message.subarray(56, view.getUint16(2, true)))
    return [{ topic, recordedAt: view.getFloat64(40, true), request: view.getUint32(12, true) }]
  })
}

/** Their widths and heights: as the message says, and as the JPEG does where it is one. */
function sizes(): string[] {
  return channel.sent.flatMap((message) => {
    if (typeof message === 'string') return []
    const view = new DataView(message.buffer)
    const size = `${view.getUint32(4, true)}x${view.getUint32(8, true)}`
    const outline = readJpegOutline(message.subarray(view.getUint16(2, true)))
    if (outline) expect(`${outline.width}x${outline.height}`).toBe(size)
    return [size]
  })
}

function told(): PastMessage[] {
  return channel.sent.flatMap((message) =>
    typeof message === 'string' ? [JSON.parse(message) as PastMessage] : [],
  )
}

/** Acknowledges all pictures until a message of this type has come. */
async function untilTold(type: PastMessage['type'], request: number): Promise<PastMessage> {
  for (;;) {
    const message = told().find((one) => one.type === type && 'request' in one && one.request === request)
    if (message) return message
    const { length } = pictures()
    if (length > 0) channel.say(`got ${length}`)
    await delay(2)
  }
}

describe('a page that looks at the past', () => {
  test('is sent each picture in sight as it was at the moment, and told which were not there', async () => {
    history.addPicture(10, 'video/a')
    history.addPicture(11, 'video/b')
    history.addPicture(12, 'video/a')
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/a,video/b,video/c')
    channel.say('at 1 11.5')
    expect(await untilTold('moment', 1)).toEqual({
      type: 'moment',
      request: 1,
      time: 11.5,
      missing: ['video/c'],
    })
    expect(pictures()).toEqual([
      { topic: 'video/a', recordedAt: 10, request: 1 },
      { topic: 'video/b', recordedAt: 11, request: 1 },
    ])
  })

  test('is sent the first picture at the beginning, where another stream began a little earlier', async () => {
    history.addArray(1000, [1])
    history.addPicture(1000.4)
    history.addPicture(1005, 'video/late')
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/main,video/late')
    channel.say('at 1 1000')
    expect(await untilTold('moment', 1)).toMatchObject({ missing: ['video/late'] })
    expect(pictures().map(({ recordedAt }) => recordedAt)).toEqual([1000.4])
  })

  test('is not sent again what it shows already, until it has looked at what is live', async () => {
    history.addPicture(10)
    void new PastViewer(channel, { history, isLive: true })
    channel.say('show video/main')
    channel.say('at 1 11')
    await untilTold('moment', 1)
    channel.say('at 2 12')
    await untilTold('moment', 2)
    expect(pictures()).toHaveLength(1)
    channel.say('rest')
    channel.say('at 3 12')
    await untilTold('moment', 3)
    expect(pictures()).toHaveLength(2)
  })

  test('gets the newest moment it asked for, not those between, however slow the disk is', async () => {
    for (let time = 0; time < 100; time++) history.addPicture(1000 + time)
    let release: () => void = () => {}
    history.beforeLatest = () => new Promise((resolve) => (release = resolve))
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/main')
    for (let request = 1; request <= 50; request++) channel.say(`at ${request} ${1000 + request}`)
    release()
    history.beforeLatest = () => Promise.resolve()
    await untilTold('moment', 50)
    expect(pictures()).toEqual([{ topic: 'video/main', recordedAt: 1050, request: 50 }])
  })

  test('is sent smaller pictures while the moment moves on, and then the picture itself', async () => {
    await loadShrinking()
    const size = [1280, 720] as const
    const jpeg = await paint([200, 0, 0], ...size)
    for (const time of [1000, 1001]) history.addPicture(time, 'video/main', jpeg, time, size)
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/main')
    for (const [index, question] of ['at 1 1000 320', 'at 2 1001 320', 'at 3 1001.5 320'].entries()) {
      channel.say(question)
      await untilTold('moment', index + 1)
    }
    // What it shows already is not sent again as small.
    expect(sizes()).toEqual(['320x180', '320x180'])
    channel.say('at 4 1001.5')
    await untilTold('moment', 4)
    expect(sizes()).toEqual(['320x180', '320x180', '1280x720'])
    channel.say('at 5 1001.5 320')
    await untilTold('moment', 5)
    channel.say('at 6 1001.5')
    await untilTold('moment', 6)
    expect(sizes()).toHaveLength(3)
  })

  test('is sent as they are pictures that cannot be made smaller: narrow ones, and what is no JPEG', async () => {
    await loadShrinking()
    const jpeg = await paint([0, 200, 0], 320, 180)
    history.addPicture(1000, 'video/narrow', jpeg, 1000, [320, 180])
    history.addPicture(1000, 'video/broken', Uint8Array.of(1, 2, 3), 1000, [1280, 720])
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/narrow,video/broken')
    channel.say('at 1 1000 300')
    await untilTold('moment', 1)
    expect(sizes()).toEqual(['320x180', '1280x720'])
  })

  test('is sent no more than its network has room for, and then the newest', async () => {
    for (let time = 0; time < 10; time++) history.addPicture(1000 + time)
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/main')
    channel.say('at 1 1001')
    await delay(0)
    while (pictures().length === 0) await delay(2)
    // The first one is on its way for long.
    channel.say('at 2 1002')
    channel.say('at 3 1003')
    await delay(20)
    expect(pictures()).toHaveLength(1)
    await untilTold('moment', 3)
    expect(pictures().map(({ recordedAt }) => recordedAt)).toEqual([1001, 1003])
  })

  test('steps from picture to picture, forward and back', async () => {
    // A page says times to a microsecond only.
    for (const time of [1000.1000004, 1000.2000009, 1000.3000001]) history.addPicture(time)
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/main')
    let time = 1000.1
    const shown: number[] = []
    for (const [at, direction] of [1, 1, -1, -1, -1].entries()) {
      channel.say(`step ${at + 1} ${time.toFixed(6)} ${direction}`)
      const moment = await untilTold('moment', at + 1)
      time = 'time' in moment ? moment.time : Number.NaN
      shown.push(Number(time.toFixed(4)))
    }
    expect(shown).toEqual([1000.2, 1000.3, 1000.2, 1000.1, 1000.1])
  })

  test('steps back over the beginning of a file, where no picture came', async () => {
    history.addPicture(1000.1)
    const [own] = history.kept
    const copy = own && { ...own, recordedAt: 1000.2, isRetained: true }
    history.addPicture(1000.3)
    const [, last] = history.kept
    history.latest = async (_topic, time) => [last, copy].find((block) => block && block.recordedAt <= time)
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/main')
    channel.say('step 1 1000.300000 -1')
    expect(await untilTold('moment', 1)).toMatchObject({ time: 1000.3 })
  })

  test('is played what follows in order, up to the end, and told when that is reached', async () => {
    for (let at = 0; at < 20; at++) history.addPicture(1000 + at / 10)
    void new PastViewer(channel, { history, isLive: false })
    channel.say('show video/main')
    channel.say('play 1 1000 16')
    await untilTold('reached', 1)
    const times = pictures().map(({ recordedAt }) => recordedAt)
    expect(times[0]).toBe(1000)
    expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other))
    expect(times.at(-1)).toBe(1001.9)
  })

  test('ends with what it should not say', () => {
    void new PastViewer(channel, { history, isLive: false })
    channel.say('at the beginning')
    expect(channel.closedWith).toBe(1008)
  })

  test('ends when the past cannot be read, and the log says why', async () => {
    const warnings: string[] = []
    const log = { warning: (text: string) => void warnings.push(text), error: () => {}, close: () => {} }
    history.beforeLatest = () => Promise.reject(new Error('the disk is gone'))
    void new PastViewer(channel, { history, isLive: false }, log)
    channel.say('show video/main')
    channel.say('at 1 1000')
    while (channel.closedWith === undefined) await delay(2)
    expect(warnings).toEqual(['the past cannot be shown: the disk is gone'])
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { findPython } from '@zcast/testing/machine/python'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'
import { until } from '@zcast/testing/waiting/until'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { WebSocket } from 'ws'
import { useRooms } from '../support/use-rooms.ts'
import { Visit } from '../support/visit.ts'

const { closeAfter, enter: enterRoom, folder, open: openRoom } = useRooms()

async function enter(address: string, name: string, more: object = {}): Promise<Visit & { me: Me }> {
  const { visit, welcome } = await enterRoom(address, name, more)
  const { you, chat } = welcome as unknown as { you: Me; chat: Line[] }
  return Object.assign(visit, { me: { ...you, chat } })
}

interface Line {
  readonly id: number
  readonly guest: string
  readonly name: string
  readonly text: string
}
interface Me {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly chat: readonly Line[]
}

const lineOf = async (visit: Visit): Promise<Line> => (await visit.until('chat'))['line'] as Line

describe('the chat of a room', () => {
  test('tells everybody what is said, and who comes later what was said before', async () => {
    const { address } = await openRoom()
    const [ann, ben] = [await enter(address, 'ann'), await enter(address, 'ben')]
    ann.say({ type: 'say', text: ' <b>h\u00e9</b> \u202e\u001b[2J\u2615 ' })
    const line = { id: 1, guest: ann.me.id, name: 'ann', text: '<b>h\u00e9</b> [2J\u2615' }
    expect(await lineOf(ann)).toMatchObject(line)
    expect(await lineOf(ben)).toMatchObject(line)
    const cleo = await enter(address, 'cleo')
    expect(cleo.me.chat).toMatchObject([line])
  })

  test('has the newest 200 lines for who comes, and older ones in pages of 100', async () => {
    const lines = Array.from({ length: 450 }, (_, index) =>
      JSON.stringify({ id: index + 1, time: 1, guest: 'a1', name: 'ann', text: `line ${index + 1}` }),
    )
    await writeFile(join(folder(), 'chat.jsonl'), `${lines.join('\n')}\n`)
    const { address } = await openRoom()
    const ann = await enter(address, 'ann')
    expect(ann.me.chat).toHaveLength(200)
    const pages: Line[][] = []
    let before = ann.me.chat[0]?.id ?? 0
    for (let page = 0; page < 4; page++) {
      ann.say({ type: 'history', before })
      pages.push((await ann.until('history'))['lines'] as Line[])
      before = pages.at(-1)?.[0]?.id ?? 0
    }
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50, 0])
    expect(pages[1]?.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => 51 + index))
    ann.say({ type: 'history', before: 'x' })
    expect(await ann.until('refused')).toMatchObject({ about: 'history', code: 'ERR_MESSAGE' })
  })

  test('says how long to wait to who writes too fast, and lets the others write', async () => {
    const { address } = await openRoom()
    const [ann, ben] = [await enter(address, 'ann'), await enter(address, 'ben')]
    for (let count = 0; count < 7; count++) ann.say({ type: 'say', text: `line ${count}` })
    const refused = await ann.until('refused')
    expect(refused).toMatchObject({ about: 'say', code: 'ERR_TOO_FAST', waitSeconds: expect.any(Number) })
    expect(refused['reason']).toMatch(/^not so fast: write again in [1-5] s$/)
    ben.say({ type: 'say', text: 'calm' })
    await ben.until('chat', ({ line }) => (line as Line).text === 'calm')
    // One who leaves and comes back is no faster.
    const again = await enter(address, 'ann', { key: ann.me.key })
    again.say({ type: 'say', text: 'more' })
    expect(await again.until('refused')).toMatchObject({ code: 'ERR_TOO_FAST' })
  })

  test('tells who is typing, until they have said it', async () => {
    const { address } = await openRoom()
    const [ann, ben] = [await enter(address, 'ann'), await enter(address, 'ben')]
    ann.say({ type: 'typing' })
    expect(await ben.until('typing')).toMatchObject({ names: ['ann'] })
    ann.say({ type: 'say', text: 'x' })
    expect(await ben.until('typing')).toMatchObject({ names: [] })
  })

  test.each([
    { type: 'say' },
    { type: 'say', text: { toString: 1 } },
    { type: 'say', text: 'x'.repeat(501) },
    { type: 'say', text: ' ' },
    { type: 'remove', id: '1' },
    { type: 'mute', guest: '../x', minutes: 1 },
    { type: 'mute', guest: 'a1', minutes: -1 },
    { type: 'ban', guest: 'nobody' },
    { type: 'unban', guest: 'nobody' },
    { type: 'slow', seconds: 1e9 },
    { type: 'constructor' },
    { type: '__proto__' },
  ])('refuses %j in a sentence', async (message) => {
    const { address } = await openRoom()
    const ann = await enter(address, 'ann')
    ann.say(message)
    const refused = await ann.until('refused')
    expect(refused).toMatchObject({ about: message.type, reason: expect.stringMatching(/^\S.*[^.]$/) })
    expect(refused['code']).not.toBe('ERR_ROOM')
  })
})

describe('hosts of a room', () => {
  const [token, hostToken] = ['guests-guests-guests', 'hosts-hosts-hosts-hosts']

  test('alone may remove, mute, ban and slow down', async () => {
    const { address } = await openRoom({ token, hostToken })
    const ben = await enter(`${address}?token=${token}`, 'ben')
    for (const message of [
      { type: 'remove', id: 1 },
      { type: 'mute', guest: ben.me.id, minutes: 1 },
      { type: 'unmute', guest: ben.me.id },
      { type: 'ban', guest: ben.me.id },
      { type: 'unban', guest: ben.me.id },
      { type: 'bans' },
      { type: 'slow', seconds: 1 },
    ]) {
      ben.say(message)
      expect(await ben.until('refused')).toMatchObject({ about: message.type, code: 'ERR_NOT_HOST' })
    }
  })

  test('remove a message for everybody, for good', async () => {
    const { address } = await openRoom()
    const [ann, ben] = [await enter(address, 'ann'), await enter(address, 'ben')]
    ben.say({ type: 'say', text: 'rude' })
    const { id } = await lineOf(ann)
    ann.say({ type: 'remove', id })
    expect(await ben.until('removed')).toMatchObject({ id, by: 'ann' })
    expect((await enter(address, 'cleo')).me.chat).toEqual([])
    ann.say({ type: 'remove', id })
    expect(await ann.until('refused')).toMatchObject({ code: 'ERR_NO_MESSAGE' })
  })

  test('mute somebody, also for when they come back, until they let them write again', async () => {
    const { address } = await openRoom()
    const [ann, ben] = [await enter(address, 'ann'), await enter(address, 'ben')]
    const isMuted = (muted: boolean) => (message: Record<string, unknown>) =>
      (message['guests'] as { name: string; isMuted: boolean }[]).some(
        (guest) => guest.name === 'ben' && guest.isMuted === muted,
      )
    await ann.until('guests', isMuted(false))
    ann.say({ type: 'mute', guest: ben.me.id, minutes: 5 })
    await ann.until('guests', isMuted(true))
    ben.close()
    const back = await enter(address, 'ben', { key: ben.me.key })
    back.say({ type: 'say', text: 'x' })
    expect(await back.until('refused')).toMatchObject({
      code: 'ERR_MUTED',
      reason: 'a host has muted you: write again in 5 minutes',
    })
    ann.say({ type: 'unmute', guest: ben.me.id })
    await ann.until('guests', isMuted(false))
    back.say({ type: 'say', text: 'free' })
    expect(await lineOf(ann)).toMatchObject({ text: 'free' })
  })

  test('ban somebody, who cannot come back with their key, also when the room is opened again', async () => {
    const room = await openRoom()
    const [ann, ben] = [await enter(room.address, 'ann'), await enter(room.address, 'ben')]
    ann.say({ type: 'ban', guest: ben.me.id })
    expect(await ben.until('goodbye')).toMatchObject({ reason: 'a host has banned you from this room' })
    await ben.ended
    expect(await ann.until('bans')).toMatchObject({ bans: [{ name: 'ben', guest: ben.me.id }] })
    // All of this machine have one address, which is not banned.
    await enter(room.address, 'cleo')
    await room.close()
    const { address } = await openRoom()
    const back = await Visit.join(address, 'ben', { key: ben.me.key })
    closeAfter(back)
    expect(await back.until('refused')).toMatchObject({ about: 'join', code: 'ERR_BANNED' })
    const host = await enter(address, 'ann', { key: ann.me.key })
    expect(host.me.id).toBe(ann.me.id)
    host.say({ type: 'unban', guest: ben.me.id })
    expect(await host.until('bans')).toMatchObject({ bans: [] })
    await enter(address, 'ben', { key: ben.me.key })
  })

  test('ban somebody who is neither seen nor heard any more, however long their connection lasts', async () => {
    const room = await openRoom()
    const [ann, ben] = [await enter(room.address, 'ann'), await enter(room.address, 'ben')]
    await ann.until('guests', ({ guests }) => (guests as unknown[]).length === 2)
    // It does not read that it is to end.
    ben.socket.pause()
    ann.say({ type: 'ban', guest: ben.me.id })
    await ann.until('guests', ({ guests }) => (guests as unknown[]).length === 1)
    ben.say({ type: 'say', text: 'still here' })
    ben.say({ type: 'join', name: 'ben', key: ben.me.key })
    const cleo = await enter(room.address, 'cleo')
    cleo.say({ type: 'say', text: 'hello' })
    expect(await lineOf(ann)).toMatchObject({ text: 'hello' })
  })

  test('ban an address with somebody, but for hosts', async () => {
    const { address } = await openRoom({ token, hostToken })
    const from = async (name: string, where: string, right: string): Promise<Visit> => {
      const visit = new Visit(`${address}?token=${right}`, { 'x-forwarded-for': where })
      closeAfter(visit)
      await once(visit.socket, 'open')
      visit.say({ type: 'join', name })
      return visit
    }
    const host = await from('ann', '192.0.2.1', hostToken)
    const ben = await from('ben', '192.0.2.7', token)
    const beside = await from('bert', '192.0.2.7', token)
    await beside.until('welcome')
    const { you } = (await ben.until('welcome')) as { you: Me }
    host.say({ type: 'ban', guest: you.id })
    await Promise.all([ben.ended, beside.ended])
    expect(await (await from('somebody', '192.0.2.7', token)).until('refused')).toMatchObject({
      code: 'ERR_BANNED',
    })
    await (await from('other', '192.0.2.8', token)).until('welcome')
    await (await from('host', '192.0.2.7', hostToken)).until('welcome')
  })

  test('slow everybody else down, also when the room is opened again', async () => {
    const room = await openRoom({ hostToken })
    const host = await enter(`${room.address}?token=${hostToken}`, 'ann')
    const ben = await enter(room.address, 'ben')
    host.say({ type: 'slow', seconds: 60 })
    expect(await ben.until('rules')).toMatchObject({ rules: { slowSeconds: 60 } })
    for (let count = 0; count < 2; count++) {
      ben.say({ type: 'say', text: 'x' })
      host.say({ type: 'say', text: 'y' })
    }
    expect(await ben.until('refused')).toMatchObject({
      code: 'ERR_TOO_FAST',
      waitSeconds: expect.any(Number),
    })
    for (let count = 0; count < 3; count++) await lineOf(host)
    await room.close()
    const again = await Visit.join((await openRoom({ hostToken })).address, 'ben')
    closeAfter(again)
    expect(await again.until('welcome')).toMatchObject({ rules: { slowSeconds: 60 } })
  })
})

describe('what was shown as sent', () => {
  const program = fileURLToPath(new URL('../fixtures/chat-room.js', import.meta.url))

  test('is there after each of several kills of the process, while many write', async () => {
    const shown = new Set<string>()
    const watch = async (address: string, name: string): Promise<Visit & { me: Me }> => {
      const visit = await enter(address, name)
      expect(visit.me.chat.map(({ text }) => text)).toEqual(expect.arrayContaining([...shown]))
      return visit
    }
    for (let run = 0; run < 6; run++) {
      const child = spawn(process.execPath, [program, folder()], { stdio: ['ignore', 'pipe', 'inherit'] })
      closeAfter({ close: () => child.kill('SIGKILL') })
      const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
      const guests = await Promise.all([1, 2, 3, 4, 5].map((which) => watch(address, `${run} ${which}`)))
      const before = shown.size
      for (const { socket } of guests) {
        socket.on('message', (data: Buffer) => {
          const message = JSON.parse(data.toString()) as { type: string; line?: Line }
          if (message.type === 'chat' && message.line) shown.add(message.line.text)
        })
      }
      for (let count = 0; count < 5; count++)
        for (const guest of guests) guest.say({ type: 'say', text: `${guest.me.name} says ${count}` })
      // In the middle of it: some have been shown.
      await until(() => shown.size >= before + 3 + 3 * run)
      child.kill('SIGKILL')
      await Promise.all(guests.map(({ ended }) => ended))
    }
    expect(shown.size).toBeGreaterThanOrEqual(3 * 6)
    const kept = await readFile(join(folder(), 'chat.jsonl'), 'utf8')
    const { address } = await openRoom()
    const { chat } = (await enter(address, 'ann')).me
    expect(chat.map(({ text }) => text)).toEqual(expect.arrayContaining([...shown]))
    expect(new Set(chat.map(({ id }) => id)).size).toBe(chat.length)
    expect(kept.split('\n').length).toBeGreaterThanOrEqual(chat.length)
  })

  test('is nothing that a full disk did not take, and the chat goes on once there is room', async () => {
    const disk = mountSmallDisk(64 * 1024)
    if (typeof disk === 'string') return console.log(`the test of a full disk is skipped: ${disk}`)
    closeAfter({ close: () => disk.remove() })
    const log = new RecordingLog()
    const { address } = await openRoom({ folder: disk.folder, log })
    const ann = await enter(address, 'ann')
    ann.say({ type: 'say', text: 'before' })
    await lineOf(ann)
    await writeFile(join(disk.folder, 'big'), Buffer.alloc(64 * 1024)).catch(() => undefined)
    let answer: Record<string, unknown> = {}
    // What is left of the file's last block is still free.
    for (let guest = 0; answer['type'] !== 'refused' && guest < 5; guest++) {
      const visit = await enter(address, `guest ${guest}`)
      for (let count = 0; count < 5; count++)
        visit.say({ type: 'say', text: `${'x'.repeat(490)} ${guest} ${count}` })
      const isLast = ({ line }: Record<string, unknown>): boolean =>
        (line as Line).text.endsWith(` ${guest} 4`)
      answer = await Promise.race([visit.until('refused'), visit.until('chat', isLast)])
    }
    expect(answer).toMatchObject({ code: 'ERR_NOT_KEPT' })
    expect(log.lines[0]).toContain('could not be kept')
    await rm(join(disk.folder, 'big'))
    ann.say({ type: 'say', text: 'after' })
    await ann.until('chat', ({ line }) => (line as Line).text === 'after')
    const kept = (await readFile(join(disk.folder, 'chat.jsonl'), 'utf8')).trimEnd().split('\n')
    for (const line of kept) JSON.parse(line)
    expect(kept.at(-1)).toContain('after')
  })
})

const hasGuests =
  (count: number) =>
  ({ guests }: Record<string, unknown>): boolean =>
    (guests as unknown[] | undefined)?.length === count

describe('a hostile guest', () => {
  test('that floods is refused, and the others talk', async () => {
    const { address } = await openRoom()
    const [ann, ben] = [await enter(address, 'ann'), await enter(address, 'ben')]
    const rude = await enter(address, 'rude')
    for (let count = 0; count < 2000; count++) rude.say({ type: 'say', text: `x ${count}` })
    ann.say({ type: 'say', text: 'still here' })
    await ben.until('chat', ({ line }) => (line as Line).text === 'still here')
    const said = (await enter(address, 'cleo')).me.chat.filter(({ name }) => name === 'rude')
    expect(said.length).toBeLessThanOrEqual(10)
  })

  test.each([
    ['deep JSON', '['.repeat(4000) + ']'.repeat(4000)],
    ['no JSON', 'hello'],
    ['more bytes than allowed', JSON.stringify({ type: 'say', text: 'x'.repeat(9000) })],
  ])('that sends %s is cut off alone', async (_what, text) => {
    const { address } = await openRoom()
    const [ann, rude] = [await enter(address, 'ann'), await enter(address, 'rude')]
    rude.socket.send(text)
    await rude.ended
    ann.say({ type: 'say', text: 'x' })
    await lineOf(ann)
  })

  test('that sends text that is not UTF-8 is cut off alone', async () => {
    const { address } = await openRoom()
    const [ann, rude] = [await enter(address, 'ann'), await enter(address, 'rude')]
    rude.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
    await rude.ended
    ann.say({ type: 'say', text: 'x' })
    await lineOf(ann)
  })

  test('that reads nothing is cut off before much waits for it', async () => {
    const { address } = await openRoom()
    const ann = await enter(address, 'ann')
    await ann.until('guests', hasGuests(1))
    const socket = new WebSocket(`${address.replace('http', 'ws')}/room`)
    closeAfter({ close: () => socket.terminate() })
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'join', name: 'deaf' }))
    await once(socket, 'message')
    socket.pause()
    await ann.until('guests', hasGuests(2))
    let isOut = false
    for (let round = 0; round < 4000 && !isOut; round++) {
      for (let count = 0; count < 500; count++) socket.send(JSON.stringify({ type: 'fly' }))
      ann.say({ type: 'fly' })
      await ann.until('refused')
      isOut = ann.told.some(hasGuests(1))
    }
    expect(isOut).toBe(true)
  })
})

const PYTHON = findPython('zmq, msgpack')

PYTHON.describe('a chat by ZeroMQ', () => {
  test('is read by PyZMQ as it is said, and so is what was taken back', async () => {
    const room = await openRoom()
    const ann = await enter(room.address, 'ann')
    const code = `
import sys, json, msgpack, zmq
socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1])
socket.subscribe("chat/main")
while True:
    topic, header, words = socket.recv_multipart()
    said = msgpack.unpackb(header)
    print(json.dumps([topic.decode(), said["id"], said["name"], said["guest"], said.get("removed", False), words.decode()]), flush=True)
`
    const child = spawn(PYTHON.path as string, ['-c', code, room.endpoints.join(',')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    closeAfter({ close: () => child.kill('SIGKILL') })
    const lines: unknown[] = []
    const reader = createInterface({ input: child.stdout })
    reader.on('line', (line) => lines.push(JSON.parse(line)))
    // Whoever joins gets the newest value again, so that it need not be there before.
    ann.say({ type: 'say', text: 'h\u00e9 \u2615' })
    const { id } = await lineOf(ann)
    while (lines.length === 0) await once(reader, 'line')
    ann.say({ type: 'remove', id })
    while (lines.length < 2) await once(reader, 'line')
    expect(lines).toEqual([
      ['chat/main', id, 'ann', ann.me.id, false, 'h\u00e9 \u2615'],
      ['chat/main', id, 'ann', ann.me.id, true, ''],
    ])
  })
})

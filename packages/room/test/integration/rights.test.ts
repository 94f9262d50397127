import { once } from 'node:events'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Room, RoomOptions } from '@zcast/room'
import { generateClip } from '@zcast/testing/pictures/generate-clip'
import { WebSocket } from 'ws'
import { readAnswer, TusClient, type TusAnswer } from '../support/tus.ts'
import { useRooms } from '../support/use-rooms.ts'
import type { Visit } from '../support/visit.ts'

const HOST_TOKEN = 'hosts-hosts-hosts-hosts'
const { closeAfter, enter: enterAt, folder, open } = useRooms({ hostToken: HOST_TOKEN, cache: false })

interface Me {
  readonly id: string
  readonly key: string
}

interface Entered {
  readonly visit: Visit
  readonly me: Me
  readonly tus: TusClient
}

const openRoom = (options: Partial<RoomOptions> = {}): Promise<Room> =>
  open({ folder: join(folder(), options.name ?? 'main'), ...options })

async function enter(
  room: Room,
  name: string,
  { isHost = false, more = {}, from }: { isHost?: boolean; more?: object; from?: string } = {},
): Promise<Entered> {
  const address = `${room.address}/${isHost ? `?token=${HOST_TOKEN}` : ''}`
  const { visit, ...me } = await enterAt(address, name, more, headersFrom(from))
  return { visit, me, tus: new TusClient(room.address, me.key) }
}

/** What a proxy on this machine says of whoever comes from elsewhere. */
function headersFrom(address: string | undefined): Readonly<Record<string, string>> {
  return address === undefined ? {} : { 'x-forwarded-for': address }
}

/** Asks for a path as it is written, which `fetch` and `URL` would tidy up. */
async function ask(
  room: Room,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<TusAnswer> {
  const { hostname, port } = new URL(room.address)
  const asking = request({ host: hostname, port, path, method, headers: { ...headers }, agent: false })
  asking.end()
  return readAnswer(asking)
}

/** The code with which a WebSocket is ended at once. */
async function refusalOf(room: Room, path: string): Promise<unknown> {
  const socket = new WebSocket(`${room.address.replace('http', 'ws')}${path}`)
  closeAfter({ close: () => socket.terminate() })
  const [code] = await once(socket, 'close')
  return code
}

describe('a guest without the token of hosts', () => {
  const other = '0123456789abcdef'
  test.each([
    { type: 'remove', id: 1 },
    { type: 'mute', guest: other, minutes: 1 },
    { type: 'unmute', guest: other },
    { type: 'ban', guest: other },
    { type: 'unban', guest: other },
    { type: 'bans' },
    { type: 'slow', seconds: 60 },
  ])('may not $type', async (message) => {
    const room = await openRoom()
    const { visit, me } = await enter(room, 'eve', { more: { isHost: true, token: HOST_TOKEN } })
    visit.say({ type: 'say', text: 'the first line' })
    await visit.until('chat')
    visit.say({ ...message, ...('guest' in message && { guest: me.id }), isHost: true })
    expect(await visit.until('refused')).toMatchObject({ about: message.type, code: 'ERR_NOT_HOST' })
    visit.say({ type: 'say', text: 'nothing has changed' })
    await visit.until('chat')
  })

  test.each([
    { type: 'air', film: null },
    { type: 'play' },
    { type: 'pause' },
    { type: 'next' },
    { type: 'seek', to: 1 },
  ])('may not $type where only hosts decide', async (message) => {
    const room = await openRoom({ hostsOnly: true })
    const { visit } = await enter(room, 'eve')
    visit.say({ ...message, isHost: true })
    expect(await visit.until('refused')).toMatchObject({ about: message.type, code: 'ERR_NOT_HOST' })
  })

  test('is none with the key of a host alone: what makes hosts is the token', async () => {
    const room = await openRoom()
    const ann = await enter(room, 'ann', { isHost: true })
    const { visit } = await enter(room, 'ann', { more: { key: ann.me.key } })
    visit.say({ type: 'bans' })
    expect(await visit.until('refused')).toMatchObject({ code: 'ERR_NOT_HOST' })
  })
})

describe('a guest who writes', () => {
  test('is who they are, whatever their message says of that', async () => {
    const room = await openRoom()
    const [ann, eve] = [await enter(room, 'ann'), await enter(room, 'eve')]
    const said = { guest: ann.me.id, name: 'ann', id: 7, time: 0, isHost: true, isSystem: true }
    eve.visit.say({ type: 'say', text: 'hello', ...said, line: { name: 'ann' } })
    const { line } = await ann.visit.until('chat')
    expect(line).toEqual({
      id: expect.any(Number),
      time: expect.any(Number),
      guest: eve.me.id,
      name: 'eve',
      text: 'hello',
    })
    expect(line).not.toMatchObject({ time: 0 })
  })
})

describe('a guest who is banned', () => {
  test('shows no camera any more, even if they send on', async () => {
    const room = await openRoom()
    const ann = await enter(room, 'ann', { isHost: true })
    const eve = await enter(room, 'eve')
    eve.visit.say({ type: 'share', camera: 'camera' })
    await eve.visit.until('wanted')
    const camera = new WebSocket(`${room.address.replace('http', 'ws')}/camera`)
    closeAfter({ close: () => camera.terminate() })
    await once(camera, 'open')
    camera.send(JSON.stringify({ key: eve.me.key }))
    await once(camera, 'message')
    const ended = once(camera, 'close')
    ann.visit.say({ type: 'ban', guest: eve.me.id })
    await ended
    expect(await refusalOf(room, '/pictures?topic=video/eve')).toBe(1008)
    const again = new WebSocket(`${room.address.replace('http', 'ws')}/camera`)
    closeAfter({ close: () => again.terminate() })
    await once(again, 'open')
    again.send(JSON.stringify({ key: eve.me.key }))
    const [said] = (await once(again, 'message')) as [Buffer]
    expect(JSON.parse(said.toString())).toMatchObject({ type: 'refused' })
  })

  test('is out at once, even if they hold the connection and send on', async () => {
    const room = await openRoom()
    const ann = await enter(room, 'ann', { isHost: true })
    const eve = await enter(room, 'eve')
    // Nothing that comes is read, so that the end of the connection is never answered.
    eve.visit.socket.pause()
    ann.visit.say({ type: 'ban', guest: eve.me.id })
    await ann.visit.until('bans')
    eve.visit.say({ type: 'say', text: 'still here' })
    eve.visit.say({ type: 'share', camera: 'camera' })
    ann.visit.say({ type: 'say', text: 'one' })
    const { line } = await ann.visit.until('chat')
    expect(line).toMatchObject({ name: 'ann', text: 'one' })
    expect(await ann.visit.until('guests', ({ guests }) => (guests as Me[]).length === 1)).toBeDefined()
    expect((await eve.tus.create('clip.mp4', 1000)).status).toBe(403)
  })
})

describe('somebody at the address of a guest', () => {
  const [EVE, ANN] = ['203.0.113.7', '203.0.113.8']
  const watch = (room: Room, from: string): WebSocket => {
    const address = `${room.address.replace('http', 'ws')}/pictures?topic=video/main`
    const socket = new WebSocket(address, { headers: headersFrom(from) })
    // One that was refused cannot be closed without an error.
    socket.on('error', () => undefined)
    closeAfter({ close: () => socket.terminate() })
    return socket
  }

  test('who is banned sees nothing any more, without joining, and others do', async () => {
    const room = await openRoom()
    const ann = await enter(room, 'ann', { isHost: true, from: ANN })
    const eve = await enter(room, 'eve', { from: EVE })
    const before = watch(room, EVE)
    await once(before, 'open')
    const ended = once(before, 'close')
    ann.visit.say({ type: 'ban', guest: eve.me.id })
    await ended
    const [, response] = (await once(watch(room, EVE), 'unexpected-response')) as [unknown, IncomingMessage]
    expect(response.statusCode).toBe(403)
    expect((await ask(room, '/poster/x.jpg', headersFrom(EVE))).status).toBe(403)
    // The page itself says why.
    expect((await ask(room, '/', headersFrom(EVE))).status).toBe(200)
    await once(watch(room, ANN), 'open')
    ann.visit.say({ type: 'unban', guest: eve.me.id })
    await ann.visit.until('bans', ({ bans }) => (bans as unknown[]).length === 0)
    await once(watch(room, EVE), 'open')
  })

  test('who is muted is muted, too, also with a new key, until a host takes it back', async () => {
    const room = await openRoom()
    const ann = await enter(room, 'ann', { isHost: true, from: ANN })
    const eve = await enter(room, 'eve', { from: EVE })
    ann.visit.say({ type: 'mute', guest: eve.me.id, minutes: 5 })
    const isMuted = ({ guests }: Record<string, unknown>): boolean =>
      (guests as { isMuted?: boolean }[]).some((guest) => guest.isMuted)
    await ann.visit.until('guests', isMuted)
    eve.visit.close()
    const again = await enter(room, 'adam', { from: EVE })
    expect(again.me.id).not.toBe(eve.me.id)
    again.visit.say({ type: 'say', text: 'it is me' })
    expect(await again.visit.until('refused')).toMatchObject({ code: 'ERR_MUTED' })
    ann.visit.say({ type: 'say', text: 'others may write' })
    await ann.visit.until('chat')
    ann.visit.say({ type: 'unmute', guest: again.me.id })
    await ann.visit.until('guests', (message) => !isMuted(message))
    again.visit.say({ type: 'say', text: 'thank you' })
    expect(await ann.visit.until('chat')).toMatchObject({ line: { name: 'adam', text: 'thank you' } })
  })
})

describe('what a guest has begun', () => {
  test('is an upload that nobody else can look at, add to or remove, though they know its id', async () => {
    const room = await openRoom()
    const [ann, eve] = [await enter(room, 'ann'), await enter(room, 'eve')]
    const clip = await readFile(await generateClip(join(folder(), 'made.mp4'), { frames: 10 }))
    const half = clip.subarray(0, clip.length / 2)
    const id = await ann.tus.begin('clip.mp4', clip.length)
    expect((await ann.tus.patch(id, { offset: 0, bytes: half })).status).toBe(204)
    for (const method of ['HEAD', 'DELETE']) expect((await eve.tus.ask(method, id)).status).toBe(404)
    expect((await eve.tus.patch(id, { offset: half.length, bytes: Buffer.alloc(10) })).status).toBe(404)
    expect(await ann.tus.offset(id)).toBe(half.length)
    const rest = clip.subarray(half.length)
    expect((await ann.tus.patch(id, { offset: half.length, bytes: rest })).status).toBe(204)
    expect((await eve.tus.ask('HEAD', id)).status).toBe(404)
    expect(await ann.tus.offset(id)).toBe(clip.length)
  })

  test('is a camera to which nobody else can send', async () => {
    const room = await openRoom()
    const [ann, eve] = [await enter(room, 'ann'), await enter(room, 'eve')]
    ann.visit.say({ type: 'share', camera: 'camera', microphone: true })
    await ann.visit.until('wanted')
    for (const path of ['/camera', '/microphone']) {
      for (const key of [eve.me.key, 'A'.repeat(22), ann.me.id, { key: ann.me.key }, null]) {
        const socket = new WebSocket(`${room.address.replace('http', 'ws')}${path}`)
        closeAfter({ close: () => socket.terminate() })
        await once(socket, 'open')
        socket.send(JSON.stringify({ key }))
        const [said] = (await once(socket, 'message')) as [Buffer]
        expect(JSON.parse(said.toString())).toMatchObject({ type: 'refused', code: 'ERR_SHARE' })
      }
    }
  })

  test.each([
    ['nothing', ''],
    ['a guess', 'A'.repeat(22)],
    ['something long', 'x'.repeat(10_000)],
    ['a path', '../main'],
    ['no text', '[object Object]'],
    ['a word of the language', '__proto__'],
  ])('is for the holder of its key, not for %s', async (_title, key) => {
    const room = await openRoom()
    await enter(room, 'ann')
    expect((await new TusClient(room.address, key).create('clip.mp4', 10)).status).toBe(403)
    const spoken = await fetch(`${room.address}/voices`, {
      method: 'POST',
      headers: { 'zcast-guest': key },
      body: 'x',
    })
    expect(spoken.status).toBe(403)
  })
})

describe('what is not of this room', () => {
  test('is not reached by its guests: the topics, the uploads and the names of another one', async () => {
    const [room, other] = [await openRoom(), await openRoom({ name: 'other' })]
    const [eve, ann] = [await enter(room, 'eve'), await enter(other, 'ann')]
    ann.visit.say({ type: 'share', camera: 'camera', microphone: true })
    await ann.visit.until('wanted')
    const pictures = ['video/other', 'video/ann', 'chat/main', 'video/main@hd', '%00', '*', 'video/']
    const sounds = ['audio/other', 'audio/ann', 'voice/other', '..']
    for (const topic of pictures)
      expect([topic, await refusalOf(room, `/pictures?topic=${topic}`)]).toEqual([topic, 1008])
    for (const topic of sounds)
      expect([topic, await refusalOf(room, `/sound?topic=${topic}`)]).toEqual([topic, 1008])
    const id = await ann.tus.begin('clip.mp4', 1000)
    expect((await eve.tus.ask('HEAD', id)).status).toBe(404)
    expect((await new TusClient(room.address, ann.me.key).create('clip.mp4', 1000)).status).toBe(403)
  })

  test('is no file beside its folders, whichever way it is asked for', async () => {
    const films = join(folder(), 'films')
    await mkdir(films)
    await writeFile(join(folder(), 'secret.mp4'), 'the secret')
    await symlink(join(folder(), 'secret.mp4'), join(films, 'link.mp4'))
    const room = await openRoom({ films })
    const { visit, me } = await enter(room, 'eve')
    const places = [
      '..',
      '.',
      '%2e%2e',
      '..%2f..',
      '%2e%2e%2fsecret.mp4',
      '../secret.mp4',
      '../../secret.mp4',
    ]
    const more = ['link.mp4', 'films/link.mp4', '%00', '..%5csecret.mp4', '....//secret.mp4', 'chat.jsonl']
    const own = {
      'zcast-guest': me.key,
      'Tus-Resumable': '1.0.0',
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': '0',
    }
    for (const base of ['/poster/', '/voices/', '/uploads/', '/room/', '/sound/', '/']) {
      for (const place of [...places, ...more]) {
        const { status, text } = await ask(room, `${base}${place}`, own)
        expect([base, place, text.includes('the secret')]).toEqual([base, place, false])
        // Those that lead back to the page itself.
        if (status === 200)
          expect([base, place, text]).toEqual([base, place, expect.stringMatching(/^<!doctype html>/i)])
      }
    }
    for (const method of ['PATCH', 'DELETE', 'POST', 'PUT']) {
      for (const place of [...places, ...more]) {
        const { status } = await ask(room, `/uploads/${place}`, own, method)
        expect([method, place, status >= 400]).toEqual([method, place, true])
      }
    }
    for (const film of [
      '../secret.mp4',
      'link.mp4',
      '/etc/passwd',
      'file:///etc/passwd',
      'video/../main',
      {},
      7,
    ]) {
      visit.say({ type: 'air', film })
      expect(await visit.until('refused')).toMatchObject({
        about: 'air',
        code: expect.stringMatching(/ERR_(NO_FILM|TOO_MANY)/),
      })
    }
    expect(await readFile(join(folder(), 'secret.mp4'), 'utf8')).toBe('the secret')
  })
})

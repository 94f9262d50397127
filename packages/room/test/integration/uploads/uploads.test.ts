import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Room } from '@zcast/room'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'
import { generateClip } from '@zcast/testing/pictures/generate-clip'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { until } from '@zcast/testing/waiting/until'
import { TusClient } from '../../support/tus.ts'
import { useRooms } from '../../support/use-rooms.ts'
import type { Visit } from '../../support/visit.ts'

const AREA = '.zcast-uploads'
const { closeAfter, enter: enterAt, folder, open: openRoom } = useRooms()
let films = ''
let clip = Buffer.alloc(0)

beforeEach(async () => {
  films = join(folder(), 'uploads')
  await mkdir(films)
  clip = await readFile(await generateClip(join(folder(), 'made.mp4'), { frames: 20 }))
})

interface Uploader {
  readonly visit: Visit
  readonly tus: TusClient
}

async function enter(room: Pick<Room, 'address'>): Promise<Uploader> {
  const { visit, key } = await enterAt(room.address, 'ann')
  return { visit, tus: new TusClient(room.address, key) }
}

/** The films of the folder. */
async function listed(): Promise<readonly string[]> {
  return (await readdir(films)).filter((name) => name !== AREA).toSorted()
}

const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('uploads', () => {
  test('go on where they were cut off, twice, on another connection and in another room', async () => {
    const room = await openRoom()
    const { tus } = await enter(room)
    const id = await tus.begin('clip.mp4', clip.length)
    const third = Math.floor(clip.length / 3)
    const first = await tus.part(id, { offset: 0, bytes: clip.subarray(0, third) }, clip.length)
    await until(() => first.socket?.bytesWritten !== undefined && first.socket.bytesWritten > third)
    first.destroy()
    const arrived = await tus.offset(id)
    expect(arrived).toBeLessThanOrEqual(third)
    await tus.part(
      id,
      { offset: arrived, bytes: clip.subarray(arrived, arrived + third) },
      clip.length - arrived,
    )
    await room.close()
    const { tus: again } = await enter(await openRoom())
    const offset = await again.offset(id)
    expect(offset).toBeGreaterThanOrEqual(arrived)
    const answer = await again.patch(id, { offset, bytes: clip.subarray(offset) })
    expect(answer).toMatchObject({ status: 204, headers: { 'upload-offset': String(clip.length) } })
    expect(await listed()).toEqual(['clip.mp4'])
    expect(sum(await readFile(join(films, 'clip.mp4')))).toBe(sum(clip))
    expect(await readdir(join(films, AREA))).toEqual([])
    // A client that was cut off before the answer asks, and is told of its success.
    expect(await again.offset(id)).toBe(clip.length)
  })

  test('go on after the room was killed in the middle of one, twice; then the film is listed', async () => {
    const program = fileURLToPath(new URL('../../fixtures/chat-room.js', import.meta.url))
    const bytes = Buffer.concat([clip, randomBytes(4_000_000)])
    let id = ''
    for (const share of [0.3, 0.7, 1]) {
      const child = spawn(process.execPath, [program, folder()], { stdio: ['ignore', 'pipe', 'inherit'] })
      closeAfter({ close: () => child.kill('SIGKILL') })
      const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
      const { visit, tus } = await enter({ address })
      id ||= await tus.begin('clip.mp4', bytes.length)
      const offset = await tus.offset(id)
      if (share === 1) {
        expect(offset).toBeGreaterThan(0.6 * bytes.length)
        expect((await tus.patch(id, { offset, bytes: bytes.subarray(offset) })).status).toBe(204)
        const films = ({ films: known }: Record<string, unknown>): boolean =>
          (known as { readonly name: string; readonly by?: string }[]).some(
            ({ name, by }) => name === 'clip' && by === 'ann',
          )
        await visit.until('films', films)
      } else {
        const end = Math.floor(share * bytes.length)
        const sending = await tus.part(
          id,
          { offset, bytes: bytes.subarray(offset, end) },
          bytes.length - offset,
        )
        await until(() => statSync(join(films, AREA, `${id}.part`)).size > end - 200_000)
        child.kill('SIGKILL')
        await once(child, 'exit')
        sending.destroy()
      }
    }
    expect(sum(await readFile(join(films, 'clip.mp4')))).toBe(sum(bytes))
  })

  test('take the place of a connection that hangs', async () => {
    const { tus } = await enter(await openRoom())
    const id = await tus.begin('clip.mp4', clip.length)
    const hanging = await tus.part(id, { offset: 0, bytes: clip.subarray(0, 100) }, clip.length)
    const cut = new Promise((resolve) => hanging.once('close', resolve))
    await until(() => statSync(join(films, AREA, `${id}.part`)).size === 100)
    expect(await tus.offset(id)).toBe(100)
    await cut
    expect((await tus.patch(id, { offset: 100, bytes: clip.subarray(100) })).status).toBe(204)
    expect(await listed()).toEqual(['clip.mp4'])
  })

  test('never overwrite, even two at the same time', async () => {
    await writeFile(join(films, 'clip.mp4'), 'mine')
    const { tus } = await enter(await openRoom())
    const send = async (): Promise<void> => {
      const id = await tus.begin('../clip.mp4', clip.length)
      expect((await tus.patch(id, { offset: 0, bytes: clip })).status).toBe(204)
    }
    await Promise.all([send(), send()])
    expect(await listed()).toEqual(['clip (2).mp4', 'clip (3).mp4', 'clip.mp4'])
    expect(await readFile(join(films, 'clip.mp4'), 'utf8')).toBe('mine')
  })

  test.each([
    ['notes.mp4', Buffer.from('no video at all\n'.repeat(100)), /cannot read "notes\.mp4" as a video/],
    [
      'list.mp4',
      Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'),
      /cannot read "list\.mp4" as a video/,
    ],
    ['a.mp4', Buffer.from('ffconcat version 1.0\nfile /etc/passwd\n'), /"a\.mp4".*list of other files/],
  ])('refuse %s by its name, and remove it alone', async (name, bytes, reason) => {
    await writeFile(join(films, 'kept.mp4'), 'mine')
    const { tus } = await enter(await openRoom())
    const id = await tus.begin(name, bytes.length)
    const answer = await tus.patch(id, { offset: 0, bytes })
    expect(answer.status).toBe(422)
    expect(answer.text).toMatch(reason)
    expect(answer.text).not.toContain(folder())
    expect(await listed()).toEqual(['kept.mp4'])
    expect(await readdir(join(films, AREA))).toEqual([])
    const { headers } = await tus.ask('HEAD', id)
    expect(decodeURIComponent(String(headers['zcast-refused']))).toMatch(reason)
  })

  test('refuse a picture, and a sound', async () => {
    const { ffmpeg } = await import('@zcast/testing/pictures/generate-clip')
    const { tus } = await enter(await openRoom())
    expect(await tus.create('notes.txt', 10)).toMatchObject({
      status: 415,
      text: expect.stringContaining('"notes.txt"'),
    })
    const [picture, sound] = [join(folder(), 'a.png'), join(folder(), 'a.wav')]
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x48', '-frames:v', '1', picture)
    await ffmpeg('-f', 'lavfi', '-i', 'sine', '-t', '1', sound)
    for (const [path, reason] of [
      [picture, /"a\.png\.mp4" is a picture \(PNG\)/],
      [sound, /"a\.wav\.mp4".*without pictures/],
    ] as const) {
      const bytes = await readFile(path)
      const id = await tus.begin(`${path}.mp4`, bytes.length)
      expect((await tus.patch(id, { offset: 0, bytes })).text).toMatch(reason)
    }
    expect(await listed()).toEqual([])
  })

  test('are for guests in the room only, and end when their guest leaves', async () => {
    const room = await openRoom()
    const nobody = new TusClient(room.address, 'guess')
    expect((await nobody.create('clip.mp4', 10)).status).toBe(403)
    const { tus, visit } = await enter(room)
    const id = await tus.begin('clip.mp4', clip.length)
    const hanging = await tus.part(id, { offset: 0, bytes: clip.subarray(0, 100) }, clip.length)
    const cut = new Promise((resolve) => hanging.once('close', resolve))
    await until(() => statSync(join(films, AREA, `${id}.part`)).size === 100)
    visit.close()
    await cut
    expect((await tus.ask('HEAD', id)).status).toBe(403)
  })

  test('have limits: of one file, of the folder with unfinished ones, of a guest', async () => {
    await writeFile(join(films, 'old.mp4'), Buffer.alloc(5000))
    const { tus } = await enter(await openRoom({ maxUploadBytes: 3000, maxFolderBytes: 9000 }))
    expect((await tus.ask('OPTIONS', '')).headers).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,termination,expiration',
      'tus-max-size': '3000',
    })
    expect(await tus.create('a.mp4', 3001)).toMatchObject({
      status: 413,
      text: expect.stringContaining('"a.mp4"'),
    })
    expect(await tus.create('a.mp4', 'many')).toMatchObject({ status: 400 })
    expect(await tus.create('a.mp4', 0)).toMatchObject({ status: 400, text: '"a.mp4" is empty\n' })
    const first = await tus.begin('a.mp4', 3000)
    expect(await tus.create('b.mp4', 2000)).toMatchObject({
      status: 507,
      text: expect.stringContaining('"b.mp4"'),
    })
    expect((await tus.ask('DELETE', first)).status).toBe(204)
    expect((await tus.ask('HEAD', first)).status).toBe(404)
    const begun = await Promise.all(Array.from({ length: 9 }, () => tus.create('b.mp4', 100)))
    expect(begun.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      ...Array.from({ length: 8 }, () => 201),
      429,
    ])
  })

  test('take no more than was announced, from the right place, in the right form', async () => {
    const { tus } = await enter(await openRoom())
    const id = await tus.begin('a.mp4', 1000)
    expect((await tus.patch(id, { offset: 10, bytes: Buffer.alloc(10) })).status).toBe(409)
    expect((await tus.patch(id, { offset: 0, bytes: Buffer.alloc(2_000_000) })).status).toBe(413)
    expect((await tus.ask('PATCH', id, { 'Content-Type': 'text/plain' }, Buffer.alloc(9))).status).toBe(415)
    expect((await tus.ask('HEAD', id, { 'Tus-Resumable': '2.0' })).status).toBe(412)
    for (const other of ['../made.mp4', '%2e%2e/made.mp4', `${id}/`, '', 'constructor']) {
      expect((await tus.ask('HEAD', other)).status).toBeGreaterThanOrEqual(400)
    }
    const chunked = await tus.ask(
      'PATCH',
      id,
      {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': '0',
        'Transfer-Encoding': 'chunked',
      },
      Buffer.alloc(500),
    )
    expect(chunked).toMatchObject({ status: 204, headers: { 'upload-offset': '500' } })
  })

  test('that were left for a day are removed, with nothing else', async () => {
    const room = await openRoom()
    const { tus } = await enter(room)
    const [old, young] = [await tus.begin('old.mp4', 100), await tus.begin('young.mp4', 100)]
    await writeFile(join(films, AREA, 'mine.txt'), 'kept')
    await room.close()
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000)
    await utimes(join(films, AREA, `${old}.part`), yesterday, yesterday)
    await utimes(join(films, AREA, 'mine.txt'), yesterday, yesterday)
    const { tus: again } = await enter(await openRoom())
    expect((await again.ask('HEAD', old)).status).toBe(404)
    expect((await again.ask('HEAD', young)).status).toBe(200)
    expect((await readdir(join(films, AREA))).toSorted()).toEqual(
      [`${young}.json`, `${young}.part`, 'mine.txt'].toSorted(),
    )
  })

  test('wait when the disk is full, which is logged once, and go on when some of it is free', async () => {
    const disk = mountSmallDisk(2 * 1024 * 1024)
    if (typeof disk === 'string') return console.log(`skipped: ${disk}`)
    try {
      films = join(disk.folder, 'uploads')
      const filler = join(disk.folder, 'filler')
      const log = new RecordingLog()
      const room = await openRoom({ folder: disk.folder, log })
      const { tus } = await enter(room)
      expect(await tus.create('large.mp4', 4 * 1024 * 1024)).toMatchObject({ status: 507 })
      const bytes = Buffer.alloc(1024 * 1024)
      clip.copy(bytes)
      const id = await tus.begin('clip.mp4', bytes.length)
      await writeFile(filler, Buffer.alloc(1.6 * 1024 * 1024))
      const refused = await tus.patch(id, { offset: 0, bytes })
      expect(refused).toMatchObject({
        status: 507,
        text: expect.stringContaining('the disk of the room is full'),
      })
      expect(log.lines).toEqual([expect.stringContaining('the disk is full')])
      await writeFile(filler, '')
      const offset = await tus.offset(id)
      expect((await tus.patch(id, { offset, bytes: bytes.subarray(offset) })).status).toBe(204)
      await room.close()
    } finally {
      disk.remove()
    }
  })
})

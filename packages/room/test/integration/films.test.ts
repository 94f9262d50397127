import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readJpegSize } from '@zcast/shared/internal'
import { ffmpeg, generateClip } from '@zcast/testing/pictures/generate-clip'
import { filmOf, filmsOf, Screening, settle } from '../support/screening.ts'
import type { Visit } from '../support/visit.ts'

const screening = new Screening()

async function clip(...path: string[]): Promise<string> {
  return settle(await generateClip(screening.path(join(...path)), { frames: 10, rate: '5', size: '160x90' }))
}

async function namesOf(guest: Visit, isSo: (names: string[]) => boolean): Promise<string[]> {
  const films = await filmsOf(guest, (all) => isSo(all.map(({ name }) => name)))
  return films.map(({ name }) => name)
}

describe('the films of a room', () => {
  test('are the videos of its folder, in the order of their names, and of its uploads', async () => {
    await mkdir(join(screening.folder(), 'series'), { recursive: true })
    for (const path of ['part 10.mp4', 'part 9.mp4', 'series/one.avi']) await clip(path)
    await mkdir(join(screening.folder(), '.room', 'uploads'), { recursive: true })
    await clip('.room', 'uploads', 'holiday.mp4')
    const sound = ['-f', 'lavfi', '-i', 'sine=f=300:d=2', '-c:a', 'aac']
    const loud = screening.path('a.mp4')
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10:d=2', ...sound, '-c:v', 'libx264', loud)
    await settle(loud)
    const ann = await screening.guest(await screening.room())
    const films = await filmsOf(ann, ({ length }) => length === 5)
    expect(films.map(({ name }) => name)).toEqual(['a', 'part 9', 'part 10', 'series/one', 'holiday'])
    expect(films[0]).toEqual({
      id: expect.stringMatching(/^[\w-]{16}$/),
      name: 'a',
      seconds: expect.closeTo(2, 0),
      bytes: expect.any(Number),
      width: 320,
      height: 180,
      hasSound: true,
    })
  })

  test('leave out what is no video, and links, and say so once', async () => {
    await clip('a.mp4')
    await settle(await writeNoise('broken.mp4'))
    await writeFile(screening.path('a.srt'), '1')
    await symlink('/etc', screening.path('etc'))
    await symlink(screening.path('a.mp4'), screening.path('link.mp4'))
    const ann = await screening.guest(await screening.room())
    expect(await namesOf(ann, ({ length }) => length > 0)).toEqual(['a'])
    await screening.log.first(3)
    expect(screening.log.lines.toSorted()).toEqual([
      expect.stringMatching(/^left out of the films: "etc" is a link/),
      expect.stringMatching(/^left out of the films: "link.mp4" is a link/),
      expect.stringMatching(/^left out of the films: cannot read "broken.mp4" as a video/),
    ])
  })

  test('follow the folder: what comes, what goes, and what was still being written', async () => {
    await clip('a.mp4')
    const ann = await screening.guest(await screening.room())
    expect(await namesOf(ann, ({ length }) => length > 0)).toEqual(['a'])
    await generateClip(screening.path('b.mp4'), { frames: 5 })
    expect(await namesOf(ann, ({ length }) => length > 1)).toEqual(['a', 'b'])
    await rename(screening.path('a.mp4'), screening.path('c.mp4'))
    expect(await namesOf(ann, (names) => names.includes('c'))).toEqual(['b', 'c'])
    await rm(screening.path('b.mp4'))
    expect(await namesOf(ann, (names) => names[0] === 'c')).toEqual(['c'])
  })

  test('have posters, made once, and nothing else is served in their place', async () => {
    await clip('a.mp4')
    const room = await screening.room()
    const { id } = await filmOf(await screening.guest(room), 'a')
    const ask = (path: string, headers = {}): Promise<Response> =>
      fetch(`${room.address}${path}`, { headers })
    const poster = await ask(`/poster/${id}`)
    expect(poster.headers.get('content-type')).toBe('image/jpeg')
    const bytes = new Uint8Array(await poster.arrayBuffer())
    expect(readJpegSize(bytes)).toEqual({ width: 160, height: 90 })
    const etag = poster.headers.get('etag') ?? ''
    expect((await ask(`/poster/${id}`, { 'if-none-match': etag })).status).toBe(304)
    const many = await Promise.all(Array.from({ length: 20 }, () => ask(`/poster/${id}`)))
    for (const again of many) expect(new Uint8Array(await again.arrayBuffer())).toEqual(bytes)
    expect(await readdir(join(screening.folder(), '.room', 'posters'))).toHaveLength(1)
    for (const path of ['/poster/', '/poster/x', '/poster/..%2f..%2fetc%2fpasswd', `/poster/${id}/x`])
      expect((await ask(path)).status).toBe(404)
  })
})

async function writeNoise(name: string): Promise<string> {
  const path = screening.path(name)
  await writeFile(path, Buffer.alloc(5000, 'no video at all '))
  return path
}

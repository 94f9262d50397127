import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '@zcast/shared'
import { encodeJpeg } from '@zcast/media'
import { ClipCache } from '../../../../../src/sources/clip/cache/clip-cache.ts'

let folder: string
let directory: string
let warnings: string[]
let log: Log

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-cache-'))
  directory = join(folder, 'cache', 'zcast', 'clips')
  warnings = []
  log = { error: () => {}, warning: (message) => void warnings.push(message), close: () => {} }
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** Pictures that differ. */
async function pictures(count: number, side = 16): Promise<Uint8Array[]> {
  const shades = Array.from({ length: count }, (_, i) => new Uint8Array(side * side * 3).fill(i * 20))
  return Promise.all(shades.map((pixels) => encodeJpeg(pixels, side, side)))
}

async function keep(cache: ClipCache, key: string, clip: readonly Uint8Array[]): Promise<boolean> {
  const writer = await cache.write(key)
  for (const [index, picture] of clip.entries()) if (!(await writer?.add(picture, index / 25))) return false
  return (await writer?.commit()) ?? false
}

async function readAll(cache: ClipCache, key: string): Promise<Uint8Array[] | undefined> {
  const reader = await cache.read(key)
  if (!reader) return undefined
  const read: Uint8Array[] = []
  for (let i = 0; i < reader.pictures; i++) {
    const picture = await reader.read(i)
    if (picture) read.push(Buffer.from(picture))
  }
  await reader.close()
  return read
}

const asText = (clip: readonly Uint8Array[] | undefined): string[] | undefined =>
  clip?.map((picture) => Buffer.from(picture).toString('base64'))

describe('ClipCache', () => {
  test('gives back what was kept, byte for byte, also to another process', async () => {
    const clip = await pictures(5)
    expect(await keep(new ClipCache({ directory }), 'a', clip)).toBe(true)
    const other = new ClipCache({ directory })
    expect(asText(await readAll(other, 'a'))).toEqual(asText(clip))
    expect(await readAll(other, 'b')).toBeUndefined()
    const reader = await other.read('a')
    expect([await reader?.read(5), await reader?.read(-1)]).toEqual([undefined, undefined])
    expect([reader?.at(0), reader?.at(4)]).toEqual([0, 4 / 25])
    await reader?.close()
  })

  test('is for its user alone', async () => {
    if (process.platform === 'win32') return
    await mkdir(directory, { recursive: true, mode: 0o755 })
    await keep(new ClipCache({ directory }), 'a', await pictures(1))
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    const [file = ''] = await readdir(directory)
    expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600)
  })

  test('nothing is to be seen of a clip until it is whole, and nothing is left of one that is given up', async () => {
    const cache = new ClipCache({ directory })
    const writer = await cache.write('a')
    for (const picture of await pictures(3)) await writer?.add(picture, 0)
    expect(await cache.read('a')).toBeUndefined()
    await writer?.abandon()
    expect(await writer?.commit()).toBe(false)
    expect(await readdir(directory)).toEqual([])
  })

  test('two that keep the same clip at once do not disturb each other', async () => {
    const clip = await pictures(4)
    const caches = [new ClipCache({ directory }), new ClipCache({ directory })]
    expect(await Promise.all(caches.map((cache) => keep(cache, 'a', clip)))).toEqual([true, true])
    expect(await readdir(directory)).toHaveLength(1)
    expect(asText(await readAll(new ClipCache({ directory }), 'a'))).toEqual(asText(clip))
  })

  test('a changed byte anywhere is never taken for a picture', async () => {
    const cache = new ClipCache({ directory, log })
    const clip = await pictures(2)
    await keep(cache, 'a', clip)
    const [file = ''] = await readdir(directory)
    const path = join(directory, file)
    const bytes = await readFile(path)
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x80
      await writeFile(path, changed)
      const read = asText(await readAll(cache, 'a'))
      expect(read === undefined || read.length < 2).toBe(true)
      expect(asText(clip)).toEqual(expect.arrayContaining(read ?? []))
    }
    for (const length of [0, 10, bytes.length - 1]) {
      await writeFile(path, bytes.subarray(0, length))
      expect(await readAll(cache, 'a')).toBeUndefined()
    }
    // A file that cannot be used is thrown out.
    expect(await readdir(directory)).toEqual([])
    expect(warnings).toEqual([])
  })

  test('the least recently used go first, and all stay within the limit', async () => {
    const clip = await pictures(3)
    const bytes = clip.reduce((sum, picture) => sum + picture.length, 32 + 3 * 16)
    const limitBytes = Math.round(bytes * 2.5)
    const cache = new ClipCache({ directory, limitBytes })
    await keep(cache, 'old', clip)
    await keep(cache, 'used', clip)
    for (const file of await readdir(directory)) await utimes(join(directory, file), 1000, 1000)
    await readAll(cache, 'used')
    await keep(cache, 'new', clip)
    expect(await readAll(cache, 'old')).toBeUndefined()
    expect(asText(await readAll(cache, 'used'))).toEqual(asText(clip))
    expect(asText(await readAll(cache, 'new'))).toEqual(asText(clip))
    expect(await totalBytes()).toBeLessThanOrEqual(limitBytes)
  })

  test('a clip larger than the limit is not kept, and leaves nothing', async () => {
    const clip = await pictures(3)
    const cache = new ClipCache({ directory, limitBytes: (clip[0]?.length ?? 0) + 100, log })
    expect(await keep(cache, 'a', clip)).toBe(false)
    expect(await readdir(directory)).toEqual([])
    expect(warnings).toEqual([])
  })

  test('what a killed writer left is cleared away, what one writes now is not', async () => {
    const cache = new ClipCache({ directory })
    await keep(cache, 'a', await pictures(1))
    const [dead, alive] = [join(directory, 'x.clip.1-0.tmp'), join(directory, 'y.clip.2-0.tmp')]
    await writeFile(dead, 'x')
    await writeFile(alive, 'y')
    await utimes(dead, 1000, 1000)
    await keep(cache, 'b', await pictures(1))
    const files = await readdir(directory)
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual(['y.clip.2-0.tmp'])
  })

  test('a reader goes on when the file is thrown out meanwhile', async () => {
    if (process.platform === 'win32') return
    const cache = new ClipCache({ directory })
    const clip = await pictures(3)
    await keep(cache, 'a', clip)
    const reader = await cache.read('a')
    await cache.discard('a')
    expect(Buffer.from((await reader?.read(2)) ?? [])).toEqual(Buffer.from(clip[2] ?? []))
    await reader?.close()
  })

  test('a folder that cannot be made turns the cache off, with one warning', async () => {
    await writeFile(join(folder, 'cache'), 'in the way')
    const cache = new ClipCache({ directory, log })
    for (const key of ['a', 'b']) {
      expect(await cache.read(key)).toBeUndefined()
      expect(await cache.write(key)).toBeUndefined()
    }
    expect(warnings).toEqual([expect.stringContaining(directory)])
  })

  test('a folder that goes away in the middle turns it off, with one warning', async () => {
    const cache = new ClipCache({ directory, log })
    const writer = await cache.write('a')
    for (const picture of await pictures(2)) await writer?.add(picture, 0)
    await rm(directory, { recursive: true })
    expect(await writer?.commit()).toBe(false)
    expect(await cache.write('b')).toBeUndefined()
    expect(warnings).toHaveLength(1)
  })

  async function totalBytes(): Promise<number> {
    const sizes = (await readdir(directory)).map(async (file) => (await stat(join(directory, file))).size)
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  }
})

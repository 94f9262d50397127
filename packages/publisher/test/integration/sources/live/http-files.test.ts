import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import { HttpInput } from '../../../../src/sources/live/http-input.ts'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { ffmpeg, frameNumber, generateClip } from '../../../support/clips.ts'
import { take } from '@zcast/testing/contracts/source-contract'

const FRAMES = 20
let folder: string
let server: Server | undefined
// By name; the index of an mp4 or mov file is at its end, where ffmpeg and phones put it.
const files: Record<string, Buffer> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-http-files-'))
  const clip = await generateClip(join(folder, 'clip.mkv'), { frames: FRAMES })
  for (const name of ['end.mp4', 'end.mov', 'clip.ts']) {
    await ffmpeg('-i', clip, '-c', 'copy', join(folder, name))
    files[name] = await readFile(join(folder, name))
  }
  files['clip.mkv'] = await readFile(clip)
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/clip`
}

/** The numbers of the pictures that came. */
async function play(url: string): Promise<number[]> {
  const frames = await take(new LiveSource(new HttpInput(new URL(url)), { exitOnEnd: true }), FRAMES + 1)
  return Promise.all(
    frames.map(async (frame) => frameNumber((await decodeJpeg((frame as Frame).data)).pixels)),
  )
}

/** Most pictures, in order: those of a burst would be two or three; a busy machine may leave one out. */
function expectPaced(numbers: readonly number[]): void {
  expect(numbers).toEqual([...numbers].toSorted((a, b) => a - b))
  expect(numbers.length).toBeGreaterThan(FRAMES / 2)
}

function part(file: Buffer, range: string): Buffer {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
  return file.subarray(Number(from), Number(to) + 1)
}

describe('a file over http', () => {
  test.each(['clip.ts', 'clip.mkv'])('without a length (%s) is played in its own pace', async (name) => {
    const url = await serve((_, response) => {
      response.write(files[name])
      response.end()
    })
    expectPaced(await play(url))
  })

  test.each(['end.mp4', 'end.mov'])(
    'with its index at its end (%s) is played, from a server that gives parts',
    async (name) => {
      const file = files[name] ?? Buffer.alloc(0)
      const ranges: string[] = []
      const url = await serve(({ headers }, response) => {
        if (headers.range === undefined)
          return response.writeHead(200, { 'Content-Length': file.length }).end(file)
        ranges.push(headers.range)
        response.writeHead(206).end(part(file, headers.range))
      })
      expectPaced(await play(url))
      expect(ranges.length).toBeGreaterThan(0)
    },
  )

  test('that stops coming is said to, rather than what ffmpeg makes of it', async () => {
    const file = files['clip.ts'] ?? Buffer.alloc(0)
    const url = await serve((_, response) => void response.write(file.subarray(0, file.length / 2)))
    const source = new LiveSource(new HttpInput(new URL(url), { silenceMs: 1000 }), { exitOnEnd: true })
    await expect(take(source, FRAMES + 1)).rejects.toThrow(`"${url}" broke off: nothing came for 1 s`)
  })

  test('with its index at its end is refused in a sentence, from a server that gives no parts', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end(files['end.mp4']),
    )
    await expect(play(url)).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message: expect.stringContaining(
        'its index is at its end, and the server does not send parts of a file',
      ),
    })
  })

  test.each([
    ['ends before it', (index: Buffer) => index.subarray(0, 0)],
    ['has only a part of it', (index: Buffer) => index.subarray(0, index.length / 2)],
    ['has another box in its place', () => Buffer.from('\0\0\0\x08free\0\0\0\x08free', 'latin1')],
    ['has rubbish in its place', () => Buffer.alloc(64, 0xee)],
    [
      'states a larger one than there is',
      (index: Buffer) => Buffer.concat([Buffer.of(1, 0, 0, 0), index.subarray(4)]),
    ],
  ])('whose index is missed because it %s fails with a sentence', async (_, change) => {
    const file = files['end.mp4'] ?? Buffer.alloc(0)
    const at = file.indexOf('moov') - 4
    const changed = Buffer.concat([file.subarray(0, at), change(file.subarray(at))])
    const url = await serve(({ headers }, response) => {
      if (headers.range === undefined) response.end(changed)
      else response.writeHead(206).end(part(changed, headers.range))
    })
    await expect(play(url)).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
  })
})

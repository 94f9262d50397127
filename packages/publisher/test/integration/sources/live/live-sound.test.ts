import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { decodeJpeg, findFfmpeg } from '@zcast/media'
import { type Block, Demand, type Frame, type SoundBlock } from '@zcast/shared'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { ffmpeg } from '@zcast/testing/pictures/generate-clip'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { HttpInput } from '../../../../src/sources/live/http-input.ts'
import type { LiveInput } from '../../../../src/sources/live/live-input.ts'
import { LiveSoundSource } from '../../../../src/sources/live/live-sound-source.ts'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { RtspInput } from '../../../../src/sources/live/rtsp-input.ts'
import { childCommandLines } from '../../../support/command-lines.ts'
import { startRtspServer, whyNoRtspServer } from '../../../support/rtsp-server.ts'

const folder = useTemporaryFolder()
const log = (): RecordingLog => new RecordingLog()

/** A live source whose pictures and sound are read until `stop`. */
class Reading {
  readonly pictures: Frame[] = []
  readonly sounds: SoundBlock[] = []
  readonly watchers = new Demand()
  readonly listeners = new Demand()
  readonly #stop = new AbortController()
  readonly #running: Promise<unknown>

  constructor(input: LiveInput, told: RecordingLog) {
    const sound = new LiveSoundSource({ name: 'cam', rate: 16_000, channels: 1 })
    const source = new LiveSource(input, { sound, log: told, lingerMs: 100, firstRetryMs: 1 })
    const { signal } = this.#stop
    this.#running = Promise.all([
      collect(source.blocks({ signal, demand: this.watchers }), (block) =>
        this.pictures.push(block as Frame),
      ),
      collect(sound.blocks({ signal, demand: this.listeners }), (block) =>
        this.sounds.push(block as SoundBlock),
      ),
    ])
  }

  /** Waits until so many have come. */
  async until(pictures: number, sounds: number): Promise<void> {
    while (this.pictures.length < pictures || this.sounds.length < sounds)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }
}

async function collect(blocks: AsyncIterable<Block>, take: (block: Block) => void): Promise<void> {
  for await (const block of blocks) take(block)
}

/** Pictures that are further apart are not one after the other. */
const MOST_APART_S = 0.06

/** When the picture becomes white, where no picture is missing before it, and when it beeps. */
async function readShow({ pictures, sounds }: Reading): Promise<{ flashes: number[]; beeps: number[] }> {
  const flashes: number[] = []
  let wasWhite = true
  let before = 0
  for (const { time, data } of pictures) {
    const isWhite = ((await decodeJpeg(data)).pixels.at(0) ?? 0) > 128
    if (isWhite && !wasWhite && time - before < MOST_APART_S) flashes.push(time)
    wasWhite = isWhite
    before = time
  }
  const beeps: number[] = []
  let loudAt = 0
  for (const { time, rate, samples, data } of sounds) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    for (let at = 0; at < samples; at++) {
      if (Math.abs(view.getInt16(at * 2, true)) < 3000) continue
      const now = time + at / rate
      if (now - loudAt > 0.2) beeps.push(now)
      loudAt = now
    }
  }
  return { flashes, beeps }
}

/** How far apart each flash and the beep beside it are. */
async function readOffs(reading: Reading): Promise<readonly number[]> {
  const { flashes, beeps } = await readShow(reading)
  const apart = flashes.flatMap((flash) => beeps.map((beep) => Math.abs(flash - beep)))
  // They come every 0.8 s.
  return apart.filter((seconds) => seconds < 0.4).toSorted((one, other) => one - other)
}

describe('the sound of a container over http', () => {
  let stop = async (): Promise<void> => undefined
  let url = new URL('http://127.0.0.1')
  let file = ''
  beforeEach(async () => {
    file = join(folder(), 'clip.ts')
    const picture = "nullsrc=s=64x48:r=25,geq=lum='if(lt(mod(T+0.001,0.8),0.1),235,16)':cb=128:cr=128"
    const sound = "aevalsrc='if(lt(mod(t,0.8),0.1),0.5*sin(2*PI*1000*t),0)':s=48000"
    const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-t', '20']
    await ffmpeg(
      ...inputs,
      '-c:v',
      'mpeg2video',
      '-g',
      '12',
      '-b:v',
      '400k',
      '-c:a',
      'mp2',
      '-f',
      'mpegts',
      file,
    )
    const { path } = await findFfmpeg()
    // At the pace of a camera.
    const server = createServer((request, response) => {
      response.writeHead(200, { 'Content-Type': 'video/mp2t' })
      const args = ['-v', 'error', '-re', '-i', file, '-map', '0', '-c', 'copy']
      const options = request.url === '/silent' ? ['-an'] : []
      const camera = spawn(path, [...args, ...options, '-f', 'mpegts', '-'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      camera.stdout.pipe(response)
      response.on('close', () => camera.kill('SIGKILL'))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/live.ts`)
    stop = async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })
  afterEach(() => stop())

  test('is in step with its pictures', async () => {
    const reading = new Reading(new HttpInput(url), log())
    reading.watchers.set('', true)
    reading.listeners.set('', true)
    // The last of several pictures that come at once is shown, so that flashes may be missing; what is there is in step.
    while ((await readOffs(reading)).length < 3) await new Promise((resolve) => setTimeout(resolve, 300))
    await reading.stop()
    const offs = await readOffs(reading)
    expect(offs[offs.length >> 1]).toBeLessThan(0.041)
    for (const [index, { time }] of reading.sounds.entries()) {
      const next = reading.sounds[index + 1]
      if (next) expect(Math.abs(next.time - time - 0.02)).toBeLessThan(0.1)
    }
  })

  test('is told to be missing where there is none, and the pictures come', async () => {
    const told = log()
    const reading = new Reading(new HttpInput(new URL('/silent', url)), told)
    reading.watchers.set('', true)
    reading.listeners.set('', true)
    await reading.until(5, 0)
    await reading.stop()
    expect(told.lines).toEqual(['"cam" is sent without sound: it has none'])
  })

  test('comes while nobody watches, and ends with its listener', async () => {
    const reading = new Reading(new HttpInput(url), log())
    reading.listeners.set('', true)
    await reading.until(0, 20)
    reading.listeners.set('', false)
    while ((await childCommandLines()).includes('pipe:3'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(reading.pictures).toEqual([])
    await reading.stop()
  })
})

const testRtsp = whyNoRtspServer === undefined ? test : test.skip
testRtsp('the sound of a camera over rtsp is decoded once somebody listens', async () => {
  const server = await startRtspServer(0, true)
  try {
    const reading = new Reading(new RtspInput(server.url), log())
    reading.watchers.set('', true)
    await reading.until(5, 0)
    expect(await childCommandLines()).not.toContain('pipe:3')
    reading.listeners.set('', true)
    await reading.until(20, 50)
    await reading.stop()
    const [last] = reading.pictures.slice(-1)
    const heard = reading.sounds.at(-1)
    expect(Math.abs((heard?.time ?? 0) - (last?.time ?? 0))).toBeLessThan(1)
    const bytes = Buffer.concat(reading.sounds.slice(-50).map(({ data }) => data))
    const samples = Array.from({ length: bytes.byteLength / 2 }, (_, at) => bytes.readInt16LE(at * 2))
    const rises = samples.filter(
      (sample, at) => at > 0 && sample >= 0 && (samples.at(at - 1) ?? 0) < 0,
    ).length
    expect(Math.abs(rises / (samples.length / 16_000) - 440)).toBeLessThan(10)
  } finally {
    await server.kill()
  }
})

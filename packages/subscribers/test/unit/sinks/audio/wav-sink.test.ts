import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { soundEnvelope } from '@zcast/testing/streams/envelopes'
import { WavSink } from '../../../../src/sinks/audio/wav-sink.ts'

const folder = useTemporaryFolder()
const path = (): string => join(folder(), 'x.wav')

testSinkContract('WavSink', {
  create: () => new WavSink({ path: path() }),
  envelope: (seq) => soundEnvelope(seq),
  createUnopenable: () => new WavSink({ path: join(folder(), 'missing', 'x.wav') }),
})

interface Wav {
  readonly rate: number
  readonly channels: number
  readonly samples: number[]
}

/** Reads a file by its header, which must be that of all that is there. */
async function readWav(): Promise<Wav> {
  const bytes = await readFile(path())
  expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ')
  expect(bytes.readUInt32LE(4)).toBe(bytes.byteLength - 8)
  expect(bytes.readUInt32LE(40)).toBe(bytes.byteLength - 44)
  const samples = Array.from({ length: (bytes.byteLength - 44) / 2 }, (_, n) => bytes.readInt16LE(44 + n * 2))
  return { rate: bytes.readUInt32LE(24), channels: bytes.readUInt16LE(22), samples }
}

describe('a WAV file', () => {
  test('holds the samples that came, and no value that was sent again', async () => {
    const sink = new WavSink({ path: path() })
    await sink.open()
    await sink.write({ ...soundEnvelope(0, { time: 0, value: 9 }), retained: true })
    for (let seq = 0; seq < 3; seq++)
      await sink.write(soundEnvelope(seq, { time: 100 + seq / 50, value: seq + 1 }))
    await sink.close()
    const wav = await readWav()
    expect(wav).toMatchObject({ rate: 1000, channels: 1 })
    expect(wav.samples).toEqual([1, 2, 3].flatMap((value) => Array.from({ length: 20 }, () => value)))
  })

  test('has silence for as long as something is missing, and says so', async () => {
    const told: string[] = []
    const sink = new WavSink({ path: path(), onNotice: (sentence) => told.push(sentence) })
    await sink.open()
    await sink.write(soundEnvelope(0, { time: 100 }))
    await sink.write(soundEnvelope(3, { time: 100.06 }))
    await sink.close()
    const { samples } = await readWav()
    expect(samples).toHaveLength(80)
    expect(samples.slice(20, 60).every((sample) => sample === 0)).toBe(true)
    expect(told).toEqual([expect.stringMatching(/0\.04 s of silence stand in its place$/)])
  })

  test('is whole while it is written, so that it plays after SIGKILL', async () => {
    const sink = new WavSink({ path: path() })
    await sink.open()
    for (let seq = 0; seq < 20; seq++) await sink.write(soundEnvelope(seq))
    const { samples } = await readWav()
    expect(samples.length).toBeGreaterThanOrEqual(150)
    await sink.close()
    expect((await readWav()).samples).toHaveLength(400)
  })

  test('holds one stream and one format, and counts what is left out', async () => {
    const told: string[] = []
    const sink = new WavSink({ path: path(), onNotice: (sentence) => told.push(sentence) })
    await sink.open()
    await sink.write(soundEnvelope(0))
    await sink.write(soundEnvelope(0, { topic: 'audio/other' }))
    await sink.write(soundEnvelope(1, { channels: 2 }))
    await sink.write(soundEnvelope(2, { rate: 2000 }))
    await sink.close()
    expect(sink.leftOut).toBe(2)
    expect(told).toHaveLength(3)
    expect((await readWav()).samples).toHaveLength(20)
  })

  test('does not take the place of a file that is there, and goes when nothing came', async () => {
    const sink = new WavSink({ path: path() })
    await sink.open()
    await sink.close()
    await expect(readFile(path())).rejects.toMatchObject({ code: 'ENOENT' })
    await writeFile(path(), 'mine')
    await expect(new WavSink({ path: path() }).open()).rejects.toMatchObject({ code: 'ERR_OPTION' })
    expect(await readFile(path(), 'utf8')).toBe('mine')
    expect(() => new WavSink({ path: 'x.mp3' })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('fills an absence of days with an hour of silence at the most', async () => {
    const told: string[] = []
    const sink = new WavSink({ path: path(), onNotice: (sentence) => told.push(sentence) })
    await sink.open()
    await sink.write(soundEnvelope(0, { time: 100 }))
    await sink.write(soundEnvelope(1, { time: 1e9 }))
    await sink.close()
    expect((await readWav()).samples).toHaveLength(3600 * 1000 + 40)
    expect(told).toEqual([expect.stringContaining('a longer gap')])
  })
})

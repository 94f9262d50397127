import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { RecordingSink } from '../../../../src/sinks/recording-sink.ts'
import { pictureEnvelope, plainPicture } from '@zcast/testing/pictures/plain-picture'
import { copyPictures, countPieces, readRecording } from '../../../support/recordings.ts'
import { processesNaming } from '@zcast/testing/machine/processes'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const folder = useTemporaryFolder()
const START = 1_786_000_000.25
const TIMES_MS = [0, 33, 66, 100, 101, 1000, 5040, 5041, 9000]
const FORMATS = ['mp4', 'mkv'] as const

async function record(path: string, timesMs: readonly number[], size = [64, 48]): Promise<RecordingSink> {
  const [width = 0, height = 0] = size
  const sink = new RecordingSink({ path })
  await sink.open()
  for (const [seq, timeMs] of timesMs.entries()) {
    const data = await plainPicture(width, height, [seq * 20, 100, 50])
    await sink.write(pictureEnvelope({ data, width, height, seq, time: START + timeMs / 1000 }))
  }
  return sink
}

describe.each(FORMATS)('a recording as %s', (format) => {
  const path = (): string => join(folder(), `recording.${format}`)

  test('has every frame at its real time, gaps included', async () => {
    const sink = await record(path(), TIMES_MS)
    await sink.close()
    expect((await readRecording(path())).timesMs).toEqual(TIMES_MS)
  })

  test('goes on where the clock was set back, or far ahead', async () => {
    const sink = await record(path(), [0, 100, -50_000, -49_900, 86_400_000 * 3, 86_400_000 * 3 + 40])
    await sink.close()
    const { timesMs } = await readRecording(path())
    const steps = timesMs.slice(1).map((time, index) => time - (timesMs[index] ?? 0))
    // Where the clock was set, the time goes on by what passed here; that is not an hour.
    const anyTime = expect.any(Number)
    expect(steps).toEqual([100, anyTime, 100, anyTime, 40])
    expect(Math.max(...steps)).toBeLessThan(3_600_000)
  })

  test('keeps a frame that came out of order, a millisecond after the one before', async () => {
    const sink = await record(path(), [0, 100, 60, 60, 140])
    await sink.close()
    expect((await readRecording(path())).timesMs).toEqual([0, 100, 101, 102, 140])
  })

  test('takes pictures of another size in between', async () => {
    const sink = new RecordingSink({ path: path() })
    await sink.open()
    for (const [seq, [width, height]] of (
      [
        [63, 47],
        [200, 40],
        [16, 16],
        [63, 47],
      ] as const
    ).entries()) {
      const data = await plainPicture(width, height, [200, 100, 50])
      await sink.write(pictureEnvelope({ data, width, height, seq, time: START + seq }))
    }
    await sink.close()
    const { timesMs, size } = await readRecording(path())
    expect(timesMs).toEqual([0, 1000, 2000, 3000])
    // H.264 needs even sizes; Matroska holds the pictures as they came.
    expect(size).toBe(format === 'mp4' ? '64x48' : '63x47')
  })

  test('that exists already is left alone', async () => {
    await writeFile(path(), 'precious')
    const sink = new RecordingSink({ path: path() })
    await expect(sink.open()).rejects.toMatchObject({
      code: 'ERR_OPTION',
      message: expect.stringContaining('exists already'),
    })
    await sink.close()
    expect(await readFile(path(), 'utf8')).toBe('precious')
  })

  test('without a frame leaves no file', async () => {
    const sink = await record(path(), [])
    await access(path())
    await sink.close()
    await sink.close()
    await expect(access(path())).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('holds one stream, and tells which others it left out', async () => {
    const ignored: string[] = []
    const sink = new RecordingSink({ path: path(), onIgnored: (topic) => ignored.push(topic) })
    await sink.open()
    const data = await plainPicture(64, 48, [200, 100, 50])
    for (let seq = 0; seq < 6; seq++) {
      const topic = `video/cam${seq % 3}`
      await sink.write(pictureEnvelope({ data, width: 64, height: 48, seq, time: START + seq }, topic))
    }
    await sink.close()
    expect((await readRecording(path())).timesMs).toEqual([0, 3000])
    expect(ignored).toEqual(['video/cam1', 'video/cam2'])
  })

  test('whose ffmpeg dies says so, and plays as far as it came', async () => {
    const sink = await record(
      path(),
      Array.from({ length: 100 }, (_, index) => index * 100),
    )
    const processes = await processesNaming(`file:${path()}`)
    if (!processes) return console.log('skipped: this system does not tell which processes run')
    expect(processes).toHaveLength(1)
    const data = await plainPicture(64, 48, [9, 9, 9])
    let seq = 100
    const add = (): Promise<void> =>
      sink.write(pictureEnvelope({ data, width: 64, height: 48, seq, time: START + seq++ / 10 }))
    while (countPieces(await readFile(path())) < 3) await add()
    for (const pid of processes) process.kill(pid, 'SIGKILL')
    const failing = async (): Promise<never> => {
      for (;;) await add()
    }
    await expect(failing()).rejects.toMatchObject({
      code: 'ERR_SINK',
      message: expect.stringContaining('ended by SIGKILL'),
    })
    await expect(sink.close()).rejects.toMatchObject({ code: 'ERR_SINK' })
    expect((await readRecording(path(), false)).timesMs.length).toBeGreaterThan(10)
  })
})

describe('a recording', () => {
  test('as mkv holds the very pictures that came', async () => {
    const path = join(folder(), 'recording.mkv')
    const sink = new RecordingSink({ path })
    await sink.open()
    const pictures: Uint8Array[] = []
    for (let seq = 0; seq < 5; seq++) {
      const data = await plainPicture(64, 48, [seq * 50, 100, 50])
      pictures.push(data)
      await sink.write(pictureEnvelope({ data, width: 64, height: 48, seq, time: START + seq }))
    }
    await sink.close()
    expect((await copyPictures(path)).equals(Buffer.concat(pictures))).toBe(true)
  })

  test.each(['recording.avi', 'recording', 'mp4'])(
    'called %s is refused before anything is opened',
    (name) => {
      let refused: unknown
      try {
        void new RecordingSink({ path: name })
      } catch (error) {
        refused = error
      }
      expect(refused).toMatchObject({
        code: 'ERR_OPTION',
        message: `a recording is written as .mp4 or .mkv, got "${name}"`,
      })
    },
  )

  test('in a folder that does not exist is refused with one sentence', async () => {
    const sink = new RecordingSink({ path: join(folder(), 'missing', 'recording.mp4') })
    await expect(sink.open()).rejects.toMatchObject({
      code: 'ERR_SINK',
      message: expect.stringContaining('cannot write'),
    })
    await sink.close()
  })
})

import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { SinkError } from '@zcast/shared'
import { PictureFolderSink } from '../../../../src/sinks/picture-folder-sink.ts'
import { pictureEnvelope } from '@zcast/testing/pictures/plain-picture'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const folder = useTemporaryFolder()
const TIME = Date.parse('2026-08-04T17:47:01.977Z') / 1000
const PICTURE = { data: Buffer.from('a picture'), width: 1, height: 1, time: TIME }

async function list(directory = folder()): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).toSorted()
}

describe('a folder of pictures', () => {
  test('has a file for each picture, named by sequence number and time', async () => {
    const directory = join(folder(), 'new', 'pictures')
    const sink = new PictureFolderSink({ directory })
    await sink.open()
    await sink.write(pictureEnvelope({ ...PICTURE, seq: 42 }))
    await sink.write(pictureEnvelope({ ...PICTURE, seq: 12_345_678, time: TIME + 0.023 }))
    await sink.close()
    expect(await list(directory)).toEqual([
      '000042-2026-08-04T17-47-01.977Z.jpg',
      '12345678-2026-08-04T17-47-02.000Z.jpg',
    ])
    expect(await readFile(join(directory, '000042-2026-08-04T17-47-01.977Z.jpg'), 'utf8')).toBe('a picture')
    expect(sink).toMatchObject({ saved: 2, failed: 0 })
  })

  test('names pictures without a number or with an impossible time', async () => {
    const sink = new PictureFolderSink({ directory: folder() })
    await sink.open()
    await sink.write(pictureEnvelope({ ...PICTURE, seq: undefined }))
    await sink.write(pictureEnvelope({ ...PICTURE, seq: undefined, time: 1e300 }))
    expect(await list()).toEqual(['000000-2026-08-04T17-47-01.977Z.jpg', '000001-unknown-time.jpg'])
  })

  test('keeps further streams in folders of their own, none of them outside', async () => {
    const directory = join(folder(), 'pictures')
    const sink = new PictureFolderSink({ directory })
    await sink.open()
    for (const topic of ['video/main', 'video/..', 'video@360p/main', 'video/main']) {
      await sink.write(pictureEnvelope(PICTURE, topic))
    }
    const name = '000000-2026-08-04T17-47-01.977Z.jpg'
    expect(await list()).toEqual(
      [
        'pictures',
        `pictures/${name}`,
        'pictures/video-..',
        `pictures/video-../${name}`,
        'pictures/video@360p-main',
        `pictures/video@360p-main/${name}`,
      ].toSorted(),
    )
  })

  test('that cannot be made is refused with one sentence', async () => {
    await writeFile(join(folder(), 'file'), '')
    const sink = new PictureFolderSink({ directory: join(folder(), 'file', 'pictures') })
    await expect(sink.open()).rejects.toMatchObject({
      code: 'ERR_SINK',
      message: expect.stringContaining('cannot create'),
    })
    await sink.close()
  })

  test('that cannot be written ends the writer', async () => {
    const directory = join(folder(), 'pictures')
    const sink = new PictureFolderSink({ directory })
    await sink.open()
    await rm(directory, { recursive: true })
    await expect(sink.write(pictureEnvelope(PICTURE))).resolves.toBeUndefined()
    await rm(directory, { recursive: true })
    await expect(sink.write(pictureEnvelope(PICTURE))).rejects.toMatchObject({ code: 'ERR_SINK' })
  })

  test('tells once of a series of failures where somebody listens, and goes on when there is room again', async () => {
    const directory = join(folder(), 'pictures')
    const failures: SinkError[] = []
    const sink = new PictureFolderSink({ directory, onFailure: (error) => failures.push(error) })
    await sink.open()
    await sink.write(pictureEnvelope(PICTURE))
    for (let round = 1; round <= 2; round++) {
      await rm(directory, { recursive: true })
      await sink.write(pictureEnvelope(PICTURE))
      await sink.write(pictureEnvelope(PICTURE))
      expect(failures).toHaveLength(round)
      await sink.open()
      await sink.write(pictureEnvelope(PICTURE))
    }
    expect(failures[0]).toMatchObject({
      code: 'ERR_SINK',
      message: expect.stringMatching(/^cannot save pictures in .*: no such file or directory \(ENOENT\)$/),
    })
    expect(sink).toMatchObject({ saved: 3, failed: 4 })
    expect(await list(directory)).toHaveLength(1)
  })
})

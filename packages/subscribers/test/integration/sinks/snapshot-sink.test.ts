import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { SnapshotSink } from '../../../src/sinks/snapshot-sink.ts'
import { pictureEnvelope } from '@zcast/testing/pictures/plain-picture'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const folder = useTemporaryFolder()

const picture = (fill: number): Uint8Array => new Uint8Array(1000).fill(fill)
const envelope = (fill: number): ReturnType<typeof pictureEnvelope> =>
  pictureEnvelope({ data: picture(fill), width: 1, height: 1 })

testSinkContract('SnapshotSink', {
  create: () => new SnapshotSink(join(folder(), 'now.jpg')),
  envelope,
  createUnopenable: () => new SnapshotSink(folder()),
  refuses: 'numbers',
})

describe('SnapshotSink', () => {
  test('saves the first picture, whole, and nothing else', async () => {
    const sink = new SnapshotSink(join(folder(), 'now.jpg'))
    await sink.open()
    expect(sink.saved).toBe(false)
    await sink.write(envelope(1))
    expect(sink.saved).toBe(true)
    await sink.write(envelope(2))
    await sink.close()
    expect(await readdir(folder())).toEqual(['now.jpg'])
    expect(new Uint8Array(await readFile(join(folder(), 'now.jpg')))).toEqual(picture(1))
  })

  test('a picture that was sent before is never saved as new', async () => {
    let savedTimes = 0
    const sink = new SnapshotSink(join(folder(), 'now.jpg'), () => savedTimes++)
    await sink.open()
    await sink.write({ ...envelope(1), retained: true })
    expect({ saved: sink.saved, older: sink.olderTime }).toEqual({
      saved: false,
      older: envelope(1).block.time,
    })
    expect(await readdir(folder())).toEqual([])
    await sink.write(envelope(2))
    await sink.close()
    expect(new Uint8Array(await readFile(join(folder(), 'now.jpg')))).toEqual(picture(2))
    expect(savedTimes).toBe(1)
  })

  test('an existing file is replaced, and kept when no picture comes', async () => {
    const path = join(folder(), 'now.jpg')
    await writeFile(path, 'old')
    const sink = new SnapshotSink(path)
    await sink.open()
    await sink.close()
    expect(await readFile(path, 'utf8')).toBe('old')
    const again = new SnapshotSink(path)
    await again.open()
    await again.write(envelope(3))
    expect(new Uint8Array(await readFile(path))).toEqual(picture(3))
  })

  test('a folder that does not exist is found out before a picture comes', async () => {
    const sink = new SnapshotSink(join(folder(), 'missing', 'now.jpg'))
    await expect(sink.open()).rejects.toMatchObject({ code: 'ERR_SINK', cause: { code: 'ENOENT' } })
  })

  test('a path through a file is refused', async () => {
    await writeFile(join(folder(), 'file'), '')
    const sink = new SnapshotSink(join(folder(), 'file', 'now.jpg'))
    await expect(sink.open()).rejects.toMatchObject({ code: 'ERR_SINK' })
  })

  test('a picture that cannot be written leaves nothing behind', async () => {
    const path = join(folder(), 'now.jpg')
    const sink = new SnapshotSink(path)
    await sink.open()
    // A folder that appears at the last moment: the file cannot take its place.
    await mkdir(path)
    await expect(sink.write(envelope(1))).rejects.toMatchObject({ code: 'ERR_SINK' })
    expect(sink.saved).toBe(false)
    expect(await readdir(folder())).toEqual(['now.jpg'])
    await sink.close()
  })
})

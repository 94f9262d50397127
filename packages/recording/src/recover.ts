import { open } from 'node:fs/promises'
import { parse } from 'node:path'
import { SinkError, SourceError } from '@zcast/shared'
import { loadCompression } from './mcap/compression.ts'
import { GrowingFile } from './mcap/growing-file.ts'
import { ReadableFile } from './mcap/readable-file.ts'
import { scanFile } from './mcap/scan-file.ts'
import { Recording } from './recording.ts'

/** Bytes that are copied at once. */
const PIECE_BYTES = 4 * 1024 * 1024

/** The file that {@link recover} makes: `flight-recovered.mcap` beside `flight.mcap`. */
export function recoveredPath(path: string): string {
  const { dir, name, ext } = parse(path)
  return `${dir === '' ? '' : dir === '/' ? '/' : `${dir}/`}${name}-recovered${ext}`
}

/**
 * Makes a whole file of a recording that was cut short, beside it: {@link recoveredPath}. The recording itself stays as it
 * is.
 *
 * @returns The path of the new file; `undefined` when the recording is whole, and nothing is made.
 * @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` as {@link Recording.open} does.
 * @throws {@link OptionError} `ERR_OPTION` when the new file exists already.
 * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
 */
export async function recover(path: string): Promise<string | undefined> {
  const recording = await Recording.open(path)
  await recording.close()
  if (recording.isWhole) return undefined
  await loadCompression()
  await using handle = await open(path, 'r')
  const file = new ReadableFile(handle, recording.bytes)
  const mended = await scanFile(file)
  if (!mended) throw new SourceError('ERR_SOURCE_UNREADABLE', `${path} is not an MCAP file`)
  const copy = await GrowingFile.create(recoveredPath(path))
  try {
    const append = async (bytes: Uint8Array): Promise<void> => {
      if (!(await copy.append(bytes))) throw new SinkError(`${copy.path} is not whole: the disk is full`)
    }
    for (let offset = 0; offset < mended.length; offset += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, mended.length - offset)
      await append(await file.read(BigInt(offset), BigInt(length)))
    }
    await append(mended.tail)
  } finally {
    await copy.close()
  }
  return copy.path
}

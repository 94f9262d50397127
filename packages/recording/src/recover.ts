import { randomUUID } from 'node:crypto'
import { link, lstat, open, rename, rm } from 'node:fs/promises'
import { parse } from 'node:path'
import { OptionError, SinkError, SourceError } from '@zcast/shared'
import { describeSystemError, systemErrorCode } from '@zcast/shared/internal'
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
 * @throws {@link SinkError} `ERR_SINK` when it cannot be written: nothing is left of it then.
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
  const to = recoveredPath(path)
  // Before the work, rather than after it.
  if (await lstat(to).catch(() => undefined)) throw alreadyThere(to)
  // Under another name until it is whole: in a folder, what has this name is taken in place of the recording.
  const draft = `${to}.${randomUUID()}.part`
  const copy = await GrowingFile.create(draft)
  try {
    try {
      const append = async (bytes: Uint8Array): Promise<void> => {
        if (!(await copy.append(bytes))) throw new SinkError(`${to} cannot be made: the disk is full`)
      }
      for (let offset = 0; offset < mended.length; offset += PIECE_BYTES) {
        const length = Math.min(PIECE_BYTES, mended.length - offset)
        await append(await file.read(BigInt(offset), BigInt(length)))
      }
      await append(mended.tail)
    } finally {
      await copy.close()
    }
    await moveToNew(draft, to)
  } finally {
    await rm(draft, { force: true }).catch(() => undefined)
  }
  return to
}

/** Gives a file a name that no other has yet: a rename alone would replace what has it. */
async function moveToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') throw alreadyThere(to)
    if (await lstat(to).catch(() => undefined)) throw alreadyThere(to)
    // Some file systems (exFAT, FAT) have no links.
    await rename(from, to).catch((cause: unknown) => {
      throw new SinkError(`cannot write ${to}: ${describeSystemError(cause)}`, { cause })
    })
  }
}

function alreadyThere(path: string): OptionError {
  return new OptionError(`${path} exists already: choose another name, or remove it first`)
}

import { randomUUID } from 'node:crypto'
import { link, lstat, rename, rm, stat } from 'node:fs/promises'
import { parse } from 'node:path'
import { type Log, OptionError, SinkError, SourceError } from '@zcast/shared'
import { describeSystemError, systemErrorCode } from '@zcast/shared/internal'
import { loadCompression } from './mcap/compression.ts'
import { GrowingFile } from './mcap/growing-file.ts'
import { MendedCopy } from './mended-copy.ts'
import type { Described } from './reading/file-contents.ts'
import { FileHandles } from './reading/file-handles.ts'
import { ReadableFile } from './reading/readable-file.ts'
import { RecordedFile } from './reading/recorded-file.ts'
import { loadChunk } from './reading/load-chunk.ts'
import { scanFile } from './reading/scan-file.ts'

/** Options of {@link recover}. */
export interface RecoverOptions {
  /** Is told of what is left out although it is not damaged itself. Default: nobody is. */
  readonly log?: Log | undefined
  /** Called once the new file is there, with the number of damaged chunks that were left out of it; 0 for none. */
  readonly onLeftOut?: ((damagedChunks: number) => void) | undefined
}

/** The file that {@link recover} makes: `flight-recovered.mcap` beside `flight.mcap`. */
export function recoveredPath(path: string): string {
  const { dir, name, ext } = parse(path)
  return `${dir === '' ? '' : dir === '/' ? '/' : `${dir}/`}${name}-recovered${ext}`
}

/**
 * Makes a whole file of a recording that was cut short or damaged, beside it: {@link recoveredPath}. The recording itself
 * stays as it is. All of it is read, whatever its index says. What is damaged is left out, and so are messages of topics
 * whose names were in nothing but what is damaged; messages of other programs that are not in chunks are put into some.
 *
 * @returns The path of the new file; `undefined` when the recording is whole, and nothing is made.
 * @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` as {@link Recording.open} does.
 * @throws {@link OptionError} `ERR_OPTION` when it is a folder, or the new file exists already.
 * @throws {@link SinkError} `ERR_SINK` when it cannot be written: nothing is left of it then.
 */
export async function recover(
  path: string,
  { log, onLeftOut }: RecoverOptions = {},
): Promise<string | undefined> {
  const status = await stat(path).catch(() => undefined)
  if (status?.isDirectory()) throw new OptionError(`${path} is a folder: name one of the recordings in it`)
  await loadCompression()
  const handles = new FileHandles()
  try {
    const file = await RecordedFile.open(path, handles)
    const { isWhole, described } = file.contents
    const damagedChunks = isWhole ? await findDamaged(file) : undefined
    if (damagedChunks?.size === 0) return undefined
    const { to, leftOut } = await mend(await ReadableFile.open(path, handles), {
      described,
      damagedChunks,
      log,
    })
    onLeftOut?.(leftOut)
    return to
  } finally {
    await handles.close()
  }
}

/** The chunks of a file that are not what their checksums say: their lengths, by where they begin. */
async function findDamaged(file: RecordedFile): Promise<ReadonlyMap<number, number>> {
  const damaged = new Map<number, number>()
  for (const place of file.chunks)
    if (!(await loadChunk(file, place))) damaged.set(place.offset, place.length)
  return damaged
}

interface MendOptions extends RecoverOptions {
  /** What the whole file says of its topics. */
  readonly described: Described
  readonly damagedChunks: ReadonlyMap<number, number> | undefined
}

async function mend(
  file: ReadableFile,
  { described, damagedChunks, log }: MendOptions,
): Promise<{ readonly to: string; readonly leftOut: number }> {
  const to = recoveredPath(file.path)
  // Before the work, rather than after it.
  if (await lstat(to).catch(() => undefined)) throw alreadyThere(to)
  let leftOut = 0
  // Under another name until it is whole: in a folder, what has this name is taken in place of the recording.
  const draft = await GrowingFile.create(`${to}.${randomUUID()}.part`)
  try {
    try {
      const copy = new MendedCopy({ from: file, to: draft, path: to, described })
      const found = await scanFile(file, { hasIndex: false, described, taker: copy, damagedChunks })
      if (!found) throw new SourceError('ERR_SOURCE_UNREADABLE', `${file.path} is not an MCAP file`)
      await copy.finish(found)
      leftOut = found.damaged
      if (copy.leftOut > 0)
        log?.warning(
          `${copy.leftOut} messages are not in ${to}: what says which topics they are of is damaged`,
        )
    } finally {
      await draft.close()
    }
    await moveToNew(draft.path, to)
  } finally {
    await rm(draft.path, { force: true }).catch(() => undefined)
  }
  return { to, leftOut }
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

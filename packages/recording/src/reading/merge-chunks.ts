import type { ChunkCache } from './chunk-cache.ts'
import type { ChunkFile, ChunkPlace } from './chunk-file.ts'
import type { LoadedChunk } from './loaded-chunk.ts'

/** A chunk with the file that it is in. */
export interface PlacedChunk {
  readonly file: ChunkFile
  readonly place: ChunkPlace
}

/** Messages of a chunk, one after another in the order of time, with none of another chunk between them. */
export interface MessageRun {
  readonly file: ChunkFile
  readonly chunk: LoadedChunk
  /** The first of them, and the one after the last. */
  readonly start: number
  readonly end: number
}

/** A chunk that is being read. Its messages are held by the cache, so that any number of chunks may overlap. */
interface Cursor extends PlacedChunk {
  /** Which comes first among messages of the same time. */
  readonly order: number
  next: number
  /** Of its next message. */
  time: number
}

/** Messages of chunks, which may overlap, in the order of time. What they hold besides is left out later. */
export async function* mergeChunks(
  chunks: readonly PlacedChunk[],
  cache: ChunkCache,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<MessageRun> {
  const waiting = chunks
    .filter(({ place }) => place.from <= to && place.to >= from)
    .map(({ file, place }, order) => ({ file, place, order }))
    .toSorted((a, b) => a.place.from - b.place.from || a.order - b.order)
  const open: Cursor[] = []
  let opened = 0
  for (;;) {
    const least = leastOf(open)
    const following = waiting[opened]
    if (following && (!least || following.place.from <= least.time)) {
      opened += 1
      const chunk = await cache.load(following.file, following.place)
      // The next one is read while this one is used.
      const ahead = waiting[opened]
      if (ahead) void cache.load(ahead.file, ahead.place).catch(() => undefined)
      const next = chunk?.firstFrom(from) ?? 0
      if (chunk && next < chunk.count) open.push({ ...following, next, time: chunk.times[next] as number })
      continue
    }
    if (!least || least.time > to) return
    const chunk = await cache.load(least.file, least.place)
    const end = chunk ? endOfRun(chunk, least, open, Math.min(to, following?.place.from ?? to)) : least.next
    if (chunk) yield { file: least.file, chunk, start: least.next, end }
    if (!chunk || end === chunk.count) open.splice(open.indexOf(least), 1)
    else {
      least.next = end
      least.time = chunk.times[end] as number
    }
  }
}

function leastOf(cursors: readonly Cursor[]): Cursor | undefined {
  let least: Cursor | undefined
  for (const cursor of cursors)
    if (!least || cursor.time < least.time || (cursor.time === least.time && cursor.order < least.order))
      least = cursor
  return least
}

/** Up to the next message of another chunk, and at least one message. */
function endOfRun(chunk: LoadedChunk, own: Cursor, open: readonly Cursor[], limit: number): number {
  let nearest: Cursor | undefined
  for (const cursor of open) if (cursor !== own && (!nearest || cursor.time < nearest.time)) nearest = cursor
  const until = Math.min(limit, nearest?.time ?? limit)
  return Math.max(chunk.firstAfter(until), own.next + 1)
}

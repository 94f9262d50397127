import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 65_536
const NEWLINE = 0x0a

/** Finds the end of the last complete line: the offset after the last newline before `size`, or 0. */
export async function findEndOfLastLine(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= CHUNK_BYTES) {
    const start = Math.max(0, end - CHUNK_BYTES)
    const at = (await readChunk(handle, start, end)).lastIndexOf(NEWLINE)
    if (at >= 0) return start + at + 1
  }
  return 0
}

/**
 * Yields the lines of a file from last to first, holding at most two chunks of 64 KiB. A line longer than a chunk,
 * which this log never writes, loses its end.
 *
 * @param end - The end of the last line, from {@link findEndOfLastLine}.
 */
export async function* readLinesBackwards(handle: FileHandle, end: number): AsyncGenerator<string> {
  // The beginning of this line has not been read yet.
  let rest: Buffer = Buffer.alloc(0)
  for (let position = end - 1; position > 0;) {
    const start = Math.max(0, position - CHUNK_BYTES)
    const data = Buffer.concat([await readChunk(handle, start, position), rest])
    position = start
    let stop = data.length
    for (
      let at = data.lastIndexOf(NEWLINE);
      at >= 0;
      at = stop > 0 ? data.lastIndexOf(NEWLINE, stop - 1) : -1
    ) {
      yield data.toString('utf8', at + 1, stop)
      stop = at
    }
    rest = data.subarray(0, Math.min(stop, CHUNK_BYTES))
  }
  if (end > 0) yield rest.toString('utf8')
}

async function readChunk(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start)
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start)
  return buffer.subarray(0, bytesRead)
}

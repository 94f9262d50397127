import type { FileHandle } from 'node:fs/promises'

/** Reads a part of a file. @throws {@link RangeError} when it ends before. */
export async function readAll(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) throw new RangeError('the file has become shorter')
    done += bytesRead
  }
  return bytes
}

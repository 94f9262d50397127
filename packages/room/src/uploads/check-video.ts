import { open } from 'node:fs/promises'
import { SourceError } from '@zcast/shared'
import { detectPictureFormat, FORMAT_BYTES, probeVideo } from '@zcast/media'
import { withoutPath } from '../without-path.ts'

/** A shorter one is a picture. */
const SHORTEST_SECONDS = 0.1

/**
 * Checks that an uploaded file is a video: ffmpeg decodes a picture of it.
 *
 * @param path - The file; nothing that is said names it.
 * @param name - Its name for people.
 * @returns Why it is not taken, as a sentence; `undefined` for a video.
 * @throws {@link SourceError} when that cannot be found out.
 */
export async function checkVideo(
  path: string,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { duration = 0 } = await probeVideo(path, { signal })
    const picture = detectPictureFormat(await readStart(path))
    if (!picture || picture.name === 'a video' || picture.name === 'GIF') return undefined
    return duration > SHORTEST_SECONDS
      ? undefined
      : `"${name}" is a picture (${picture.name}): give a video file`
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'ERR_SOURCE_UNREADABLE') throw error
    return withoutPath(error.message, path, name)
  }
}

async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const start = Buffer.alloc(FORMAT_BYTES)
    const { bytesRead } = await file.read(start, 0, FORMAT_BYTES, 0)
    return start.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

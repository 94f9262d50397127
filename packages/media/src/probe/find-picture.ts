import { toNumber } from './rational.ts'
import type { ShownPicture } from './read-showinfo.ts'
import { showPictures } from './show-pictures.ts'
import type { VideoInfo } from './probe-video.ts'
import { waysIn } from './ways-in.ts'

/**
 * Finds the first picture at or after a time.
 *
 * @param seconds - From the start of the file.
 * @returns The picture, its time counted from the start of the file; `undefined` when there is none.
 * @throws {@link SourceError} when the file cannot be read; the signal's reason when it aborts.
 */
export async function findPicture(
  video: VideoInfo,
  seconds: number,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ShownPicture | undefined> {
  const near = 1.5 / toNumber(video.framesPerSecond)
  let found: ShownPicture | undefined
  for (const [index, way] of waysIn({ container: video.container, position: seconds }).entries()) {
    const before = found
    found = (await showPictures(video, { way, pictures: 1, signal: options.signal }))[0]
    // If two ways miss, they miss differently.
    if (found && found.time - seconds <= near) return found
    if (index > 0 && found?.time === before?.time) return found
  }
  return found
}

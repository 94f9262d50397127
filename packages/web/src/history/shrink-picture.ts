import type { resizeJpeg as ResizeJpeg } from '@zcast/media'
import type { RecordedBlock } from '@zcast/subscribers'

/** A picture that is shown a little larger than it is looks well enough while it moves on. */
const LEAST_PART = 0.75

let resizeJpeg: typeof ResizeJpeg | undefined = undefined

/** Loads what {@link shrinkPicture} needs, which takes a while. */
export async function loadShrinking(): Promise<void> {
  resizeJpeg ??= (await import('@zcast/media')).resizeJpeg
}

/**
 * A smaller copy of a picture, as wide as it is shown or nearly so: a half, a quarter or an eighth of its own width, to
 * which a JPEG is decoded directly. Returns the picture itself where it is hardly larger than that, or damaged, and until
 * {@link loadShrinking} is done.
 *
 * @param width - Pixels that are shown.
 */
export async function shrinkPicture(recorded: RecordedBlock, width: number): Promise<RecordedBlock> {
  const { envelope } = recorded
  const { block } = envelope
  if (block.kind !== 'video' || !resizeJpeg) return recorded
  const divisor = [8, 4, 2].find((one) => block.width / one >= width * LEAST_PART)
  if (divisor === undefined) return recorded
  const [small, high] = [Math.ceil(block.width / divisor), Math.ceil(block.height / divisor)]
  try {
    const data = await resizeJpeg(block.data, { width: small })
    return { ...recorded, envelope: { ...envelope, block: { ...block, width: small, height: high, data } } }
  } catch {
    // A page may make something of it all the same.
    return recorded
  }
}

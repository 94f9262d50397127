import type * as media from '@zcast/media'
import { SinkError } from '@zcast/shared'

/**
 * The package that compresses pictures, which only pixels need.
 *
 * @throws {@link SinkError} when it is not installed.
 */
export async function loadMedia(): Promise<typeof media> {
  try {
    return await import('@zcast/media')
  } catch (error) {
    throw new SinkError(
      'pictures as pixels need the package "@zcast/media", which cannot be loaded: install it with "npm install @zcast/media"',
      { cause: error },
    )
  }
}

import { HttpRefusal } from '../server/http-refusal.ts'
import type { LivePicture } from './live-pictures.ts'
import { ResizedPictures } from './resized-pictures.ts'

/** Sharp uses threads of its own; running more at once would take them from other work. */
const MAX_RUNNING = 2
const MAX_WAITING = 16
/** A narrow, tall picture made wide would grow without limit: at most 4096 x 4096. */
const MAX_RESIZED_PIXELS = 4096 * 4096

/** Makes smaller or larger copies of pictures, a few at a time. */
export class PictureResizer {
  readonly #resized = new ResizedPictures()
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** @throws {@link HttpRefusal} 400 when the result would be too large, 503 when too many are already waiting. */
  resize(picture: LivePicture, width: number): Promise<Uint8Array> {
    const { frame } = picture
    if (width * Math.ceil((frame.height * width) / frame.width) > MAX_RESIZED_PIXELS) {
      throw new HttpRefusal(400, 'the picture would be too large at this width')
    }
    return this.#resized.get(picture, width, () =>
      this.#run(async () => {
        const { resizeJpeg } = await import('@zcast/media')
        return resizeJpeg(frame.data, { width })
      }),
    )
  }

  async #run(work: () => Promise<Uint8Array>): Promise<Uint8Array> {
    if (this.#running >= MAX_RUNNING) {
      if (this.#waiting.length >= MAX_WAITING)
        throw new HttpRefusal(503, 'too many pictures are being resized')
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#running += 1
    try {
      return await work()
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }
}

import { asShown, isOtherThan, type ShownPicture, type VideoInfo, type WayIn } from '@zcast/media'
import type { ClipEncoder } from './clip-encoder.ts'
import type { ClipSegment, FilePlace } from './clip-place.ts'

// ffmpeg loses at most a few pictures (one for each of its threads) before a change of size.
const LOOKED_AT_PICTURES = 64

/** The known parts of a clip, each with pictures of one size and format. */
export class ClipSegments {
  readonly #encoder: ClipEncoder
  #segments: ClipSegment[]
  /** The last picture that was read so far: all changes up to it are known. */
  #read = 0

  /** @param video - The description of the clip's first pictures. */
  constructor(encoder: ClipEncoder, video: VideoInfo) {
    this.#encoder = encoder
    this.#segments = [{ index: 0, position: encoder.first, video }]
  }

  /** The segment of a picture. */
  of(index: number): ClipSegment {
    return this.#segments.findLast((segment) => segment.index <= index) as ClipSegment
  }

  /** The segment after that of a picture; `undefined` when none is known. */
  after(index: number): ClipSegment | undefined {
    return this.#segments.find((segment) => segment.index > index)
  }

  /** Notes a picture that was read without a change before it. */
  pass(index: number): void {
    this.#read = Math.max(this.#read, index)
  }

  /** Forgets all segments but the first: they turned out to be wrong. */
  forget(): void {
    this.#segments = this.#segments.slice(0, 1)
    this.#read = 0
  }

  /** Examines the pictures at a place that has not been read so far, for example because they come from the cache. */
  async learn(place: FilePlace, signal: AbortSignal): Promise<void> {
    if (this.#encoder.copies || place.index <= this.#read) return
    for (const way of this.#encoder.waysTo(place.position)) {
      const picture = (await this.#show(way, 1, signal))[0]
      if (!picture || this.#misses(picture, place)) continue
      if (isOtherThan(picture, this.of(place.index).video)) this.#add(place, picture)
      return
    }
  }

  /**
   * Checks whether the size or format of the pictures changes after one that was read, and remembers where.
   *
   * @param next - The number of the picture to continue with.
   * @returns The place of the change; `undefined` when there is no new change.
   */
  async findChange(known: FilePlace, next: number, signal: AbortSignal): Promise<FilePlace | undefined> {
    const { slot, copies } = this.#encoder
    if (copies) return undefined
    const { video } = this.of(known.index)
    for (const way of this.#encoder.waysTo(known.position)) {
      const shown = await this.#show(way, LOOKED_AT_PICTURES, signal)
      if (slot === undefined && (!shown[0] || this.#misses(shown[0], known))) continue
      const change = shown.findIndex((picture, at) =>
        at === 0 ? slot !== undefined && isOtherThan(picture, video) : picture.number === 0,
      )
      const picture = shown[change]
      if (!picture) continue
      const place = (index: number): FilePlace => {
        const distance = index - known.index
        const position =
          slot === undefined ? (shown[distance]?.time ?? picture.time) : known.position + distance * slot
        return { index, position }
      }
      const distance = slot === undefined ? change : Math.round((picture.time - known.position) / slot)
      const index = known.index + distance
      if (this.#segments.some((segment) => segment.index === index)) return undefined
      this.#add(place(index), picture)
      return place(next)
    }
    return undefined
  }

  #misses({ time }: ShownPicture, { position }: FilePlace): boolean {
    return Math.abs(time - position) > this.#encoder.tolerance
  }

  async #show(way: WayIn, pictures: number, signal: AbortSignal): Promise<ShownPicture[]> {
    try {
      return await this.#encoder.show(way, pictures, signal)
    } catch (error) {
      if (signal.aborted) return []
      throw error
    }
  }

  #add({ index, position }: FilePlace, picture: ShownPicture): void {
    const video = asShown(this.of(0).video, picture)
    const before = this.#segments.filter((segment) => segment.index < index)
    this.#segments = [...before, { index, position, video }]
  }
}

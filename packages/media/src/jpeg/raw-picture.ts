/** A decoded picture. */
export interface RawPicture {
  /** RGB, 8 bits each, row-major; `width * height * 3` bytes. */
  readonly pixels: Uint8Array
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
}

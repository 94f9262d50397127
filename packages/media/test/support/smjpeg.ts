/** A picture and its timestamp. */
export interface Stamped {
  readonly stamp: number
  readonly jpeg: Uint8Array
}

/** The bytes that ffmpeg's smjpeg muxer writes. @param text - What it says of the file. */
export function smjpeg(pictures: readonly Stamped[], text = 'title'): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const head = ['\0\nSMJPEG', number(0), number(0), '_TXT', number(text.length), text]
  const video = ['_VID', number(12), number(0), number(0x0040_0030), 'JFIF', 'HEND']
  const words = [
    ...head,
    ...video,
    ...pictures.flatMap(({ stamp, jpeg }) => ['vidD', number(stamp), number(jpeg.length), jpeg]),
    'DONE',
  ]
  return Buffer.concat(words.map((word) => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word)))
}

import type { Frame } from '../block.ts'
import { invalid, unsupported } from './codec.ts'
import { isUint, type CodecPart } from './part.ts'
import { checkJpeg } from './untrusted-jpeg.ts'

/** Pictures: the attachment is one whole JPEG. */
export const FRAME_PART: CodecPart<Frame> = {
  encode: ({ width, height, format, data }) => ({ keys: { width, height, format }, attachment: data }),

  decode({ seq, time }, { width, height, format }, message) {
    const data = message[2]
    if (typeof format !== 'string') return invalid('format is not a string')
    if (format !== 'jpeg') return unsupported('the picture format is not jpeg')
    if (message.length !== 3 || !data) return invalid('video has 3 parts')
    if (!isUint(width) || !isUint(height)) return invalid('width or height is not an unsigned integer')
    const size = checkJpeg(data)
    if ('rejected' in size) return size
    if (size.width !== width || size.height !== height)
      return invalid('the picture has another size than its header')
    return { kind: 'video', seq, time, width, height, format, data }
  },
}

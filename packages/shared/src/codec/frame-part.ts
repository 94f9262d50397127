import type { Frame } from '../block.ts'
import { invalid, unsupported } from './codec.ts'
import { isUint, type CodecPart } from './part.ts'
import { checkReceivedJpeg } from './received-jpeg.ts'

/** As {@link FRAME_PART}, but the picture itself is not looked at: for whoever only hands it on. */
export const UNCHECKED_FRAME_PART: CodecPart<Frame> = {
  encode: (block, header) => FRAME_PART.encode(block, header),

  decode({ seq, time }, { width, height, format }, message) {
    const data = message[2]
    if (format !== 'jpeg') return unsupported('the picture format is not jpeg')
    if (message.length !== 3 || !data) return invalid('video has 3 parts')
    if (!isUint(width) || !isUint(height)) return invalid('width or height is not an unsigned integer')
    return { kind: 'video', seq, time, width, height, format, data }
  },
}

/** Pictures: the attachment is one complete JPEG. */
export const FRAME_PART: CodecPart<Frame> = {
  encode({ width, height, format, data }, header) {
    header['width'] = width
    header['height'] = height
    header['format'] = format
    return data
  },

  decode({ seq, time }, { width, height, format }, message) {
    const data = message[2]
    if (typeof format !== 'string') return invalid('format is not a string')
    if (format !== 'jpeg') return unsupported('the picture format is not jpeg')
    if (message.length !== 3 || !data) return invalid('video has 3 parts')
    if (!isUint(width) || !isUint(height)) return invalid('width or height is not an unsigned integer')
    const size = checkReceivedJpeg(data)
    if ('rejected' in size) return size
    if (size.width !== width || size.height !== height)
      return invalid('the size of the picture differs from its header')
    return { kind: 'video', seq, time, width, height, format, data }
  },
}

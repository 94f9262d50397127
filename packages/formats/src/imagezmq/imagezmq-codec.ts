import { type Codec, type Envelope, invalid, type Message, type Rejection, UNWANTED } from '@zcast/shared'
import { isRefused, readJsonHeader } from '../json-header.ts'
import { ownKeys, place, readOwnKeys } from '../own-keys.ts'
import { compressPixels } from '../pictures/compress-pixels.ts'
import { decodePicture } from '../pictures/decode-picture.ts'
import { frameOf, headedPicture } from '../pictures/picture-codec.ts'
import { readArrayPart, readJpegPart } from '../pictures/picture-part.ts'
import { streamOf, StreamNames } from '../stream-name.ts'

/**
 * Pictures as imagezmq sends them: a JSON header with the name of the camera, and a JPEG or the pixels of an OpenCV
 * picture. There is no topic: a subscriber receives everything. {@link https://github.com/jeffbass/imagezmq imagezmq}
 */
export class ImagezmqCodec implements Codec {
  readonly hasLanes = false
  readonly isNumbered = false
  readonly #names = new StreamNames('video')

  prefixes(): readonly string[] {
    return ['']
  }

  encode(envelope: Envelope): Message {
    const frame = frameOf(envelope, 'imagezmq')
    const { width, height } = frame
    const array = 'channels' in frame && { dtype: 'uint8', shape: [height, width, frame.channels] }
    const header = { msg: streamOf(envelope.topic), ...array, ...ownKeys(envelope) }
    return headedPicture(envelope.topic, header, frame)
  }

  decode([head, picture, ...rest]: Message, wants?: (topic: string) => boolean): Envelope | Rejection {
    if (!head || !picture || rest.length > 0) return invalid('the message is not a header and a picture')
    const header = readJsonHeader(head)
    if (isRefused(header)) return header
    const { msg, dtype, shape } = header
    // PyZMQ's recipe for sending arrays has no msg.
    if (msg === undefined && dtype === undefined) return invalid('the header has no msg')
    const topic = this.#names.topicOf(typeof msg === 'string' ? msg : JSON.stringify(msg))
    if (wants && !wants(topic)) return UNWANTED
    const block = dtype === undefined ? readJpegPart(picture) : readArrayPart({ dtype, shape, data: picture })
    return isRefused(block) ? { ...block, topic } : place(topic, readOwnKeys(header), block)
  }

  complete(envelope: Envelope): Envelope | Promise<Envelope> {
    return compressPixels(envelope)
  }
}

/** The same, for hubs that call `recv_image`: it sends pixels, which take some twenty times as many bytes. */
export class ImagezmqPixelsCodec extends ImagezmqCodec {
  prepare(envelope: Envelope): Promise<Envelope> {
    return decodePicture(envelope)
  }
}

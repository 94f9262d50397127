import { type Codec, type Envelope, invalid, type Message, type Rejection, UNWANTED } from '@zcast/shared'
import { isRefused, readJsonHeader } from '../json-header.ts'
import { ownKeys, place, readOwnKeys, type Fields } from '../own-keys.ts'
import { compressPixels } from '../pictures/compress-pixels.ts'
import { frameOf, headedPicture } from '../pictures/picture-codec.ts'
import { readArrayPart, readJpegPart } from '../pictures/picture-part.ts'
import { streamOf, StreamNames } from '../stream-name.ts'

/** The number of one of NetGear's ways to connect: 0 PAIR, 1 REQ and REP, 2 PUB and SUB. */
export type NetgearPattern = 0 | 1 | 2

/**
 * Pictures as VidGear's NetGear sends them: a JSON header, and a JPEG or pixels. A sender that ends says so in a message
 * of its own, upon which NetGear's receivers end; here it is only the end of what that sender sent, and nobody is told.
 * {@link https://abhitronix.github.io/vidgear/latest/gears/netgear/overview/ NetGear}
 */
export class NetgearCodec implements Codec {
  readonly hasLanes = false
  readonly isNumbered = false
  readonly #pattern: string
  readonly #names = new StreamNames('video')

  /** @param pattern - Stated in the messages. Default 2. */
  constructor(pattern: NetgearPattern = 2) {
    this.#pattern = String(pattern)
  }

  prefixes(): readonly string[] {
    return ['']
  }

  encode(envelope: Envelope): Message {
    const frame = frameOf(envelope, 'netgear')
    const header = {
      terminate_flag: false,
      compression: { dct: true, ups: false, colorspace: 'BGR' },
      message: null,
      pattern: this.#pattern,
      dtype: '',
      shape: '',
      stream: streamOf(envelope.topic),
      ...ownKeys(envelope),
    }
    return headedPicture(envelope.topic, header, frame)
  }

  decode([head, picture, ...rest]: Message, wants?: (topic: string) => boolean): Envelope | Rejection {
    if (!head || rest.length > 0) return invalid('the message is not a header and a picture')
    const header = readJsonHeader(head)
    if (isRefused(header)) return header
    const { terminate_flag: isEnd, compression, dtype, shape } = header
    if (isEnd === true) return UNWANTED
    if (isEnd !== false) return invalid('the header has no terminate_flag')
    if (!picture) return invalid('the message is not a header and a picture')
    const topic = this.#names.topicOf(nameIn(header))
    if (wants && !wants(topic)) return UNWANTED
    const block = compression ? readJpegPart(picture) : readArrayPart({ dtype, shape, data: picture })
    return isRefused(block) ? { ...block, topic } : place(topic, readOwnKeys(header), block)
  }

  complete(envelope: Envelope): Envelope | Promise<Envelope> {
    return compressPixels(envelope)
  }
}

/** Only zcast names its stream; NetGear tells several senders apart by the ports they connect to. */
function nameIn({ stream, port }: Fields): string | undefined {
  if (typeof stream === 'string') return stream
  return typeof port === 'string' || typeof port === 'number' ? `port-${port}` : undefined
}

import { inflateSync } from 'node:zlib'
import {
  type Codec,
  CodecError,
  type Envelope,
  invalid,
  MAX_MESSAGE_BYTES,
  type Message,
  type Rejection,
  UNWANTED,
} from '@zcast/shared'
import { isRefused, textOf } from '../json-header.ts'
import { MAX_NUMBERS } from '../max-numbers.ts'
import { place, readOwnKeys } from '../own-keys.ts'
import { compressPixels } from '../pictures/compress-pixels.ts'
import { readPixels } from '../pictures/pixels.ts'
import { StreamNames } from '../stream-name.ts'
import { BoundedReasons } from './bounded-reasons.ts'
import type { NumpyArray } from './numpy-array.ts'
import { valuesOf } from './numpy-values.ts'
import { readPickle } from './read-pickle.ts'

/** The first byte of what zlib has compressed, and of no pickle. */
const ZLIB = 0x78

/** A smaller array of bytes is a matrix of numbers, not a picture. */
const LEAST_SIDE = 16

/**
 * Reads what `send_pyobj` of PyZMQ sends of numpy's arrays: rows of numbers, and pictures of OpenCV. Only arrays are
 * read, and nothing of a pickle is run; nothing is written.
 */
export class PickleCodec implements Codec {
  readonly hasLanes = false
  readonly isNumbered = false
  readonly #pictures = new StreamNames('video')
  readonly #numbers = new StreamNames('numbers')
  readonly #reasons = new BoundedReasons()

  prefixes(): readonly string[] {
    return ['']
  }

  encode({ topic }: Envelope): Message {
    throw new CodecError('ERR_VALUE', `pickles are only read: send ${topic} in another format`)
  }

  decode(message: Message, wants?: (topic: string) => boolean): Envelope | Rejection {
    const pickle = message.at(-1)
    if (message.length > 2 || !pickle) return invalid('the message is not a pickle')
    const array = readPickle(inflated(pickle))
    if (typeof array === 'string') return invalid(this.#reasons.bound(array))
    const isPicture = isPixels(array)
    const name = message.length === 2 ? textOf(message[0] as Uint8Array) : undefined
    const topic = (isPicture ? this.#pictures : this.#numbers).topicOf(name)
    if (wants && !wants(topic)) return UNWANTED
    const block = isPicture ? toPicture(array) : toNumbers(array)
    return isRefused(block) ? { ...block, topic } : place(topic, readOwnKeys({}), block)
  }

  complete(envelope: Envelope): Envelope | Promise<Envelope> {
    return compressPixels(envelope)
  }
}

/** A pickle out of PyZMQ's recipe `send_zipped_pickle`; anything else as it is. */
function inflated(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== ZLIB) return bytes
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_MESSAGE_BYTES })
  } catch {
    return bytes
  }
}

function isPixels({ type, shape }: NumpyArray): boolean {
  const [height = 0, width = 0] = shape
  return type?.code === 'u1' && shape.length >= 2 && height >= LEAST_SIDE && width >= LEAST_SIDE
}

function toPicture({ shape, isFortran, data }: NumpyArray): object {
  if (isFortran) return invalid('the picture is not in the order of its rows')
  const pixels = readPixels({ dtype: 'uint8', shape, data: data as Uint8Array })
  return isRefused(pixels) ? pixels : { kind: 'video', format: 'jpeg', ...pixels }
}

function toNumbers(array: NumpyArray): object {
  const { shape } = array
  if (shape.length > 2) return invalid('the array has more than two dimensions and is not a picture')
  const [rows, columns] = shape.length === 2 ? shape : [1, shape[0] ?? 1]
  if (!rows || !columns) return invalid('the array is empty')
  if (rows * columns > MAX_NUMBERS) return invalid('the message has too many numbers')
  return { kind: 'numbers', rows, columns, data: valuesOf(array) }
}

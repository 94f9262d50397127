import { type ChatBlock, CodecError, wallClock } from '@zcast/shared'
import { MAX_CHAT_BYTES } from '@zcast/shared/internal'
import { checkTime } from './check-time.ts'
import { TopicHandle } from './topic-handle.ts'

/** What somebody said. */
export interface ChatWords {
  /** Rises with each message, also when the chat is started again. */
  readonly id: number
  /** Of who said it; at most 256 characters. */
  readonly name: string
  /** The id of the guest who said it; empty for what the room itself says. */
  readonly guest: string
  /** Plain text, at most 16 KiB of UTF-8. */
  readonly text: string
  /** Seconds since the Unix epoch at which it was said. Default: now. */
  readonly time?: number | undefined
  /** True when what has this `id` is taken back; `text` is empty then. Default false. */
  readonly removed?: boolean | undefined
}

const MAX_NAME = 256

/** One chat of a publisher: `publisher.topic('chat/main')`. */
export class ChatTopic extends TopicHandle {
  /**
   * Sends what somebody said. Resolves once it was handed to ZeroMQ.
   *
   * @throws {@link CodecError} `ERR_VALUE` when receivers would refuse it; `ERR_MEMORY_LIMIT` when 64 MiB are waiting.
   * @throws {@link ClosedError} `ERR_CLOSED` after `close`.
   *
   * @example
   * ```ts
   * import { Publisher } from '@zcast/publisher'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
   * const chat = publisher.topic('chat/main')
   * await chat.send({ id: 1, name: 'ann', guest: 'a1', text: 'hello' })
   * await publisher.close()
   * ```
   */
  send({ id, name, guest, text, time, removed }: ChatWords): Promise<void> {
    return this.take((): ChatBlock => {
      const data = Buffer.from(text)
      if (data.byteLength > MAX_CHAT_BYTES)
        throw new CodecError('ERR_VALUE', `a message of a chat has at most ${MAX_CHAT_BYTES} bytes of text`)
      if (!Number.isSafeInteger(id) || id < 0 || name.length > MAX_NAME || guest.length > MAX_NAME)
        throw new CodecError('ERR_VALUE', 'a message of a chat has a whole number as its id, and short names')
      const said = time === undefined ? wallClock() : checkTime(time)
      return { kind: 'chat', time: said, id, name, guest, ...(removed && { removed }), data }
    })
  }
}

import { createHash } from 'node:crypto'
import { formatTopic, parseTopic, type BlockKind } from '@zcast/shared'

/** Names that were made safe once are remembered, this many of them. */
const MAX_KNOWN = 256

/** The stream of messages that name none. */
const NAMELESS = 'main'

const MAX_STREAM = 64

/** Makes the names that other programs give their streams safe as topics of one kind. */
export class StreamNames {
  readonly #kind: BlockKind
  readonly #known = new Map<string, string>()

  constructor(kind: BlockKind) {
    this.#kind = kind
  }

  /**
   * The topic of a stream: `cam 1` becomes `video/cam-1`, and a name that is such a topic already stays as it is.
   *
   * @param name - Untrusted, of any length. Default: the messages do not name it.
   */
  topicOf(name = ''): string {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const topic = parseTopic(name)?.kind === this.#kind ? name : formatTopic(this.#kind, safeStream(name))
    if (this.#known.size < MAX_KNOWN && name.length <= MAX_STREAM) this.#known.set(name, topic)
    return topic
  }
}

/**
 * Letters that a topic cannot have become `-`; where that makes different names the same (letters of other scripts, the
 * end of a long name), a part of the name's digest tells them apart.
 */
function safeStream(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '')
  const safe = plain.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '')
  const isAmbiguous = /[^\p{ASCII}]/u.test(plain) || safe.length > MAX_STREAM
  if (!isAmbiguous) return safe === '' ? NAMELESS : safe
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 6)
  return [safe.slice(0, MAX_STREAM - digest.length - 1), digest].filter((part) => part !== '').join('-')
}

/** The stream in a topic of ours, with its rendition if it has one: `cam`, `cam@360p`. */
export function streamOf(topic: string): string {
  const { stream = topic, rendition } = parseTopic(topic) ?? {}
  return rendition === undefined ? stream : `${stream}@${rendition}`
}

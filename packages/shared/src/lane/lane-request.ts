import { isSubscription, parseTopic } from '../topic.ts'

/** The prefix of the topics of lanes. No other topic begins like this. */
export const LANE_PREFIX = '!lane/'

/** The longest request, in bytes: `!lane`, two tokens, an epoch and the longest topic. */
const MAX_REQUEST_BYTES = 192

const TOKEN = '[A-Za-z0-9_-]{22}'
const ASK = new RegExp(`^!lanes (${TOKEN}) (\\S+)$`)
const OPEN = new RegExp(`^!lane (${TOKEN}) (${TOKEN}) (\\d{1,10}) (\\S+)$`)
const ACKNOWLEDGE = new RegExp(`^!ack (${TOKEN}) (\\d{1,16})$`)
const END = new RegExp(`^!end (${TOKEN})$`)

/**
 * A subscriber's message to a publisher about a lane: a stream of pictures for this subscriber alone, each sent once it
 * has room for it.
 */
export type LaneRequest =
  | {
      readonly type: 'ask'
      /** The name of the lanes that may follow: the answers come on it. */
      readonly name: string
      /** A topic, or a whole kind. */
      readonly subscription: string
    }
  | {
      readonly type: 'open'
      /** The name from which the lane's topic is made: 22 of `A-Z a-z 0-9 _ -`. */
      readonly name: string
      /** The secret by which later requests identify the lane. */
      readonly key: string
      /** The stream's epoch: other publishers that receive the request have no stream with it. */
      readonly epoch: number
      readonly topic: string
    }
  | {
      readonly type: 'acknowledge'
      readonly key: string
      /** The sequence number of the newest picture received. */
      readonly seq: number
    }
  | { readonly type: 'end'; readonly key: string }

/** The topic to subscribe to for a lane; it precedes the topic of the pictures on it. */
export function laneTopic(name: string): string {
  return `${LANE_PREFIX}${name}/`
}

/** Formats a request. */
export function formatLaneRequest(request: LaneRequest): Uint8Array {
  if (request.type === 'ask') return Buffer.from(`!lanes ${request.name} ${request.subscription}`)
  const { type, key } = request
  if (type === 'end') return Buffer.from(`!end ${key}`)
  if (type === 'acknowledge') return Buffer.from(`!ack ${key} ${request.seq}`)
  return Buffer.from(`!lane ${request.name} ${key} ${request.epoch} ${request.topic}`)
}

/** Parses a subscriber's message. @returns `undefined` for anything else, of any size. */
export function parseLaneRequest(bytes: Uint8Array): LaneRequest | undefined {
  if (bytes.byteLength > MAX_REQUEST_BYTES) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const acknowledged = ACKNOWLEDGE.exec(text)
  if (acknowledged)
    return { type: 'acknowledge', key: acknowledged[1] as string, seq: Number(acknowledged[2]) }
  const ended = END.exec(text)
  if (ended) return { type: 'end', key: ended[1] as string }
  const [, asker, subscription] = ASK.exec(text) ?? []
  if (asker !== undefined && subscription !== undefined) {
    return isSubscription(subscription) ? { type: 'ask', name: asker, subscription } : undefined
  }
  const [, name, key, epoch, topic] = OPEN.exec(text) ?? []
  if (name === undefined || key === undefined || topic === undefined || !parseTopic(topic)) return undefined
  return { type: 'open', name, key, epoch: Number(epoch), topic }
}

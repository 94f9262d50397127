import type { IncomingMessage } from 'node:http'
import type { Exchange } from '../exchange.ts'
import { HttpRefusal } from '../http-refusal.ts'
import { PollChannel } from './poll-channel.ts'
import type { WebChannel } from './web-channel.ts'

/** The header that assigns a request to a channel; a page elsewhere cannot make a browser send it. */
const HEADER = 'zcast-channel'
const NAME = /^[\w-]{16,64}$/
/** The number of messages that a browser sends at once. */
const MAX_TEXTS = 16
/** Of all of them together. */
const MAX_TEXT_BYTES = 64 * 1024

/**
 * The channels of browsers that have no WebSocket. A request with the header `Zcast-Channel: NAME` is for the channel
 * of that name, chosen by the browser; `?open` opens it, `?close` closes it. What is said comes in the body of a POST, as
 * a JSON list of texts: an address may be in the logs of a proxy.
 */
export class PollChannels {
  readonly #channels = new Map<string, PollChannel>()

  /** True when a request is for a channel. */
  takes({ request }: Exchange): boolean {
    return request.headers[HEADER] !== undefined
  }

  /**
   * @param open - Serves a new channel; may throw {@link HttpRefusal}.
   * @throws {@link HttpRefusal} 400 when the request cannot be read, 410 when its channel has ended.
   */
  async serve(exchange: Exchange, open: (channel: WebChannel) => void): Promise<void> {
    const { request, response, url, headOnly } = exchange
    const name = String(request.headers[HEADER])
    if (headOnly || !NAME.test(name)) throw unreadable()
    const texts = request.method === 'POST' ? await readTexts(request) : []
    const key = `${url.pathname} ${name}`
    let channel = this.#channels.get(key)
    if (!channel) {
      if (!url.searchParams.has('open')) throw new HttpRefusal(410, 'this channel has ended')
      channel = new PollChannel()
      this.#channels.set(key, channel)
      channel.onClose(() => this.#channels.delete(key))
      try {
        open(channel)
      } catch (error) {
        channel.close()
        throw error
      }
      response.writeHead(204).end()
      return
    }
    channel.poll(texts, response)
    if (url.searchParams.has('close')) channel.close()
  }
}

async function readTexts(request: IncomingMessage): Promise<readonly string[]> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.byteLength
      if (length > MAX_TEXT_BYTES) break
      chunks.push(chunk)
    }
    const texts: unknown = length > MAX_TEXT_BYTES ? undefined : JSON.parse(Buffer.concat(chunks).toString())
    if (!Array.isArray(texts) || texts.length > MAX_TEXTS || !texts.every((text) => typeof text === 'string'))
      throw unreadable()
    return texts
  } catch {
    throw unreadable()
  }
}

function unreadable(): HttpRefusal {
  return new HttpRefusal(400, 'the request for a channel cannot be read')
}

import { HttpRefusal } from './http-refusal.ts'
import type { Exchange } from './exchange.ts'
import { PollChannel } from './poll-channel.ts'
import type { WebChannel } from './web-channel.ts'

/** The header that assigns a request to a channel; a page elsewhere cannot make a browser send it. */
const HEADER = 'zcast-channel'
const NAME = /^[\w-]{16,64}$/
/** The number of messages that a browser sends at once. */
const MAX_TEXTS = 16

/**
 * The channels of browsers that have no WebSocket. A request with the header `Zcast-Channel: NAME` is for the channel
 * of that name, chosen by the browser; `?open` opens it, `?close` closes it, and each `?say=` is a message to it.
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
  serve(exchange: Exchange, open: (channel: WebChannel) => void): void {
    const { request, response, url, headOnly } = exchange
    const name = String(request.headers[HEADER])
    const texts = url.searchParams.getAll('say')
    if (headOnly || !NAME.test(name) || texts.length > MAX_TEXTS)
      throw new HttpRefusal(400, 'the request for a channel cannot be read')
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

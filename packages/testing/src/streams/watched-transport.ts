import {
  type PublishSocket,
  type SocketOptions,
  type SubscribeSocket,
  type Transport,
  ZeromqTransport,
} from '@zcast/shared'
import { Recorder } from '../waiting/recorder.ts'

/** ZeroMQ, with a record of the subscriptions that publishers reported: a test uses it to wait for its subscribers. */
export class WatchedTransport implements Transport {
  readonly pattern = 'publish/subscribe'
  /** `+video/main` for each subscription, `-video/main` when the last one has ended. */
  readonly subscriptions = new Recorder<string>()
  readonly #transport = new ZeromqTransport()

  /** Also works on an endpoint that was just released: ZeroMQ frees it some time after `close`. */
  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    for (;;) {
      try {
        const socket = await this.#transport.openPublish(options)
        socket.onSubscription((prefix, on) => this.subscriptions.add(`${on ? '+' : '-'}${prefix}`))
        return socket
      } catch (error) {
        const { code, endpoint } = error as { code?: string; endpoint?: string }
        if (code !== 'ERR_ADDRESS_IN_USE' || endpoint === undefined) throw error
        await new Promise(setImmediate)
      }
    }
  }

  openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    return this.#transport.openSubscribe(options)
  }
}

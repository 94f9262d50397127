import type { Notice, NoticeBoard } from '@zcast/shared'
import type { NoticesMessage } from './page-messages.ts'
import type { WebChannel } from '../server/channels/web-channel.ts'

/**
 * Reports failures to pages: each page receives the newest failures when it opens, and again with each further one.
 * Nothing is queued for a page that reads slowly; it receives the newest state afterwards.
 */
export class NoticeTeller {
  readonly #board: NoticeBoard | undefined

  /** @param board - The source of failures; `undefined` when nobody keeps them. */
  constructor(board: NoticeBoard | undefined) {
    this.#board = board
  }

  /** The newest failures, oldest first. */
  get notices(): readonly Notice[] {
    return this.#board?.notices ?? []
  }

  /** Keeps a page informed until its channel ends. */
  tell(channel: WebChannel): void {
    let isBehind = false
    const send = (): void => {
      isBehind = channel.bufferedBytes > 0
      if (!isBehind)
        channel.send(JSON.stringify({ type: 'notices', notices: this.notices } satisfies NoticesMessage))
    }
    const stop = this.#board?.onNotice(send)
    if (stop) channel.onClose(stop)
    channel.onFlushed(() => {
      if (isBehind) send()
    })
    if (this.notices.length > 0) send()
  }
}

import type { RoomClient, RoomMessage } from '@zcast/room/client'
import { pause } from '@zcast/shared/internal'

/** How one try to say something ended. */
type Outcome =
  | { readonly wasSaid: true }
  | { readonly again: true; readonly waitMs: number }
  | { readonly refused: string }

/** A refusal says how long to wait; a little more, because the room's clock is another one. */
const MARGIN_MS = 50
const AGAIN = { again: true, waitMs: 0 } as const

/** Says lines one after the other, each once the room has kept the one before. */
export class LineSpeaker {
  readonly #client: RoomClient
  readonly #signal: AbortSignal
  #me = ''
  /** The newest line of one's own that has been seen. */
  #newest = 0
  #end: ((outcome: Outcome) => void) | undefined
  #cameIn: (() => void) | undefined

  /** @param signal - Ends the wait for the room. */
  constructor(client: RoomClient, signal: AbortSignal) {
    this.#client = client
    this.#signal = signal
    signal.addEventListener('abort', () => {
      this.#end?.(AGAIN)
      this.#cameIn?.()
    })
  }

  /** Says a line; resolves once everybody sees it. @returns Why it was refused; `undefined` when it was said. */
  async say(text: string): Promise<string | undefined> {
    while (!this.#signal.aborted) {
      if (!this.#client.isIn) await new Promise<void>((resolve) => (this.#cameIn = resolve))
      if (this.#signal.aborted) break
      const outcome = await new Promise<Outcome>((resolve) => {
        this.#end = resolve
        this.#client.send({ type: 'say', text })
      })
      this.#end = undefined
      if ('wasSaid' in outcome) return undefined
      if ('refused' in outcome) return outcome.refused
      if (outcome.waitMs > 0) await pause(outcome.waitMs, this.#signal)
    }
    return 'the program was ended before'
  }

  /** Takes what the room says. */
  take(message: RoomMessage): void {
    if (message.type === 'welcome') {
      this.#me = message.you.id
      const own = message.chat.findLast(({ guest }) => guest === this.#me)
      // Said, although the connection was lost before the room could say so.
      this.#end?.(own !== undefined && own.id > this.#newest ? { wasSaid: true } : AGAIN)
      this.#newest = own?.id ?? this.#newest
      this.#cameIn?.()
    }
    if (message.type === 'chat' && message.line.guest === this.#me) {
      this.#newest = message.line.id
      this.#end?.({ wasSaid: true })
    }
    if (message.type === 'refused' && message.about === 'say') {
      const { code, reason, waitSeconds } = message
      const mayWait = code === 'ERR_TOO_FAST' && waitSeconds !== undefined
      this.#end?.(mayWait ? { again: true, waitMs: waitSeconds * 1000 + MARGIN_MS } : { refused: reason })
    }
  }
}

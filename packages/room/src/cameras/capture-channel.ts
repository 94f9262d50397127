import type { WebChannel } from '@zcast/web/internal'
import { Refusal } from '../people/refusal.ts'
import type { Allowance } from '../limits/allowance.ts'

/** What a page is told on its WebSocket of pictures or sound. */
export type CaptureMessage =
  /** It may begin to send. */
  | { readonly type: 'ready' }
  /** So many have arrived since the last time; by it the page knows how many are on the way. */
  | { readonly type: 'taken'; readonly count: number }
  /** The WebSocket ends. */
  | { readonly type: 'refused'; readonly code: string; readonly reason: string }

/** The first message of a page; nothing in it is to be believed. */
export interface CaptureHello {
  /** Its guest's key. */
  readonly key?: unknown
  /** Samples a second, of sound. */
  readonly rate?: unknown
}

/** How a page's pictures or sound are received. */
export interface CaptureIntake {
  /** Takes one message, and says how much of the allowance it needs; throws {@link Refusal} to end the channel. */
  readonly read: (message: Buffer) => { readonly cost: number; readonly push: () => void }
  readonly allowance: Allowance
  /** Acknowledges every so many. */
  readonly every: number
}

/** A page that has not said who it is by then is let go. */
const SAY_WITHIN_MS = 10_000
/** Acknowledgements that are held back; a page that goes on sending is let go. */
const MAX_HELD_BACK = 8

/**
 * Receives what a page captures. The page says its guest's key first. Each message is acknowledged, so that a page with a
 * slow network sends the newest only; one that comes too early is acknowledged later, so that the next one is not.
 *
 * @param open - Finds out who it is; throws {@link Refusal} when nothing is expected from them.
 * @param onRefused - Called with why a channel is ended.
 */
export function receiveCaptured(
  channel: WebChannel,
  open: (hello: CaptureHello) => CaptureIntake,
  onRefused: (refusal: Refusal) => void,
): void {
  let intake: CaptureIntake | undefined
  let count = 0
  let heldBack = 0
  /** A hostile program does not close its end, and sends on. */
  let isOver = false
  const tell = (message: CaptureMessage): void => channel.send(JSON.stringify(message))
  const end = (refusal: Refusal): void => {
    isOver = true
    tell({ type: 'refused', code: refusal.code, reason: refusal.message })
    channel.close(1008)
    onRefused(refusal)
  }
  const attempt = (work: () => void): void => {
    if (isOver) return
    try {
      work()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      end(error)
    }
  }
  const acknowledge = (every: number): void => {
    count += 1
    if (count < every) return
    tell({ type: 'taken', count })
    count = 0
  }
  const patience = setTimeout(() => channel.close(1008), SAY_WITHIN_MS).unref()
  channel.onClose(() => clearTimeout(patience))
  channel.onMessage((text) =>
    attempt(() => {
      if (intake) throw new Refusal('ERR_MESSAGE', 'nothing else is expected here')
      clearTimeout(patience)
      intake = open(readHello(text))
      tell({ type: 'ready' })
    }),
  )
  channel.onBinary((message) =>
    attempt(() => {
      if (!intake) return channel.close(1008)
      const { allowance, every, read } = intake
      const { cost, push } = read(message)
      const waitMs = allowance.take(cost)
      if (waitMs > 0 && heldBack >= MAX_HELD_BACK)
        throw new Refusal('ERR_BUSY', 'more comes than is acknowledged')
      push()
      if (waitMs === 0) return acknowledge(every)
      heldBack += 1
      setTimeout(() => {
        heldBack -= 1
        acknowledge(every)
      }, waitMs).unref()
    }),
  )
}

function readHello(text: string): CaptureHello {
  try {
    return (JSON.parse(text) as CaptureHello | null) ?? {}
  } catch {
    return {}
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { until } from '../attack.ts'
import { openChannel, RoomGuest } from './room-guest.ts'

/** Between two lines, in milliseconds: less than what one may write. */
const EVERY_MS = 1100
/** A line that takes longer counts as lost. */
const PATIENCE_MS = 5000
/** So many of a hundred lines have to be there within {@link SOON_MS}. */
const SHARE = 0.95
const SOON_MS = 1000

/** Two guests who talk and watch a film while the room is attacked. */
export class HonestPair {
  readonly #ann: RoomGuest
  readonly #ben: RoomGuest
  readonly #watching: WebSocket
  readonly #tookMs: number[] = []
  #pictures = 0
  #lastPictureMs = performance.now()
  #longestMs = 0

  /** @param query - With the token of hosts, who alone decide what is on air. */
  static async open(address: string, query: string): Promise<HonestPair> {
    const [ann, ben] = await Promise.all([
      RoomGuest.join(address, 'ann', query),
      RoomGuest.join(address, 'ben', query),
    ])
    const watching = await openChannel(address, `/pictures${query}&topic=video/main`)
    if (!watching) throw new Error('the pictures of the room cannot be watched')
    let film: string | undefined
    const look = ({ films }: Readonly<Record<string, unknown>>): void => {
      film ??= (films as readonly { readonly id: string; readonly name: string }[] | undefined)?.find(
        ({ name }) => name === 'film',
      )?.id
    }
    ann.onTold = look
    look(ann.welcome)
    await until(() => (film === undefined ? 'the room did not list its film' : undefined))
    ann.say({ type: 'air', film })
    return new HonestPair(ann, ben, watching)
  }

  private constructor(ann: RoomGuest, ben: RoomGuest, watching: WebSocket) {
    this.#ann = ann
    this.#ben = ben
    this.#watching = watching
    watching.on('message', (_, isBinary) => {
      if (!isBinary) return
      const now = performance.now()
      if (this.#pictures > 0) this.#longestMs = Math.max(this.#longestMs, now - this.#lastPictureMs)
      this.#lastPictureMs = now
      this.#pictures += 1
      watching.send('next')
    })
    watching.send('next')
  }

  /** Talks until the signal. @throws when a line is lost. */
  async run(signal: AbortSignal): Promise<void> {
    for (let index = 0; !signal.aborted; index++) {
      await this.#talk(`line ${index}`)
      // What was on air is over: again.
      if (performance.now() - this.#lastPictureMs > PATIENCE_MS)
        throw new Error(`the honest guest sees no pictures any more, after ${this.#pictures}`)
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Leaves. @returns Sentences: what did not hold, and what to print. */
  close(): { readonly failures: readonly string[]; readonly line: string } {
    for (const guest of [this.#ann, this.#ben]) guest.leave()
    this.#watching.terminate()
    const sorted = this.#tookMs.toSorted((one, other) => one - other)
    const p95 = sorted[Math.floor(sorted.length * SHARE)] ?? 0
    const failures: string[] = []
    if (p95 > SOON_MS) failures.push(`p95 of what the honest guests say is ${p95.toFixed(0)} ms`)
    if (this.#pictures === 0) failures.push('the honest guest saw no picture')
    return {
      failures,
      line: `room: ${sorted.length} honest lines, p95 ${p95.toFixed(0)} ms, the slowest ${(sorted.at(-1) ?? 0).toFixed(0)} ms; ${this.#pictures} pictures, ${this.#longestMs.toFixed(0)} ms apart at most`,
    }
  }

  async #talk(text: string): Promise<void> {
    const sentMs = performance.now()
    let refusal: string | undefined
    this.#ann.onTold = (message): void => {
      if (message['type'] === 'refused') refusal = JSON.stringify(message)
    }
    const heard = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS)
      this.#ben.onTold = ({ type, line }): void => {
        if (type !== 'chat' || (line as { readonly text: string }).text !== text) return
        clearTimeout(timer)
        resolve(true)
      }
    })
    this.#ann.say({ type: 'say', text })
    if (!(await heard)) throw new Error(`an honest guest was not heard within 5 s: ${refusal ?? 'no answer'}`)
    this.#tookMs.push(performance.now() - sentMs)
  }
}

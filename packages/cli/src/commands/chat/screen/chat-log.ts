import type { ChatLine } from '@zcast/room/client'

/** Something in the list of lines: what somebody said, or what happened. */
export interface LogEntry {
  /** Of the line; `undefined` for what happened. */
  readonly id: number | undefined
  readonly time: number
  readonly name: string
  readonly text: string
}

/** Lines that are kept; those before are asked for again. */
const MAX_ENTRIES = 5000

/** What a chat's screen shows: what was said and what happened, oldest first. */
export class ChatLog {
  #entries: LogEntry[] = []
  #hasAll = false

  /** All of it. */
  get entries(): readonly LogEntry[] {
    return this.#entries
  }

  /** True when nothing is before the oldest line. */
  get hasAll(): boolean {
    return this.#hasAll
  }

  /** The id of the oldest line. */
  get oldestId(): number | undefined {
    return this.#entries.find(({ id }) => id !== undefined)?.id
  }

  /** Adds lines behind all others. */
  add(lines: readonly ChatLine[]): void {
    this.#entries.push(...lines.map(toEntry))
    if (this.#entries.length <= MAX_ENTRIES) return
    this.#entries = this.#entries.slice(-MAX_ENTRIES)
    this.#hasAll = false
  }

  /** Adds something that happened. */
  note(text: string, time: number): void {
    this.#entries.push({ id: undefined, time, name: '', text })
  }

  /** Adds older lines before all others; none at all means that there are none. */
  addOlder(lines: readonly ChatLine[]): void {
    if (lines.length === 0) this.#hasAll = true
    else if (this.#entries.length < MAX_ENTRIES) this.#entries.unshift(...lines.map(toEntry))
  }

  /** Shows no longer what a host has taken back. */
  remove(id: number, by: string): void {
    const index = this.#entries.findIndex((entry) => entry.id === id)
    const entry = this.#entries[index]
    if (entry) this.#entries[index] = { id: undefined, time: entry.time, name: '', text: `removed by ${by}` }
  }
}

function toEntry({ id, time, name, text }: ChatLine): LogEntry {
  return { id, time, name, text }
}

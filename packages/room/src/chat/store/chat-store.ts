import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Log, SinkError, StreamError } from '@zcast/shared'
import { describeSystemError, ProcessLock, writeWholeFile } from '@zcast/shared/internal'
import type { ChatLine } from '../../messages/room-messages.ts'
import { AppendFile } from './append-file.ts'
import { type ChatRecord, formatRecord } from './chat-records.ts'
import { GroupCommit } from './group-commit.ts'
import { type FoundRecords, readRecords } from './read-records.ts'

/** The limits of a {@link ChatStore}. */
export interface ChatLimits {
  /** Lines that are kept, the newest. Default 10,000. */
  readonly lines?: number
  /** The file is written anew when it has so many bytes, with half of them at most. Default 16 MiB. */
  readonly bytes?: number
}

/** Lines, and bytes of the file, that are kept. */
const MAX_LINES = 10_000
const MAX_BYTES = 16 * 1024 * 1024

/**
 * What was said, in a file beside the room's others: one line of JSON each, appended and on the disk before anybody
 * sees it. The newest 10,000 are kept, in memory as well.
 *
 * A file that only grows, rather than a database: nothing is ever looked for but the newest lines and those before
 * them, a torn end is found and mended by any reader, and a host can read it with any tool.
 */
export class ChatStore {
  readonly #file: AppendFile
  readonly #lock: ProcessLock
  readonly #log: Log
  readonly #limits: Required<ChatLimits>
  readonly #commit = new GroupCommit<ChatRecord>((records) => this.#write(records))
  #lines: ChatLine[]
  #nextId: number
  /** Records in the file, those that were taken back included. */
  #records: number
  /** What the file still needs before anything is appended. */
  #missingEnd: string
  /** Writing it anew failed at this size. */
  #failedAt = 0

  private constructor(
    file: AppendFile,
    lock: ProcessLock,
    log: Log,
    limits: Required<ChatLimits>,
    found: FoundRecords,
  ) {
    this.#file = file
    this.#lock = lock
    this.#log = log
    this.#limits = limits
    this.#lines = found.lines.slice(-limits.lines)
    this.#nextId = found.nextId
    this.#records = found.records
    this.#missingEnd = found.needsEnd ? '\n' : ''
  }

  /**
   * Opens the chat of a folder, and mends the end of its file where a process was killed while it wrote.
   *
   * @throws {@link StreamError} `ERR_FILE_IN_USE` when another process has it; {@link SinkError} when it cannot be
   *   written.
   */
  static async open(folder: string, log: Log, limits: ChatLimits = {}): Promise<ChatStore> {
    const path = join(folder, 'chat.jsonl')
    let lock: ProcessLock | undefined
    try {
      await mkdir(folder, { recursive: true })
      lock = await ProcessLock.take(`${path}.lock`, `the chat in ${folder}`)
      const file = await AppendFile.open(path)
      const { lines = MAX_LINES, bytes = MAX_BYTES } = limits
      const whole = await file.readEnd(2 * bytes)
      const found = readRecords(whole, { isWhole: whole.length === file.size })
      if (found.damaged > 0) await keepDamaged(path, whole, found.damaged, log)
      if (found.torn > 0) await file.cut(file.size - found.torn)
      const store = new ChatStore(file, lock, log, { lines, bytes }, found)
      if (found.damaged > 0) await store.#shorten()
      return store
    } catch (error) {
      lock?.release()
      if (error instanceof StreamError) throw error
      throw new SinkError(
        `the chat cannot be kept in ${folder}: ${describeSystemError(error)}: choose another folder`,
        { cause: error },
      )
    }
  }

  /** The newest lines, oldest first. */
  newest(count: number): readonly ChatLine[] {
    return this.#lines.slice(-count)
  }

  /** The lines directly before one, oldest first. */
  before(id: number, count: number): readonly ChatLine[] {
    const end = this.#lines.findIndex((line) => line.id >= id)
    const last = end < 0 ? this.#lines.length : end
    return this.#lines.slice(Math.max(last - count, 0), last)
  }

  /** A line by its id. */
  find(id: unknown): ChatLine | undefined {
    return this.#lines.find((line) => line.id === id)
  }

  /** The newest line of a guest. */
  findBy(guest: string): ChatLine | undefined {
    return this.#lines.findLast((line) => line.guest === guest)
  }

  /**
   * Keeps what was said; resolves once it is on the disk.
   *
   * @throws {@link SinkError} when it cannot be kept: then it was not said.
   */
  async add(said: Omit<ChatLine, 'id'>): Promise<ChatLine> {
    const line = { id: this.#nextId++, ...said }
    await this.#keep({ said: line })
    return line
  }

  /** Takes a line back; resolves once that is on the disk. @throws {@link SinkError} when it cannot be. */
  async remove(id: number, by: string, time: number): Promise<void> {
    await this.#keep({ removed: id, by, time })
  }

  /** Writes what waits, and lets go of the file. */
  async close(): Promise<void> {
    await this.#commit.flush()
    await this.#file.close()
    this.#lock.release()
  }

  async #keep(record: ChatRecord): Promise<void> {
    if (this.#commit.isFull) throw new SinkError('the disk is too slow for the chat')
    await this.#commit.add(record)
  }

  async #write(records: readonly ChatRecord[]): Promise<void> {
    if (!this.#lock.isHeld)
      throw new SinkError('the folder of the chat is gone, or in use by another process')
    const text = this.#missingEnd + records.map((record) => formatRecord(record)).join('')
    try {
      await this.#file.append(Buffer.from(text))
    } catch (error) {
      throw new SinkError(`the chat cannot be written: ${describeSystemError(error)}`, { cause: error })
    }
    this.#missingEnd = ''
    this.#records += records.length
    for (const record of records) this.#apply(record)
    if (this.#file.size - this.#failedAt > this.#limits.bytes || this.#records > 2 * this.#limits.lines)
      await this.#shorten()
  }

  #apply(record: ChatRecord): void {
    if ('removed' in record) this.#lines = this.#lines.filter(({ id }) => id !== record.removed)
    if (!('said' in record)) return
    this.#lines.push(record.said)
    // Not each time: to cut off the first of 10,000 moves all others.
    if (this.#lines.length > this.#limits.lines * 1.1) this.#lines = this.#lines.slice(-this.#limits.lines)
  }

  /** Writes the file anew, with the newest lines only. */
  async #shorten(): Promise<void> {
    const kept: string[] = []
    let bytes = 0
    for (const said of this.#lines.slice(-this.#limits.lines).toReversed()) {
      const text = formatRecord({ said })
      if ((bytes += Buffer.byteLength(text)) > this.#limits.bytes / 2) break
      kept.push(text)
    }
    try {
      await this.#file.replace(Buffer.from(formatRecord({ next: this.#nextId }) + kept.toReversed().join('')))
      this.#lines = this.#lines.slice(this.#lines.length - kept.length)
      this.#records = kept.length
      this.#failedAt = 0
    } catch (error) {
      this.#failedAt = this.#file.size
      this.#records = 0
      this.#log.warning('the file of the chat cannot be made shorter', error)
    }
  }
}

/** Keeps the file as it was, for a person to look at. */
async function keepDamaged(path: string, bytes: Buffer, count: number, log: Log): Promise<void> {
  try {
    await writeWholeFile(`${path}.damaged`, bytes, { mode: 0o600 })
    log.warning(
      `${count} lines of the chat are damaged and passed over: as it was, the file is kept as ${path}.damaged`,
    )
  } catch (error) {
    throw new SinkError(
      `${count} lines of the chat in ${path} are damaged, and it cannot be copied before it is mended: ${describeSystemError(error)}`,
      { cause: error },
    )
  }
}

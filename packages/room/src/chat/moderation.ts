import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Log, SinkError } from '@zcast/shared'
import { describeSystemError, isMissing, writeWholeFile } from '@zcast/shared/internal'
import { Refusal } from '../people/refusal.ts'

/** Somebody who may not come in. */
export interface Ban {
  readonly guest: string
  readonly name: string
  /** Where they came from; `undefined` where that is this machine, or not known. */
  readonly address?: string | undefined
  /** When, in seconds since the Unix epoch. */
  readonly time: number
}

/** Somebody who may not write. */
interface Mute {
  readonly guest: string
  /** Where they came from; `undefined` where that is this machine, or not known. */
  readonly address?: string | undefined
  /** Seconds since the Unix epoch. */
  readonly until: number
}

/** Everything that is kept. */
interface Kept {
  readonly bans: readonly Ban[]
  readonly mutes: readonly Mute[]
  readonly slowSeconds: number
}

/** Bans, and mutes, at most. */
const MAX_KEPT = 1000
const NOTHING: Kept = { bans: [], mutes: [], slowSeconds: 0 }

/** Who may not come in, who may not write, and how slowly everybody does: kept beside the chat. */
export class Moderation {
  readonly #path: string
  #kept: Kept
  #writing: Promise<void> = Promise.resolve()

  private constructor(path: string, kept: Kept) {
    this.#path = path
    this.#kept = kept
  }

  /** Reads what is kept in a folder; a file that cannot be read is put aside. @throws The system's error. */
  static async open(folder: string, log: Log): Promise<Moderation> {
    const path = join(folder, 'moderation.json')
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw new SinkError(`${path} cannot be read: ${describeSystemError(error)}`, { cause: error })
    })
    const kept = text === undefined ? NOTHING : parseKept(text)
    if (!kept) {
      await rename(path, `${path}.damaged`)
      log.error(`the room's bans cannot be read: nobody is banned; the file is kept as ${path}.damaged`)
    }
    return new Moderation(path, kept ?? NOTHING)
  }

  /** Who may not come in, oldest first. */
  get bans(): readonly Ban[] {
    return this.#kept.bans
  }

  /** Seconds between two messages of one guest; 0 for no such rule. */
  get slowSeconds(): number {
    return this.#kept.slowSeconds
  }

  /** The ban of a guest, or of an address. */
  findBan(guest: string, address?: string): Ban | undefined {
    return this.#kept.bans.find(
      (ban) => ban.guest === guest || (address !== undefined && ban.address === address),
    )
  }

  /** Seconds for which a guest, or anybody at an address, may not write. */
  mutedSeconds(guest: string, address: string | undefined, now: number): number {
    const mutes = this.#kept.mutes.filter(
      (mute) => mute.guest === guest || (address !== undefined && mute.address === address),
    )
    return Math.max(0, ...mutes.map(({ until }) => until - now))
  }

  /** Keeps somebody out. @throws {@link Refusal} when there are too many bans. */
  async ban(ban: Ban): Promise<void> {
    const bans = [...this.#kept.bans.filter(({ guest }) => guest !== ban.guest), ban]
    if (bans.length > MAX_KEPT)
      throw new Refusal('ERR_TOO_MANY', `there are ${MAX_KEPT} bans: take some back first`)
    await this.#keep({ ...this.#kept, bans })
  }

  /** Lets somebody come in again. @returns False when they were not banned. */
  async unban(guest: string): Promise<boolean> {
    const bans = this.#kept.bans.filter((ban) => ban.guest !== guest)
    if (bans.length === this.#kept.bans.length) return false
    await this.#keep({ ...this.#kept, bans })
    return true
  }

  /** Lets somebody not write until then; 0 lets them again, and all who came from where they are. */
  async mute({ guest, address, until }: Mute, now: number): Promise<void> {
    const others = this.#kept.mutes.filter(
      (mute) =>
        mute.guest !== guest &&
        mute.until > now &&
        (until > now || address === undefined || mute.address !== address),
    )
    // Whose mute ends first, where there are too many, is the one that matters least.
    const kept = others.toSorted((a, b) => b.until - a.until).slice(0, MAX_KEPT - 1)
    await this.#keep({ ...this.#kept, mutes: until > now ? [...kept, { guest, address, until }] : kept })
  }

  /** Sets the seconds between two messages of one guest. */
  async setSlow(slowSeconds: number): Promise<void> {
    await this.#keep({ ...this.#kept, slowSeconds })
  }

  /** In their order; it holds at once, also where it cannot be kept. */
  async #keep(kept: Kept): Promise<void> {
    this.#kept = kept
    const bytes = Buffer.from(`${JSON.stringify(kept, undefined, 2)}\n`)
    const writing = this.#writing.then(() => writeWholeFile(this.#path, bytes, { isKept: true, mode: 0o600 }))
    this.#writing = writing.catch(() => undefined)
    await writing
  }
}

function parseKept(text: string): Kept | undefined {
  try {
    const { bans, mutes, slowSeconds } = JSON.parse(text) as Record<string, unknown>
    if (!Array.isArray(bans) || !Array.isArray(mutes) || typeof slowSeconds !== 'number') return undefined
    const isBan = ({ guest, name, time }: Ban): boolean =>
      typeof guest === 'string' && typeof name === 'string' && typeof time === 'number'
    const isMute = ({ guest, until }: Mute): boolean => typeof guest === 'string' && typeof until === 'number'
    if (!(bans as Ban[]).every(isBan) || !(mutes as Mute[]).every(isMute)) return undefined
    return { bans: bans as Ban[], mutes: mutes as Mute[], slowSeconds }
  } catch {
    return undefined
  }
}

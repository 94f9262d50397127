import { wallClock } from '@zcast/shared'
import { isLoopbackHost } from '@zcast/shared/internal'
import type { UncheckedMessage } from '../messages/guest-messages.ts'
import type { WelcomeMessage } from '../messages/room-messages.ts'
import type { Guest } from '../people/guest.ts'
import { Refusal } from '../people/refusal.ts'
import { requireHost } from '../people/require-host.ts'
import { ROOM_PATH } from '../room-path.ts'
import type { Candidate, RoomContext, RoomPart, TakeMessage } from '../room-part.ts'
import { describeWait } from './describe-wait.ts'
import { Moderation } from './moderation.ts'
import { Pace } from '../limits/pace.ts'
import { RecentGuests } from './recent-guests.ts'

const WEEK_MINUTES = 7 * 24 * 60
const HOUR_SECONDS = 3600
const BANNED = 'a host has banned you from this room'
/** Each is written to the disk. */
const OF_A_HOST = { times: 30, withinMs: 10_000 }

/** What hosts do so that others can talk: mute, ban, slow down. It is kept beside the chat. */
export class ModerationPart implements RoomPart {
  readonly takes: Readonly<Record<string, TakeMessage>> = {
    mute: this.#forHosts((host, message) => this.#mute(host, message)),
    unmute: this.#forHosts((_host, { guest }) => this.#setMute(readId(guest), 0)),
    ban: this.#forHosts((host, message) => this.#ban(host, message)),
    unban: this.#forHosts((host, message) => this.#unban(host, message)),
    bans: this.#forHosts((host) => this.#tellBans(host)),
    slow: this.#forHosts((_host, message) => this.#slow(message)),
  }
  readonly #context: RoomContext
  readonly #nameOf: (guest: string) => string | undefined
  readonly #recent = new RecentGuests()
  readonly #pace = new Pace(OF_A_HOST)
  readonly #unmuting = new Map<string, NodeJS.Timeout>()
  #moderation: Moderation | undefined

  /** @param nameOf - The name of somebody who is not here. */
  constructor(context: RoomContext, nameOf: (guest: string) => string | undefined) {
    this.#context = context
    this.#nameOf = nameOf
  }

  /** Reads what is kept. @throws {@link SinkError} when it cannot be read. */
  async open(): Promise<void> {
    this.#moderation = await Moderation.open(this.#context.folder, this.#context.log)
    const { slowSeconds } = this.#moderation
    if (slowSeconds > 0) this.#context.setRules({ slowSeconds })
    this.#keepOut()
  }

  admit({ id, name, address, isHost }: Candidate): void {
    const where = banned(address)
    // Whoever has the token of hosts is let in from an address that somebody else is banned from.
    if (this.#moderation?.findBan(id, isHost ? undefined : where)) throw new Refusal('ERR_BANNED', BANNED)
    this.#recent.note({ id, name, address: where })
  }

  welcome(guest: Guest): Partial<WelcomeMessage> {
    this.#showMute(guest)
    return {}
  }

  async close(): Promise<void> {
    for (const timer of this.#unmuting.values()) clearTimeout(timer)
    this.#unmuting.clear()
  }

  /** @throws {@link Refusal} `ERR_MUTED` for somebody who may not write. */
  refuseMuted(guest: Guest): void {
    const seconds = this.#mutedSeconds(guest)
    if (seconds > 0)
      throw new Refusal('ERR_MUTED', `a host has muted you: write again in ${describeWait(seconds)}`, seconds)
  }

  /** Hosts are muted by name only: they may share an address with somebody who is. */
  #mutedSeconds({ id, isHost, address }: Guest): number {
    return this.#kept.mutedSeconds(id, isHost ? undefined : banned(address), wallClock())
  }

  get #kept(): Moderation {
    if (!this.#moderation) throw new Refusal('ERR_CLOSED', 'the room is not open')
    return this.#moderation
  }

  #forHosts(take: TakeMessage): TakeMessage {
    return async (guest, message) => {
      requireHost(guest)
      if (this.#pace.waitMs(guest.id) > 0) throw new Refusal('ERR_TOO_FAST', 'not so fast: wait a moment', 1)
      this.#pace.note(guest.id)
      await take(guest, message)
    }
  }

  async #mute(host: Guest, { guest, minutes }: UncheckedMessage): Promise<void> {
    if (typeof minutes !== 'number' || !(minutes > 0 && minutes <= WEEK_MINUTES))
      throw new Refusal('ERR_MESSAGE', `somebody is muted for 1 to ${WEEK_MINUTES} minutes`)
    const id = readId(guest)
    if (id === host.id) throw new Refusal('ERR_MESSAGE', 'you cannot mute yourself')
    await this.#setMute(id, wallClock() + minutes * 60)
  }

  async #setMute(id: string, until: number): Promise<void> {
    const { guests } = this.#context
    const here = guests.find(id)
    const address = this.#recent.find(id)?.address ?? (here && banned(here.address))
    const keeping = this.#kept.mute({ guest: id, address, until }, wallClock())
    // Others may be at the same address.
    for (const guest of guests) this.#showMute(guest)
    guests.changed()
    await keeping
  }

  /** Shows that somebody is muted, until they are no longer. */
  #showMute(guest: Guest): void {
    const seconds = this.#mutedSeconds(guest)
    guest.shown.isMuted = seconds > 0
    clearTimeout(this.#unmuting.get(guest.id))
    this.#unmuting.delete(guest.id)
    if (seconds === 0) return
    const end = (): void => {
      this.#unmuting.delete(guest.id)
      const here = this.#context.guests.find(guest.id)
      if (!here) return
      here.shown.isMuted = false
      this.#context.guests.changed()
    }
    this.#unmuting.set(guest.id, setTimeout(end, seconds * 1000).unref())
  }

  async #ban(host: Guest, message: UncheckedMessage): Promise<void> {
    const guest = readId(message['guest'])
    if (guest === host.id) throw new Refusal('ERR_MESSAGE', 'you cannot ban yourself')
    const { guests } = this.#context
    const known = this.#recent.find(guest)
    const name = guests.find(guest)?.name ?? known?.name ?? this.#nameOf(guest)
    if (name === undefined) throw new Refusal('ERR_NO_GUEST', 'nobody here is this guest')
    const address = known?.address
    const keeping = this.#kept.ban({ guest, name, address, time: wallClock() })
    for (const other of guests) {
      const isThere = !other.isHost && address !== undefined && banned(other.address) === address
      if (other.id !== guest && !isThere) continue
      // At once: a hostile program does not close its end.
      this.#context.leave(other)
      other.dismiss(BANNED)
    }
    this.#keepOut()
    await keeping
    this.#tellBans(host)
  }

  /** Nor do they see and hear what is on air: the page's own channel says why, to whoever joins. */
  #keepOut(): void {
    const moderation = this.#kept
    const { isEverybodyHost, server } = this.#context
    server.keepOut(({ address, isHost }, path) => {
      const where = isEverybodyHost || isHost || path === ROOM_PATH ? undefined : banned(address)
      return where !== undefined && moderation.findBan('', where) ? BANNED : undefined
    })
  }

  async #unban(host: Guest, { guest }: UncheckedMessage): Promise<void> {
    if (!(await this.#kept.unban(readId(guest))))
      throw new Refusal('ERR_NO_GUEST', 'this guest is not banned')
    this.#tellBans(host)
  }

  #tellBans(host: Guest): void {
    host.tell({ type: 'bans', bans: this.#kept.bans.map(({ guest, name, time }) => ({ guest, name, time })) })
  }

  async #slow({ seconds }: UncheckedMessage): Promise<void> {
    if (!Number.isSafeInteger(seconds) || (seconds as number) < 0 || (seconds as number) > HOUR_SECONDS)
      throw new Refusal('ERR_MESSAGE', `slow is 0 to ${HOUR_SECONDS} seconds`)
    const keeping = this.#kept.setSlow(seconds as number)
    this.#context.setRules({ slowSeconds: seconds as number })
    await keeping
  }
}

/** The address that is banned with somebody: never this machine, from which everybody behind a proxy seems to come. */
function banned(address: string): string | undefined {
  return isLoopbackHost(address) || address === 'unknown' ? undefined : address
}

function readId(id: unknown): string {
  if (typeof id === 'string' && /^[0-9a-z]{1,64}$/i.test(id)) return id
  throw new Refusal('ERR_MESSAGE', 'a guest is named by their id')
}

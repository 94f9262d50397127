import { wallClock } from '@zcast/shared'
import type { Random } from '../support/random.ts'
import { freePorts } from '../support/free-ports.ts'
import { until, type Attack, type AttackReport } from './attack.ts'
import { Lane } from './lane.ts'
import { PageReaders } from './page-readers.ts'
import { damageScan, makeBombs, makePictures, type Picture } from './pictures.ts'
import { RubbishServer } from './rubbish-server.ts'
import { BAD_MESSAGE, Victim } from './victim.ts'

const TOPIC = 'video/main'
const MESSAGES_A_ROUND = 30
const GOOD_SHARE = 0.4
const BOMB_SHARE = 0.3
const DAMAGED_SHARE = 0.2

interface Counts {
  readonly received: number
  readonly lost: number
  readonly invalid: number
  readonly unsupported: number
  readonly repeated: number
}

/** Attacks a viewer with a page that is read in every way: with bad messages, and with pictures that are bombs. */
export class VideoAttack implements Attack {
  readonly #random: Random
  readonly #lane: Lane
  readonly #rubbish: RubbishServer
  readonly #victim: Victim
  readonly #page: string
  readonly #pictures: readonly Picture[]
  readonly #bombs: readonly Picture[]
  #readers: PageReaders | undefined
  #summary: Counts | undefined
  #bombsSent = 0

  static async open(folder: string, random: Random): Promise<VideoAttack> {
    const lane = await Lane.open(TOPIC, random)
    const [port] = await freePorts(1)
    const pictures = [await makePictures(random), await makeBombs()] as const
    return new VideoAttack(folder, random, lane, await RubbishServer.open(random), port as number, pictures)
  }

  private constructor(
    folder: string,
    random: Random,
    lane: Lane,
    rubbish: RubbishServer,
    port: number,
    [pictures, bombs]: readonly [readonly Picture[], readonly Picture[]],
  ) {
    this.#random = random
    this.#lane = lane
    this.#rubbish = rubbish
    this.#page = `http://127.0.0.1:${port}`
    this.#pictures = pictures
    this.#bombs = bombs
    const args = ['viewer', 1, '--port', port, '--connect', lane.endpoint, '--connect', rubbish.endpoint]
    this.#victim = new Victim('viewer 1', folder, args, (line) => {
      this.#summary = JSON.parse(line) as Counts
    })
  }

  async start(): Promise<void> {
    await this.#victim.process.says(/: connected: /)
    await this.#lane.subscribed
    this.#readers = await PageReaders.open(this.#page, this.#random)
  }

  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController()
    const reading = this.#readers?.run(AbortSignal.any([signal, stop.signal]))
    try {
      while (!signal.aborted) await this.#round()
    } finally {
      stop.abort()
      await reading
    }
  }

  async close(): Promise<AttackReport> {
    const read = (await this.#readers?.close()) ?? []
    const { failures, memory } = await this.#victim.close()
    await this.#lane.close()
    await this.#rubbish.close()
    const { good, invalid, unsupported, repeated, elsewhere } = this.#lane.expected
    const wanted: Counts = { received: good, lost: 0, invalid, unsupported, repeated }
    for (const [name, count] of Object.entries(wanted) as [keyof Counts, number][]) {
      const counted = this.#summary?.[name]
      if (counted !== count) failures.push(`viewer 1 counted ${name} ${counted} instead of ${count}`)
    }
    const events = this.#victim.eventsLogged(BAD_MESSAGE)
    if (events !== invalid + unsupported)
      failures.push(`viewer 1 logged ${events} bad messages instead of ${invalid + unsupported}`)
    const bad = `${invalid} invalid, ${unsupported} unsupported, ${repeated} repeated, ${elsewhere} for nobody`
    const sent = `viewer 1: ${good} good pictures (${this.#bombsSent} of them bombs) among ${bad}`
    return {
      failures: [...failures, ...(this.#readers?.failures.slice(0, 5) ?? [])],
      lines: [`${sent}; ${this.#rubbish.connections} connections to rubbish`, ...read, memory],
    }
  }

  async #round(): Promise<void> {
    await this.#sendGood()
    for (let left = MESSAGES_A_ROUND; left > 0; left--) {
      if (this.#random.chance(GOOD_SHARE)) await this.#sendGood()
      else await this.#lane.sendBad()
    }
    await this.#allReceived()
    if (this.#random.chance(BOMB_SHARE)) await this.#sendBomb()
  }

  /** Sends a picture that is a bomb, and asks for another size of it where it is the newest. */
  async #sendBomb(): Promise<void> {
    const bomb = this.#random.pick(this.#bombs)
    const isGood = await this.#lane.sendBomb({ kind: 'video', time: wallClock(), format: 'jpeg', ...bomb })
    if (isGood) this.#bombsSent += 1
    await this.#allReceived()
    await this.#readers?.askForSnapshot('&width=64')
  }

  async #allReceived(): Promise<void> {
    await until(async () => {
      if (this.#victim.process.end !== undefined) return `viewer 1 ended with ${this.#victim.process.end}`
      const { good } = this.#lane.expected
      const received = await this.#received()
      return received < good ? `viewer 1 received ${received} of ${good} good pictures` : undefined
    })
  }

  async #sendGood(): Promise<void> {
    const whole = this.#random.pick(this.#pictures)
    const picture = this.#random.chance(DAMAGED_SHARE) ? damageScan(whole, this.#random) : whole
    await this.#lane.sendGood({ kind: 'video', time: wallClock(), format: 'jpeg', ...picture }, 1)
  }

  async #received(): Promise<number> {
    const response = await fetch(`${this.#page}/stats.json`)
    const { streams } = (await response.json()) as { streams: { received: number }[] }
    return streams[0]?.received ?? 0
  }
}

import { type NumbersBlock, wallClock } from '@zcast/shared'
import type { Random } from '../support/random.ts'
import { until, type Attack, type AttackReport } from './attack.ts'
import { Lane } from './lane.ts'
import { RubbishServer } from './rubbish-server.ts'
import { BAD_MESSAGE, Victim } from './victim.ts'

const TOPIC = 'numbers/random'
const MESSAGES_A_ROUND = 200
const GOOD_SHARE = 0.3

/** Attacks a client of numbers: with bad messages among good ones, and with a second peer that is no publisher. */
export class NumbersAttack implements Attack {
  readonly #random: Random
  readonly #lane: Lane
  readonly #rubbish: RubbishServer
  readonly #victim: Victim
  /** What was sent and has not come out yet, by sequence number, as JSON. */
  readonly #awaited = new Map<number, string>()
  readonly #failures: string[] = []
  #next = 0

  static async open(folder: string, random: Random): Promise<NumbersAttack> {
    const lane = await Lane.open(TOPIC, random)
    return new NumbersAttack(folder, random, lane, await RubbishServer.open(random))
  }

  private constructor(folder: string, random: Random, lane: Lane, rubbish: RubbishServer) {
    this.#random = random
    this.#lane = lane
    this.#rubbish = rubbish
    const args = ['client', 'all', '--connect', lane.endpoint, '--connect', rubbish.endpoint]
    this.#victim = new Victim('client 3', folder, args, (line) => this.#take(line))
  }

  async start(): Promise<void> {
    await this.#victim.process.says(/: connected: /)
    await this.#lane.subscribed
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#failures.length === 0) {
      await this.#sendGood()
      for (let left = MESSAGES_A_ROUND; left > 0; left--) {
        if (this.#random.chance(GOOD_SHARE)) await this.#sendGood()
        else await this.#lane.sendBad()
      }
      await this.#sendGood()
      await until(() => {
        if (this.#victim.process.end !== undefined) return `client 3 ended with ${this.#victim.process.end}`
        return this.#awaited.size > 0 ? `client 3 did not print ${this.#awaited.size} good arrays` : undefined
      })
    }
  }

  async close(): Promise<AttackReport> {
    const { failures, memory } = await this.#victim.close()
    await this.#lane.close()
    await this.#rubbish.close()
    const { good, invalid, unsupported, repeated, elsewhere } = this.#lane.expected
    const summary = this.#victim.process.stderr.at(-1) ?? ''
    const wanted = `received ${good}, lost 0, skipped 0, invalid ${invalid}, `
    if (!summary.startsWith(wanted))
      failures.push(`client 3 ended with "${summary}" instead of "${wanted}..."`)
    const events = this.#victim.eventsLogged(BAD_MESSAGE)
    if (events !== invalid + unsupported)
      failures.push(`client 3 logged ${events} bad messages instead of ${invalid + unsupported}`)
    const bad = `${invalid} invalid, ${unsupported} unsupported, ${repeated} repeated, ${elsewhere} for nobody`
    const connections = `${this.#rubbish.connections} connections to rubbish`
    return {
      failures: [...this.#failures, ...failures],
      lines: [`client 3: ${good} good arrays among ${bad}; ${connections}`, memory],
    }
  }

  async #sendGood(): Promise<void> {
    const rows = this.#random.chance(0.3) ? 2 + this.#random.below(20) : 1
    const columns = this.#random.chance(0.02) ? 7001 : 1 + this.#random.below(8)
    const data = Float64Array.from({ length: rows * columns }, () => this.#random.below(1_000_000) / 64)
    const first = this.#lane.expected.good
    for (let row = 0; row < rows; row++) {
      this.#awaited.set(first + row, JSON.stringify([...data.subarray(row * columns, (row + 1) * columns)]))
    }
    const block: NumbersBlock = { kind: 'numbers', time: wallClock(), rows, columns, data }
    await this.#lane.sendGood(block, rows)
  }

  #take(line: string): void {
    const { seq, epoch, values } = JSON.parse(line) as { seq: number; epoch: number; values: number[] }
    const expected = this.#awaited.get(seq)
    this.#awaited.delete(seq)
    if (seq === this.#next && epoch === this.#lane.epoch && JSON.stringify(values) === expected)
      this.#next += 1
    else if (this.#failures.length === 0)
      this.#failures.push(`client 3 printed what was never sent: ${line.slice(0, 200)}`)
  }
}

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFfmpeg } from '@zcast/media'
import { freePorts } from '../../support/free-ports.ts'
import type { Random } from '../../support/random.ts'
import type { Attack, AttackReport } from '../attack.ts'
import { Victim } from '../victim.ts'
import { HonestPair } from './honest-pair.ts'
import { HOSTILITIES, type Target } from './hostilities.ts'

const HOST_TOKEN = 'hosts-that-nobody-guesses'
/** Hostile guests at once. */
const HOSTILE = 6

/** Attacks a room by its page, its uploads and the port of old voice programs, while two guests talk and watch. */
export class RoomAttack implements Attack {
  readonly #random: Random
  readonly #victim: Victim
  readonly #target: Target
  readonly #counts = new Map<string, number>()
  #pair: HonestPair | undefined

  static async open(folder: string, random: Random): Promise<RoomAttack> {
    const films = join(folder, 'films')
    mkdirSync(films)
    const { path } = await findFfmpeg()
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=15', '-t', '900']
    const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '30', '-pix_fmt', 'yuv420p']
    execFileSync(path, ['-v', 'error', '-y', ...picture, ...encoding, join(films, 'film.mp4')])
    writeFileSync(join(folder, 'host.token'), HOST_TOKEN, { mode: 0o600 })
    return new RoomAttack(folder, random, (await freePorts(3)) as [number, number, number])
  }

  private constructor(folder: string, random: Random, [port, topics, echoPort]: [number, number, number]) {
    this.#random = random
    this.#target = { address: `http://127.0.0.1:${port}`, echoPort }
    const places = ['--folder', join(folder, 'films'), '--data', join(folder, 'room')]
    const ports = ['--port', port, '--bind', `tcp://127.0.0.1:${topics}`, '--echo-port', echoPort]
    const rules = ['--hosts-only', '--host-token-file', join(folder, 'host.token'), '--echo-delay', '1s']
    const args = ['room', ...places, ...ports, ...rules, '--max-upload', '1M', '--max-folder', '4M']
    this.#victim = new Victim('room', folder, [...args, '--cache', 'off'], () => undefined)
  }

  async start(): Promise<void> {
    await this.#victim.process.says(/topics of the room on/)
    await this.#victim.process.says(/old voice programs/)
    const deadline = performance.now() + 10_000
    while (!(await isUp(this.#target.address))) {
      if (performance.now() > deadline) throw new Error('the page of the room did not answer')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    this.#pair = await HonestPair.open(this.#target.address, `?token=${HOST_TOKEN}`)
  }

  async run(signal: AbortSignal): Promise<void> {
    const attack = async (): Promise<void> => {
      while (!signal.aborted) {
        const [name, act] = this.#random.pick(HOSTILITIES)
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
        // What a hostile guest has coming is no failure.
        await act(this.#target, this.#random).catch(() => undefined)
      }
    }
    await Promise.all([this.#pair?.run(signal), ...Array.from({ length: HOSTILE }, attack)])
  }

  async close(): Promise<AttackReport> {
    const honest = this.#pair?.close() ?? { failures: ['the honest guests did not get in'], line: '' }
    const { failures, memory } = await this.#victim.close()
    const counts = [...this.#counts].map(([name, count]) => `${name} ${count}`)
    return {
      failures: [...honest.failures, ...failures],
      lines: [honest.line, `room: attacked by ${counts.join(', ')}`, memory],
    }
  }
}

async function isUp(address: string): Promise<boolean> {
  return fetch(address).then(
    ({ status }) => status < 500,
    () => false,
  )
}

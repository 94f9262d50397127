import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { Witness } from '../faults/witness.ts'
import { freePorts } from '../support/free-ports.ts'
import { ZcastProcess } from '../support/zcast-process.ts'
import type { Besieged } from './siege-list.ts'

const TOKEN = 'a-token-that-nobody-guesses'

/** What a viewer says of itself each second. */
export interface Report {
  readonly state: string
  readonly received: number
  readonly lost: number
  readonly withheld: number
}

/** What is attacked, and the honest who look on: a client of numbers, and a viewer with a page that somebody watches. */
export class Scene {
  readonly besieged: Besieged
  readonly witness: Witness
  /** What the viewer has said so far. */
  readonly reports: Report[] = []
  /** Pictures that the page's reader was sent. */
  watched = 0
  readonly #publishers: readonly ZcastProcess[]
  readonly #viewer: ZcastProcess
  #watching: IncomingMessage | undefined

  static async open(logFolder: string): Promise<Scene> {
    const [numbersPort, videoPort, pagePort] = (await freePorts(3)) as [number, number, number]
    const numbers = [
      'numbers',
      '--bind',
      `tcp://127.0.0.1:${numbersPort}`,
      '--interval',
      '5ms',
      '--delivery',
      'all',
    ]
    const video = ['video', 'pattern', '--bind', `tcp://127.0.0.1:${videoPort}`, '--width', 160]
    const publishers = [numbers, video].map((options, index) => {
      return new ZcastProcess(`publisher ${index}`, ['publish', ...options], { logFolder })
    })
    for (const publisher of publishers) await publisher.says(/publishing/)
    const videoPid = (publishers[1] as ZcastProcess).pid
    const scene = new Scene(
      { numbersPort, videoPort, videoPid, pagePort, token: TOKEN },
      publishers,
      logFolder,
    )
    await scene.#watch()
    return scene
  }

  private constructor(besieged: Besieged, publishers: readonly ZcastProcess[], logFolder: string) {
    this.besieged = besieged
    this.#publishers = publishers
    const { numbersPort, videoPort, pagePort } = besieged
    this.witness = new Witness('client', ['--connect', `tcp://127.0.0.1:${numbersPort}`], logFolder)
    const view = ['viewer', 1, '--connect', `tcp://127.0.0.1:${videoPort}`, '--port', pagePort, '--json']
    const onOutput = (line: string): void => void this.reports.push(JSON.parse(line) as Report)
    this.#viewer = new ZcastProcess('viewer', view, { logFolder, onOutput, env: { ZCAST_TOKEN: TOKEN } })
  }

  /** Those that are attacked. */
  get victims(): readonly ZcastProcess[] {
    return [...this.#publishers, this.#viewer]
  }

  /** Whether the page answers. */
  async answers(): Promise<boolean> {
    try {
      const address = `http://127.0.0.1:${this.besieged.pagePort}/healthz`
      return (await fetch(address, { signal: AbortSignal.timeout(2000) })).ok
    } catch {
      return false
    }
  }

  /** Ends everything. @returns How each of those that are attacked ended, if not in good order. */
  async close(): Promise<readonly string[]> {
    this.#watching?.destroy()
    const failures: string[] = []
    for (const victim of this.victims.toReversed()) {
      const end = await victim.stop()
      if (end !== 0) failures.push(`${victim.name} ended with ${end}: ${victim.stderr.at(-1)}`)
    }
    return failures
  }

  async #watch(): Promise<void> {
    await this.#viewer.says(/: connected: /)
    await this.witness.more(10)
    const address = `http://127.0.0.1:${this.besieged.pagePort}/stream.mjpg`
    const request = get(address, { agent: false, headers: { Authorization: `Bearer ${TOKEN}` } })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    this.#watching = response
    response.on('error', () => undefined)
    response.on('data', (chunk: Buffer) => {
      this.watched += chunk.toString('latin1').split('Content-Length:').length - 1
    })
    await once(response, 'data')
  }
}

import type { RecorderProgress } from '@zcast/recording'
import type { CommandContext } from '../../command-context.ts'
import { formatBytes } from '../topic/columns.ts'

const SECOND_MS = 1000

/** Shows how a recording goes on, and how it ended. */
export class RecordProgress {
  readonly #context: CommandContext
  readonly #path: string
  readonly #read: () => RecorderProgress
  #startedMs: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(context: CommandContext, path: string, read: () => RecorderProgress) {
    this.#context = context
    this.#path = path
    this.#read = read
  }

  /** Begins: once a second a line that is renewed in a terminal, or a report as JSON. */
  start(): void {
    this.#startedMs = performance.now()
    const { output, json } = this.#context
    if (!json && !this.#isShown) return
    this.#timer = setInterval(() => {
      if (json) output.write(`${this.#report('progress')}\n`)
      else output.write(`\r\u001b[K${this.#format()}\r`)
    }, SECOND_MS)
  }

  /** Ends with the sum. Does nothing if it did not start. */
  end(): void {
    clearInterval(this.#timer)
    if (this.#startedMs === undefined) return
    const { output, json, log } = this.#context
    if (!json && this.#isShown) output.write('\u001b[K')
    const { topics, files } = this.#read()
    if (topics === 0) log.warning(`nothing came: there is nothing in ${this.#path}`)
    else if (files === 0) log.warning('nothing was kept, because nothing triggered it')
    if (json) output.write(`${this.#report('summary')}\n`)
    this.#context.summary(`${this.#path}: ${this.#format()}`)
  }

  get #isShown(): boolean {
    const { output, quiet } = this.#context
    return !quiet && 'isTTY' in output && output.isTTY === true
  }

  get #seconds(): number {
    return (performance.now() - (this.#startedMs ?? performance.now())) / 1000
  }

  /** `12 s, 4 topics, 1234 values, 5.60 MB, lost 0`. */
  #format(): string {
    const { topics, recorded, bytes, lost, withheld, unwritten, files } = this.#read()
    const left =
      (withheld === 0 ? '' : `, withheld ${withheld}`) + (unwritten === 0 ? '' : `, not written ${unwritten}`)
    const named = topics === 1 ? '1 topic' : `${topics} topics`
    const several = files === 1 ? '' : ` in ${files} files`
    return `${Math.round(this.#seconds)} s, ${named}, ${recorded} values, ${formatBytes(bytes)}${several}, lost ${lost}${left}`
  }

  /** The same for a program. */
  #report(type: 'progress' | 'summary'): string {
    const { accounts, ...progress } = this.#read()
    const lostByTopic: Record<string, number> = {}
    for (const { topic, lost } of accounts)
      if (lost > 0) lostByTopic[topic] = (lostByTopic[topic] ?? 0) + lost
    return JSON.stringify({ type, path: this.#path, seconds: this.#seconds, ...progress, lostByTopic })
  }
}

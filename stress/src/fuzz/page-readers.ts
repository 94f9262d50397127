import { openPage, type BrowserPage } from '../support/browser.ts'
import { readMjpeg, readWebSocket, type PictureReader } from '../support/picture-readers.ts'
import type { Random } from '../support/random.ts'
import { sendToPage } from './rubbish-client.ts'

const SNAPSHOT_DEADLINE_MS = 20_000
const WIDTHS = ['', '&width=16', '&width=64', '&width=640', '&width=4096'] as const

/** Who looks at a viewer's pictures while it is attacked, in all the ways there are. */
export class PageReaders {
  readonly failures: string[] = []
  readonly #page: string
  readonly #random: Random
  readonly #readers: readonly PictureReader[]
  readonly #browser: BrowserPage | undefined
  readonly #statuses = new Map<string, number>()
  #slowestMs = 0

  static async open(page: string, random: Random): Promise<PageReaders> {
    const readers = await Promise.all([readMjpeg(page), readWebSocket(page)])
    return new PageReaders(page, random, readers, await openPage(page))
  }

  private constructor(
    page: string,
    random: Random,
    readers: readonly PictureReader[],
    browser: BrowserPage | undefined,
  ) {
    this.#page = page
    this.#random = random
    this.#readers = readers
    this.#browser = browser
  }

  /** Asks for snapshots of all sizes, and sends rubbish, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const port = Number(new URL(this.#page).port)
    const rubbish = async (): Promise<void> => {
      while (!signal.aborted) await sendToPage(port, this.#random)
    }
    const snapshots = async (): Promise<void> => {
      while (!signal.aborted) await this.askForSnapshot()
    }
    await Promise.all([rubbish(), snapshots()])
  }

  /** Asks for the newest picture in another size, or as it is. It need not be given, but an answer there must be. */
  async askForSnapshot(width = this.#random.pick(WIDTHS)): Promise<void> {
    const startedMs = performance.now()
    try {
      const response = await fetch(`${this.#page}/snapshot.jpg?maxAge=10s${width}`, {
        signal: AbortSignal.timeout(SNAPSHOT_DEADLINE_MS),
      })
      const bytes = (await response.arrayBuffer()).byteLength
      if (bytes === 0) this.failures.push('a snapshot was empty')
      if (![200, 400, 502, 503].includes(response.status))
        this.failures.push(`a snapshot was answered ${response.status}`)
      this.#count(String(response.status))
    } catch (error) {
      this.#count('no answer')
      this.failures.push(`a snapshot${width} was not answered: ${(error as Error).message}`)
    }
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - startedMs)
  }

  /** Ends all readers. @returns Lines to print. */
  async close(): Promise<readonly string[]> {
    for (const reader of this.#readers) {
      if (reader.pictures === 0) this.failures.push(`the ${reader.name} reader was sent no pictures`)
      reader.close()
    }
    const read = this.#readers.map(({ name, pictures }) => `${name} read ${pictures} pictures`)
    const browser = this.#browser
    if (browser) {
      read.push(`the page asked for ${browser.asked}`)
      if (browser.asked < 2) this.failures.push('the page stopped asking for pictures')
      for (const error of browser.errors) this.failures.push(`an error in the page: ${error}`)
      await browser.close()
    } else read.push('no Chromium is unpacked here (the tests of the page do that), so no page was open')
    const statuses = [...this.#statuses].map(([status, count]) => `${status} ${count} times`)
    return [
      read.join(', '),
      `snapshots: ${statuses.join(', ')}; the slowest took ${this.#slowestMs.toFixed(0)} ms`,
    ]
  }

  #count(status: string): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
  }
}

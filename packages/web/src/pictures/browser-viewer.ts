import { parseTopic, wallClock } from '@zcast/shared'
import type { WebChannel } from '../server/web-channel.ts'
import type { WebServer } from '../server/web-server.ts'
import type { LivePicture, LivePictures } from './live-pictures.ts'
import type { NoticeTeller } from '../page/notice-teller.ts'
import type { SinkContext } from '@zcast/subscribers'
import { PictureChoice } from './picture-choice.ts'
import type { ReaderAccounts } from './reader-accounts.ts'
import { ReaderCredit, type ReaderReport } from './reader-credit.ts'
import type { Readers } from './readers.ts'

/** Who has not asked again for this long after a picture is no reader; a picture may take as long. */
const RESTS_AFTER_MS = 30_000

const NEXT = /^next(?: (\d{1,15}))?$/
const CLOCK = /^clock (\d{1,15}(?:\.\d{1,6})?)$/

/**
 * One browser at the other end of a WebSocket. It asks with `next`, and is sent the newest picture it has not seen, now
 * or when there is one; `next N` tells besides that the picture of number N is on its screen, and plain `next` that
 * the oldest is that was sent. There is one picture on its way, or as many as a long way needs to be filled; until they have
 * come nothing more is sent. `rest` says that nothing is wanted until it asks again, as of a hidden tab. So a slow line or a slow browser sees fewer pictures, none of them old, and what nobody
 * looks at costs nothing.
 *
 * Which rendition it takes is for {@link PictureChoice}; it is told what it gets.
 *
 * `clock T` is answered at once with the time here, so that the page can tell how old a picture is.
 */
export class BrowserViewer {
  readonly #channel: WebChannel
  readonly #pictures: PictureChoice
  /** What it was sent, and what was left out for it. */
  readonly credit: ReaderCredit
  #asking = false
  #awake = true
  #last: LivePicture | undefined
  #told: string | undefined
  #leave: (() => void) | undefined
  #resting: NodeJS.Timeout | undefined

  constructor(channel: WebChannel, pictures: PictureChoice) {
    this.#channel = channel
    this.#pictures = pictures
    this.credit = new ReaderCredit({ kind: 'websocket', most: channel.maxInFlight })
    const unwatch = pictures.watch(undefined, () => this.#sendNewest())
    channel.onClose(() => {
      unwatch()
      this.#rest()
    })
    channel.onFlushed(() => this.#sendNewest())
    channel.onMessage((text) => this.#answer(text))
  }

  /** Tells the page how its stream is doing, unless it has not asked for anything since it was told last. */
  report(report: (reader: ReaderReport) => string): void {
    if (!this.#awake || this.#channel.bufferedBytes > 0) return
    this.#awake = this.#asking && this.credit.hasRoom
    this.#channel.send(report(this.credit.report()))
  }

  #answer(text: string): void {
    const next = NEXT.exec(text)
    if (next) return this.#ask(next[1] === undefined ? undefined : Number(next[1]))
    if (text === 'rest') return this.#rest()
    if (this.#pictures.take(text)) return
    const asked = CLOCK.exec(text)?.[1]
    if (asked === undefined) this.#channel.close(1008)
    // One that asks without reading must not make answers pile up.
    else if (this.#channel.bufferedBytes === 0) {
      this.#channel.send(JSON.stringify({ type: 'clock', asked: Number(asked), time: wallClock() }))
    }
  }

  #ask(shown: number | undefined): void {
    this.#asking = true
    this.#awake = true
    this.credit.acknowledged(shown, performance.now())
    // Who does not say which one it shows may have any reason to take its time.
    if (shown !== undefined) this.#pictures.observe(this.credit.rates)
    this.#leave ??= this.#pictures.join()
    this.#expect()
    this.#sendNewest()
  }

  #sendNewest(): void {
    const picture = this.#pictures.newest()
    if (!this.#asking || !picture || picture === this.#last) return
    if (!this.credit.hasRoom || this.#channel.bufferedBytes > 0) return this.credit.waits()
    this.#last = picture
    this.credit.sent(picture, performance.now())
    this.#tellRenditions()
    this.#channel.send(picture.message)
    this.#expect()
  }

  /** Waits for what is on its way to be shown. */
  #expect(): void {
    clearTimeout(this.#resting)
    if (this.credit.inFlight > 0) this.#resting = setTimeout(() => this.#rest(), RESTS_AFTER_MS).unref()
  }

  /** Before the first picture of another rendition, whose numbers are its own. */
  #tellRenditions(): void {
    const renditions = this.#pictures.describe()
    const text = renditions && JSON.stringify(renditions)
    if (text === undefined || text === this.#told) return
    this.#told = text
    this.#channel.send(text)
  }

  #rest(): void {
    clearTimeout(this.#resting)
    this.#asking = false
    this.credit.rest()
    this.#leave?.()
    this.#leave = undefined
  }
}

/** Who is served, and told what failed. */
export interface PictureAudience {
  readonly readers: Readers
  /** Holds those that are there. */
  readonly browsers: Set<BrowserViewer>
  readonly accounts: ReaderAccounts
  readonly teller: NoticeTeller
  /** The renditions of a stream, where they choose themselves. Default they do not. */
  readonly renditions?: SinkContext['renditions']
}

/** Serves pictures to browsers at `/pictures`. */
export function servePictures(
  server: WebServer,
  pictures: LivePictures,
  { readers, browsers, accounts, teller, renditions }: PictureAudience,
): void {
  server.channel('/pictures', (channel, url) => {
    const topic = url.searchParams.get('topic') ?? undefined
    if (topic !== undefined && !parseTopic(topic)) return channel.close(1008)
    const browser = new BrowserViewer(channel, new PictureChoice({ pictures, readers, renditions, topic }))
    browsers.add(browser)
    const leave = accounts.add(browser.credit)
    teller.tell(channel)
    channel.onClose(() => {
      browsers.delete(browser)
      leave()
    })
  })
}

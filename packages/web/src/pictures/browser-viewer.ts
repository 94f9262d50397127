import { parseTopic } from '@zcast/shared'
import type { WebChannel } from '../server/channels/web-channel.ts'
import type { WebServer } from '../server/web-server.ts'
import type { LivePicture, LivePictures } from './live-pictures.ts'
import type { NoticeTeller } from '../page/notice-teller.ts'
import { answerClock } from '../page/answer-clock.ts'
import type { SinkContext } from '@zcast/subscribers'
import { PictureChoice } from './picture-choice.ts'
import type { ReaderAccounts } from './reader-accounts.ts'
import { ReaderCredit, type ReaderReport } from './reader-credit.ts'
import type { JoinReaders } from './readers.ts'

/**
 * A browser that has not asked again for this long after a picture is no longer a reader; a picture may take as long.
 */
const RESTS_AFTER_MS = 30_000

const NEXT = /^next(?: (\d{1,15}))?$/

/**
 * One browser at the other end of a WebSocket. It asks with `next`, and is sent the newest picture it has not seen, now
 * or when there is one; `next N` also says that picture number N is on its screen, and plain `next` that the oldest one
 * sent is. One picture is in flight, or as many as a long path holds; until they have arrived nothing more is sent.
 * `rest` says that nothing is wanted until it asks again, as for a hidden tab. So a slow line or a slow browser sees
 * fewer pictures, none of them old, and pictures that nobody looks at cost nothing.
 *
 * {@link PictureChoice} decides which rendition it receives; the browser is told which one that is.
 *
 * `clock T` is answered at once with the time of this machine, so that the page can compute the age of a picture.
 */
export class BrowserViewer {
  readonly #channel: WebChannel
  readonly #pictures: PictureChoice
  /** The pictures it was sent, and those left out for it. */
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
    const unwatch = pictures.watch(() => this.#sendNewest())
    channel.onClose(() => {
      unwatch()
      this.#rest()
    })
    channel.onFlushed(() => this.#sendNewest())
    channel.onMessage((text) => this.#answer(text))
  }

  /** Sends the page the status of its stream, unless it has not asked for anything since the last time. */
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
    if (!answerClock(this.#channel, text)) this.#channel.close(1008)
  }

  #ask(shown: number | undefined): void {
    this.#asking = true
    this.#awake = true
    this.credit.acknowledged(shown, performance.now())
    // A browser that does not say which picture it shows may be slow for any reason.
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

  /** Waits until the pictures in flight are shown. */
  #expect(): void {
    clearTimeout(this.#resting)
    if (this.credit.inFlight > 0) this.#resting = setTimeout(() => this.#rest(), RESTS_AFTER_MS).unref()
  }

  /** Called before the first picture of another rendition, which has its own numbering. */
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

/** The browsers that are served, and informed of failures. */
export interface PictureAudience {
  /**
   * Who looks; where each stream has a subscription of its own, those of that stream, and `undefined` where there is no
   * such stream.
   */
  readonly readers: JoinReaders | ((topic: string | undefined) => JoinReaders | undefined)
  /** The connected browsers. */
  readonly browsers: Set<BrowserViewer>
  readonly accounts: ReaderAccounts
  readonly teller: NoticeTeller
  /** The renditions of a stream, if they are chosen automatically. Default: they are not. */
  readonly renditions?: SinkContext['renditions']
  /** Called for each browser that connects; returns a function that is called when it has gone. */
  readonly onOpen?: () => () => void
}

/** Serves pictures to browsers at `/pictures`. */
export function servePictures(
  server: WebServer,
  pictures: LivePictures,
  { readers, browsers, accounts, teller, renditions, onOpen }: PictureAudience,
): void {
  server.channel('/pictures', (channel, url) => {
    const topic = url.searchParams.get('topic') ?? undefined
    if (topic !== undefined && !parseTopic(topic)) return channel.close(1008)
    const own = typeof readers === 'function' ? readers(topic) : readers
    if (!own) return channel.close(1008)
    const choice = new PictureChoice({ pictures, readers: own, renditions, topic })
    const browser = new BrowserViewer(channel, choice)
    browsers.add(browser)
    const leave = accounts.add(browser.credit)
    teller.tell(channel)
    const end = onOpen?.()
    channel.onClose(() => {
      end?.()
      browsers.delete(browser)
      leave()
    })
  })
}

import { parseTopic, wallClock } from '@zcast/shared'
import type { WebChannel } from '../server/web-channel.ts'
import type { WebServer } from '../server/web-server.ts'
import type { LivePicture, LivePictures } from './live-pictures.ts'
import type { NoticeTeller } from '../page/notice-teller.ts'
import type { SinkContext } from '@zcast/subscribers'
import { PictureChoice } from './picture-choice.ts'
import type { Readers } from './readers.ts'

/** A page that has not asked again for this long after a picture is hidden or paused, and no reader. */
const RESTS_AFTER_MS = 2000

const CLOCK = /^clock (\d{1,15}(?:\.\d{1,6})?)$/

/**
 * One browser at the other end of a WebSocket. It asks for a picture with `next` and is sent the newest one it has
 * not seen, now or when there is one; until it asks again nothing more comes. So there is never more than one picture
 * on its way, a slow line or a slow browser sees fewer pictures, and a hidden tab that stops asking costs nothing.
 *
 * Which rendition it takes, and how many it drew, is for {@link PictureChoice}; it is told what it gets.
 *
 * `clock T` is answered at once with the time here, so that the page can tell how old a picture is.
 */
export class BrowserViewer {
  readonly #channel: WebChannel
  readonly #pictures: PictureChoice
  #wanted = false
  #awake = true
  #last: LivePicture | undefined
  #sent = 0
  #told: string | undefined
  #leave: (() => void) | undefined
  #resting: NodeJS.Timeout | undefined

  constructor(channel: WebChannel, pictures: PictureChoice) {
    this.#channel = channel
    this.#pictures = pictures
    const unwatch = pictures.watch(undefined, () => this.#sendNewest())
    channel.onClose(() => {
      unwatch()
      this.#rest()
    })
    channel.onFlushed(() => this.#sendNewest())
    channel.onMessage((text) => this.#answer(text))
  }

  /** Pictures sent so far. */
  get sent(): number {
    return this.#sent
  }

  /** Tells the page how its stream is doing, unless it has not asked for anything since it was told last. */
  report(report: () => string): void {
    if (!this.#awake || this.#channel.bufferedBytes > 0) return
    this.#awake = this.#wanted
    this.#channel.send(report())
  }

  #answer(text: string): void {
    if (text === 'next') {
      this.#wanted = true
      this.#awake = true
      clearTimeout(this.#resting)
      this.#leave ??= this.#pictures.join()
      this.#sendNewest()
      return
    }
    if (this.#pictures.take(text)) return
    const asked = CLOCK.exec(text)?.[1]
    if (asked === undefined) this.#channel.close(1008)
    // One that asks without reading must not make answers pile up.
    else if (this.#channel.bufferedBytes === 0) {
      this.#channel.send(JSON.stringify({ type: 'clock', asked: Number(asked), time: wallClock() }))
    }
  }

  #sendNewest(): void {
    if (!this.#wanted || this.#channel.bufferedBytes > 0) return
    const picture = this.#pictures.newest()
    if (!picture || picture === this.#last) return
    this.#last = picture
    this.#wanted = false
    this.#sent += 1
    this.#tellRenditions()
    this.#channel.send(picture.message)
    this.#resting = setTimeout(() => this.#rest(), RESTS_AFTER_MS).unref()
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
    this.#leave?.()
    this.#leave = undefined
  }
}

/** Who is served, and told what failed. */
export interface PictureAudience {
  readonly readers: Readers
  /** Holds those that are there. */
  readonly browsers: Set<BrowserViewer>
  readonly teller: NoticeTeller
  /** The renditions of a stream, where they choose themselves. Default they do not. */
  readonly renditions?: SinkContext['renditions']
}

/** Serves pictures to browsers at `/pictures`. */
export function servePictures(
  server: WebServer,
  pictures: LivePictures,
  { readers, browsers, teller, renditions }: PictureAudience,
): void {
  server.channel('/pictures', (channel, url) => {
    const topic = url.searchParams.get('topic') ?? undefined
    if (topic !== undefined && !parseTopic(topic)) return channel.close(1008)
    const browser = new BrowserViewer(channel, new PictureChoice({ pictures, readers, renditions, topic }))
    browsers.add(browser)
    teller.tell(channel)
    channel.onClose(() => browsers.delete(browser))
  })
}

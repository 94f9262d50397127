import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Envelope, Log, NoticeBoard } from '@zcast/shared'
import { sendJson, sendText } from '../server/exchange.ts'
import { WebServer } from '../server/web-server.ts'
import { type WebServerOptions } from '../server/web-server-options.ts'
import type { Sink, SinkContext } from '@zcast/subscribers'
import { servePictures, type BrowserViewer } from '../pictures/browser-viewer.ts'
import { LivePictures } from '../pictures/live-pictures.ts'
import { NoticeTeller } from '../page/notice-teller.ts'
import { servePage } from '../page/page-assets.ts'
import type { DashboardReport } from '../page/page-messages.ts'
import { ReaderAccounts } from '../pictures/reader-accounts.ts'
import { checkLinger, Readers } from '../pictures/readers.ts'
import { serveNumbers } from './chart-viewer.ts'
import { DashboardFeed } from './dashboard-feed.ts'
import { LiveNumbers } from './live-numbers.ts'
import { LogLines } from './log-lines.ts'
import { PausableGroup } from '../page/pausable-group.ts'
import { kindOfPast, type Past } from '../history/past.ts'
import { type PastService, servePast } from '../history/serve-past.ts'
import { LiveSounds } from '../sound/live-sounds.ts'
import { SoundDemand } from '../sound/sound-demand.ts'
import { serveSounds } from '../sound/sound-listener.ts'
import { checkSyncDelay } from '../sound/sync-delay.ts'

/** Options of {@link Dashboard}. */
export interface DashboardOptions extends WebServerOptions {
  /** The title of the page. Default `zcast`. */
  readonly title?: string | undefined
  /**
   * The time after the last visitor has left before the pausable feeds are paused, in milliseconds. Default 10,000; 0
   * pauses them as soon as the page has received their status.
   */
  readonly lingerMs?: number | undefined
  /**
   * The time after its own at which a page that plays sound shows each picture and plays each sound, in milliseconds, 0
   * to 2000; more where the network takes longer. Default 150.
   */
  readonly syncDelayMs?: number | undefined
  /** What the page can look back at. Default nothing. */
  readonly past?: Past | undefined
}

/** The information that a dashboard receives from its process. */
export interface DashboardListening {
  readonly log?: Log | undefined
  readonly notices?: NoticeBoard | undefined
}

/** Folders of the assets. */
const PAGE_FOLDERS = ['chart', 'dashboard', 'history']
const CHART_FILES = ['uPlot.iife.min.js', 'uPlot.min.css']
const SAMPLE_INTERVAL_MS = 1000

/** Options of {@link Dashboard.feed}. */
export interface FeedOptions {
  /**
   * True to pause the subscription while nobody looks: right for video, which costs its publisher something and has no
   * history here. Default false.
   */
  readonly pausable?: boolean
  /**
   * True for a subscription to sound, which is paused while no page listens, once it is known which streams there are.
   * Default false.
   */
  readonly sound?: boolean
  /** True to show that it waits while it has no stream yet. Default true. */
  readonly expected?: boolean
}

/**
 * One page for everything: a live chart of each stream of numbers, each video stream as a tile, rates, latencies and
 * losses, and the tail of the error log. As a sink it shows one subscription; `feed` makes a sink for each further one.
 * Memory is bounded: histories hold ten minutes, and of video only the newest picture is kept.
 *
 * @example
 * ```ts
 * import { Subscriber } from '@zcast/subscribers'
 * import { Dashboard } from '@zcast/web'
 *
 * const dashboard = new Dashboard({ title: 'Lab', port: 0 })
 * await dashboard.listen()
 * console.log(`open ${dashboard.address}`)
 * const connect = 'tcp://127.0.0.1:5556'
 * const subscriber = await Subscriber.open({ connect, topics: ['numbers/'] })
 * await subscriber.run(dashboard.feed(), { signal: AbortSignal.timeout(100) })
 * await subscriber.close()
 * await dashboard.close()
 * ```
 */
export class Dashboard implements Sink {
  readonly #title: string
  readonly #server: WebServer
  readonly #pictures = new LivePictures()
  readonly #numbers = new LiveNumbers()
  readonly #log = new LogLines()
  readonly #browsers = new Set<BrowserViewer>()
  readonly #feeds: DashboardFeed[] = []
  /** Those that are not missed. */
  readonly #unexpected = new Set<DashboardFeed>()
  readonly #resting = new PausableGroup()
  readonly #lingerMs: number
  readonly #syncDelayMs: number
  readonly #sounds = new LiveSounds()
  /** The subscriptions to sound. */
  readonly #listening = new PausableGroup()
  readonly #demand: SoundDemand
  readonly #past: Past | undefined
  #pastService: PastService | undefined
  #readers: Readers | undefined
  #own: DashboardFeed | undefined
  #opening: Promise<void> | undefined
  #sampling: NodeJS.Timeout | undefined

  /**
   * @throws {@link OptionError} when an option is out of range, or the page would be open to the network by mistake.
   */
  constructor(options: DashboardOptions) {
    this.#title = options.title ?? 'zcast'
    this.#lingerMs = checkLinger(options.lingerMs)
    this.#syncDelayMs = checkSyncDelay(options.syncDelayMs)
    this.#past = options.past
    this.#demand = new SoundDemand(this.#listening, this.#sounds, this.#lingerMs)
    this.#server = new WebServer(options)
  }

  /** `http://127.0.0.1:8080`; after `listen`, with the port that was chosen for 0. */
  get address(): string {
    return this.#server.address
  }

  /**
   * The address with a code that opens the page once, within ten minutes, so that nobody needs to type the token; every
   * call makes another, of which 16 are kept. The plain address where no token is needed.
   */
  oneTimeAddress(): string {
    return this.#server.oneTimeAddress()
  }

  /**
   * Opens the page; further calls join the first.
   *
   * @param told - `notices`: failures in this process, shown on the page; `log`: receives reports of attacks on the
   *   page. Default neither.
   * @throws {@link EndpointError} when the address is taken (`ERR_ADDRESS_IN_USE`), or cannot be bound.
   */
  listen(told: DashboardListening = {}): Promise<void> {
    this.#opening ??= this.#listen(told)
    return this.#opening
  }

  /**
   * A sink for a subscription of its own; its end leaves the page open, and its streams visible.
   */
  feed({ pausable = false, sound = false, expected = true }: FeedOptions = {}): Sink {
    const resting = sound ? this.#listening : pausable ? this.#resting : undefined
    const feed = new DashboardFeed((envelope) => this.#take(envelope), resting)
    this.#feeds.push(feed)
    if (!expected) this.#unexpected.add(feed)
    return feed
  }

  /** True while somebody looks at the page, and for the time of `lingerMs` afterwards. */
  get isWatched(): boolean {
    return this.#readers?.areThere ?? false
  }

  /** Adds a line to the tail of the error log. */
  logLine(line: string): void {
    this.#log.add(line)
  }

  /** Opens the page, for a single subscription. @throws {@link EndpointError} as `listen` does. */
  async open(context: SinkContext): Promise<void> {
    await this.listen(context)
    this.#own = new DashboardFeed((envelope) => this.#take(envelope))
    this.#feeds.push(this.#own)
    await this.#own.open(context)
  }

  write(envelope: Envelope): void {
    this.#own?.write(envelope)
  }

  /** Closes the page and all feeds. May be called twice. */
  async close(): Promise<void> {
    clearInterval(this.#sampling)
    this.#readers?.close()
    this.#demand.close()
    await Promise.all(this.#feeds.map((feed) => feed.close()))
    await this.#pastService?.close()
    await this.#server.close()
  }

  /** Closes the page. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #take(envelope: Envelope): void {
    const { topic, block, retained } = envelope
    const streams = this.#pictures.topics.length
    this.#pictures.add(envelope)
    // A publisher that has come since may have sound as well.
    if (this.#pictures.topics.length > streams) this.#demand.search()
    this.#numbers.add(envelope)
    if (block.kind === 'audio') this.#sounds.add(topic, block, retained)
  }

  async #listen({ log, notices }: DashboardListening): Promise<void> {
    const { resolve } = createRequire(import.meta.url)
    const charting = CHART_FILES.map((file) => pathToFileURL(resolve(`uplot/dist/${file}`)))
    const page = { html: 'dashboard/dashboard.html', folders: PAGE_FOLDERS, files: charting }
    await servePage(this.#server, this.#title, page)
    const readers = new Readers(this.#resting, this.#lingerMs)
    this.#readers = readers
    const teller = new NoticeTeller(notices)
    const accounts = new ReaderAccounts()
    servePictures(this.#server, this.#pictures, { readers, browsers: this.#browsers, accounts, teller })
    serveNumbers(this.#server, this.#numbers)
    const listeners = serveSounds(this.#server, this.#sounds, this.#demand)
    if (this.#past) this.#pastService = servePast(this.#server, this.#past, log)
    this.#server.route('/stats.json', (exchange) => {
      // The page asks each second while it is visible; there may be no picture yet for it to wait for.
      readers.join()()
      const query = exchange.url.searchParams
      // A page that was just loaded wants to know what came since the last one was.
      if (query.get('run') === '') this.#demand.search()
      this.#demand.look()()
      const streams = this.#feeds.flatMap((feed) => feed.streams())
      const waiting = this.#feeds
        .filter((feed) => feed.streams().length === 0 && !this.#unexpected.has(feed))
        .map(({ state }) => state)
      const lines = this.#log.since(Number(query.get('log') ?? 0) || 0, query.get('run'))
      const report: DashboardReport = {
        title: this.#title,
        streams,
        waiting,
        log: lines,
        readers: accounts.reports(),
        sound: { delayMs: this.#syncDelayMs, streams: this.#sounds.topics, listeners: listeners() },
        notices: teller.notices,
        past: kindOfPast(this.#past),
      }
      sendJson(exchange, report)
    })
    this.#server.route('/healthz', (exchange) => sendText(exchange, 'text/plain', 'ok\n'), { open: true })
    await this.#server.listen(log)
    this.#sampling = setInterval(() => {
      for (const feed of this.#feeds) feed.sample()
    }, SAMPLE_INTERVAL_MS).unref()
  }
}

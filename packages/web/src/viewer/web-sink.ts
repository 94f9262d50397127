import { type Envelope, OptionError, parseTopic } from '@zcast/shared'
import { HttpRefusal } from '../server/http-refusal.ts'
import { sendJson, sendText, type Exchange } from '../server/exchange.ts'
import { WebServer } from '../server/web-server.ts'
import { type WebServerOptions } from '../server/web-server-options.ts'
import type { Sink, SinkContext } from '@zcast/subscribers'
import { servePictures, type BrowserViewer } from '../pictures/browser-viewer.ts'
import { LivePictures } from '../pictures/live-pictures.ts'
import { MjpegReader } from '../pictures/mjpeg-reader.ts'
import { NoticeTeller } from '../page/notice-teller.ts'
import { servePage } from '../page/page-assets.ts'
import type { ReportMessage, SoundReport } from '../page/page-messages.ts'
import { PictureChoice } from '../pictures/picture-choice.ts'
import { PictureResizer } from '../pictures/picture-resizer.ts'
import { ReaderAccounts } from '../pictures/reader-accounts.ts'
import { checkLinger, Readers } from '../pictures/readers.ts'
import { sendSnapshot } from './snapshot.ts'
import { StreamReports, type ViewerReport } from '../page/stream-reports.ts'
import { ViewerMetrics } from './viewer-metrics.ts'
import { PausableGroup } from '../page/pausable-group.ts'
import { kindOfPast, type Past } from '../history/past.ts'
import { type PastService, servePast } from '../history/serve-past.ts'
import { LiveSounds } from '../sound/live-sounds.ts'
import { SoundDemand } from '../sound/sound-demand.ts'
import { SoundFeed } from '../sound/sound-feed.ts'
import { serveSounds, type SoundListenerReport } from '../sound/sound-listener.ts'
import { checkSyncDelay } from '../sound/sync-delay.ts'

/** Options of {@link WebSink}. */
export interface WebSinkOptions extends WebServerOptions {
  /** The title of the page: `Client 1`. */
  readonly title: string
  /** The time that `/snapshot.jpg` waits for a picture, in milliseconds. Default 5000. */
  readonly snapshotTimeoutMs?: number | undefined
  /** A reader of `/stream.mjpg` that reads nothing for this long is dropped, in milliseconds. Default 60,000. */
  readonly stuckAfterMs?: number | undefined
  /**
   * The time after the last reader has gone before the subscription is paused, in milliseconds, if it may be paused.
   * Default 10,000; 0 pauses at once.
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

const REPORT_INTERVAL_MS = 1000

/**
 * Shows pictures in browsers: a page at `/`, `/stream.mjpg`, `/snapshot.jpg`, `/stats.json`, `/metrics` and
 * `/healthz`. Each reader takes the newest picture at its own pace; `write` returns at once, whoever is slow.
 *
 * @example
 * ```ts
 * import { Subscriber } from '@zcast/subscribers'
 * import { WebSink } from '@zcast/web'
 *
 * const viewer = new WebSink({ title: 'Camera', port: 0 })
 * const connect = 'tcp://127.0.0.1:5557'
 * const subscriber = await Subscriber.open({ connect, topics: ['video/main'] })
 * const signal = AbortSignal.timeout(100)
 * await subscriber.run(viewer, { signal, onOpen: () => console.log(`open ${viewer.address}`) })
 * await subscriber.close()
 * ```
 */
export class WebSink implements Sink {
  readonly #title: string
  readonly #snapshotTimeoutMs: number
  readonly #stuckAfterMs: number
  readonly #lingerMs: number
  readonly #server: WebServer
  readonly #pictures = new LivePictures()
  readonly #resizer = new PictureResizer()
  readonly #browsers = new Set<BrowserViewer>()
  readonly #accounts = new ReaderAccounts()
  readonly #syncDelayMs: number
  readonly #sounds = new LiveSounds()
  readonly #soundFeeds = new PausableGroup()
  readonly #demand: SoundDemand
  readonly #past: Past | undefined
  #pastService: PastService | undefined
  #soundListeners: () => readonly SoundListenerReport[] = () => []
  #readers: Readers | undefined
  #reports: StreamReports | undefined
  #reporting: NodeJS.Timeout | undefined

  /**
   * @throws {@link OptionError} when an option is out of range, or the page would be open to the network by mistake.
   */
  constructor(options: WebSinkOptions) {
    const { title, snapshotTimeoutMs = 5000, stuckAfterMs = 60_000, lingerMs } = options
    if (title === '' || title.length > 200) throw new OptionError('title must be 1 to 200 characters')
    this.#title = title
    this.#snapshotTimeoutMs = snapshotTimeoutMs
    this.#stuckAfterMs = stuckAfterMs
    this.#lingerMs = checkLinger(lingerMs)
    this.#syncDelayMs = checkSyncDelay(options.syncDelayMs)
    this.#past = options.past
    this.#demand = new SoundDemand(this.#soundFeeds, this.#sounds, this.#lingerMs)
    this.#server = new WebServer(options)
  }

  /** `http://127.0.0.1:8081`; after `open`, with the port that was chosen for 0. In another server, its path. */
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
   * Answers a request to somebody else's server, where `port` was left out: Express, Fastify, or `node:http` itself.
   *
   * @returns False, with the request untouched, when it is not below `path`.
   *
   * @example
   * ```ts
   * import { createServer } from 'node:http'
   * import { Subscriber } from '@zcast/subscribers'
   * import { WebSink } from '@zcast/web'
   *
   * const viewer = new WebSink({ title: 'Camera', path: '/cam/' })
   * const server = createServer((request, response) => {
   *   if (!viewer.handler(request, response)) response.end('the rest of the application')
   * })
   * server.on('upgrade', (request, socket, head) => {
   *   if (!viewer.upgrade(request, socket, head)) socket.destroy()
   * })
   * server.listen(0)
   * const connect = 'tcp://127.0.0.1:5557'
   * const subscriber = await Subscriber.open({ connect, topics: ['video/main'] })
   * await subscriber.run(viewer, { signal: AbortSignal.timeout(100) })
   * await subscriber.close()
   * server.close()
   * ```
   */
  get handler(): WebServer['handler'] {
    return this.#server.handler
  }

  /** Opens a WebSocket requested from another server, with the arguments of its event `upgrade`. */
  get upgrade(): WebServer['upgrade'] {
    return this.#server.upgrade
  }

  /** True while somebody looks at it, and for the time of `lingerMs` afterwards. */
  get isWatched(): boolean {
    return this.#readers?.areThere ?? false
  }

  /**
   * A sink for a subscription to sound, which the page can play in step with the pictures: `audio/main` with
   * `video/main`. It is paused while nobody listens.
   */
  sound(): Sink {
    return new SoundFeed(this.#sounds, this.#soundFeeds)
  }

  /** @throws {@link EndpointError} when the address is taken (`ERR_ADDRESS_IN_USE`), or cannot be bound. */
  async open(context: SinkContext): Promise<void> {
    const reports = new StreamReports(context, this.#pictures)
    const folders = ['viewer', 'history']
    await servePage(this.#server, this.#title, { html: 'viewer/viewer.html', folders })
    const readers = new Readers(context.subscription, this.#lingerMs)
    this.#readers = readers
    const teller = new NoticeTeller(context.notices)
    const { renditions } = context
    const onOpen = (): (() => void) => this.#demand.look()
    const audience = {
      readers,
      browsers: this.#browsers,
      accounts: this.#accounts,
      teller,
      renditions,
      onOpen,
    }
    servePictures(this.#server, this.#pictures, audience)
    this.#soundListeners = serveSounds(this.#server, this.#sounds, this.#demand)
    if (this.#past) this.#pastService = servePast(this.#server, this.#past, context.log)
    this.#serveStreams(context, readers)
    this.#serveMeasures(reports, teller)
    await this.#server.listen(context.log)
    this.#reports = reports
    this.#reporting = setInterval(() => this.#report(reports), REPORT_INTERVAL_MS).unref()
  }

  write(envelope: Envelope): void {
    this.#pictures.add(envelope)
  }

  async close(): Promise<void> {
    clearInterval(this.#reporting)
    this.#readers?.close()
    this.#demand.close()
    this.#reports?.close()
    await this.#pastService?.close()
    await this.#server.close()
  }

  /** Closes the sink. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #serveStreams(context: SinkContext, readers: Readers): void {
    const lasting = { lasting: true }
    const choose = (exchange: Exchange): PictureChoice =>
      new PictureChoice({
        pictures: this.#pictures,
        readers,
        renditions: context.renditions,
        topic: readTopic(exchange.url),
      })
    const serveMjpeg = (exchange: Exchange): void => {
      const pictures = choose(exchange)
      const reader = new MjpegReader(exchange, pictures, this.#stuckAfterMs)
      const [leave, forget] = [pictures.join(), this.#accounts.add(reader.credit)]
      exchange.response.once('close', () => {
        forget()
        leave()
      })
    }
    this.#server.route('/stream.mjpg', serveMjpeg, lasting)
    const serveSnapshot = (exchange: Exchange): Promise<void> =>
      sendSnapshot(exchange, choose(exchange), {
        timeoutMs: this.#snapshotTimeoutMs,
        resizer: this.#resizer,
        state: () => context.state(),
      })
    this.#server.route('/snapshot.jpg', serveSnapshot, lasting)
  }

  #serveMeasures(reports: StreamReports, teller: NoticeTeller): void {
    const accounts = this.#accounts
    const metrics = new ViewerMetrics(this.#title, () => this.#describe(reports), accounts)
    this.#server.route('/stats.json', (exchange) => {
      const clients = { webSocket: accounts.count('websocket'), mjpeg: accounts.count('mjpeg') }
      const readers = accounts.reports()
      const sound = { ...this.#describeSound(), listeners: this.#soundListeners() }
      const past = kindOfPast(this.#past)
      sendJson(exchange, {
        ...this.#describe(reports),
        sound,
        past,
        clients,
        readers,
        notices: teller.notices,
      })
    })
    this.#server.route('/metrics', async (exchange) => {
      sendText(exchange, metrics.contentType.replace(/; charset=.*$/, ''), await metrics.text())
    })
    this.#server.route('/healthz', (exchange) => sendText(exchange, 'text/plain', 'ok\n'), { open: true })
  }

  #describe(reports: StreamReports): ViewerReport {
    return { title: this.#title, state: reports.state, streams: reports.streams() }
  }

  #describeSound(): SoundReport {
    return { delayMs: this.#syncDelayMs, streams: this.#sounds.topics }
  }

  #report(reports: StreamReports): void {
    reports.sample()
    let report: ViewerReport | undefined
    for (const browser of this.#browsers) {
      browser.report((reader) => {
        report ??= this.#describe(reports)
        const sound = this.#describeSound()
        const past = kindOfPast(this.#past)
        return JSON.stringify({ type: 'report', ...report, sound, reader, past } satisfies ReportMessage)
      })
    }
  }
}

function readTopic(url: URL): string | undefined {
  const topic = url.searchParams.get('topic') ?? undefined
  if (topic === undefined || parseTopic(topic)) return topic
  throw new HttpRefusal(400, 'topic must be KIND/STREAM, such as video/main')
}

import { OptionError, SinkError } from '@zcast/shared'
import { CountingSink, type Sink } from '@zcast/subscribers'
import type { Past } from '@zcast/web'
import type { CommandContext } from '../../command-context.ts'
import { announcePage, type OpenPage } from '../../page/announce-page.ts'
import type { PageAccess } from '../../options/pages/page-access.ts'

/** What a viewer's page can look back at. */
export interface ViewerPast {
  readonly past: Past
  /** What takes what comes now: it may keep it. */
  sink(shown: Sink, isOpen: () => boolean): Sink
}

/** The destinations of a viewer's pictures. */
export interface ViewerSinkOptions {
  readonly title: string
  /** `web`, `terminal`, `window` or `none`. */
  readonly show: string
  readonly port: number
  readonly access: PageAccess
  /** The time that the page may have no reader before its subscription is paused, in milliseconds. */
  readonly lingerMs: number | undefined
  /** The time after its own at which a page that plays sound shows each picture, in milliseconds. */
  readonly syncDelayMs: number | undefined
  /** A folder for single pictures. */
  readonly save: string | undefined
  /** A file for a recording. */
  readonly record: string | undefined
  /** What the page can look back at. */
  readonly past: ViewerPast | undefined
  /** Tells whether what is recorded has sound. Default: it has none. */
  readonly hasSound?: (() => Promise<boolean>) | undefined
}

/** A viewer's sink, checked and not open yet. */
export interface ViewerSink {
  /** Takes the sound beside the pictures, where it can be heard. */
  readonly sound: Sink | undefined
  /** Takes the sound of what is recorded; opened and closed with the pictures' sink. `undefined` when there is none. */
  readonly recordedSound: Sink | undefined
  /** Connects the sink to a running command. */
  start(context: CommandContext): { readonly sink: Sink; readonly onOpen: () => string | undefined }
  /** @throws {@link SinkError} when the sink broke while it ran. */
  check(): void
}

/**
 * Chooses the sinks of a viewer. Their modules are loaded only when they are needed.
 *
 * @throws {@link OptionError} when an option is wrong.
 */
export async function openViewerSink(options: ViewerSinkOptions): Promise<ViewerSink> {
  const { show, save, record } = options
  if (show !== 'web' && show !== 'none' && options.access.host !== undefined) {
    throw new OptionError(`host applies to the web page only, and this viewer shows video in a ${show}`)
  }
  if (show !== 'web' && options.past) {
    throw new OptionError(`history applies to the web page only: leave it out, or leave out --show ${show}`)
  }
  if (show !== 'web' && options.access.tls) {
    throw new OptionError(
      `https applies to the web page only, and this viewer shows ${show === 'none' ? 'nothing' : `video in a ${show}`}`,
    )
  }
  const events = new Quitting()
  const shown = await shownSink(options, events)
  const kept = save === undefined && record === undefined ? [] : await keptSinks(options, events)
  const sink =
    kept.length === 0
      ? shown.sink
      : await fanOut(
          shown.sink,
          kept.map(({ sink }) => sink),
        )
  return {
    sound: shown.sound,
    recordedSound: kept.find(({ takesSound }) => takesSound)?.sink,
    start: (context) => {
      events.context = context
      if (shown.tell) context.redirectNotices(({ message }) => shown.tell?.(message))
      return { sink, onOpen: () => announce(context, shown.page, options.access.tls) }
    },
    check: () => {
      if (events.failure) throw events.failure
      for (const keeper of kept) keeper.check()
    },
  }
}

/** The reports of sinks while they run: that a person closed them, or that they broke. */
class Quitting {
  context: CommandContext | undefined
  failure: SinkError | undefined

  readonly quit = (failure?: SinkError): void => {
    this.failure ??= failure
    this.context?.shutdown()
  }

  readonly warn = (text: string): void => this.context?.log.warning(text)

  /** Reports a failure beside the picture; the viewer continues. */
  readonly fail = (text: string): void => this.context?.log.error(text)
}

interface ShownSink {
  readonly sink: Sink
  readonly sound?: Sink
  /** The page that it has, open or not yet. */
  readonly page?: OpenPage
  /** Shows a failure itself, because printed text would be overwritten. */
  tell?(text: string): void
}

async function shownSink(
  { title, show, port, access, lingerMs, syncDelayMs, past }: ViewerSinkOptions,
  { quit, warn }: Quitting,
): Promise<ShownSink> {
  if (show === 'none') return { sink: new CountingSink() }
  if (show === 'web') {
    const { WebSink } = await import('@zcast/web')
    const page = new WebSink({ title, port, lingerMs, syncDelayMs, past: past?.past, ...access })
    const isOpen = (): boolean => page.isWatched
    const keep = (sink: Sink): Sink => past?.sink(sink, isOpen) ?? sink
    return { sink: keep(page), sound: keep(page.sound()), page }
  }
  const { OneStreamSink, TerminalSink, WindowSink } = await import('@zcast/subscribers/pictures')
  const onIgnored = (topic: string): void =>
    warn(`${topic} is not shown: a ${show} shows one stream, chosen by --topic`)
  if (show === 'window')
    return { sink: new OneStreamSink(new WindowSink({ title, onQuit: quit }), onIgnored) }
  const terminal = new TerminalSink({ title, onQuit: () => quit() })
  return { sink: new OneStreamSink(terminal, onIgnored), tell: (text) => terminal.tell(text) }
}

/** A sink that keeps every picture, beside what is shown. */
interface Keeper {
  readonly sink: Sink
  readonly takesSound?: boolean
  /** @throws {@link SinkError} when pictures are missing from what was kept. */
  check(): void
}

async function keptSinks(
  { save, record, show, hasSound }: ViewerSinkOptions,
  events: Quitting,
): Promise<Keeper[]> {
  const { PictureFolderSink, RecordingSink } = await import('@zcast/subscribers/pictures')
  const keepers: Keeper[] = []
  if (save !== undefined) {
    const folder = new PictureFolderSink({
      directory: save,
      onFailure: ({ message }) => events.warn(message),
    })
    const kept = { path: save, what: 'pictures' }
    keepers.push(await keepEvery(folder, kept, events, () => folder.failed))
  }
  if (record !== undefined) {
    const onIgnored = (topic: string): void =>
      events.warn(`${topic} is not recorded: a recording holds one stream`)
    const recording = new RecordingSink({ path: record, onIgnored, hasSound, onNotice: events.warn })
    const takesSound = hasSound !== undefined
    const kept = { path: record, what: takesSound ? 'pictures or pieces of sound' : 'pictures' }
    const { DecodedSink } = await import('@zcast/subscribers/audio')
    const keeper = takesSound ? new DecodedSink(recording) : recording
    keepers.push({ ...(await keepEvery(keeper, kept, events, () => 0, show === 'none')), takesSound })
  }
  return keepers
}

/**
 * @param failedPictures - Returns the number that could not be written although the sink continues.
 * @param isAll - True when there is nothing else to do: its failure ends the viewer.
 */
async function keepEvery(
  keeper: Sink,
  { path, what }: { readonly path: string; readonly what: string },
  events: Quitting,
  failedPictures: () => number,
  isAll = false,
): Promise<Keeper> {
  const { BacklogSink } = await import('@zcast/subscribers/pictures')
  const sink = new BacklogSink(keeper, {
    onFailure: (failure) => (isAll ? events.quit(failure) : events.fail(failure.message)),
    onLeftOut: () => events.warn(`${path} cannot be written as fast as ${what} come: some are left out`),
  })
  const check = (): void => {
    const missing = sink.leftOut + failedPictures()
    if (missing > 0)
      throw new SinkError(
        `${missing} ${what} are missing from ${path}: it could not be written fast enough, or at all`,
      )
  }
  return { sink, check }
}

async function fanOut(shown: Sink, kept: readonly Sink[]): Promise<Sink> {
  const { FanOutSink } = await import('@zcast/subscribers/pictures')
  return new FanOutSink({ newest: [shown], every: kept })
}

function announce(
  context: CommandContext,
  page: OpenPage | undefined,
  tls: PageAccess['tls'],
): string | undefined {
  if (page) announcePage(context, page, tls)
  return page?.address
}

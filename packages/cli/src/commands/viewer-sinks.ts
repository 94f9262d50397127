import { OptionError, type SinkError } from '@zcast/shared'
import { CountingSink, type Sink } from '@zcast/subscribers'
import type { CommandContext } from '../command-context.ts'
import type { PageAccess } from './web-options.ts'

/** Where a viewer's pictures go. */
export interface ViewerSinkOptions {
  readonly title: string
  /** `web`, `terminal`, `window` or `none`. */
  readonly show: string
  readonly port: number
  readonly access: PageAccess
  /** How long the page may go without a reader before nothing is received for it, in milliseconds. */
  readonly lingerMs: number | undefined
  /** A folder for single pictures. */
  readonly save: string | undefined
  /** A file for a recording. */
  readonly record: string | undefined
}

/** A viewer's sink, checked and not open yet. */
export interface ViewerSink {
  /** Ties the sink to a running command. */
  start(context: CommandContext): { readonly sink: Sink; readonly onOpen: () => string | undefined }
  /** @throws {@link SinkError} when the sink broke while it ran. */
  check(): void
}

/**
 * Chooses the sinks of a viewer. The modules behind them are loaded only where they are needed.
 *
 * @throws {@link OptionError} when an option is wrong.
 */
export async function openViewerSink(options: ViewerSinkOptions): Promise<ViewerSink> {
  const { show, save, record } = options
  if (show !== 'web' && show !== 'none' && options.access.host !== undefined) {
    throw new OptionError(`host is for the web page, and this viewer shows in a ${show}`)
  }
  const events = new Quitting()
  const shown = await shownSink(options, events)
  const kept = save === undefined && record === undefined ? [] : await keptSinks(options, events)
  const sink = kept.length === 0 ? shown.sink : await fanOut(shown.sink, kept)
  return {
    start: (context) => {
      events.context = context
      return { sink, onOpen: () => announce(context, shown.address?.()) }
    },
    check: () => {
      if (events.failure) throw events.failure
    },
  }
}

/** What sinks report while they run: that a person closed them, or that they broke. */
class Quitting {
  context: CommandContext | undefined
  failure: SinkError | undefined

  readonly quit = (failure?: SinkError): void => {
    this.failure ??= failure
    this.context?.shutdown()
  }

  readonly warn = (text: string): void => this.context?.log.warning(text)
}

interface ShownSink {
  readonly sink: Sink
  address?(): string
}

async function shownSink(
  { title, show, port, access, lingerMs }: ViewerSinkOptions,
  { quit, warn }: Quitting,
): Promise<ShownSink> {
  if (show === 'none') return { sink: new CountingSink() }
  if (show === 'web') {
    const { WebSink } = await import('@zcast/subscribers/web')
    const sink = new WebSink({ title, port, lingerMs, ...access })
    return { sink, address: () => sink.address }
  }
  const { OneStreamSink, TerminalSink, WindowSink } = await import('@zcast/subscribers/pictures')
  const onQuit = quit
  const sink =
    show === 'window' ? new WindowSink({ title, onQuit }) : new TerminalSink({ title, onQuit: () => quit() })
  const onIgnored = (topic: string): void =>
    warn(`${topic} is not shown: a ${show} shows one stream, chosen by --topic`)
  return { sink: new OneStreamSink(sink, onIgnored) }
}

async function keptSinks({ save, record }: ViewerSinkOptions, { warn }: Quitting): Promise<Sink[]> {
  const { PictureFolderSink, RecordingSink } = await import('@zcast/subscribers/pictures')
  const sinks: Sink[] = []
  if (save !== undefined) {
    sinks.push(new PictureFolderSink({ directory: save, onFailure: ({ message }) => warn(message) }))
  }
  if (record !== undefined) {
    const onIgnored = (topic: string): void => warn(`${topic} is not recorded: a recording holds one stream`)
    sinks.push(new RecordingSink({ path: record, onIgnored }))
  }
  return sinks
}

async function fanOut(shown: Sink, kept: readonly Sink[]): Promise<Sink> {
  const { FanOutSink } = await import('@zcast/subscribers/pictures')
  return new FanOutSink({ newest: [shown], every: kept })
}

/** A person sees the page's address first; with `--json`, standard output is for the program that reads it. */
function announce(context: CommandContext, address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  if (context.json) context.status(`watch at ${address}`)
  else context.output.write(`watch at ${address}\n`)
  return address
}

import { AllowList, type AllowSource, OptionError, type Refusal, type TransportOptions } from '@zcast/shared'
import type { Arguments } from '../reading/arguments.ts'
import type { CommandContext } from '../../command-context.ts'
import { planNats } from '../sockets/nats-options.ts'
import { planAllowed, type SocketStreams } from './allow-option.ts'
import { keysDirectory, readOwnKeys, warnOfKeys, type OwnKeys } from './read-keys.ts'
import { noticeRefusals } from '../../security/refusal-notices.ts'

/** The keys of a publisher, and the clients that may subscribe. */
export interface PublisherKeys {
  readonly secured: boolean
  /**
   * Opens the options for the transport of each socket, in the order in which they were planned. Changes of the key
   * files are followed until the signal aborts.
   */
  open(context: CommandContext, signal: AbortSignal): Promise<readonly TransportOptions[]>
}

/**
 * Reads the keys of a publisher, and the keys it allows.
 *
 * @param option - The one that names its own keys. Default `curve`.
 * @throws {@link OptionError} when a key cannot be read, the sockets cannot keep the permissions apart, or `curve` or
 *   `allow` was given alone.
 */
export async function planPublisherKeys(
  args: Arguments,
  sockets: readonly SocketStreams[],
  option: 'curve' | 'to-curve' = 'curve',
): Promise<PublisherKeys> {
  const allow = args.list('allow')
  const own = await readOwnKeys(args, option)
  const isBelow = option === 'to-curve'
  const nats = planNats(args, isBelow ? 'below' : 'above')
  if (own && allow.length > 0) {
    const directory = keysDirectory(args)
    const sources = planAllowed(allow, directory, sockets)
    // Read once before anything opens, so that a missing file is detected in time.
    for (const list of sources) await AllowList.open(list)
    return {
      secured: true,
      open: (context, signal) => openSecured({ ...context, signal }, own, sources, directory),
    }
  }
  if (own)
    throw new OptionError(
      `${option} needs allow: name the keys that may subscribe, such as --allow lab,guest`,
    )
  if (allow.length > 0)
    throw new OptionError(`allow needs ${option}: name the publisher's own keys, such as --${option} server`)
  return {
    secured: false,
    open: async (context) => {
      const notice = noticeRefusals(context)
      const onRefused = (refusal: Refusal): void => notice({ ...refusal, isBelow })
      return sockets.map(() => ({ nats, onRefused }))
    },
  }
}

async function openSecured(
  context: CommandContext,
  { keys, warning }: OwnKeys,
  sources: readonly AllowSource[][],
  directory: string,
): Promise<readonly TransportOptions[]> {
  warnOfKeys(context, warning)
  const say = (text: string): void => context.log.warning(text)
  const folders = sources.flat().flatMap(({ kind, path }) => (kind === 'directory' ? [path] : []))
  const onRefused = noticeRefusals(context, [...new Set([directory, ...folders])])
  // Sockets that allow the same keys report a change once.
  const isFirst = (list: readonly AllowSource[], index: number): boolean =>
    sources.findIndex((other) => isSame(other, list)) === index
  const lists = await Promise.all(
    sources.map((list, index) =>
      AllowList.open(list, isFirst(list, index) ? { onChange: say, onProblem: say } : {}),
    ),
  )
  return lists.map((list) => {
    void list.watch(context.signal)
    return { curve: { keys, allowed: list.keys }, onRefused }
  })
}

function isSame(some: readonly AllowSource[], others: readonly AllowSource[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others)
}

import type { Format } from '@zcast/formats'
import { formatTopic, KINDS, OptionError } from '@zcast/shared'
import { isKind, KIND_NAMES, parseEndpoint, parsePeerEndpoint } from '@zcast/shared/internal'
import { isRecordingPath } from '../../options/recording-path.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { readFormat, usualEndpoint } from '../../options/sockets/format-option.ts'
import { planSocket, type SocketPlan } from '../../options/sockets/plan-socket.ts'
import { planSubscriberKeys, type SubscriberKeys } from '../../options/keys/read-keys.ts'

/** What is looked at, and where. */
export interface WatchPlan extends SocketPlan {
  /** For sentences: `hz`. */
  readonly verb: string
  readonly connect: readonly string[]
  readonly bind: readonly string[]
  /** That of the messages; `undefined` to tell it by them. */
  readonly format: Format | undefined
  /** Recordings to look at in place of endpoints; mostly none. */
  readonly files: readonly string[]
  /** Empty for every topic. */
  readonly topics: readonly string[]
  readonly windowMs: number | undefined
  /** The time that `--for` gives. */
  readonly forMs: number | undefined
  readonly keys: SubscriberKeys
}

const MAX_TOPIC_BYTES = 255

/** Reads the options that all verbs have. @throws {@link OptionError}, {@link EndpointError} when one is wrong. */
export async function planWatch(args: Arguments, verb: string): Promise<WatchPlan> {
  const words = args.list('topics')
  const files = words.filter(isRecordingPath)
  const named = words.filter((word) => !isRecordingPath(word))
  if (files.length > 0) refuseForFiles(args, verb)
  // Only pictures can be shown, and of one stream.
  const isShown = named.length === 0 && args.flag('show') === true
  const topics = isShown ? [formatTopic('video', KINDS.video.stream)] : [...new Set(named)]
  const format = await readFormat(args, 'subscriber')
  const { bind, connect } = planEnds(args, topics, format)
  const keys = await planSubscriberKeys(args)
  // Says which formats can only be listened for, and which have no keys.
  await format?.openTransport('subscriber', { bind, connect }, { curve: keys.curve })
  const windowMs = args.duration('window', { least: '1s', most: '10m' })
  return {
    verb,
    connect,
    bind,
    format,
    files,
    topics,
    windowMs,
    forMs: args.duration('for'),
    ...planSocket(args),
    keys,
  }
}

/** Options that say how something live is looked at. */
const LIVE_OPTIONS = ['connect', 'bind', 'format', 'window', 'for', 'show'] as const

function refuseForFiles(args: Arguments, verb: string): void {
  if (verb === 'top') throw new OptionError('topic top shows what comes: use hz or bw for a recording')
  const given = LIVE_OPTIONS.find((name) =>
    name === 'connect' ? args.list(name).length > 0 : name === 'show' ? args.flag(name) : args.text(name),
  )
  if (given !== undefined) throw new OptionError(`${given} is for what is live, not for a recording`)
}

/**
 * The endpoints to look at: those of `connect`, or where zcast sends these topics on this machine.
 *
 * @throws {@link OptionError}, {@link EndpointError} when a topic or an endpoint is none.
 */
export function planEndpoints(args: Arguments, topics: readonly string[]): readonly string[] {
  checkTopics(topics)
  const given = args.list('connect')
  for (const endpoint of given) parsePeerEndpoint(endpoint)
  return given.length > 0 ? given : defaultEndpoints(topics)
}

function checkTopics(topics: readonly string[]): void {
  for (const topic of topics) {
    if (topic !== '' && Buffer.byteLength(topic) <= MAX_TOPIC_BYTES) continue
    throw new OptionError(`a topic has 1 to ${MAX_TOPIC_BYTES} bytes, got "${topic}"`, { code: 'ERR_TOPIC' })
  }
}

function planEnds(
  args: Arguments,
  topics: readonly string[],
  format: Format | undefined,
): Pick<WatchPlan, 'bind' | 'connect'> {
  checkTopics(topics)
  const own = args.text('bind')
  if (own !== undefined) {
    if (args.list('connect').length > 0)
      throw new OptionError('give either bind or connect: it listens for publishers, or connects to them')
    parseEndpoint(own)
    return { bind: [own], connect: [] }
  }
  const isUsual = args.list('connect').length === 0 && format?.port !== undefined
  if (!isUsual) return { bind: [], connect: planEndpoints(args, topics) }
  const usual = [...new Set(format.kinds.map((kind) => usualEndpoint(kind, format)))]
  return format.listener === 'subscriber' ? { bind: usual, connect: [] } : { bind: [], connect: usual }
}

/** Those of the kinds that the topics name, or of all that sources have: a room is where its people are. */
function defaultEndpoints(topics: readonly string[]): readonly string[] {
  const kindsNamed = topics.map((topic) => /^[a-z0-9]+/.exec(topic)?.[0])
  const areKinds = topics.length > 0 && kindsNamed.every(isKind)
  const kinds = areKinds
    ? KIND_NAMES.filter((kind) => kindsNamed.includes(kind))
    : KIND_NAMES.filter((kind) => KINDS[kind].hasSources)
  return [...new Set(kinds.map((kind) => KINDS[kind].endpoint))]
}

/** The endpoints as they are named in sentences. */
export function nameEndpoints({ bind, connect }: Pick<WatchPlan, 'bind' | 'connect'>): string {
  return [...bind, ...connect].join(', ')
}

/** The topics as they are named in sentences. */
export function nameTopics({ topics }: Pick<WatchPlan, 'topics'>): string {
  return topics.length > 0 ? topics.join(', ') : 'anything'
}

import { isPlayable, Recording } from '@zcast/recording'
import { OptionError, SourceError } from '@zcast/shared'
import { matchesSubscription } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'

/** Topics that are named in a sentence; further ones are counted. */
const MOST_NAMED = 20

/** Opens a recording to play, and says what of it cannot be played. @throws {@link SourceError} when it cannot be read. */
export async function openPlayed({ log }: CommandContext, paths: readonly string[]): Promise<Recording> {
  const recording = await Recording.open(paths, { log })
  const { files, damagedChunks } = recording
  const damaged = damagedChunks === 0 ? '' : `, and ${damagedChunks} damaged chunks are left out`
  for (const { path, isWhole } of files)
    if (!isWhole) log.warning(`${path} was cut short: it is played up to its last whole chunk${damaged}`)
  const unknown = recording.topics().filter((topic) => !isPlayable(topic))
  if (unknown.length > 0)
    log.warning(
      `not played, as zcast does not know what they hold: ${nameAll(unknown.map(({ topic }) => topic))}`,
    )
  return recording
}

/**
 * Chooses the topics to play.
 *
 * @throws {@link OptionError} `ERR_TOPIC` when it has none of a topic that is asked for; {@link SourceError}
 *   `ERR_SOURCE_UNREADABLE` when it has nothing to play.
 */
export function chooseTopics(recording: Recording, wanted: readonly string[]): readonly string[] {
  const { path } = recording
  const topics = recording.topics().filter(isPlayable)
  const names = topics.map(({ topic }) => topic)
  if (names.length === 0)
    throw new SourceError('ERR_SOURCE_UNREADABLE', `there is nothing to play in ${path}`)
  if (wanted.length === 0) return names
  for (const subscription of wanted) {
    if (names.some((name) => matchesSubscription(name, subscription))) continue
    const has = `it has ${nameAll(names)}`
    throw new OptionError(`${path} has no topic ${subscription}: ${has}`, { code: 'ERR_TOPIC' })
  }
  return names.filter((name) => wanted.some((subscription) => matchesSubscription(name, subscription)))
}

/**
 * When its topics that can be played begin and end, in seconds since the Unix epoch: those of other programs may be of
 * another year.
 */
export async function spanOf(recording: Recording): Promise<{ readonly from: number; readonly to: number }> {
  const { from = 0, to = from } = recording
  const all = recording.topics()
  const topics = all.filter(isPlayable).map(({ topic }) => topic)
  if (topics.length === all.length) return { from, to }
  let first = to
  for await (const { recordedAt } of recording.blocks({ topics })) {
    first = recordedAt
    break
  }
  let last = first
  for (const topic of topics) last = Math.max(last, (await recording.latest(topic, to))?.recordedAt ?? last)
  return { from: first, to: last }
}

function nameAll(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

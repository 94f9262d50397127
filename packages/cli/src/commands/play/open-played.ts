import { isPlayable, Recording } from '@zcast/recording'
import { OptionError, SourceError } from '@zcast/shared'
import { matchesSubscription } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'

/** Topics that are named in a sentence; further ones are counted. */
const MOST_NAMED = 20

/** Opens a recording to play, and says what of it cannot be played. @throws {@link SourceError} when it cannot be read. */
export async function openPlayed({ log }: CommandContext, paths: readonly string[]): Promise<Recording> {
  const recording = await Recording.open(paths[0] ?? '')
  const { path, isWhole, damagedChunks } = recording
  const damaged = damagedChunks === 0 ? '' : `, and ${damagedChunks} damaged chunks are left out`
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

function nameAll(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

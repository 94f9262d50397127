import type { Recording } from '@zcast/recording'
import type { Log } from '@zcast/shared'

/**
 * Warns of values that are missing because a part of a recording is damaged. To be called once it has been read, or
 * whenever more is known: what is damaged is found when it is read.
 *
 * @param known - Damaged chunks of which a person was told before.
 */
export function warnOfDamage(
  { path, damagedChunks }: Pick<Recording, 'path' | 'damagedChunks'>,
  log: Pick<Log, 'warning'>,
  known = 0,
): void {
  if (damagedChunks <= known) return
  const [what, whose] =
    damagedChunks === 1 ? ['1 damaged chunk', 'its'] : [`${damagedChunks} damaged chunks`, 'their']
  log.warning(
    `${what} of ${path} could not be read: ${whose} values are missing`,
    undefined,
    `damaged chunks of ${path}`,
  )
}

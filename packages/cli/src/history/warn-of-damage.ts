import type { Recording } from '@zcast/recording'
import type { Log } from '@zcast/shared'

/**
 * Warns of values that are missing because a part of a recording is damaged. To be called once it has been read: what is
 * damaged is known only then.
 *
 * @param known - Damaged chunks of which a person was told before.
 */
export function warnOfDamage(
  { path, damagedChunks }: Pick<Recording, 'path' | 'damagedChunks'>,
  log: Pick<Log, 'warning'>,
  known = 0,
): void {
  if (damagedChunks > known)
    log.warning(`${damagedChunks} damaged chunks of ${path} could not be read: their values are missing`)
}

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Recording } from '@zcast/recording'
import { isOfPictures } from './accounts.ts'

/**
 * What does not hold of the files of a split recording: each is whole, and goes on where the one before ended, and no value
 * is missing but for pictures.
 */
export async function judgeRecordings(folder: string): Promise<string[]> {
  const failures: string[] = []
  const ends = new Map<string, number>()
  const names = readdirSync(folder).filter((name) => name.endsWith('.mcap'))
  for (const name of names.toSorted()) {
    await using recording = await Recording.open(join(folder, name))
    if (!recording.isWhole) failures.push(`${name} is not whole`)
    for (const { topic, epoch, first, last, lost, unwritten } of await recording.accounts()) {
      const key = `${topic} ${epoch}`
      const expected = ends.get(key)
      if (expected !== undefined && first !== expected)
        failures.push(`${name}: ${topic} begins with ${first}, not ${expected}`)
      if (lost + unwritten > 0 && !isOfPictures(topic))
        failures.push(`${name}: ${lost + unwritten} of ${topic} are missing`)
      ends.set(key, last + 1)
    }
  }
  if (names.length === 0) failures.push('nothing was recorded')
  return failures
}

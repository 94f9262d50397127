import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { SourceError } from '@zcast/shared'
import type { ListedFilm } from './film-library.ts'
import { describeFile } from './find-files.ts'

/**
 * Checks, before a film is opened, that its file is still the one that was looked at, and lies in its folder: another
 * file may have come in its place, or a link.
 *
 * @throws {@link SourceError} `ERR_SOURCE_MISSING` when it is not.
 */
export async function checkSameFile({ film, file, folder }: ListedFilm): Promise<void> {
  const [real, root, found] = await Promise.all([
    realpath(file.path).catch(() => undefined),
    // The folder itself may be reached by a link; nothing below it is.
    realpath(folder.path).catch(() => undefined),
    describeFile(file.path, file.within),
  ])
  const isSame = real !== undefined && root !== undefined && real === join(root, file.within)
  if (isSame && found?.state === file.state) return
  const what = real === undefined ? 'is no longer there' : 'has been changed'
  throw new SourceError('ERR_SOURCE_MISSING', `"${film.name}" ${what}: choose a film of the list`)
}

import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** The first ffplay in absolute folders of a search path; what lies in the current folder is not to be run. */
export async function findFfplay(searchPath: string): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'ffplay.exe' : 'ffplay'
  for (const folder of searchPath.split(delimiter).filter((folder) => isAbsolute(folder))) {
    const path = join(folder, name)
    const isProgram = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isProgram) return path
  }
  return undefined
}

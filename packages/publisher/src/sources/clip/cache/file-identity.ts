import { realpath, stat } from 'node:fs/promises'

/**
 * A text that distinguishes one state of a file from any other: the file itself, its size and modification time.
 *
 * @returns `undefined` when there is no such file (any more).
 */
export async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path)
    const { dev, ino, size, mtimeNs } = await stat(real, { bigint: true })
    return [real, dev, ino, size, mtimeNs].join('\n')
  } catch {
    return undefined
  }
}

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Beside other development caches, and removed with them. */
const KEPT = fileURLToPath(new URL('../../../../node_modules/.cache/zcast-clips', import.meta.url))

/**
 * Makes a clip once for all test files, workers and runs, and copies it to where a test wants it. Several tests at the
 * same time may each make it: it gets its name only once it is complete.
 *
 * @param path - The path where it is wanted; its extension says what it is.
 * @param recipe - Everything that it depends on, including the program that makes it.
 * @param make - Makes it at the given path.
 */
export async function keptClip(
  path: string,
  recipe: readonly string[],
  make: (path: string) => Promise<void>,
): Promise<void> {
  const ending = extname(path)
  const name = createHash('sha256')
    .update(JSON.stringify([ending, ...recipe]))
    .digest('hex')
  const kept = join(KEPT, `${name}${ending}`)
  if (!existsSync(kept)) {
    await mkdir(KEPT, { recursive: true })
    const aside = await mkdtemp(join(KEPT, 'new-'))
    try {
      const made = join(aside, `clip${ending}`)
      await make(made)
      await rename(made, kept)
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }
  await copyFile(kept, path)
}

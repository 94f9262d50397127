import { type FileHandle, open } from 'node:fs/promises'

/** Files that are open at a time; of a recording of many files, those that were read last. */
const MOST_OPEN = 32

interface OpenFile {
  readonly handle: Promise<FileHandle>
  users: number
}

/** Opens files when they are read, and keeps the last ones open. */
export class FileHandles {
  readonly #files = new Map<string, OpenFile>()
  #isClosed = false

  /** Calls back with a file that is open meanwhile. */
  async use<T>(path: string, read: (handle: FileHandle) => Promise<T>): Promise<T> {
    const file = this.#files.get(path) ?? { handle: open(path, 'r'), users: 0 }
    this.#files.delete(path)
    this.#files.set(path, file)
    file.users += 1
    try {
      return await read(await file.handle)
    } catch (error) {
      this.#files.delete(path)
      throw error
    } finally {
      file.users -= 1
      if (this.#files.get(path) !== file && file.users === 0) await closeFile(file)
      await this.#closeOldest(this.#isClosed ? 0 : MOST_OPEN)
    }
  }

  /** Closes all: those in use once they no longer are. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#closeOldest(0)
  }

  async #closeOldest(most: number): Promise<void> {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= most) return
      if (file.users > 0) continue
      this.#files.delete(path)
      await closeFile(file)
    }
  }
}

async function closeFile({ handle }: OpenFile): Promise<void> {
  const opened = await handle.catch(() => undefined)
  await opened?.close()
}

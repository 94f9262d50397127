import { SourceError } from '@zcast/shared'
import type { ChunkFile, ChunkPlace, RecordedChannel } from './chunk-file.ts'
import type { FileContents } from './file-contents.ts'
import type { FileHandles } from './file-handles.ts'
import { readSummary } from './read-summary.ts'
import { ReadableFile } from './readable-file.ts'
import { scanFile } from './scan-file.ts'

/** An MCAP file that is read: as it was when it was opened. */
export class RecordedFile implements ChunkFile {
  readonly contents: FileContents
  readonly #file: ReadableFile

  private constructor(file: ReadableFile, contents: FileContents) {
    this.#file = file
    this.contents = contents
  }

  /**
   * Opens a file, by its index, or by reading all of it where that is missing or damaged.
   *
   * @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` when there is no such file, or it is no
   *   MCAP file.
   */
  static async open(path: string, handles: FileHandles): Promise<RecordedFile> {
    const file = await ReadableFile.open(path, handles)
    if (file.size === 0) throw new SourceError('ERR_SOURCE_UNREADABLE', `${path} is empty`)
    const summary = await readSummary(file)
    const contents =
      typeof summary === 'object'
        ? summary
        : (await scanFile(file, { hasIndex: summary === 'incomplete' }))?.contents()
    if (contents) return new RecordedFile(file, contents)
    throw new SourceError('ERR_SOURCE_UNREADABLE', `${path} is not an MCAP file, or nothing of it is left`)
  }

  get path(): string {
    return this.#file.path
  }

  get bytes(): number {
    return this.#file.size
  }

  get chunks(): readonly ChunkPlace[] {
    return this.contents.chunks
  }

  get channels(): ReadonlyMap<number, RecordedChannel> {
    return this.contents.channels
  }

  /** See {@link ReadableFile.read}. */
  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#file.read(offset, length)
  }
}

import type { Log } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { checkVideo } from './check-video.ts'
import { placeFile } from './place-file.ts'
import type { Upload, UploadArea } from './upload-area.ts'

/** What came of an upload; a client that was cut off before the answer asks again. */
export interface UploadOutcome {
  readonly bytes: number
  readonly owner: string | undefined
  /** Why it was not taken. */
  readonly refused?: string | undefined
}

/** What {@link CompleteUploads} works with. */
export interface CompleteUploadsOptions {
  readonly area: UploadArea
  /** The folder to which films are added. */
  readonly folder: string
  /** Is told of each film that was added. */
  readonly added: (name: string, by: string) => void
  readonly log: Log
}

const MAX_OUTCOMES = 256

/** Uploads of which every byte has come: checks them, adds them to the films, and remembers what came of them. */
export class CompleteUploads {
  readonly #area: UploadArea
  readonly #folder: string
  readonly #added: CompleteUploadsOptions['added']
  readonly #log: Log
  readonly #outcomes = new Map<string, UploadOutcome>()
  readonly #closing = new AbortController()
  /** Checks by ffmpeg wait for each other: each may take a core for half a minute. */
  #checking: Promise<unknown> = Promise.resolve()

  constructor({ area, folder, added, log }: CompleteUploadsOptions) {
    this.#area = area
    this.#folder = folder
    this.#added = added
    this.#log = log
  }

  /** What came of one of the last 256; `undefined` for others. */
  find(id: string): UploadOutcome | undefined {
    return this.#outcomes.get(id)
  }

  /**
   * Checks an upload, and adds it to the films.
   *
   * @returns Why it is not taken; `undefined` when it is.
   * @throws When that cannot be found out: it is kept, and asked again.
   */
  async finish(upload: Upload): Promise<string | undefined> {
    const finishing = this.#checking.then(() => this.#check(upload))
    this.#checking = finishing.catch((error: unknown) => {
      if (this.#closing.signal.aborted) return
      const message = `an upload could not be added to ${this.#folder}`
      this.#log.warning(`${message}: ${errorMessage(error)}`, error, message)
    })
    return finishing
  }

  async #check(upload: Upload): Promise<string | undefined> {
    // It was checked meanwhile, for another request.
    if (!this.#area.find(upload.id)) return this.#outcomes.get(upload.id)?.refused
    const path = this.#area.path(upload)
    const refused = await checkVideo(path, upload.name, this.#closing.signal)
    const name = refused === undefined ? await placeFile(path, this.#folder, upload.name) : undefined
    this.#outcomes.set(upload.id, { bytes: upload.bytes, owner: upload.owner, refused })
    for (const id of this.#outcomes.keys()) if (this.#outcomes.size > MAX_OUTCOMES) this.#outcomes.delete(id)
    await this.#area.remove(upload)
    if (name !== undefined) this.#added(name, upload.by)
    return refused
  }

  /** Ends the checks that still run; what they were for is checked at the next start. */
  stop(): void {
    this.#closing.abort()
  }

  /** Resolves when no check runs. */
  async settled(): Promise<void> {
    await this.#checking
  }
}

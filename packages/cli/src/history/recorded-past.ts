import type { Recording } from '@zcast/recording'
import type { Log } from '@zcast/shared'
import type { Past, Selection } from '@zcast/web'
import { savePast } from './save-past.ts'
import { warnOfDamage } from './warn-of-damage.ts'

/** The past of a page that shows recordings, from `open` to `close`. */
export class RecordedPast implements Past {
  readonly isLive = false
  readonly formats = ['mcap', 'mp4', 'csv'] as const
  readonly #files: string | readonly string[]
  #recording: Recording | undefined

  constructor(files: string | readonly string[]) {
    this.#files = files
  }

  /** The recording. To be used after `open`. */
  get history(): Recording {
    if (!this.#recording) throw new Error('a recording is opened before it is used')
    return this.#recording
  }

  /** Opens the files; the log is told what of them is damaged, as soon as that is known. @throws {@link SourceError} when one cannot be read. */
  async open(log: Log): Promise<Recording> {
    const { Recording } = await import('@zcast/recording')
    let known = 0
    const warn = (): void => {
      warnOfDamage(this.history, log, known)
      known = this.history.damagedChunks
    }
    this.#recording = await Recording.open(this.#files, { log, onDamage: warn })
    warn()
    return this.#recording
  }

  readonly save = (selection: Selection, path: string, signal?: AbortSignal): Promise<void> =>
    savePast(this.history, selection, path, signal)

  /** May be called twice, and before `open`. */
  async close(): Promise<void> {
    await this.#recording?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

import { rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { type Envelope, SinkError } from '@zcast/shared'
import { createNewFile, describeSystemError } from '@zcast/shared/internal'
import { CsvSink, findSelection, type Sink } from '@zcast/subscribers'

/** Writes arrays of one topic as CSV to a file, which is removed when nothing comes. */
export class CsvFileSink implements Sink {
  readonly #path: string
  #output: Writable | undefined
  #sink: CsvSink | undefined
  #isEmpty = true

  constructor(path: string) {
    this.#path = path
  }

  /** @throws {@link OptionError} `ERR_OPTION` when it exists; {@link SinkError} `ERR_SINK` when it cannot be written. */
  async open(): Promise<void> {
    const file = await createNewFile(this.#path)
    this.#output = file.createWriteStream()
    // Whoever writes next asks what went wrong.
    this.#output.on('error', () => undefined)
    this.#sink = new CsvSink({ output: this.#output, selection: findSelection('all') })
  }

  /** @throws {@link SinkError} `ERR_SINK` when it cannot be written. */
  async write(envelope: Envelope): Promise<void> {
    this.#isEmpty = false
    await this.#sink?.write(envelope)
    if (this.#output?.errored) throw this.#failure(this.#output.errored)
  }

  /** Resolves when everything is in the file. May be called twice. */
  async close(): Promise<void> {
    const output = this.#output
    this.#output = undefined
    if (!output) return
    await this.#sink?.close()
    try {
      output.end()
      await finished(output)
    } catch (error) {
      throw this.#failure(error)
    }
    if (this.#isEmpty) await rm(this.#path, { force: true })
  }

  #failure(error: unknown): SinkError {
    return new SinkError(`cannot write ${this.#path}: ${describeSystemError(error)}`, { cause: error })
  }
}

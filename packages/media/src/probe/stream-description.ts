import { parseColours, type VideoColours } from '../colours/parse-colours.ts'
import { inputStream } from './parse-probe.ts'

// Files with thousands of tags or chapters have long descriptions.
const MAX_LINES = 2000
/** The description is written before the first picture, but to another pipe. */
const LONGEST_WAIT_MS = 1000

/** Collects ffmpeg's description of a stream before ffmpeg begins to write. */
export class StreamDescription {
  readonly #lines: string[] = []
  #end = (): void => {}
  readonly #ended = new Promise<void>((resolve) => (this.#end = resolve))
  #isComplete = false

  /** Adds a line of stderr. */
  read(line: string): void {
    if (this.#isComplete) return
    if (line.startsWith('Output #0')) this.#isComplete = true
    else if (this.#lines.length < MAX_LINES) this.#lines.push(line)
    if (this.#isComplete) this.#end()
  }

  /** The parsed description, to be called once ffmpeg has begun to write; `undefined` when it cannot be parsed. */
  async whenRead(): Promise<VideoColours | undefined> {
    const timer = setTimeout(this.#end, LONGEST_WAIT_MS)
    await this.#ended
    clearTimeout(timer)
    const text = this.#lines.join('\n')
    const stream = inputStream(text)
    return stream && parseColours(text, stream.line, stream.details)
  }
}

import type { Block, Frame, NumbersBlock } from '@zcast/shared'
import type { Source, SourceRun } from '@zcast/publisher'

/** A source that yields the given blocks as fast as they are taken, whether anybody watches or not. */
export class ListSource implements Source {
  readonly kind: Source['kind']
  readonly expectedBytes = 100
  readonly renditions?: readonly string[]
  /** True when everything has been freed. */
  freed = false
  readonly #blocks: Iterable<Block>

  constructor(blocks: Iterable<Block>, kind: Source['kind'] = 'numbers', renditions?: readonly string[]) {
    this.#blocks = blocks
    this.kind = kind
    if (renditions) this.renditions = renditions
  }

  async *blocks({ signal }: SourceRun): AsyncGenerator<Block> {
    try {
      for (const block of this.#blocks) {
        if (signal.aborted) return
        yield block
      }
    } finally {
      this.freed = true
    }
  }
}

/** Rows of one number each. */
export function rows(...values: number[]): NumbersBlock {
  return { kind: 'numbers', time: 0, rows: values.length, columns: 1, data: Float64Array.from(values) }
}

/** A frame of this many bytes; not a picture. */
export function frame(byteLength: number, rendition?: string): Frame {
  const data = new Uint8Array(byteLength)
  return { kind: 'video', time: 0, width: 1, height: 1, format: 'jpeg', data, rendition }
}

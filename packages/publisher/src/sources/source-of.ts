import {
  type Block,
  type BlockKind,
  checkColumnLabels,
  type ColumnLabels,
  OptionError,
  wallClock,
} from '@zcast/shared'
import { DEFAULT_BATCH_BYTES } from '../batcher.ts'
import { copyRows, type NumbersRow } from '../topics/number-rows.ts'
import { type Samples, type SoundOptions, SoundPieces } from '../topics/sound-pieces.ts'
import { toFrame } from '../topics/to-frame.ts'
import type { Source, SourceRun } from './source.ts'

/** The items that a source of each kind is made of. */
export interface SourceItems {
  /** One array of numbers, or many of the same length. */
  readonly numbers: NumbersRow | readonly NumbersRow[]
  /** The bytes of one JPEG picture. */
  readonly video: Uint8Array
  /** Samples, or one Opus packet. */
  readonly audio: Samples
}

/** Options of {@link sourceOf}. */
export interface SourceOfOptions extends ColumnLabels, SoundOptions {
  /** The expected size of a message, in bytes. Default 16 KiB for numbers, 256 KiB for video, 20 ms of sound. */
  readonly expectedBytes?: number | undefined
}

const DEFAULT_PICTURE_BYTES = 256 * 1024

/**
 * Makes a source of anything that can be iterated over: a generator, a Node stream, `events.on()`. Each item is sent
 * when it comes, with its time of arrival. At the end of the run the iteration is ended by its `return`.
 *
 * To send values as they arise, without an iterable, see {@link Publisher.topic}.
 *
 * @param items - For `numbers` arrays, or many rows of one length at once; for `video` JPEG pictures;
 *   for `audio` samples, at the pace of the sound.
 * @param kind - `numbers`, `video` or `audio`.
 * @throws {@link OptionError} `ERR_OPTION` when it cannot be iterated over, the kind is another, or names and units are
 *   wrong.
 *
 * @example
 * ```ts
 * import { Publisher, sourceOf } from '@zcast/publisher'
 *
 * async function* readings() {
 *   for (let count = 0; count < 10; count++) yield [20 + Math.random(), 40]
 * }
 * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
 * const source = sourceOf(readings(), 'numbers', { names: ['temp', 'hum'] })
 * await publisher.run(source, { stream: 'room' })
 * await publisher.close()
 * ```
 */
export function sourceOf<Kind extends BlockKind & keyof SourceItems>(
  items: AsyncIterable<SourceItems[Kind]> | Iterable<SourceItems[Kind]>,
  kind: Kind,
  options: SourceOfOptions = {},
): Source {
  const iterate = iteratorOf(items)
  if (!iterate) throw new OptionError('sourceOf takes something to iterate over, such as an async generator')
  const maker = makerOf(kind, options)
  if (!maker)
    throw new OptionError(`sourceOf makes sources of numbers, video or audio, got "${kind as string}"`)
  const { toBlock, usualBytes } = maker
  const expectedBytes = options.expectedBytes ?? usualBytes
  return { kind, expectedBytes, blocks: (run) => readBlocks(iterate(), toBlock, run) }
}

function iteratorOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
): (() => AsyncIterator<Item> | Iterator<Item>) | undefined {
  if (typeof items !== 'object' || items === null) return undefined
  if (Symbol.asyncIterator in items) return () => items[Symbol.asyncIterator]()
  if (Symbol.iterator in items) return () => items[Symbol.iterator]()
  return undefined
}

/** What makes blocks of items, and the usual bytes of one. */
interface Maker {
  readonly toBlock: (item: never) => Block | readonly Block[]
  readonly usualBytes: number
}

function makerOf(kind: BlockKind, options: SourceOfOptions): Maker | undefined {
  if (kind === 'video') {
    const toBlock = (jpeg: Uint8Array): Block => toFrame(jpeg, wallClock())
    return { toBlock, usualBytes: DEFAULT_PICTURE_BYTES }
  }
  if (kind === 'audio') {
    const pieces = new SoundPieces(options)
    return { toBlock: (samples: Samples) => pieces.of(samples), usualBytes: pieces.bytes }
  }
  if (kind !== 'numbers') return undefined
  const labels = checkColumnLabels(options)
  const columns = (labels.names ?? labels.units)?.length
  const toBlock = (values: SourceItems['numbers']): Block => {
    const rows = copyRows(values, columns)
    return { kind, time: wallClock(), ...(rows.rows > 1 && { interval: 0 }), ...rows, ...labels }
  }
  return { toBlock, usualBytes: DEFAULT_BATCH_BYTES }
}

async function* readBlocks<Item>(
  iterator: AsyncIterator<Item> | Iterator<Item>,
  toBlock: Maker['toBlock'],
  { signal }: SourceRun,
): AsyncGenerator<Block> {
  let stop = (): void => undefined
  const end = (): void => stop()
  signal.addEventListener('abort', end)
  try {
    while (!signal.aborted) {
      // An iterable without a next value must not delay the end.
      const next = await new Promise<IteratorResult<Item> | undefined>((resolve, reject) => {
        stop = () => resolve(undefined)
        Promise.resolve(iterator.next()).then(resolve, reject)
      })
      if (!next || next.done) return
      const made = toBlock(next.value as never)
      if ('kind' in made) yield made
      else yield* made
    }
  } finally {
    signal.removeEventListener('abort', end)
    // A generator that waits for its next value learns of its end only after that: it is not awaited.
    const returning = Promise.resolve(iterator.return?.())
    if (signal.aborted) returning.catch(() => undefined)
    else await returning
  }
}

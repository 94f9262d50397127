import type { Envelope } from '@zcast/shared'
import { escapeControls } from '@zcast/shared/internal'
import { selectColumns } from '../select-columns.ts'
import type { Sink, SinkContext } from './sink.ts'

/** Hands on the columns that have the given names, in the given order, to another sink. */
export class ColumnSink implements Sink {
  readonly #sink: Sink
  readonly #columns: readonly string[]
  #context: SinkContext | undefined

  /** @param columns - Names of columns. Values without one of them are left out, which the log is told. */
  constructor(sink: Sink, columns: readonly string[]) {
    this.#sink = sink
    this.#columns = columns
  }

  open(context: SinkContext): Promise<void> {
    this.#context = context
    return this.#sink.open(context)
  }

  write(envelope: Envelope): Promise<void> | void {
    const { topic, block } = envelope
    if (block.kind !== 'numbers') return this.#sink.write(envelope)
    const selected = selectColumns(block, this.#columns)
    if ('kind' in selected) return this.#sink.write({ ...envelope, block: selected })
    const has = block.names ? `it has ${escapeControls(block.names.join(', '))}` : 'its columns have no names'
    this.#context?.log?.warning(
      `${topic} has no column ${selected.join(', ')}, and is not shown: ${has}`,
      undefined,
      `columns ${topic}`,
    )
  }

  close(): Promise<void> {
    return this.#sink.close()
  }
}

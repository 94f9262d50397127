import { SinkError, Statistics } from '@zcast/shared'
import type { History, Sink } from '@zcast/subscribers'
import type { Selection } from '@zcast/web'
import { CsvFileSink } from './csv-file-sink.ts'
import { openMp4 } from './open-mp4.ts'

/**
 * Writes a selection of the past to a new file, in the form that it names.
 *
 * @param signal - Gives up; what is written by then is left to the caller.
 *
 * @throws {@link SinkError} `ERR_SINK` when nothing is in it, or the file cannot be written.
 * @throws {@link SourceError} `ERR_FFMPEG` when an MP4 needs ffmpeg and there is none.
 */
export async function savePast(
  history: History,
  selection: Selection,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const { format, topics, from, to } = selection
  if (format === 'mcap') {
    const { saveSelection } = await import('@zcast/recording')
    const range = { from, to, ...(topics.length > 0 && { topics }) }
    const { values } = await saveSelection(history, path, { ...range, signal })
    if (values === 0) throw nothingIn(topics)
    return
  }
  const [topic, ...others] = topics
  if (topic === undefined || others.length > 0) throw new SinkError(`${format} holds one topic`)
  const opened =
    format === 'csv' ? { sink: new CsvFileSink(path), topics } : await openMp4(history, { topic, path })
  const written = await pour(history, { ...opened, from, to, signal })
  if (written === 0) throw nothingIn(topics)
}

interface Poured {
  readonly sink: Sink
  /** The one that is saved first; others, such as its sound, go with it. */
  readonly topics: readonly string[]
  readonly from: number
  readonly to: number
  readonly signal: AbortSignal | undefined
}

/** @returns How many blocks of the first topic there were. */
async function pour(history: History, { sink, topics, from, to, signal }: Poured): Promise<number> {
  await sink.open({ statistics: new Statistics(), state: () => 'closed' })
  let written = 0
  try {
    for await (const { envelope } of history.blocks({ topics, from, to })) {
      signal?.throwIfAborted()
      await sink.write(envelope)
      if (envelope.topic === topics[0]) written += 1
    }
  } finally {
    // Throws what a write that was not waited for came to, such as a disk that is full.
    await sink.close()
  }
  return written
}

function nothingIn(topics: readonly string[]): SinkError {
  const what = topics.length === 0 ? 'nothing' : `nothing of ${topics.join(', ')}`
  return new SinkError(`${what} is kept of this time`)
}

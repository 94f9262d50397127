import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { SinkError, Statistics } from '@zcast/shared'
import { CsvSink, findSelection, type History, type Sink } from '@zcast/subscribers'
import type { Selection } from '@zcast/web'

/**
 * Writes a selection of the past to a new file, in the form that it names.
 *
 * @throws {@link SinkError} `ERR_SINK` when nothing is in it, or the file cannot be written.
 * @throws {@link SourceError} `ERR_FFMPEG` when an MP4 needs ffmpeg and there is none.
 */
export async function savePast(history: History, selection: Selection, path: string): Promise<void> {
  if (selection.format === 'csv') return saveCsv(history, selection, path)
  if (selection.format === 'mp4') return saveMp4(history, selection, path)
  const { topics, from, to } = selection
  const { saveSelection } = await import('@zcast/recording')
  const { values } = await saveSelection(history, path, { from, to, ...(topics.length > 0 && { topics }) })
  if (values === 0) throw nothingIn(topics)
}

async function saveCsv(history: History, { topics, from, to }: Selection, path: string): Promise<void> {
  const output = createWriteStream(path)
  // Without a listener a full disk would end the process; `once` and the writer throw.
  output.on('error', () => undefined)
  const sink = new CsvSink({ output, selection: findSelection('all') })
  try {
    const written = await pour(history, { topics, from, to }, sink)
    if (written === 0) throw nothingIn(topics)
  } finally {
    await sink.close()
    output.end()
    if (!output.closed) await once(output, 'close')
  }
}

/** With the sound of the stream's name, where there is some. */
async function saveMp4(history: History, { topics, from, to }: Selection, path: string): Promise<void> {
  const { RecordingSink } = await import('@zcast/subscribers/pictures')
  const { DecodedSink } = await import('@zcast/subscribers/audio')
  const sound = topics[0]?.replace(/^video\//, 'audio/')
  const hasSound = sound !== undefined && history.topics().some(({ topic }) => topic === sound)
  const sink = new DecodedSink(new RecordingSink({ path, hasSound: () => Promise.resolve(hasSound) }))
  const all = hasSound ? [...topics, sound] : topics
  await sink.open({ statistics: new Statistics(), state: () => 'closed' })
  let written = 0
  try {
    written = await pour(history, { topics: all, from, to }, sink)
  } finally {
    await sink.close()
  }
  if (written === 0) throw nothingIn(topics)
}

/** @returns How many blocks there were. */
async function pour(
  history: History,
  range: { readonly topics: readonly string[]; readonly from: number; readonly to: number },
  sink: Pick<Sink, 'write'>,
): Promise<number> {
  let written = 0
  for await (const { envelope } of history.blocks(range)) {
    await sink.write(envelope)
    written += 1
  }
  return written
}

function nothingIn(topics: readonly string[]): SinkError {
  const what = topics.length === 0 ? 'nothing' : `nothing of ${topics.join(', ')}`
  return new SinkError(`${what} is kept of this time`)
}

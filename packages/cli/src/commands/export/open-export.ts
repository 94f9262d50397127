import type { Recording } from '@zcast/recording'
import { CsvSink, findSelection, type Sink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { CsvFileSink } from '../../history/csv-file-sink.ts'
import { openMp4 } from '../../history/open-mp4.ts'
import type { ExportPlan } from './run-export.ts'

/** Where a stream goes. */
export interface OpenExport {
  readonly sink: Sink
  /** What is read for it. */
  readonly topics: readonly string[]
  /** Says at the end what is missing in the file. */
  readonly missing?: () => string | undefined
}

/** Chooses where a stream goes. Modules of pictures and sound are loaded only when they are needed. */
export async function openExport(
  { output, log }: CommandContext,
  { format: { name }, topic, path }: ExportPlan,
  recording: Recording,
): Promise<OpenExport> {
  const warn = (sentence: string, key?: string): void => log.warning(sentence, undefined, key)
  const topics = [topic]
  if (path === undefined) return { sink: new CsvSink({ output, selection: findSelection('all') }), topics }
  if (name === 'csv') return { sink: new CsvFileSink(path), topics }
  if (name === 'parquet') {
    const { ParquetSink } = await import('@zcast/recording')
    const sink = new ParquetSink({ path })
    const missing = (): string | undefined =>
      sink.leftOut === 0
        ? undefined
        : `${sink.leftOut} rows of ${topic} are not in ${path}: they have other columns than the first`
    return { sink, topics, missing }
  }
  if (name === 'wav') {
    const { DecodedSink, WavSink } = await import('@zcast/subscribers/audio')
    const wav = new WavSink({ path, onNotice: warn })
    const missing = (): string | undefined =>
      wav.leftOut === 0 ? undefined : `${wav.leftOut} pieces of sound are not in ${path}: it holds one format`
    return { sink: new DecodedSink(wav), topics, missing }
  }
  if (name === 'mp4') return openMp4(recording, { topic, path, onNotice: warn })
  const { PictureFolderSink } = await import('@zcast/subscribers/pictures')
  return { sink: new PictureFolderSink({ directory: path }), topics }
}

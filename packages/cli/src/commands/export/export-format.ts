import type { BlockKind } from '@zcast/shared'

/** What a stream can be exported as. */
export interface ExportFormat {
  /** The option that asks for it. */
  readonly name: 'csv' | 'parquet' | 'mp4' | 'jpegs' | 'wav'
  /** The kinds that it can hold. */
  readonly kinds: readonly BlockKind[]
  /** For sentences: what it holds. */
  readonly holds: string
  /** Of its file; `undefined` for a folder. */
  readonly extension: string | undefined
}

/** Every format. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  { name: 'csv', kinds: ['numbers'], holds: 'numbers', extension: '.csv' },
  { name: 'parquet', kinds: ['numbers'], holds: 'numbers', extension: '.parquet' },
  { name: 'mp4', kinds: ['video'], holds: 'pictures', extension: '.mp4' },
  { name: 'jpegs', kinds: ['video'], holds: 'pictures', extension: undefined },
  { name: 'wav', kinds: ['audio', 'voice'], holds: 'sound', extension: '.wav' },
]

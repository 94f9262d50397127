import type { RecorderProgress } from '@zcast/recording'
import { formatBytes } from '../topic/columns.ts'

interface RecordingProgress extends RecorderProgress {
  readonly path: string
  readonly seconds: number
}

/** `12 s, 4 topics, 1234 values, 5.60 MB, lost 0`. */
export function formatProgress(progress: RecordingProgress): string {
  const { seconds, topics, recorded, bytes, unwritten } = progress
  const left = unwritten === 0 ? '' : `, not written ${unwritten}`
  const named = topics === 1 ? '1 topic' : `${topics} topics`
  return `${Math.round(seconds)} s, ${named}, ${recorded} values, ${formatBytes(bytes)}, lost ${countLost(progress)}${left}`
}

/** The same for a program. */
export function reportProgress(type: 'progress' | 'summary', progress: RecordingProgress): object {
  const { path, seconds, topics, recorded, bytes, unwritten } = progress
  return { type, path, seconds, topics, recorded, bytes, lost: countLost(progress), unwritten }
}

function countLost({ accounts }: RecorderProgress): number {
  return accounts.reduce((sum, { lost }) => sum + lost, 0)
}

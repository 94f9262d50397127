import type { LossNote, RecordedTopic } from '@zcast/subscribers'
import type { Account } from './accounts.ts'
import type { Recording, RecordingFileState } from './recording.ts'

/** Gaps that are named; further ones are counted. */
const MOST_GAPS = 1000

/** The figures of a topic of a recording. */
export interface TopicFigures extends RecordedTopic {
  /** Messages a second, between its first and its last; `null` when there are no two, or the file does not say. */
  readonly rate: number | null
  /** Values that did not come, and should have; `null` in files of other programs. */
  readonly lost: number | null
  /** Values that the publisher or a relay left out on purpose; `null` in files of other programs. */
  readonly withheld: number | null
  /** Values that came while the disk was full; `null` in files of other programs. */
  readonly unwritten: number | null
  /** How often its publisher was started; `null` in files of other programs. */
  readonly epochs: number | null
}

/** What is in a recording. */
export interface RecordingReport {
  readonly type: 'info'
  readonly path: string
  /** Each of its files. */
  readonly files: readonly RecordingFileState[]
  /** Of all files. */
  readonly bytes: number
  readonly isWhole: boolean
  readonly damagedChunks: number
  /** Seconds since the Unix epoch; `null` when it holds nothing. */
  readonly from: number | null
  readonly to: number | null
  /** Between them. */
  readonly seconds: number
  readonly topics: readonly TopicFigures[]
  /** What is missing, each with the time at which the value after it came; the first 1000. */
  readonly gaps: readonly LossNote[]
  readonly furtherGaps: number
}

/** Says what is in a recording, without reading its values. */
export async function describeRecording(recording: Recording): Promise<RecordingReport> {
  const { path, files, bytes, isWhole, from, to } = recording
  const accounts = await recording.accounts()
  const topics = recording.topics().map((topic) => describeTopic(topic, accounts))
  const gaps: LossNote[] = []
  let furtherGaps = 0
  for await (const gap of recording.losses()) {
    if (gaps.length < MOST_GAPS) gaps.push(gap)
    else furtherGaps += 1
  }
  const seconds = from === undefined || to === undefined ? 0 : to - from
  const times = { from: from ?? null, to: to ?? null, seconds }
  const { damagedChunks } = recording
  return { type: 'info', path, files, bytes, isWhole, damagedChunks, ...times, topics, gaps, furtherGaps }
}

function describeTopic(topic: RecordedTopic, accounts: readonly Account[]): TopicFigures {
  const own = accounts.filter((account) => account.topic === topic.topic)
  if (own.length === 0)
    return { ...topic, rate: null, lost: null, withheld: null, unwritten: null, epochs: null }
  const sum = (of: (account: Account) => number): number =>
    own.reduce((total, account) => total + of(account), 0)
  const start = own.map(({ from }) => from).reduce((a, b) => (a < b ? a : b))
  const end = own.map(({ to }) => to).reduce((a, b) => (a > b ? a : b))
  const seconds = Number(end - start) / 1e9
  return {
    ...topic,
    rate: seconds > 0 && topic.messages > 1 ? (topic.messages - 1) / seconds : null,
    lost: sum(({ lost }) => lost),
    withheld: sum(({ withheld }) => withheld),
    unwritten: sum(({ unwritten }) => unwritten),
    epochs: own.length,
  }
}

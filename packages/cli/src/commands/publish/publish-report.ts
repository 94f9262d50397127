import { LineNumbersSource, type StreamCounts } from '@zcast/publisher'
import { formatTopic } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import type { PublisherRun } from './stream-plan.ts'

/** Prints the counts of each stream as JSON, each second and when it is stopped. */
export function printStatistics({ output }: CommandContext, runs: readonly PublisherRun[]): () => void {
  const print = (type: 'stats' | 'summary'): void => {
    for (const { topic, counts, badLines, badPictures } of reports(runs)) {
      const { sent, dropped } = counts
      output.write(`${JSON.stringify({ type, topic, sent, dropped, badLines, badPictures })}\n`)
    }
  }
  const timer = setInterval(() => print('stats'), 1000)
  return () => {
    clearInterval(timer)
    print('summary')
  }
}

/** Prints the counts of each stream, and sends their sum to the supervisor. */
export function summarize(context: CommandContext, runs: readonly PublisherRun[], seconds: number): void {
  for (const { topic, counts, badLines, badPictures = 0 } of reports(runs)) {
    const { sent, dropped } = counts
    const passedOver =
      badLines !== undefined
        ? `, bad lines ${badLines}`
        : badPictures > 0
          ? `, bad pictures ${badPictures}`
          : ''
    context.summary(
      `${topic}: sent ${sent}, dropped ${dropped}${passedOver}, ${(sent / seconds).toFixed(1)}/s`,
    )
  }
  const sent = runs.reduce((sum, { publisher }) => sum + publisher.sent, 0)
  context.report({ type: 'summary', sent, lost: 0, latencyMs: null })
}

interface StreamReport {
  readonly topic: string
  readonly counts: Readonly<StreamCounts>
  /** Lines of the input that held no numbers; `undefined` for a source that reads no lines. */
  readonly badLines: number | undefined
  /** Pictures of the input that were damaged; `undefined` for a source that does not count them. */
  readonly badPictures: number | undefined
}

/** The reports of the named streams and of those that clients brought. */
function reports(runs: readonly PublisherRun[]): StreamReport[] {
  return runs.flatMap(({ plan, publisher, members }) => {
    const streams = new Set([...members.map(({ member }) => member.stream), ...publisher.streams])
    return [...streams].map((stream) => {
      const source = members.find(({ member }) => member.stream === stream)?.source
      return {
        topic: formatTopic(plan.kind, stream),
        counts: publisher.counts(stream),
        badLines: source instanceof LineNumbersSource ? source.badLines : undefined,
        badPictures: source && 'badPictures' in source ? source.badPictures : undefined,
      }
    })
  })
}

/** The counts of one topic at a relay, since it was opened. */
export interface RelayCounts {
  /** Values that came from above, each counted once. */
  readonly received: number
  /** Values that are missing among them: lost before they came here. */
  readonly lost: number
  /** Values left out on purpose: above, for a slow network, or here, for newer pictures or a largest rate. */
  readonly withheld: number
  /** Values whose number had come already. */
  readonly repeated: number
  /** Values sent to those below that asked for them. */
  readonly sent: number
  /** Values left out because too many were waiting to be sent. */
  readonly dropped: number
}

/** What a relay has done since it was opened. */
export interface RelayReport extends RelayCounts {
  /** By topic. */
  readonly topics: Readonly<Record<string, RelayCounts>>
  /** Messages that are not zcast's and were passed on as they were. */
  readonly foreign: number
  /** Messages that had passed too many relays, and were refused. */
  readonly looped: number
}

const ZERO: RelayCounts = { received: 0, lost: 0, withheld: 0, repeated: 0, sent: 0, dropped: 0 }

/** The sums over all topics. */
export function sumCounts(counts: Iterable<RelayCounts>): RelayCounts {
  let sum = ZERO
  for (const each of counts)
    sum = {
      received: sum.received + each.received,
      lost: sum.lost + each.lost,
      withheld: sum.withheld + each.withheld,
      repeated: sum.repeated + each.repeated,
      sent: sum.sent + each.sent,
      dropped: sum.dropped + each.dropped,
    }
  return sum
}

/** `received 1200, lost 0, sent 1200`, and what else is not 0. */
export function formatRelayReport(report: RelayReport): string {
  const { received, lost, sent, withheld, dropped, repeated, foreign, looped } = report
  const rest = Object.entries({ withheld, dropped, repeated, foreign, looped })
  return [
    `received ${received}, lost ${lost}, sent ${sent}`,
    ...rest.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`),
  ].join(', ')
}

/** A value that was missing may come after all, late or over another way. */
const MAY_FALL: ReadonlySet<string> = new Set(['lost', 'withheld'])

/** The report in the text format of Prometheus. */
export function relayMetrics(report: RelayReport): string {
  const lines: string[] = []
  for (const name of ['received', 'lost', 'withheld', 'repeated', 'sent', 'dropped'] as const) {
    lines.push(`# TYPE zcast_relay_${name}_total ${MAY_FALL.has(name) ? 'gauge' : 'counter'}`)
    for (const [topic, counts] of Object.entries(report.topics))
      lines.push(`zcast_relay_${name}_total{topic="${topic}"} ${counts[name]}`)
  }
  for (const name of ['foreign', 'looped'] as const) {
    lines.push(`# TYPE zcast_relay_${name}_total counter`, `zcast_relay_${name}_total ${report[name]}`)
  }
  return `${lines.join('\n')}\n`
}

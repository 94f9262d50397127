import { expect, test } from '@jest/globals'
import { relayMetrics } from '../../src/relay-report.ts'

test('counts that may fall are gauges', () => {
  const counts = { received: 1, lost: 2, withheld: 0, repeated: 0, sent: 1, dropped: 0 }
  const text = relayMetrics({ ...counts, topics: { 'numbers/a': counts }, foreign: 0, looped: 0 })
  expect(text).toContain('# TYPE zcast_relay_lost_total gauge\nzcast_relay_lost_total{topic="numbers/a"} 2\n')
  expect(text).toContain('# TYPE zcast_relay_withheld_total gauge\n')
  expect(text).toContain('# TYPE zcast_relay_received_total counter\n')
})

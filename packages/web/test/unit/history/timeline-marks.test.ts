import { describe, expect, test } from '@jest/globals'
import { Timeline } from '../../../src/history/timeline.ts'
import { TimelineMarks } from '../../../src/history/timeline-marks.ts'
import type { TimelineMessage } from '../../../src/history/past-messages.ts'
import { FakeHistory } from '../../support/fake-history.ts'

describe('what happened along a timeline', () => {
  test('is summed up to at most 1024 stretches, however long it is and however much there was', () => {
    const marks = new TimelineMarks()
    marks.fit(1000, 1001)
    for (let index = 0; index < 100_000; index++) marks.addLoss(1000 + index / 10, 2)
    marks.fit(1000, 11_000)
    expect(marks.losses.length).toBeLessThanOrEqual(1025)
    expect(marks.losses.reduce((sum, [, count]) => sum + count, 0)).toBe(200_000)
    const stretch = marks.losses[0]?.[0] ?? Number.NaN
    expect(stretch * marks.stretchSeconds).toBeLessThanOrEqual(1000)
    expect((stretch + 1) * marks.stretchSeconds).toBeGreaterThan(1000)
  })

  test('is forgotten with what a ring forgets', () => {
    const marks = new TimelineMarks()
    marks.addLine(1000)
    marks.addLine(1010)
    marks.fit(1005, 1020)
    expect(marks.lines).toEqual([[Math.floor(1010 / marks.stretchSeconds), 1]])
  })
})

describe('a timeline', () => {
  const read = (timeline: Timeline): TimelineMessage => JSON.parse(timeline.message) as TimelineMessage
  const total = (marks: TimelineMessage['losses']): number => marks.reduce((sum, [, count]) => sum + count, 0)

  test('counts each loss and each line once, however often it reads on, and those that come late', async () => {
    const history = new FakeHistory()
    const timeline = new Timeline({ history, isLive: true })
    expect(read(timeline)).toMatchObject({ from: null, to: null, topics: [] })
    const lose = (first: number, count: number, time: number): void =>
      void history.lostNotes.push({ topic: 'video/main', epoch: 1, first, count, time })
    history.addPicture(100)
    history.addPicture(110)
    lose(5, 3, 105)
    history.logLines.push({ time: 109, line: 'one' })
    await timeline.refresh()
    await timeline.refresh()
    lose(9, 4, 108)
    history.addPicture(112)
    history.logLines.push({ time: 109, line: 'two' })
    await timeline.refresh()
    const { from, to, topics, losses, lines } = read(timeline)
    expect({ from, to, topics }).toEqual({
      from: 100,
      to: 112,
      topics: [{ topic: 'video/main', kind: 'video' }],
    })
    expect([total(losses), total(lines)]).toEqual([7, 2])
  })
})

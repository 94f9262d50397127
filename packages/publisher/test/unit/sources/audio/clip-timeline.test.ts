import { describe, expect, test } from '@jest/globals'
import { ClipTimeline } from '../../../../src/sources/clip/clip-timeline.ts'

describe('the timeline of a clip', () => {
  test('says where the clip is between two pictures, and behind the last', () => {
    const timeline = new ClipTimeline()
    timeline.show(0, 0, 100)
    timeline.show(0, 0.5, 100.5)
    expect(timeline.momentAt(99)).toBeUndefined()
    expect(timeline.momentAt(100.25)).toEqual({ pass: 0, at: 0.25, seconds: Infinity })
    expect(timeline.momentAt(107)).toEqual({ pass: 0, at: 7, seconds: Infinity })
  })

  test('says when the next pass begins as soon as its first picture is due', () => {
    const timeline = new ClipTimeline()
    timeline.show(0, 0, 100)
    timeline.show(1, 0, 103)
    expect(timeline.momentAt(102)).toEqual({ pass: 0, at: 2, seconds: 1 })
    expect(timeline.momentAt(103)).toEqual({ pass: 1, at: 0, seconds: Infinity })
  })

  test('follows pictures that were held up', () => {
    const timeline = new ClipTimeline()
    timeline.show(0, 0, 100)
    timeline.show(0, 1, 103)
    expect(timeline.momentAt(102.5)).toMatchObject({ at: 2.5, seconds: 0.5 })
    expect(timeline.momentAt(103.5)).toMatchObject({ at: 1.5 })
  })

  test('takes no notice of times that are rounded, and adds them up to nothing', () => {
    const timeline = new ClipTimeline()
    for (let picture = 0; picture < 1000; picture++) {
      timeline.show(0, Math.round((picture * 1000) / 30) / 1000, 100 + picture / 30)
    }
    expect(timeline.momentAt(120)).toEqual({ pass: 0, at: 20, seconds: Infinity })
  })

  test('knows nothing while the pictures stand still', () => {
    const timeline = new ClipTimeline()
    timeline.show(0, 0, 100)
    timeline.stop()
    expect(timeline.momentAt(101)).toBeUndefined()
  })
})

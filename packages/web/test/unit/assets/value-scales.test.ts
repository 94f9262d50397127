import { describe, expect, test } from '@jest/globals'
import { scalesOf } from '../../../assets/chart/value-scales.js'

type Extremes = readonly [number, number]

const groupsOf = (extremes: readonly Extremes[], units: readonly string[] = []): readonly number[] =>
  scalesOf(extremes, units, [...extremes.keys()], 'auto').groups

describe('the scales of a chart', () => {
  test('are one where magnitudes are alike', () => {
    expect(
      groupsOf([
        [0, 1],
        [-4, 4],
        [2, 9],
      ]),
    ).toEqual([0, 0, 0])
  })

  test('are two where some lines would be flat beside the others', () => {
    const extremes: Extremes[] = [
      [20, 22],
      [1011, 1015],
      [47, 63],
      [0, 0],
    ]
    expect(groupsOf(extremes)).toEqual([0, 1, 0, 0])
    // The first line is at the left.
    expect(
      groupsOf([
        [1e9, 2e9],
        [0, 1e-9],
      ]),
    ).toEqual([0, 1])
  })

  test('go by units where there are two of them', () => {
    const extremes: Extremes[] = [
      [20, 22],
      [23, 25],
      [24, 26],
    ]
    expect(groupsOf(extremes, ['°C', 'V', '°C'])).toEqual([0, 1, 0])
  })

  test('leave out hidden lines', () => {
    const extremes: Extremes[] = [
      [0, 1],
      [0, 1e6],
    ]
    const { ranges } = scalesOf(extremes, [], [0], 'one')
    expect(ranges[0]?.[1]).toBeLessThan(2)
  })

  test('are one for each line where that is wanted', () => {
    const { ranges, groups } = scalesOf(
      [
        [0, 1],
        [0, 1e300],
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      ],
      [],
      [0, 1, 2],
      'each',
    )
    expect(groups).toEqual([0, 1, 2])
    expect(ranges[1]?.[1]).toBeGreaterThan(9e299)
    expect(ranges[2]).toEqual([0, 1])
  })
})

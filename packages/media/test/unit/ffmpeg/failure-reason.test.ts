import { describe, expect, test } from '@jest/globals'
import { failureReason } from '../../../src/ffmpeg/failure-reason.ts'

const INPUT = 'file:/clips/a.mp4'

describe('failureReason', () => {
  test.each([
    [['[mov @ 0x1d5d2b00] moov atom not found', `${INPUT}: Invalid data found when processing input`]],
    [['[in#0 @ 0x55d] Error opening input: Invalid data found when processing input']],
    [[`Error opening input file ${INPUT}.`, 'Invalid data found when processing input', '']],
  ])('takes the last reason, without addresses and names', (lines) => {
    expect(failureReason(lines, INPUT)).toBe('Invalid data found when processing input')
  })

  test('passes over what is no reason', () => {
    expect(
      failureReason(['[h264 @ 0x1] no frame!', 'Conversion failed!', '  Stream #0:0: Video'], INPUT),
    ).toBe('no frame!')
    const truncated = [
      `${INPUT}: Invalid data found when processing input`,
      'Cannot determine format of input stream 0:0 after EOF',
      'Error marking filters as finished',
      'Conversion failed!',
    ]
    expect(failureReason(truncated, INPUT)).toBe('Invalid data found when processing input')
    expect(failureReason([], INPUT)).toBeUndefined()
    expect(failureReason(['   ', 'Conversion failed!'], INPUT)).toBeUndefined()
  })

  test('leaves out the name of the function that failed', () => {
    expect(failureReason(['av_interleaved_write_frame(): No space left on device'], 'pipe:0')).toBe(
      'No space left on device',
    )
  })

  test('is bounded, and holds no control characters', () => {
    expect(failureReason(['x'.repeat(5000)], INPUT)?.length).toBe(160)
    expect(failureReason(['title \u001B]0;evil\u0007 is bad'], INPUT)).toBe('title  ]0;evil  is bad')
  })
})

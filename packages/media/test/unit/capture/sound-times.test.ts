import { describe, expect, test } from '@jest/globals'
import { SoundTimes } from '../../../src/capture/sound-times.ts'

// As ffmpeg 4.1 and 5.1 write them.
const CONFIG = '[Parsed_showinfo_1 @ 0x5] config in time_base: 1/15360, frame_rate: 30/1'
const picture = (number: number): string =>
  `[Parsed_showinfo_1 @ 0x5] n:${String(number).padStart(4)} pts:${String(number * 512).padStart(7)} pts_time:0.0333333 pos:      854 fmt:rgb24`
const piece = (number: number): string =>
  `[Parsed_ashowinfo_1 @ 0x5] n:${number} pts:${4800 + number * 1024} pts_time:0.1 pos:1 fmt:s16 channels:2 chlayout:stereo rate:48000 nb_samples:1024 checksum:0`

describe('the times of sound beside pictures', () => {
  test.each([
    ['before', true],
    ['after', false],
  ])('are told by the clock of the pictures, whose lines come %s them', (_, isBefore) => {
    const times = new SoundTimes()
    times.read(CONFIG)
    times.read(piece(0))
    expect(times.timeOf(0)).toBeUndefined()
    for (let number = 0; number < 20; number++) {
      if (isBefore) times.read(picture(number))
      times.picture(1000 + number / 30)
      if (!isBefore) times.read(picture(number))
    }
    expect(times.timeOf(0)).toBeCloseTo(1000.1, 5)
    times.read(piece(1))
    expect(times.timeOf(48_000)).toBeCloseTo(1001.1, 5)
  })
})

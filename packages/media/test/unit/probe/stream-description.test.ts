import { describe, expect, test } from '@jest/globals'
import { StreamDescription } from '../../../src/probe/stream-description.ts'

const LINES = [
  "Input #0, matroska,webm, from 'pipe:0':",
  '  Duration: N/A, start: 0.000000, bitrate: N/A',
  '  Stream #0:0: Video: hevc (Main 10), yuv420p10le(tv, bt2020nc/bt2020/smpte2084), 320x200, 25 fps, 25 tbr',
  'Stream mapping:',
  '  Stream #0:0 -> #0:0 (hevc (native) -> ppm (native))',
]

describe('StreamDescription', () => {
  test('waits for what is said, and reads nothing after it', async () => {
    const description = new StreamDescription()
    const read = description.whenRead()
    for (const line of [...LINES, "Output #0, image2pipe, to 'pipe:1':", '  Stream #0:0: Video: ppm, rgb24'])
      description.read(line)
    expect(await read).toMatchObject({ codec: 'hevc', transfer: 'smpte2084', container: 'matroska,webm' })
  })

  test('an ffmpeg that says nothing is waited for no longer than a second', async () => {
    expect(await new StreamDescription().whenRead()).toBeUndefined()
  })
})

import { describe, expect, test } from '@jest/globals'
import { parseProbe } from '../../../src/probe/parse-probe.ts'
import { toNumber, type Rational } from '../../../src/probe/rational.ts'

interface Run {
  stream: string
  details?: string
  before?: string
  duration?: string
  index?: number
  timeBase?: string
  dimensions?: string
  aspect?: string
}

/** What ffmpeg writes for a clip whose video stream is described by `stream`. */
function probe(run: Run): ReturnType<typeof parseProbe> {
  const { stream, details = '', before = '', duration = '00:00:10.00', index = 0 } = run
  const pixelFormat = / Video: [^,]*(?:\([^)]*\))*, (\w+)/.exec(stream)?.[1]
  const { timeBase = '1/25', dimensions = '640x360', aspect = '1/1' } = run
  const stderr = `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/clips/a.mp4':
  Metadata:
    major_brand     : isom
  Duration: ${duration}, start: 0.000000, bitrate: 744 kb/s
${before}${stream}
    Metadata:
      handler_name    : VideoHandler
${details}Stream mapping:
  Stream #0:${index} -> #0:0 (h264 (native) -> rawvideo (native))
Output #0, framecrc, to 'pipe:1':
    Stream #0:0: Video: rawvideo, yuv444p, 1x1, q=2-31, 200 kb/s, 99 fps, 99 tbn
[Parsed_showinfo_0 @ 0x5636] config in time_base: 1/12800, frame_rate: 25/1
[Parsed_showinfo_0 @ 0x5636] n:   0 pts:   1024 pts_time:0.08    pos:       48 fmt:${pixelFormat} sar:1/1 s:640x360 i:P iskey:1 type:I checksum:C4F4A8F7
`
  const header = `#software: Lavf58.24.100\n#tb 0: ${timeBase}\n#media_type 0: video\n#codec_id 0: rawvideo\n`
  const shape = `#dimensions 0: ${dimensions}\n#sar 0: ${aspect}\n`
  return parseProbe(`${header}${shape}0,          0,          0,        1,   345600, 0x70f467b9\n`, stderr)
}

const H264 = 'Stream #0:0(und): Video: h264 (High) (avc1 / 0x31637661)'

describe('parseProbe', () => {
  test('reads what ffmpeg 4.1 says', () => {
    const line = `    ${H264}, yuv420p(tv, smpte170m), 640x360 [SAR 1:1 DAR 16:9], 614 kb/s, 12.50 fps, 12.50 tbr, 25k tbn, 25 tbc (default)`
    expect(probe({ stream: line, timeBase: '2/25', duration: '01:02:03.50' })).toEqual({
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      stream: 0,
      firstTime: 0.08,
      codec: 'h264',
      pixelFormat: 'yuv420p',
      range: 'tv',
      matrix: 'smpte170m',
      primaries: 'smpte170m',
      transfer: 'smpte170m',
      hasAlphaLayer: false,
      rotation: 0,
      duration: 3723.5,
      width: 640,
      height: 360,
      decodedWidth: 640,
      framesPerSecond: { numerator: 25, denominator: 2 },
      constantRate: true,
    })
  })

  test('reads what ffmpeg 5 to 7 say', () => {
    const name = 'Stream #0:0[0x1](eng): Video: hevc (Main 10) (hvc1 / 0x31637668)'
    const line = `  ${name}, yuv420p10le(pc, bt2020nc/bt2020/arib-std-b67, progressive), 640x360, 30 fps, 30 tbr, 600 tbn (default)`
    expect(probe({ stream: line, timeBase: '1/30' })).toMatchObject({
      codec: 'hevc',
      pixelFormat: 'yuv420p10le',
      range: 'pc',
      matrix: 'bt2020nc',
      primaries: 'bt2020',
      transfer: 'arib-std-b67',
    })
  })

  test('reads a codec without profile, tags with parentheses, and what is not said', () => {
    const bare =
      '    Stream #0:0: Video: msmpeg4v3 (div3 / 0x33766964), yuv420p, 640x360, 10 fps, 10 tbr, 10 tbn'
    expect(probe({ stream: bare, timeBase: '1/10', duration: 'N/A' })).toMatchObject({
      codec: 'msmpeg4v3',
      pixelFormat: 'yuv420p',
      range: undefined,
      matrix: undefined,
      duration: undefined,
    })
    const swapped = `    ${H264}, yuv422p(tv, bt709, top coded first (swapped)), 640x360, 25 fps, 25 tbr, 25 tbn`
    expect(probe({ stream: swapped })).toMatchObject({ pixelFormat: 'yuv422p', range: 'tv', matrix: 'bt709' })
  })

  test('reads colours that are known in part, and a second layer with the opacity', () => {
    const line =
      '    Stream #0:0: Video: vp9 (Profile 0), yuv420p(tv, unknown/bt2020/unknown), 640x360, 25 fps, 25 tbr'
    const details = '      alpha_mode      : 1\n'
    expect(probe({ stream: line, details })).toMatchObject({
      matrix: undefined,
      primaries: 'bt2020',
      transfer: undefined,
      hasAlphaLayer: true,
    })
  })

  test.each([
    ['29.97 fps, 29.97 tbr', '1001/30000', 30_000, 1001],
    ['23.98 fps, 23.98 tbr', '1/24', 24_000, 1001],
    ['59.94 fps, 59.94 tbr', '0/0', 60_000, 1001],
    ['14.99 fps, 15 tbr', '1/15', 15, 1],
    ['120 fps, 120 tbr', '1/120', 120, 1],
  ])('a constant rate: %s', (rate, timeBase, numerator, denominator) => {
    const stream = `    ${H264}, yuv420p, 640x360, ${rate}, 90k tbn`
    const expected = { framesPerSecond: { numerator, denominator }, constantRate: true }
    expect(probe({ stream, timeBase })).toMatchObject(expected)
  })

  test.each([
    ['a rate that varies is its average', '15.79 fps, 30 tbr', 15.79],
    ['however fine its steps', '29.51 fps, 1k tbr', 29.51],
    ['where no average is known it is the finest step', '30 tbr', 30],
    ['but 60 where that is no likely rate', '90k tbr', 60],
  ])('%s', (_, rate, framesPerSecond) => {
    const stream = `    ${H264}, yuv420p, 640x360, ${rate}, 90k tbn`
    const description = probe({ stream })
    expect(description?.constantRate).toBe(false)
    expect(toNumber(description?.framesPerSecond as Rational)).toBeCloseTo(framesPerSecond, 6)
  })

  test('the ends of a short clip do not make its rate vary, nor do the fields of an interlaced one', () => {
    const short = `    ${H264}, yuv420p, 640x360, 22.50 fps, 25 tbr, 12800 tbn`
    const rate = { framesPerSecond: { numerator: 25, denominator: 1 }, constantRate: true }
    expect(probe({ stream: short, duration: '00:00:00.44' })).toMatchObject(rate)
    const fields = `    ${H264}, yuv420p(top first), 640x360, 25 fps, 50 tbr, 90k tbn`
    expect(probe({ stream: fields, timeBase: '1/50' })).toMatchObject(rate)
    const animation = '    Stream #0:0: Video: gif, bgra, 640x360, 1 fps, 2 tbr, 100 tbn'
    expect(probe({ stream: animation })).toMatchObject({ constantRate: false })
  })

  test('takes the stream that was decoded, not the first', () => {
    const before =
      '    Stream #0:0: Video: mjpeg, yuvj420p(pc), 300x300, 90k tbr, 90k tbn (attached pic)\n' +
      '    Stream #0:1: Audio: aac (LC), 48000 Hz, stereo, fltp\n'
    const stream =
      '    Stream #0:12: Video: vp9 (Profile 0), yuv420p(tv, bt709), 640x360, 25 fps, 25 tbr, 1k tbn'
    expect(probe({ before, stream, index: 12 })).toMatchObject({ stream: 12, codec: 'vp9', range: 'tv' })
  })

  test.each([
    ['      rotate          : 90\n', 90],
    ['    Side data:\n      displaymatrix: rotation of -90.00 degrees\n', 90],
    ['      displaymatrix: rotation of 90.00 degrees\n', 270],
    ['      displaymatrix: rotation of 180.00 degrees\n', 180],
    ['      displaymatrix: rotation of -0.00 degrees\n', 0],
  ])('a turned clip: %j', (details, rotation) => {
    const stream = `    ${H264}, yuv420p, 640x360, 25 fps, 25 tbr, 25 tbn`
    expect(probe({ stream, details, dimensions: '360x640' })).toMatchObject({
      rotation,
      width: 360,
      height: 640,
    })
  })

  test('pixels that are not square make the picture wider', () => {
    const stream = `    ${H264}, yuv420p, 720x576 [SAR 16:15 DAR 4:3], 25 fps, 25 tbr, 25 tbn`
    const size = { width: 768, height: 576, decodedWidth: 720 }
    expect(probe({ stream, dimensions: '720x576', aspect: '16/15' })).toMatchObject(size)
    expect(probe({ stream, dimensions: '720x576', aspect: '0/1' })).toMatchObject({ width: 720 })
  })

  test('is undefined when no picture was decoded, whatever was written', () => {
    expect(parseProbe('', '')).toBeUndefined()
    expect(
      parseProbe('#dimensions 0: 640x360\n', 'Stream mapping:\n  Stream #0:0 -> #0:0 (h264)\n'),
    ).toBeUndefined()
    expect(parseProbe('\0'.repeat(1000), '('.repeat(100_000))).toBeUndefined()
  })

  test('a hostile description costs no more time than a long one', () => {
    const stream = `    ${H264}, yuv420p(${'('.repeat(50_000)}${'(,'.repeat(50_000)}, 25 fps, 25 tbr`
    expect(probe({ stream })).toMatchObject({ codec: 'h264' })
  })
})

import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark, BenchmarkContext, Comparison, Verdict } from './benchmark.ts'
import { makeClip, type Clip } from './clip.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Outcome, type Sample } from './samples.ts'
import { judgeLimit, judgeRatio, medianOf } from './verdicts.ts'

/** What the publisher has sent, as it says each second. */
const SENT = /"type":"stats".*"sent":(\d+)/

const FIRST = 'zcast, first pass'
const LATER = 'zcast, later passes'
const MJPEG = 'zcast, MJPEG file'
const GSTREAMER = 'GStreamer jpegenc'
const OPENCV = 'OpenCV imencode + PyZMQ'
const RAW = 'PyZMQ, pickled raw frames'

/** What a frame costs. */
export const video: Benchmark = { name: 'video', parts: [costOfFrames] }

/** CPU of the publisher's whole process tree for each frame between two numbers of frames. */
async function costBetween(publisher: Program, from: number, to: number): Promise<number> {
  const start = await reach(publisher, from)
  const end = await reach(publisher, to)
  return (end.cpuMs - start.cpuMs) / (end.sent - start.sent)
}

async function reach(publisher: Program, least: number): Promise<{ sent: number; cpuMs: number }> {
  const [, sent] = await publisher.says(SENT, (match) => Number(match[1]) >= least)
  return { sent: Number(sent), cpuMs: publisher.cpuMs() }
}

/** Publishes a file to one subscriber. The folder is new, so that nothing is there encoded. */
async function publish<T>(
  { directory }: BenchmarkContext,
  file: string,
  measure: (publisher: Program) => Promise<T>,
): Promise<T> {
  const endpoint = await freeEndpoint()
  const folder = await mkdtemp(join(directory, 'cache-'))
  const publisher = Program.zcast(folder, 'publish', 'video', file, '--json', '--bind', endpoint)
  const subscriber = Program.node('watch-video', endpoint, 1000)
  try {
    return await measure(publisher)
  } finally {
    await subscriber.stop('SIGKILL')
    await publisher.stop()
  }
}

async function runGstreamer({ h264, frames }: Clip): Promise<Sample> {
  const cost = async (limit: number): Promise<number> => {
    const source = ['filesrc', `location=${h264}`, '!', 'decodebin', '!']
    // JPEG is full range; without this it would be cheaper, and white would be grey.
    const conversion = ['videoconvert', '!', 'video/x-raw,format=I420,colorimetry=1:4:0:0', '!']
    const end = [
      'identity',
      `eos-after=${limit}`,
      '!',
      'jpegenc',
      'quality=80',
      '!',
      'fakesink',
      'sync=false',
    ]
    // The shell adds up what its child and all of that one's threads took.
    const script = 'gst-launch-1.0 -q "$@" >/dev/null 2>&1; times'
    const shell = new Program('sh', ['-c', script, 'sh', ...source, ...conversion, ...end])
    const [, um, us, sm, ss] = await shell.says(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/, (match) => {
      return match.slice(1).some((figure) => Number(figure) > 0.01)
    })
    await shell.stop()
    return ((Number(um) + Number(sm)) * 60 + Number(us) + Number(ss)) * 1000
  }
  const [few, all] = [await cost(2), await cost(frames)]
  return { cpuMs: (all - few) / (frames - 2) }
}

async function costOfFrames(context: BenchmarkContext): Promise<Comparison> {
  const clip = await makeClip(context)
  const { peers, quick } = context
  const { frames, h264, mjpeg } = clip
  let laterMs: number | undefined
  const outcomes = await compare(
    [
      {
        name: FIRST,
        run: () =>
          publish(context, h264, async (publisher) => {
            const cpuMs = await costBetween(publisher, 30, frames - 60)
            laterMs = await costBetween(publisher, frames + 30, frames * (quick ? 1.5 : 2))
            return { cpuMs }
          }),
      },
      { name: LATER, run: async () => ({ cpuMs: laterMs as number }) },
      {
        name: MJPEG,
        // Over the end of the file as well: going back to its beginning is a part of the price.
        run: async () => ({ cpuMs: await publish(context, mjpeg, (it) => costBetween(it, 30, frames + 60)) }),
      },
      { name: GSTREAMER, missing: peers.gstreamerMissing, run: () => runGstreamer(clip) },
      {
        name: OPENCV,
        missing: peers.opencvMissing,
        run: () => peers.python('video_cost', h264, 'jpeg', frames).result<Sample>(),
      },
      {
        name: RAW,
        missing: peers.opencvMissing,
        run: () => peers.python('video_cost', h264, 'raw', frames).result<Sample>(),
      },
    ],
    quick ? 1 : 3,
  )
  const figures = { outcomes, figure: 'cpuMs' }
  const cheapest = [GSTREAMER, OPENCV, RAW].toSorted(
    (a, b) => (medianOf(outcomes, a, 'cpuMs') ?? Infinity) - (medianOf(outcomes, b, 'cpuMs') ?? Infinity),
  )[0] as string
  const what = '1080p frame'
  return {
    title: 'CPU for each frame of 1080p video',
    method:
      'A clip of 1080p h264 with noise, sent as JPEG of quality 80: user and system time of whole process trees, ffmpeg ' +
      "and its threads included, start-up left out. zcast plays at the clip's 30 frames a second to one subscriber, the " +
      'others as fast as they can. Of the raw frames, what each subscriber pays to unpickle 6 MB comes on top.',
    outcomes,
    columns: [{ figure: 'cpuMs', title: 'CPU ms a frame', digits: 2 }],
    verdicts: [
      ...judgeRatio({ ...figures, what: `${what}, first pass`, of: FIRST, to: GSTREAMER, most: 1 }),
      ...judgeRatio({ ...figures, what: `${what}, first pass`, of: FIRST, to: OPENCV, most: 0.7 }),
      ...judgeCheap(outcomes, LATER, cheapest),
      ...judgeCheap(outcomes, MJPEG, cheapest),
    ],
  }
}

/** Judges what is not encoded: by itself, and against the cheapest peer. */
function judgeCheap(outcomes: readonly Outcome[], of: string, cheapest: string): Verdict[] {
  const what = `1080p frame, ${of}`
  const value = medianOf(outcomes, of, 'cpuMs')
  const absolute = judgeLimit({ what, value, limit: 0.5, unit: 'ms', digits: 2 })
  return absolute.concat(judgeRatio({ what, outcomes, figure: 'cpuMs', of, to: cheapest, most: 0.05 }))
}

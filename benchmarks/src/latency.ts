import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { makeClip, type Clip } from './clip.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
import { judgeLimit, judgeRatio, medianOf } from './verdicts.ts'

const VIEWERS = 8
const PYZMQ = 'OpenCV + PyZMQ'
const PYZMQ_VIEWERS = 'zcast, PyZMQ viewers'
const SLOW_MS = 200

/** How old a picture is when it arrives. */
export const latency: Benchmark = { name: 'latency', parts: [eightViewers, slowViewer] }

interface Watched extends Sample {
  readonly p50: number
  readonly p99: number
  readonly ageMs: number
}

/** The middle of the viewers' medians, and the worst of their 99th percentiles. */
async function watchAll(viewers: readonly Program[]): Promise<Sample> {
  const watched = await Promise.all(viewers.map((viewer) => viewer.result<Watched>()))
  const medians = watched.map(({ p50 }) => p50).sort((a, b) => a - b)
  return {
    p50: medians[Math.floor(medians.length / 2)] as number,
    p99: Math.max(...watched.map(({ p99 }) => p99)),
    ageMs: Math.max(...watched.map(({ ageMs }) => ageMs)),
    lost: watched.reduce((sum, one) => sum + (one['lost'] ?? 0), 0),
  }
}

type Viewer = (endpoint: string) => Program

/** Publishes the clip, which is encoded in the first ten seconds and remembered then. */
async function runZcast(
  { directory }: BenchmarkContext,
  { h264 }: Clip,
  viewers: number,
  viewer: Viewer,
): Promise<Sample> {
  const endpoint = await freeEndpoint()
  const folder = await mkdtemp(join(directory, 'cache-'))
  const publisher = Program.zcast(folder, 'publish', 'video', h264, '--bind', endpoint)
  try {
    return await watchAll(Array.from({ length: viewers }, () => viewer(endpoint)))
  } finally {
    await publisher.stop()
  }
}

async function runPyzmq(
  { peers }: BenchmarkContext,
  { h264 }: Clip,
  [viewers, seconds, workMs, mark]: readonly [number, number, number, number],
): Promise<Sample> {
  const endpoint = await freeEndpoint()
  const publisher = peers.python('video_publisher', endpoint, h264, mark)
  try {
    return await watchAll(
      Array.from({ length: viewers }, () =>
        peers.python('video_subscriber', endpoint, seconds, workMs, mark),
      ),
    )
  } finally {
    await publisher.stop('SIGKILL')
  }
}

async function eightViewers(context: BenchmarkContext): Promise<Comparison> {
  const clip = await makeClip(context)
  const { peers, quick } = context
  const seconds = quick ? 3 : 8
  const outcomes = await compare(
    [
      {
        name: 'zcast',
        run: () => {
          return runZcast(context, clip, VIEWERS, (endpoint) =>
            Program.node('watch-video', endpoint, seconds),
          )
        },
      },
      {
        name: PYZMQ_VIEWERS,
        missing: peers.pythonMissing,
        run: () => {
          return runZcast(context, clip, VIEWERS, (endpoint) =>
            peers.python('video_subscriber', endpoint, seconds, 0, 1000),
          )
        },
      },
      {
        name: PYZMQ,
        missing: peers.opencvMissing,
        run: () => runPyzmq(context, clip, [VIEWERS, seconds, 0, 1000]),
      },
    ],
    quick ? 1 : 3,
  )
  const figures = { outcomes, to: PYZMQ, most: 1 }
  const what = 'latency to eight viewers'
  return {
    title: 'Latency of 1080p video, eight viewers',
    method:
      'The clip at 30 frames a second to eight viewers in processes of their own: of zcast, and the same for both in ' +
      'PyZMQ. For zcast the time counts from when the frame was due (0.5 ms after it is sent, at the most), for the peer ' +
      'from when it is sent. p50 is the median of the viewers, p99 the worst of them.',
    outcomes,
    columns: [
      { figure: 'p50', title: 'p50 ms', digits: 2 },
      { figure: 'p99', title: 'p99 ms', digits: 2 },
      { figure: 'lost', title: 'lost', digits: 0 },
    ],
    verdicts: [
      ...judgeLimit({
        what: `${what}, p50`,
        value: medianOf(outcomes, 'zcast', 'p50'),
        limit: 2,
        unit: 'ms',
      }),
      ...judgeLimit({
        what: `${what}, p99`,
        value: medianOf(outcomes, 'zcast', 'p99'),
        limit: 10,
        unit: 'ms',
      }),
      ...judgeRatio({ ...figures, of: 'zcast', what: `${what}, p50`, figure: 'p50' }),
      ...judgeRatio({ ...figures, of: 'zcast', what: `${what}, p99`, figure: 'p99' }),
      ...judgeRatio({ ...figures, of: PYZMQ_VIEWERS, what: `${what} of PyZMQ, p50`, figure: 'p50' }),
      ...judgeRatio({ ...figures, of: PYZMQ_VIEWERS, what: `${what} of PyZMQ, p99`, figure: 'p99' }),
    ],
  }
}

async function slowViewer(context: BenchmarkContext): Promise<Comparison> {
  const clip = await makeClip(context)
  const { peers, quick } = context
  const seconds = quick ? 6 : 20
  const outcomes = await compare(
    [
      {
        name: 'zcast',
        run: () => {
          return runZcast(context, clip, 1, (endpoint) =>
            Program.node('watch-video', endpoint, seconds, SLOW_MS),
          )
        },
      },
      {
        name: 'PyZMQ, HWM 1',
        missing: peers.opencvMissing,
        run: () => runPyzmq(context, clip, [1, seconds, SLOW_MS, 1]),
      },
    ],
    quick ? 1 : 2,
  )
  return {
    title: 'Age of what a slow viewer shows',
    method: `A viewer that needs ${SLOW_MS} ms for each frame: how old the one is that it takes after ${seconds} s.`,
    outcomes,
    columns: [{ figure: 'ageMs', title: 'age in ms', digits: 0 }],
    verdicts: judgeLimit({
      what: 'age of what a slow viewer shows',
      value: medianOf(outcomes, 'zcast', 'ageMs'),
      limit: 250,
      unit: 'ms',
      digits: 0,
    }),
  }
}

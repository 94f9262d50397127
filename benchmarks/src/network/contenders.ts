import type { Peers } from '../peers.ts'
import { nodeCommand, Program } from '../program.ts'
import type { Arrivals } from './ages.ts'
import type { Link } from './link.ts'

/** Frames a second, of all contenders. */
export const FPS = 30

/** What a watcher says at its end. */
export interface Watched {
  readonly arrivals: Arrivals
}

/** A publisher of pictures and a program that watches them. */
export interface Streamer {
  readonly name: string
  readonly missing?: string | undefined
  /** Starts the publisher, which sends pictures of so many bytes until it is stopped. */
  publish(link: Link, bytes: number): Program
  /** Starts a watcher on the other side of the network, for so many seconds. */
  watch(link: Link, seconds: number): Program
}

export const ZCAST = 'zcast'
export const ZCAST_PYZMQ = 'zcast, PyZMQ viewer'
export const PYZMQ = 'PyZMQ, default marks'
export const PYZMQ_SMALL = 'PyZMQ, HWM 2 and 128 KiB'
export const MJPEG = 'MJPEG, http.server'

/** What ZeroMQ has unless told otherwise, and what people set who have read about it: a mark, and bytes for the system. */
const DEFAULT_MARKS = [1000, -1] as const
const SMALL_MARKS = [2, 128 * 1024] as const

/** zcast, and what people do without it. */
export function streamers(peers: Peers): Streamer[] {
  const missing = peers.pythonMissing
  const publishZcast = (link: Link, bytes: number): Program => startPublisher(link, bytes)
  const python = (prefix: readonly string[], script: string, ...args: (string | number)[]): Program =>
    Program.launch([...prefix, ...peers.pythonCommand(script), ...args])
  const watchPyzmq =
    (marks: readonly [number, number]) =>
    (link: Link, seconds: number): Program =>
      python(link.receiver, 'ages_subscriber', `tcp://${link.reach}`, seconds, ...marks)
  const pyzmq = (name: string, marks: readonly [number, number]): Streamer => ({
    name,
    missing,
    publish: (link, bytes) =>
      python(link.sender, 'pictures_publisher', `tcp://${link.listen}`, bytes, FPS, ...marks),
    watch: watchPyzmq(marks),
  })
  return [
    {
      name: ZCAST,
      publish: publishZcast,
      watch: (link, seconds) => watchZcast(link.receiver, link.reach, seconds),
    },
    // It knows nothing of zcast, and so it sets nothing.
    { name: ZCAST_PYZMQ, missing, publish: publishZcast, watch: watchPyzmq(DEFAULT_MARKS) },
    pyzmq(PYZMQ, DEFAULT_MARKS),
    pyzmq(PYZMQ_SMALL, SMALL_MARKS),
    {
      name: MJPEG,
      missing,
      publish: (link, bytes) => python(link.sender, 'mjpeg_server', link.listen, bytes, FPS),
      watch: (link, seconds) => python(link.receiver, 'mjpeg_reader', link.reach, seconds),
    },
  ]
}

/** Starts zcast's publisher; it sends at once, for as long as anybody may need. */
export function startPublisher({ sender, listen }: Link, bytes: number): Program {
  return Program.launch([...sender, ...nodeCommand('send-frames', `tcp://${listen}`, bytes, 3600, 'now')])
}

/** Starts zcast's viewer. */
export function watchZcast(prefix: readonly string[], reach: string, seconds: number): Program {
  return Program.launch([...prefix, ...nodeCommand('watch-ages', `tcp://${reach}`, seconds)])
}

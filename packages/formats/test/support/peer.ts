import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach } from '@jest/globals'
import { findPython } from '@zcast/testing/machine/python'
import { Recorder } from '@zcast/testing/waiting/recorder'

const PROGRAMS = fileURLToPath(new URL('./peers.py', import.meta.url))

/** A Python that has what the programs of other makes need. */
export const PEER_PYTHON = findPython('zmq, numpy, cv2, msgpack')

/** A running program of another make. */
export interface Peer {
  /** What it has printed. */
  readonly lines: Recorder<string>
  /** The endpoint that it listens on, which it prints first. */
  endpoint(): Promise<string>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/** Starts programs of other makes, which do not outlive their test. */
export function usePeers(): (what: string, endpoint: string, count?: number) => Peer {
  const children = new Set<ChildProcess>()
  const end = async (child: ChildProcess): Promise<void> => {
    children.delete(child)
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  afterEach(async () => {
    await Promise.all([...children].map(end))
  })
  return (what, endpoint, count = 0) => {
    const child = spawn(PEER_PYTHON.path as string, [PROGRAMS, what, endpoint, String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.add(child)
    const lines = new Recorder<string>()
    createInterface(child.stdout).on('line', (line) => lines.add(line))
    return {
      lines,
      endpoint: async () => (await lines.count(1)).at(0) as string,
      kill: () => end(child),
    }
  }
}

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findPython } from '@zcast/testing/machine/python'

/** A Python with what the observers need. */
export const observers = findPython('zmq, msgpack, cv2, numpy')

/**
 * Runs one of the programs that watch or listen, which share nothing with ours: PyZMQ, OpenCV and numpy.
 *
 * @param script - Its name among the fixtures.
 */
export async function observe(script: string, ...args: string[]): Promise<Record<string, number>> {
  const path = fileURLToPath(new URL(`../fixtures/${script}`, import.meta.url))
  const { stdout } = await promisify(execFile)(observers.path ?? '', [path, ...args])
  return JSON.parse(stdout) as Record<string, number>
}
